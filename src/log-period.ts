// A line of the log that tells of many events at once: written a period after the first of them.

/** Runs a function later; a process that ends meanwhile does not wait for it. */
export type RunLater = (run: () => void, ms: number) => void;

export interface LogPeriod {
  /** Something has happened: unless the period runs, it begins. */
  begin(): void;
  /** Ends a period that runs, and writes its line. */
  end(): void;
}

export function openLogPeriod(ms: number, runLater: RunLater, write: () => void): LogPeriod {
  let isOpen = false;
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    write();
  };
  return {
    begin() {
      if (isOpen) return;
      isOpen = true;
      runLater(end, ms);
    },
    end,
  };
}
