// The signals by which a service is run: SIGTERM and SIGINT ask it to stop, SIGHUP or SIGUSR2 to open its log file
// and its certificate again.

export interface Signals {
  /** Aborts at the first SIGTERM or SIGINT; further ones change nothing. */
  readonly stopping: AbortSignal;
  /** Calls it at each SIGHUP or SIGUSR2, and now where one has come already. */
  onHangup(work: () => Promise<void>): void;
  /** Leaves the signals to the system again. */
  ignore(): void;
}

/**
 * A signal may come twice: a terminal sends it to every process of its group and npm hands it on as well, and a service
 * manager does the same. The second one must not cut the stop short.
 */
export function heedSignals(): Signals {
  const stop = new AbortController();
  let hasHungUp = false;
  let work: (() => Promise<void>) | undefined;
  const hangUp = (): void => {
    hasHungUp = true;
    void work?.();
  };
  const handlers: readonly (readonly [NodeJS.Signals, () => void])[] = [
    ['SIGTERM', () => stop.abort()],
    ['SIGINT', () => stop.abort()],
    ['SIGHUP', hangUp],
    // logrotate's way with services that take SIGHUP for something else.
    ['SIGUSR2', hangUp],
  ];
  for (const [signal, handler] of handlers) process.on(signal, handler);
  return {
    stopping: stop.signal,
    onHangup(given) {
      work = given;
      if (hasHungUp) void work();
    },
    ignore() {
      for (const [signal, handler] of handlers) process.off(signal, handler);
    },
  };
}
