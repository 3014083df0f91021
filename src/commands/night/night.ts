// `kkm night`: the nightly regulation of billing by hand, and what a night to come would do. Safe beside a running
// service: a lease lets one of them run a night, and the other one goes on after it.
import { setTimeout as sleep } from 'node:timers/promises';
import { nameRunner } from '../../jobs/name-runner.ts';
import { addDays, dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { previewNight, type NightLine, type NightPreview } from '../../operations/night/preview-night.ts';
import {
  catchUpNights,
  findDueDate,
  findNextNight,
  type CatchUp,
  type NightRun,
} from '../../operations/night/run-night.ts';
import { answer, say } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand, dryRunFlag, runGroup, type CommandIo } from '../command-io.ts';
import {
  describeLine,
  describeNight,
  describeTotal,
  formatLine,
  formatTotal,
  obstacleTexts,
  showNightProgress,
  formatNightRun,
} from './format-night.ts';
import { nightCompare } from './night-compare.ts';
import { readCommandConfig, withInfobase } from '../open-infobase.ts';
import { readCount } from '../read-number-flag.ts';
import { readDateFlag } from '../read-date-flag.ts';
import { withStop } from '../with-stop.ts';

/** The time that a running service has for its tills between two chunks. */
const pauseMs = 3;
const greatestLimit = 100_000;

const run = defineCommand({
  usage: '[--date D] [--full]',
  about: 'runs every night that is due, in order, each with its own date',
  notes: [
    'A night is due from the time of KKM_NIGHT_CRON on its date, by the clock of the infobase; --date D runs the nights up',
    'to D, which may be today. After Ctrl+C or a kill the next run goes on from there.',
    'A night goes through the cards that it can change. --full goes through every card: it writes the same.',
  ],
  flags: {
    date: { takes: 'D', about: 'the last date whose night is run: 2026-11-22 or 22.11.2026, not later than today' },
    full: { about: 'goes through every card, not only through those that the night can change' },
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
        const message = `${given} is later than now, ${now}. kkm night preview shows what its night would do`;
        throw new CommandFailed(message, { field: '--date' });
      }
      const dueOn = given ?? findDueDate(now, nightSchedule.time);
      const head = { infobase: infobase.name, isDryRun };
      if (isDryRun) {
        const dates = await listDueDates(infobase, dueOn);
        const found: Foreseen[] = [];
        for (const on of dates) found.push(await foresee(infobase, on, io));
        const none = 'no night is due';
        return answer(io, flags, {
          json: { ...head, dates, nights: found.map(describeForeseen) },
          lines:
            dates.length === 0 ? none : [`nights that would be run: ${dates.join(', ')}`, ...found.map(showForeseen)],
        });
      }
      const options = { dueOn, isFull: flags.full };
      const nights = await runNights(infobase, now, options, io, (done) => say(io, flags, formatNightRun(done)));
      const json = { ...head, nights: nights.map(describeNight) };
      return answer(io, flags, { json, lines: nights.length === 0 ? 'no night is due' : [] });
    });
  },
});

type Foreseen = Extract<NightPreview, { readonly code: 'done' }>;

/** @throws CommandFailed where that night cannot be foreseen. */
async function foresee(
  infobase: Infobase,
  on: LocalDate,
  io: CommandIo,
  onLine: (line: NightLine) => void = () => undefined,
): Promise<Foreseen> {
  const found = await withStop((shouldStop) =>
    previewNight(infobase, on, { shouldStop, pause: () => sleep(0), onProgress: showNightProgress(io), onLine }),
  );
  io.showProgress?.('');
  if (found.code === 'done') return found;
  throw new CommandFailed(explainPreview(found, on), { code: found.code === 'stopped' ? 'stopped' : 'refused' });
}

function describeForeseen({ businessOn, writeOff, accrual }: Foreseen): object {
  return { businessOn, writeOff: describeTotal(writeOff), accrual: describeTotal(accrual) };
}

function showForeseen({ businessOn, writeOff, accrual }: Foreseen): string {
  return `night of ${businessOn}: «Списание» ${formatTotal(writeOff)}; «Начисление» ${formatTotal(accrual)}`;
}

async function runNights(
  infobase: Infobase,
  now: LocalDateTime,
  options: { readonly dueOn: LocalDate; readonly isFull: boolean },
  io: CommandIo,
  onNight: (run: NightRun) => void,
): Promise<readonly NightRun[]> {
  const { nights, end } = await withStop((shouldStop) =>
    catchUpNights(infobase, now, {
      holder: nameRunner(),
      readMs: Date.now,
      ...options,
      pause: () => sleep(pauseMs),
      shouldStop,
      onProgress: showNightProgress(io),
      onNight,
    }),
  );
  io.showProgress?.('');
  if (end.code !== 'up_to_date') throw failEnd(end);
  return nights;
}

const preview = defineCommand({
  usage: '--date D',
  about: 'shows what a coming night would write, if nothing else happens before it; changes nothing',
  flags: {
    date: {
      takes: 'D',
      isRequired: true,
      about: 'the date of the night: 2026-12-01 or 01.12.2026, up to ten years ahead',
    },
    limit: { takes: 'N', about: `cards to list, in the order they were added: 0 to ${greatestLimit} (default 0)` },
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const on = readDateFlag('date', flags.date);
    const limit = readCount('--limit', flags.limit ?? '0', greatestLimit);
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const listed: NightLine[] = [];
      const found = await foresee(infobase, on, io, (line) => {
        if (listed.length < limit) listed.push(line);
      });
      const { businessOn, nightsBefore, writeOff, accrual } = found;
      const head = { infobase: infobase.name, businessOn, nightsBefore };
      return answer(io, flags, {
        json: { ...head, ...describeForeseen(found), cards: listed.map(describeLine) },
        lines: [
          `night of ${businessOn}, nights before it: ${nightsBefore}`,
          `«Списание с дисконтных карт»: ${formatTotal(writeOff)}`,
          `«Начисление на дисконтные карты»: ${formatTotal(accrual)}`,
          ...listed.flatMap(formatLine),
        ],
      });
    });
  },
});

export function night(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm night', { run, preview, compare: nightCompare }, args, io);
}

async function listDueDates(infobase: Infobase, dueOn: LocalDate): Promise<LocalDate[]> {
  const next = await findNextNight(infobase, dueOn);
  if (next.code === 'not_run') throw failEnd(next);
  const dates: LocalDate[] = [];
  if (next.code === 'due') for (let on = next.businessOn; on <= dueOn; on = addDays(on, 1)) dates.push(on);
  return dates;
}

function failEnd(end: Parameters<typeof explainEnd>[0]): CommandFailed {
  const code = end.code === 'held' || end.code === 'stopped' ? end.code : 'refused';
  return new CommandFailed(explainEnd(end), { code });
}

function explainEnd(end: Exclude<CatchUp['end'], { readonly code: 'up_to_date' }>): string {
  switch (end.code) {
    case 'not_run':
      return `no night is run: ${obstacleTexts[end.why]}`;
    case 'held':
      return `another process is running the night (${end.holder}); nothing is lost`;
    case 'stopped':
      return `stopped in the night of ${end.businessOn}; the next run goes on from there`;
  }
}

function explainPreview(end: Exclude<NightPreview, { readonly code: 'done' }>, on: LocalDate): string {
  switch (end.code) {
    case 'not_run':
      return explainEnd(end);
    case 'stopped':
      return 'stopped';
    case 'done_before':
      return `nights are done up to ${end.lastNightOn}: the documents of ${on} show what that night did`;
    case 'too_far':
      return `${on} is too far ahead: ${end.lastOn} is the latest`;
  }
}
