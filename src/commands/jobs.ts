// `kkm jobs`: what the service runs by itself for an infobase, when it did and will, and what came of it.
import { listJobs, type ExchangeReport, type NightReport } from '../jobs/list-jobs.ts';
import { commonFlags, defineCommand, runCommand, type CommandIo } from './command-io.ts';
import { explainExchangeGate } from './explain-exchange-gate.ts';
import { obstacleTexts } from './format-night.ts';
import { formatTable } from './format-table.ts';
import { readCommandConfig, withInfobase } from './open-infobase.ts';

const command = defineCommand({
  usage: '',
  about: 'lists the scheduled jobs: schedule, last and next run, result',
  notes: ['Times are those of KKM_TIMEZONE. A running service keeps the schedule; kkm night run needs none.'],
  flags: commonFlags,
  run: ({ flags }, io) => {
    const config = readCommandConfig(io, flags);
    const { timeZone } = config;
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const reports = await listJobs(infobase, config);
      if (flags.json) io.out(JSON.stringify({ infobase: infobase.name, timeZone, jobs: reports }, null, 2));
      else {
        const [night, exchange] = reports;
        const rows = [formatJob(night, formatNight(night)), formatJob(exchange, formatExchange(exchange))];
        for (const line of formatTable(['name', 'schedule', 'last run', 'next run', 'result'], rows)) io.out(line);
        for (const line of listTroubles(exchange)) io.out(line);
      }
      return 0;
    });
  },
});

export function jobs(args: string[], io: CommandIo): Promise<number> {
  return runCommand('kkm jobs', command, args, io);
}

function formatJob({ name, schedule, lastRun, nextRunAt }: NightReport | ExchangeReport, result: string): string[] {
  return [name, schedule, lastRun?.startedAt ?? 'never', nextRunAt ?? 'none', result];
}

function formatNight({ lastRun, obstacle }: NightReport): string {
  const parts: string[] = [];
  if (lastRun !== null) {
    const { businessOn, result, writeOffLines, accrualLines } = lastRun;
    const state = result === 'done' ? 'done' : 'runs now, or was stopped and goes on with the next run';
    parts.push(`night of ${businessOn} ${state}: «Списание» ${writeOffLines}, «Начисление» ${accrualLines}`);
  }
  if (obstacle !== null) parts.push(`not run: ${obstacleTexts[obstacle]}`);
  return parts.join('; ');
}

const exchangeResults = {
  running: 'runs now, or was killed and goes on with the next run',
  done: 'done',
  stopped: 'stopped, goes on with the next run',
  broken: 'some files or folders could not be taken; they are tried again',
};

const troublesShown = 20;

function listTroubles({ troubles }: ExchangeReport): string[] {
  const shown = troubles
    .slice(0, troublesShown)
    .map(({ place, why, sinceAt }) => `${place}: ${why} (since ${sinceAt})`);
  const more = troubles.length - shown.length;
  return more > 0 ? [...shown, `... and ${more} more`] : shown;
}

function formatExchange({ lastRun, obstacle }: ExchangeReport): string {
  const parts: string[] = [];
  if (lastRun !== null) {
    const { result, loaded, repeated, failed, accepted, linked, rejected } = lastRun;
    const files = `files loaded ${loaded}, repeated ${repeated}, failed ${failed}`;
    const receipts = `receipts accepted ${accepted}, linked ${linked}, rejected ${rejected}`;
    parts.push(`${exchangeResults[result]}: ${files}; ${receipts}`);
  }
  if (obstacle === 'no_folder') parts.push('not run: KKM_EXCHANGE_DIR is not set');
  else if (obstacle !== null) parts.push(`not run: ${explainExchangeGate(obstacle)}`);
  return parts.join('; ');
}
