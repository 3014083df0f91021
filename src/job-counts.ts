// What is counted of the jobs of each infobase since the service was started, for /metrics: `kkm jobs` shows what is recorded in
// the database.

export const countedJobs = ['night', 'exchange', 'backup', 'seal'] as const;
export type CountedJob = (typeof countedJobs)[number];

export interface JobCount {
  /** The machine's clock in milliseconds, when it last ended without a failure; undefined = not yet. */
  doneAtMs: number | undefined;
  failures: number;
}

/** The last night that this service has run. */
export interface CountedNight {
  readonly seconds: number;
  readonly writtenOffKopecks: number;
  readonly creditedKopecks: number;
}

export interface JobCounts {
  note(infobase: string, job: CountedJob, isDone: boolean): void;
  noteNight(infobase: string, night: CountedNight): void;
  find(infobase: string, job: CountedJob): JobCount;
  findNight(infobase: string): CountedNight | undefined;
}

/** @param readWallMs the machine's clock in milliseconds. */
export function countJobs(readWallMs: () => number): JobCounts {
  const counts = new Map<string, JobCount>();
  const nights = new Map<string, CountedNight>();
  const find = (infobase: string, job: CountedJob): JobCount => {
    const key = `${infobase}/${job}`;
    const count = counts.get(key) ?? { doneAtMs: undefined, failures: 0 };
    counts.set(key, count);
    return count;
  };
  return {
    note(infobase, job, isDone) {
      const count = find(infobase, job);
      if (isDone) count.doneAtMs = readWallMs();
      else count.failures += 1;
    },
    noteNight: (infobase, night) => void nights.set(infobase, night),
    find,
    findNight: (infobase) => nights.get(infobase),
  };
}
