// The scheduled jobs of a base, as an operator asks for them: who runs them and when, when they ran, and with what result.
// The schedule is that of the service that is up; where none is, that of the process that asks.
import { systemClock } from '../clock.ts';
import { addDays, type LocalDateTime } from '../ledger/local-date-time.ts';
import {
  listAnnouncedServices,
  type AnnouncedJob,
  type AnnouncedServices,
} from '../operations/admin/announce-service.ts';
import {
  isExchangeOpen,
  readExchangeGate,
  readExchangeRun,
  readExchangeTroubles,
} from '../operations/exchange/exchange-run.ts';
import { readBackupRun } from '../operations/admin/backup-run.ts';
import type {
  BackupReport,
  ExchangeReport,
  JobReport,
  JobsReport,
  LastRun,
  NightReport,
  SealReport,
} from '../operations/admin/jobs-report.ts';
import type { Infobase } from '../operations/infobase.ts';
import { readNightRuns } from '../operations/night/read-night-runs.ts';
import { findDueDate, type NightRun } from '../operations/night/run-night.ts';
import { readSealState } from '../operations/seals/seal-run.ts';
import { announceBackup, backupJobName } from './backup/backup-job.ts';
import { exchangeJobName } from './exchange/exchange-job.ts';
import { nightJobName } from './night/night-job.ts';
import { announceSeals, sealJobName } from './seals/seal-job.ts';
import { findNextFiring, parseNightSchedule, type ExchangeSchedule, type NightSchedule } from '../schedules.ts';

/** The settings of the process that asks. */
export interface JobSchedules {
  readonly nightSchedule: NightSchedule;
  readonly exchangeSchedule: ExchangeSchedule;
  /** The folder of the infobase's tills; undefined = no exchange. */
  readonly exchangeFolder: string | undefined;
  readonly backupSchedule: NightSchedule;
  /** Undefined = no scheduled backups. */
  readonly backupFolder: string | undefined;
  readonly timeZone: string;
}

/** @param nowMs by the machine's clock. */
export async function listJobs(infobase: Infobase, own: JobSchedules, nowMs: number): Promise<JobsReport> {
  const announced = await listAnnouncedServices(infobase, nowMs);
  const up: readonly Terms[] = announced.services.filter(({ isUp }) => isUp);
  const jobs: JobReport[] = [];
  for (const terms of up.length === 0 ? [describeOwn(infobase, own)] : up) {
    for (const job of terms.jobs) {
      if (job.job === 'night') jobs.push(await reportNight(infobase, terms, job, announced));
      if (job.job === 'exchange') jobs.push(await reportExchange(infobase, terms, job, announced));
      if (job.job === 'backup') jobs.push(await reportBackup(infobase, terms, job, announced));
      if (job.job === 'seal') jobs.push(await reportSeals(infobase, terms, job, announced, nowMs));
    }
  }
  const services = announced.services.map(({ runner, startedAt, timeZone, isUp }) => {
    return { runner, startedAt, timeZone, isUp };
  });
  return { services, jobs };
}

/** By what a job is run: of a service, or of the process that asks, which runs none. */
interface Terms {
  readonly runner: string | null;
  readonly timeZone: string;
  readonly hasSubscription: boolean;
  readonly jobs: readonly AnnouncedJob[];
}

function describeOwn({ hasSubscription }: Infobase, own: JobSchedules): Terms {
  const { nightSchedule, exchangeSchedule, exchangeFolder, timeZone } = own;
  const schedule = exchangeFolder === undefined ? null : exchangeSchedule.cron;
  return {
    runner: null,
    timeZone,
    hasSubscription,
    jobs: [
      { job: 'night', schedule: nightSchedule.cron, folder: null },
      { job: 'exchange', schedule, folder: exchangeFolder ?? null },
      announceBackup(own.backupSchedule, own.backupFolder),
      announceSeals(nightSchedule),
    ],
  };
}

async function reportNight(
  infobase: Infobase,
  { runner, timeZone, hasSubscription }: Terms,
  { schedule: cron }: AnnouncedJob,
  { holders }: AnnouncedServices,
): Promise<NightReport> {
  const schedule = readNightSchedule(cron);
  const { obstacle, runs } = await readNightRuns(infobase, 1, hasSubscription);
  const [last] = runs;
  return {
    job: 'night',
    name: nightJobName,
    runner,
    schedule: schedule.cron,
    timeZone,
    holder: holders.get('night') ?? null,
    lastRun: last === undefined ? null : describeRun(last),
    nextRunAt: obstacle === null ? findNextRun(infobase.testNow, schedule, timeZone) : null,
    obstacle,
  };
}

async function reportExchange(
  infobase: Infobase,
  { runner, timeZone, hasSubscription }: Terms,
  { schedule, folder }: AnnouncedJob,
  { holders }: AnnouncedServices,
): Promise<ExchangeReport> {
  const gate = await readExchangeGate(infobase, hasSubscription);
  const obstacle = schedule === null ? 'no_folder' : isExchangeOpen(gate) ? null : gate;
  const next = schedule === null || obstacle !== null ? undefined : findNextFiring({ cron: schedule }, timeZone);
  return {
    job: 'exchange',
    name: exchangeJobName,
    runner,
    schedule,
    timeZone,
    folder,
    holder: holders.get('exchange') ?? null,
    lastRun: (await readExchangeRun(infobase)) ?? null,
    // The folder is looked at by the machine's clock, in a test infobase too.
    nextRunAt: next === undefined ? null : systemClock(timeZone, () => next.getTime()).now(),
    obstacle,
    troubles: obstacle === 'no_folder' ? [] : await readExchangeTroubles(infobase),
  };
}

async function reportBackup(
  infobase: Infobase,
  { runner, timeZone }: Terms,
  { schedule, folder }: AnnouncedJob,
  { holders }: AnnouncedServices,
): Promise<BackupReport> {
  const next = schedule === null ? undefined : findNextFiring({ cron: schedule }, timeZone);
  return {
    job: 'backup',
    name: backupJobName,
    runner,
    schedule,
    timeZone,
    folder,
    holder: holders.get('backup') ?? null,
    lastRun: (await readBackupRun(infobase)) ?? null,
    // By the machine's clock, of a test infobase too.
    nextRunAt: next === undefined ? null : systemClock(timeZone, () => next.getTime()).now(),
    obstacle: schedule === null ? 'no_folder' : null,
  };
}

function readNightSchedule(cron: string | null): NightSchedule {
  const schedule = parseNightSchedule(cron ?? '');
  if (schedule === undefined)
    throw new Error(`a service runs the night at "${cron}", which is not a time of every day`);
  return schedule;
}

async function reportSeals(
  infobase: Infobase,
  { runner, timeZone }: Terms,
  { schedule: cron }: AnnouncedJob,
  { holders }: AnnouncedServices,
  nowMs: number,
): Promise<SealReport> {
  const schedule = readNightSchedule(cron);
  const now = infobase.testNow ?? systemClock(timeZone, () => nowMs).now();
  const { last, lastRun, days, obstacle } = await readSealState(infobase, now, schedule.time);
  return {
    job: 'seal',
    name: sealJobName,
    runner,
    schedule: schedule.cron,
    timeZone,
    holder: holders.get('seal') ?? null,
    lastRun,
    lastSeal: last === null ? null : { businessOn: last.businessOn, digest: last.digest },
    daysDue: days,
    // Not before its night.
    nextRunAt: findNextRun(infobase.testNow, schedule, timeZone),
    obstacle,
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
