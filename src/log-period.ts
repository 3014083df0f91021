// A log line that reports many events at once: written one period after the first of them.

/** Runs a function later; a process that ends before does not wait for it. */
export type RunLater = (run: () => void, ms: number) => void;

export interface LogPeriod {
  /** Counts an event: unless a period is running, one begins. */
  begin(): void;
  /** Ends the running period, and writes its line. */
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
