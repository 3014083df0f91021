// `kkm jobs`: what runs by itself for an infobase: who runs it and when, the last and the next run, and the result.
import { locateExchange } from '../../jobs/exchange/exchange-job.ts';
import { listJobs } from '../../jobs/list-jobs.ts';
import type {
  BackupReport,
  ExchangeReport,
  JobReport,
  JobsReport,
  NightReport,
  SealReport,
} from '../../operations/admin/jobs-report.ts';
import { answer } from '../answer.ts';
import { countOf } from '../../ledger/count-of.ts';
import { commonFlags, defineCommand, runCommand, type CommandIo } from '../command-io.ts';
import { explainExchangeGate } from '../receipts/explain-exchange-gate.ts';
import { obstacleTexts } from '../night/format-night.ts';
import { formatTable } from '../format-table.ts';
import { readCommandConfig, withInfobase } from '../open-infobase.ts';

const command = defineCommand({
  usage: '',
  about: 'lists the scheduled jobs: schedule, last and next run, result, and the service that runs them',
  notes: [
    'A running service records in the infobase what it runs: its schedule is shown, whatever KKM_ variables this command',
    'has. If none is running, the schedule is that of this command. A killed one counts as running for another 80 seconds.',
    'Times are in the time zone of the service. kkm night run, kkm receipts load and kkm backup need no schedule.',
  ],
  flags: commonFlags,
  run: ({ flags }, io) => {
    const config = readCommandConfig(io, flags);
    const { nightSchedule, exchangeSchedule, exchangeDir, infobases, timeZone } = config;
    const { backupSchedule, backupDir: backupFolder } = config;
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const exchangeFolder =
        exchangeDir === undefined ? undefined : locateExchange(exchangeDir, infobases, infobase.name);
      const own = { nightSchedule, exchangeSchedule, exchangeFolder, backupSchedule, backupFolder, timeZone };
      const report = await listJobs(infobase, own, Date.now());
      return answer(io, flags, { json: { infobase: infobase.name, ...report }, lines: formatJobs(report) });
    });
  },
});

export function jobs(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm jobs', command, args, io);
}

function formatJobs({ services, jobs: reports }: JobsReport): string[] {
  const shown = services.map(({ runner, startedAt, timeZone, isUp }) => {
    const since = `since ${startedAt} (${timeZone})`;
    return isUp
      ? `service ${nameProcess(runner)}: up ${since}`
      : `service ${nameProcess(runner)}: gone, was up ${since}`;
  });
  const isUp = services.some((service) => service.isUp);
  const none = 'no service is running: the schedule is that of this command, and nothing runs by itself';
  const heading = ['name', 'schedule', 'last run', 'next run', 'result', 'runner'];
  const table = formatTable(heading, reports.map(formatJob));
  return [...shown, ...(isUp ? [] : [none]), ...table, ...listTroubles(reports)];
}

/** "shop-server 4711": the host and the process, without what makes them unique for ever. */
function nameProcess(runner: string): string {
  return runner.split(' ').slice(0, 2).join(' ');
}

function formatJob(report: JobReport): string[] {
  const { name, schedule, lastRun, nextRunAt, runner } = report;
  const result = formatResult(report);
  const times = [schedule ?? '-', lastRun?.startedAt ?? 'never', nextRunAt ?? 'none'];
  return [name, ...times, result, runner === null ? '-' : nameProcess(runner)];
}

function formatResult(report: JobReport): string {
  switch (report.job) {
    case 'night':
      return formatNight(report);
    case 'exchange':
      return formatExchange(report);
    case 'backup':
      return formatBackup(report);
    case 'seal':
      return formatSeals(report);
  }
}

function formatBackup({ lastRun, obstacle, holder }: BackupReport): string {
  const parts: string[] = [];
  if (holder !== null) parts.push(`runs now (${nameProcess(holder)})`);
  if (lastRun !== null) {
    const { file, bytes, why } = lastRun;
    parts.push(why === null ? `done: ${file}, ${bytes} bytes` : `failed: ${why}`);
  }
  if (obstacle !== null) parts.push('not run: KKM_BACKUP_DIR is not set');
  return parts.join('; ');
}

const sealObstacles = {
  nights_due: 'a night is due or unfinished',
  exclusive_mode: 'billing is being switched on or off',
};

function formatSeals({ lastRun, lastSeal, daysDue, obstacle, holder }: SealReport): string {
  const parts: string[] = [];
  if (holder !== null) parts.push(`runs now (${nameProcess(holder)})`);
  if (lastRun !== null && lastRun.why !== null) parts.push(`failed: ${lastRun.why}`);
  if (lastSeal !== null) parts.push(`sealed up to ${lastSeal.businessOn}`);
  if (daysDue > 0) parts.push(`${countOf(daysDue, 'day')} due`);
  if (obstacle !== null) parts.push(`waits: ${sealObstacles[obstacle]}`);
  return parts.join('; ');
}

/** A run without its end: it is going on, or was stopped. */
function formatUnfinished(holder: string | null): string {
  return holder === null ? 'was stopped; the next run goes on' : `runs now (${nameProcess(holder)})`;
}

function formatNight({ lastRun, obstacle, holder }: NightReport): string {
  const parts: string[] = [];
  if (lastRun !== null) {
    const { businessOn, result, writeOffLines, accrualLines } = lastRun;
    const state = result === 'done' ? 'done' : formatUnfinished(holder);
    parts.push(`night of ${businessOn} ${state}: «Списание» ${writeOffLines}, «Начисление» ${accrualLines}`);
  }
  if (obstacle !== null) parts.push(`not run: ${obstacleTexts[obstacle]}`);
  return parts.join('; ');
}

const exchangeResults = {
  done: 'done',
  stopped: 'stopped; the next run goes on',
  broken: 'some files or folders could not be loaded; they are tried again',
};

const troublesShown = 20;

/** The troubles of the folder are stored: every reader sees the same. */
function listTroubles(reports: readonly JobReport[]): string[] {
  const troubles = reports.find((report) => report.job === 'exchange')?.troubles ?? [];
  const shown = troubles
    .slice(0, troublesShown)
    .map(({ place, why, sinceAt }) => `${place}: ${why} (since ${sinceAt})`);
  const more = troubles.length - shown.length;
  return more > 0 ? [...shown, `... and ${more} more`] : shown;
}

function formatExchange({ lastRun, obstacle, holder }: ExchangeReport): string {
  const parts: string[] = [];
  if (lastRun !== null) {
    const { result, loaded, repeated, failed, accepted, linked, rejected } = lastRun;
    const files = `files loaded ${loaded}, repeated ${repeated}, failed ${failed}`;
    const receipts = `receipts accepted ${accepted}, linked ${linked}, rejected ${rejected}`;
    const state = result === 'running' ? formatUnfinished(holder) : exchangeResults[result];
    parts.push(`${state}: ${files}; ${receipts}`);
  }
  if (obstacle === 'no_folder') parts.push('not run: KKM_EXCHANGE_DIR is not set');
  else if (obstacle !== null) parts.push(`not run: ${explainExchangeGate(obstacle)}`);
  return parts.join('; ');
}
