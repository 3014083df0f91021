// Checks of passwords wait here for their turn, a few at once: each is a tenth of a second of a core on one of the four
// threads that packed requests and files share. Who waits is bounded, and who comes first is not left to who asks most.

/**
 * `proven`: this very credential was right before. `acquainted`: this name has logged in from this address before, with
 * another password. `stranger`: anything else.
 */
export type CheckRank = 'proven' | 'acquainted' | 'stranger';

export interface CheckPlace {
  readonly rank: CheckRank;
  /** Strangers take turns by it, so that one address cannot keep the others waiting. */
  readonly address: string;
  /** Address and name as one text: of one pair, one check at a time has the rank `acquainted`. */
  readonly pair: string;
}

export type CheckEnd<T> =
  | { readonly sort: 'checked'; readonly value: T }
  /** Too many wait already. */
  | { readonly sort: 'refused' }
  /** Nobody waited for it any more. */
  | { readonly sort: 'dropped' };

export interface QueuedCheck<T> {
  /** Rejects with what the check throws. */
  readonly end: Promise<CheckEnd<T>>;
  /** Takes the check out of the queue; whether it was still there: one that runs goes on to its end. */
  leave(): boolean;
}

export interface CheckCounts {
  readonly running: number;
  readonly waiting: number;
  /** Since the start: checks that had their turn, that found no room, that nobody waited for any more. */
  readonly started: number;
  readonly refused: number;
  readonly dropped: number;
}

export interface PasswordChecks {
  enter<T>(place: CheckPlace, check: () => Promise<T>): QueuedCheck<T>;
  readCounts(): CheckCounts;
}

export interface PasswordCheckLimits {
  /** Checks that run at the same time. */
  readonly atOnce: number;
  /** Strangers that wait; the others are few by themselves, for each has logged in before. */
  readonly waitingStrangers: number;
}

interface Job {
  readonly place: CheckPlace;
  readonly run: () => Promise<unknown>;
  readonly settle: (end: Promise<CheckEnd<never>> | CheckEnd<never>) => void;
}

export function openPasswordChecks({ atOnce, waitingStrangers }: PasswordCheckLimits): PasswordChecks {
  const queue = new JobQueue(waitingStrangers);
  let [running, started, refused, dropped] = [0, 0, 0, 0];

  const startNext = (): void => {
    while (running < atOnce) {
      const job = queue.take();
      if (job === undefined) return;
      running += 1;
      started += 1;
      const checked = job.run().finally(() => {
        running -= 1;
        startNext();
      });
      job.settle(checked.then((value) => ({ sort: 'checked', value: value as never })));
    }
  };

  return {
    enter<T>(place: CheckPlace, check: () => Promise<T>) {
      let job!: Job;
      const end = new Promise<CheckEnd<T>>((settle) => {
        job = { place, run: check, settle };
      });
      const left = queue.put(job);
      if (left !== undefined) {
        refused += 1;
        left.settle({ sort: 'refused' });
      }
      startNext();
      const leave = (): boolean => {
        if (!queue.remove(job)) return false;
        dropped += 1;
        job.settle({ sort: 'dropped' });
        return true;
      };
      return { end, leave };
    },
    readCounts: () => ({ running, waiting: queue.size, started, refused, dropped }),
  };
}

/** Who waits: the proven first, then one of each acquainted pair, then strangers, an address after the other. */
class JobQueue {
  private readonly proven = new Set<Job>();
  private readonly acquainted = new Map<string, Job>();
  /** By address, the one whose turn is next first. */
  private readonly strangers = new Map<string, Job[]>();
  private readonly strangerLimit: number;
  private strangerCount = 0;

  constructor(strangerLimit: number) {
    this.strangerLimit = strangerLimit;
  }

  get size(): number {
    return this.proven.size + this.acquainted.size + this.strangerCount;
  }

  /** @returns the job that there is no room for: this one, or the newest of the address that has most. */
  put(job: Job): Job | undefined {
    const { rank, pair, address } = job.place;
    if (rank === 'proven') this.proven.add(job);
    else if (rank === 'acquainted' && !this.acquainted.has(pair)) this.acquainted.set(pair, job);
    else {
      const own = this.strangers.get(address) ?? [];
      const displaced = this.strangerCount < this.strangerLimit ? undefined : this.findDisplaced(own.length);
      if (this.strangerCount >= this.strangerLimit && displaced === undefined) return job;
      if (displaced !== undefined) this.remove(displaced);
      this.strangers.set(address, [...own, job]);
      this.strangerCount += 1;
      return displaced;
    }
    return undefined;
  }

  take(): Job | undefined {
    for (const job of this.proven) {
      this.proven.delete(job);
      return job;
    }
    for (const [pair, job] of this.acquainted) {
      this.acquainted.delete(pair);
      return job;
    }
    for (const [address, [job, ...rest]] of this.strangers) {
      this.strangers.delete(address);
      // The end of the line: every other address has its turn first.
      if (rest.length > 0) this.strangers.set(address, rest);
      this.strangerCount -= 1;
      return job;
    }
    return undefined;
  }

  /** Whether it waited. */
  remove(job: Job): boolean {
    const { pair, address } = job.place;
    if (this.proven.delete(job)) return true;
    if (this.acquainted.get(pair) === job) return this.acquainted.delete(pair);
    const own = this.strangers.get(address);
    if (own === undefined || !own.includes(job)) return false;
    const rest = own.filter((other) => other !== job);
    if (rest.length > 0) this.strangers.set(address, rest);
    else this.strangers.delete(address);
    this.strangerCount -= 1;
    return true;
  }

  private findDisplaced(ownCount: number): Job | undefined {
    let most: readonly Job[] = [];
    for (const jobs of this.strangers.values()) if (jobs.length > most.length) most = jobs;
    return most.length > ownCount + 1 ? most.at(-1) : undefined;
  }
}
