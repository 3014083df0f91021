// Scheduled jobs, and the newest backup.
import { countedJobs, type CountedJob, type JobCounts } from '../../job-counts.ts';
import { toSeconds, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { openTimeZone } from '../../ledger/time-zone.ts';
import { listBackups } from '../../operations/admin/list-backups.ts';
import type { Families } from './families.ts';

/** @param isRun whether the service has the job at all. */
export function fillJobs(
  families: Families['jobs'],
  {
    infobases,
    jobs,
    isRun,
  }: {
    readonly infobases: readonly string[];
    readonly jobs: JobCounts;
    readonly isRun: (job: CountedJob) => boolean;
  },
): void {
  for (const infobase of infobases) {
    for (const job of countedJobs.filter(isRun)) {
      const { doneAtMs, failures } = jobs.find(infobase, job);
      families.failures.inc({ infobase, job }, failures);
      if (doneAtMs !== undefined) families.doneAt.set({ infobase, job }, doneAtMs / 1000);
    }
  }
}

export interface BackupSource {
  readonly infobases: readonly string[];
  /** Undefined = no scheduled backups. */
  readonly folder: string | undefined;
  /** By whose wall clock the backups are named. */
  readonly timeZone: string;
}

export async function fillBackups(
  families: Families['backups'],
  { infobases, folder, timeZone }: BackupSource,
): Promise<void> {
  if (folder === undefined) return;
  for (const infobase of infobases) {
    const newest = (await listBackups(folder, infobase)).find(({ state }) => state === 'good');
    if (newest === undefined) continue;
    families.madeAt.set({ infobase }, toEpochSeconds(newest.madeAt, timeZone));
    families.bytes.set({ infobase }, newest.bytes);
  }
}

/** In the hour that is there twice, when clocks are set back, the later of the two moments. */
function toEpochSeconds(at: LocalDateTime, timeZone: string): number {
  const { offsetAt } = openTimeZone(timeZone);
  const wall = toSeconds(at);
  return wall - offsetAt(wall - offsetAt(wall));
}
