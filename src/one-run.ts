// One run of some work at a time, shared by all who ask for it meanwhile.

/** Work that is done once at a time: whoever asks for it while it is being done gets that run. */
export class OneRun<T> {
  private readonly work: () => Promise<T>;
  private running: Promise<T> | undefined;

  constructor(work: () => Promise<T>) {
    this.work = work;
  }

  /** The run that is under way; undefined = none. */
  get current(): Promise<T> | undefined {
    return this.running;
  }

  start(): Promise<T> {
    this.running ??= this.work().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }
}
