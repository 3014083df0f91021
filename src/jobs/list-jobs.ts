// The scheduled jobs of a base, as an operator asks for them: when they run, when they did, and what came of it.
import { systemClock } from '../clock.ts';
import { addDays, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import type { Infobase } from '../operations/infobase.ts';
import { readNightRuns } from '../operations/read-night-runs.ts';
import { findDueDate, type NightObstacle, type NightRun } from '../operations/run-night.ts';
import { nightJobName } from './night-job.ts';
import { findNextFiring, type NightSchedule } from './night-schedule.ts';

export interface JobReport {
  readonly name: string;
  /** The cron line, in the infobase's time zone. */
  readonly schedule: string;
  /** Null where it has never run. */
  readonly lastRun: LastRun | null;
  /** Null where it is not run at all. */
  readonly nextRunAt: LocalDateTime | null;
  /** Why it is not run; null where it is. */
  readonly obstacle: NightObstacle | null;
}

export interface LastRun {
  readonly businessOn: LocalDate;
  readonly startedAt: LocalDateTime;
  readonly finishedAt: LocalDateTime | null;
  /** Unfinished: it runs now, or was stopped and goes on with the next run. */
  readonly result: 'done' | 'unfinished';
  readonly writeOffLines: number;
  readonly accrualLines: number;
}

export async function listJobs(infobase: Infobase, schedule: NightSchedule, timeZone: string): Promise<JobReport[]> {
  const { obstacle, runs } = await readNightRuns(infobase, 1);
  const [last] = runs;
  return [
    {
      name: nightJobName,
      schedule: schedule.cron,
      lastRun: last === undefined ? null : describeRun(last),
      nextRunAt: obstacle === null ? findNextRun(infobase.testNow, schedule, timeZone) : null,
      obstacle,
    },
  ];
}

function describeRun({ businessOn, startedAt, finishedAt, writeOffLines, accrualLines }: NightRun): LastRun {
  const result = finishedAt === null ? 'unfinished' : 'done';
  return { businessOn, startedAt, finishedAt, result, writeOffLines, accrualLines };
}

/** On the infobase's own clock; a test infobase's gets there only when it is moved. */
function findNextRun(
  testNow: LocalDateTime | undefined,
  schedule: NightSchedule,
  timeZone: string,
): LocalDateTime | null {
  if (testNow !== undefined) {
    return `${addDays(findDueDate(testNow, schedule.time), 1)}T${schedule.time}` as LocalDateTime;
  }
  const next = findNextFiring(schedule, timeZone);
  return next === undefined ? null : systemClock(timeZone, () => next.getTime()).now();
}
