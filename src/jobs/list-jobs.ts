// The scheduled jobs of a base, as an operator asks for them: when they run, when they did, and what came of it.
import { systemClock } from '../clock.ts';
import { addDays, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import type { ResultCode } from '../ledger/result.ts';
import {
  isExchangeOpen,
  readExchangeGate,
  readExchangeRun,
  readExchangeTroubles,
  type ExchangeRunRow,
  type StandingTrouble,
} from '../operations/exchange-run.ts';
import type { Infobase } from '../operations/infobase.ts';
import { readNightRuns } from '../operations/read-night-runs.ts';
import { findDueDate, type NightObstacle, type NightRun } from '../operations/run-night.ts';
import { exchangeJobName } from './exchange-job.ts';
import type { ExchangeSchedule } from './exchange-schedule.ts';
import { nightJobName } from './night-job.ts';
import { findNextFiring, type NightSchedule } from './night-schedule.ts';

/** What is told of every job. */
interface Scheduled {
  readonly name: string;
  /** The cron line, in the infobase's time zone. */
  readonly schedule: string;
  /** Null where it is not run at all. */
  readonly nextRunAt: LocalDateTime | null;
}

export interface NightReport extends Scheduled {
  /** Null where it has never run. */
  readonly lastRun: LastRun | null;
  /** Why it is not run; null where it is. */
  readonly obstacle: NightObstacle | null;
}

export interface ExchangeReport extends Scheduled {
  readonly lastRun: ExchangeRunRow | null;
  /** Why it is not run: no folder is set, or the code that keeps it out (9, 10); null where it is. */
  readonly obstacle: 'no_folder' | ResultCode | null;
  /** What of the folder could not be taken when it was last looked at. */
  readonly troubles: readonly StandingTrouble[];
}

export type JobReport = NightReport | ExchangeReport;

export interface LastRun {
  readonly businessOn: LocalDate;
  readonly startedAt: LocalDateTime;
  readonly finishedAt: LocalDateTime | null;
  /** Unfinished: it runs now, or was stopped and goes on with the next run. */
  readonly result: 'done' | 'unfinished';
  readonly writeOffLines: number;
  readonly accrualLines: number;
}

export interface JobSchedules {
  readonly nightSchedule: NightSchedule;
  readonly exchangeSchedule: ExchangeSchedule;
  readonly exchangeDir: string | undefined;
  readonly timeZone: string;
}

export async function listJobs(
  infobase: Infobase,
  schedules: JobSchedules,
): Promise<readonly [night: NightReport, exchange: ExchangeReport]> {
  return [await reportNight(infobase, schedules), await reportExchange(infobase, schedules)];
}

async function reportNight(
  infobase: Infobase,
  { nightSchedule: schedule, timeZone }: JobSchedules,
): Promise<NightReport> {
  const { obstacle, runs } = await readNightRuns(infobase, 1);
  const [last] = runs;
  return {
    name: nightJobName,
    schedule: schedule.cron,
    lastRun: last === undefined ? null : describeRun(last),
    nextRunAt: obstacle === null ? findNextRun(infobase.testNow, schedule, timeZone) : null,
    obstacle,
  };
}

async function reportExchange(
  infobase: Infobase,
  { exchangeSchedule, exchangeDir, timeZone }: JobSchedules,
): Promise<ExchangeReport> {
  const gate = await readExchangeGate(infobase);
  const obstacle = exchangeDir === undefined ? 'no_folder' : isExchangeOpen(gate) ? null : gate;
  const next = obstacle === null ? findNextFiring(exchangeSchedule, timeZone) : undefined;
  return {
    name: exchangeJobName,
    schedule: exchangeSchedule.cron,
    lastRun: (await readExchangeRun(infobase)) ?? null,
    // The folder is looked at by the machine's clock, in a test infobase too.
    nextRunAt: next === undefined ? null : systemClock(timeZone, () => next.getTime()).now(),
    obstacle,
    troubles: obstacle === 'no_folder' ? [] : await readExchangeTroubles(infobase),
  };
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
