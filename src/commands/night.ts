// `kkm night`: the nightly regulation of billing by hand, and what a night to come would do. Safe beside a running
// service: a lease lets one of them run a night, and the other one goes on behind it.
import { setTimeout as sleep } from 'node:timers/promises';
import { nameRunner } from '../jobs/name-runner.ts';
import { addDays, dateOf, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import type { Infobase } from '../operations/infobase.ts';
import { previewNight, type NightLine, type NightPreview } from '../operations/preview-night.ts';
import { catchUpNights, findDueDate, findNextNight, type CatchUp, type NightRun } from '../operations/run-night.ts';
import {
  CommandFailed,
  commonFlags,
  defineCommand,
  dryRunFlag,
  runGroup,
  UsageMistake,
  type CommandIo,
} from './command-io.ts';
import {
  describeLine,
  describeNight,
  describeTotal,
  formatLine,
  formatTotal,
  obstacleTexts,
  showNightProgress,
  tellNight,
} from './format-night.ts';
import { nightCompare } from './night-compare.ts';
import { readCommandConfig, withInfobase } from './open-infobase.ts';
import { readDateFlag } from './read-date-flag.ts';
import { withStop } from './with-stop.ts';

/** The time that a running service has for its tills between two chunks. */
const pauseMs = 5;
const greatestLimit = 100_000;

const run = defineCommand({
  usage: '[--date D]',
  about: 'runs every night that is due and not done, in order, each with its own date',
  notes: [
    'A night is due once the time of KKM_NIGHT_CRON has come on its date, by the clock of the infobase; --date D runs',
    'those up to D, today included. Stopped by Ctrl+C or killed, the next run goes on where it ended.',
  ],
  flags: {
    date: { takes: 'D', about: 'the last date whose night is run: 2026-11-22 or 22.11.2026, not later than today' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const { nightSchedule } = readCommandConfig(io, flags);
    const given = readDateFlag('date', flags.date);
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase, clock) => {
      const now = clock.now();
      if (given !== undefined && given > dateOf(now)) {
        throw new CommandFailed(`${given} has not come: it is ${now}. kkm night preview tells what its night would do`);
      }
      const dueOn = given ?? findDueDate(now, nightSchedule.time);
      const head = { infobase: infobase.name, isDryRun };
      if (isDryRun) {
        const dates = await listDueDates(infobase, dueOn);
        if (flags.json) io.out(JSON.stringify({ ...head, dates }, null, 2));
        else io.out(dates.length === 0 ? 'no night is due' : `nights that would be run: ${dates.join(', ')}`);
        return 0;
      }
      const nights = await runNights(infobase, now, dueOn, io, (done) => {
        if (!flags.json) io.out(tellNight(done));
      });
      if (flags.json) io.out(JSON.stringify({ ...head, nights: nights.map(describeNight) }, null, 2));
      else if (nights.length === 0) io.out('no night is due');
      return 0;
    });
  },
});

async function runNights(
  infobase: Infobase,
  now: LocalDateTime,
  dueOn: LocalDate,
  io: CommandIo,
  onNight: (run: NightRun) => void,
): Promise<readonly NightRun[]> {
  const { nights, end } = await withStop((shouldStop) =>
    catchUpNights(infobase, now, {
      holder: nameRunner(),
      readMs: Date.now,
      dueOn,
      pause: () => sleep(pauseMs),
      shouldStop,
      onProgress: showNightProgress(io),
      onNight,
    }),
  );
  io.showProgress?.('');
  if (end.code !== 'up_to_date') throw new CommandFailed(explainEnd(end));
  return nights;
}

const preview = defineCommand({
  usage: '--date D',
  about: 'tells what the night of a date to come would write, if nothing else happened before it; changes nothing',
  flags: {
    date: {
      takes: 'D',
      isRequired: true,
      about: 'the date of the night: 2026-12-01 or 01.12.2026, up to ten years ahead',
    },
    limit: { takes: 'N', about: `cards that are listed, in the order they were added: 0 to ${greatestLimit} (0)` },
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const on = readDateFlag('date', flags.date);
    const limit = readLimit(flags.limit ?? '0');
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const listed: NightLine[] = [];
      const found = await withStop((shouldStop) =>
        previewNight(infobase, on, {
          shouldStop,
          pause: () => sleep(0),
          onProgress: showNightProgress(io),
          onLine: (line) => {
            if (listed.length < limit) listed.push(line);
          },
        }),
      );
      io.showProgress?.('');
      if (found.code !== 'done') throw new CommandFailed(explainPreview(found, on));
      const { businessOn, nightsBefore, writeOff, accrual } = found;
      if (flags.json) {
        const totals = { writeOff: describeTotal(writeOff), accrual: describeTotal(accrual) };
        const head = { infobase: infobase.name, businessOn, nightsBefore, ...totals };
        io.out(JSON.stringify({ ...head, cards: listed.map(describeLine) }, null, 2));
        return 0;
      }
      io.out(`night of ${businessOn}, nights before it: ${nightsBefore}`);
      io.out(`«Списание с дисконтных карт»: ${formatTotal(writeOff)}`);
      io.out(`«Начисление на дисконтные карты»: ${formatTotal(accrual)}`);
      for (const line of listed.flatMap(formatLine)) io.out(line);
      return 0;
    });
  },
});

export function night(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm night', { run, preview, compare: nightCompare }, args, io);
}

function readLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(limit <= greatestLimit)) {
    throw new UsageMistake(`--limit: expected a whole number from 0 to ${greatestLimit}, got "${text}"`);
  }
  return limit;
}

async function listDueDates(infobase: Infobase, dueOn: LocalDate): Promise<LocalDate[]> {
  const next = await findNextNight(infobase, dueOn);
  if (next.code === 'not_run') throw new CommandFailed(explainEnd(next));
  const dates: LocalDate[] = [];
  if (next.code === 'due') for (let on = next.businessOn; on <= dueOn; on = addDays(on, 1)) dates.push(on);
  return dates;
}

function explainEnd(end: Exclude<CatchUp['end'], { readonly code: 'up_to_date' }>): string {
  switch (end.code) {
    case 'not_run':
      return `no night is run: ${obstacleTexts[end.why]}`;
    case 'held':
      return `another process runs the night now (${end.holder}); nothing is lost`;
    case 'stopped':
      return `stopped in the night of ${end.businessOn}; the next run goes on there`;
  }
}

function explainPreview(end: Exclude<NightPreview, { readonly code: 'done' }>, on: LocalDate): string {
  switch (end.code) {
    case 'not_run':
      return explainEnd(end);
    case 'stopped':
      return 'stopped';
    case 'done_before':
      return `nights are done up to ${end.lastNightOn}: what that of ${on} did is in its documents`;
    case 'too_far':
      return `${on} is too far away: ${end.lastOn} at the latest`;
  }
}
