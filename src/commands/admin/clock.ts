// `kkm clock`: the clock of a test infobase. It stands still until it is moved, forward only; a running service goes by
// it from its next call on.
import { setTimeout as sleep } from 'node:timers/promises';
import { nameRunner } from '../../jobs/name-runner.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../../operations/infobase.ts';
import {
  addClockDays,
  advanceClock,
  advanceLimitDays,
  setClock,
  type AdvanceClockOptions,
  type AdvanceClockOutcome,
} from '../../operations/admin/move-clock.ts';
import { answer } from '../answer.ts';
import { commonFlags, defineCommand, dryRunFlag, runGroup, UsageMistake, type CommandIo } from '../command-io.ts';
import { describeNight, obstacleTexts, showNightProgress, formatNightRun } from '../night/format-night.ts';
import { readCommandConfig, withInfobase } from '../open-infobase.ts';
import { readCount } from '../read-number-flag.ts';
import { readMoment } from '../read-date-flag.ts';
import { refusedBy } from '../refused-by.ts';
import { withStop } from '../with-stop.ts';

/** The time that a running service has for its tills between two chunks of a night. */
const pauseMs = 5;
/** How often another runner of a night is asked whether it is done. */
const heldMs = 200;

const show = defineCommand({
  usage: '',
  about: 'shows the time of the infobase, and which clock it goes by',
  flags: commonFlags,
  run: ({ flags }, io) =>
    withInfobase(io, flags, 'existing', async (infobase, own) => {
      const isTest = infobase.testNow !== undefined;
      const now = own.now();
      const whose = isTest ? 'a test infobase: the clock stands still' : "an ordinary infobase: the machine's time";
      return answer(io, flags, { json: { infobase: infobase.name, isTest, now }, lines: `${now} (${whose})` });
    }),
});

const set = defineCommand({
  usage: 'DATETIME',
  about: 'sets the clock of a test infobase, without running nights',
  notes: [
    'The service runs the nights that are due at its next check or start, or kkm night run does. kkm clock advance runs',
    'them itself. A date alone is its midnight.',
  ],
  takes: ['DATETIME'],
  flags: { ...dryRunFlag, ...commonFlags },
  run: ({ flags, values: [text = ''] }, io) => {
    const config = readCommandConfig(io, flags);
    const to = readMoment('DATETIME', text, config);
    const isDryRun = flags['dry-run'];
    const nightTime = config.nightSchedule.time;
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const outcome = await setClock(infobase, to, { nightTime, isDryRun });
      if (!outcome.ok) throw refusedBy(outcome, { to: 'DATETIME' });
      const { before, now, dueNights } = outcome;
      const due = dueNights !== null && dueNights > 0 ? [`nights that are due and not run: ${dueNights}`] : [];
      return answer(io, flags, {
        json: { infobase: infobase.name, before, now, dueNights, isDryRun },
        lines: [`${describeMove(isDryRun)} ${before} to ${now}`, ...due],
      });
    });
  },
});

const advance = defineCommand({
  usage: '--days N | --to DATETIME',
  about: 'moves the clock of a test infobase and runs every night in between, in order',
  notes: [
    'In stage billing each night runs with the clock at its own date (KKM_NIGHT_CRON); missed nights run first.',
    'After Ctrl+C or a kill the clock keeps the time it had reached; run advance again to go on from there.',
    '--days 1 from 2026-01-01T12:00:00 is 2026-01-02T12:00:00, with the night of 2026-01-02 in between.',
  ],
  flags: {
    days: { takes: 'N', about: `days to move, to the same time of the day: 0 to ${advanceLimitDays}` },
    to: { takes: 'DATETIME', about: 'the moment to move to; a date alone is its midnight' },
    ...dryRunFlag,
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    if ((flags.days === undefined) === (flags.to === undefined)) {
      throw new UsageMistake('give either --days N or --to DATETIME', '--days');
    }
    const days = flags.days === undefined ? undefined : readCount('--days', flags.days, advanceLimitDays);
    const config = readCommandConfig(io, flags);
    const to = readMoment('--to', flags.to, config);
    const nightTime = config.nightSchedule.time;
    const isDryRun = flags['dry-run'];
    return withInfobase(io, flags, 'existing', async (infobase, own) => {
      const target = to ?? addClockDays(own.now(), days ?? 0);
      const outcome = await walk(infobase, target, { nightTime, isDryRun }, io);
      if (!outcome.ok) throw refusedBy(outcome, { to: to === undefined ? '--days' : '--to' });
      const json = { infobase: infobase.name, isDryRun, ...describe(outcome) };
      return answer(io, flags, { json, lines: formatMove(outcome, isDryRun) });
    });
  },
});

export function clock(args: string[], io: CommandIo): Promise<number> {
  return runGroup('kkm clock', { show, set, advance }, args, io);
}

/** Moves the clock with nights as a command runs them. */
async function walk(
  infobase: Infobase,
  to: LocalDateTime,
  given: Pick<AdvanceClockOptions, 'nightTime' | 'isDryRun'>,
  io: CommandIo,
): Promise<AdvanceClockOutcome> {
  let isWaitShown = false;
  const work = (shouldStop: () => boolean): Promise<AdvanceClockOutcome> =>
    advanceClock(infobase, to, {
      ...given,
      shouldStop,
      holder: nameRunner(),
      readMs: Date.now,
      pause: () => sleep(pauseMs),
      wait: async (holder) => {
        if (!isWaitShown)
          io.err(
            `waiting: another process runs the night (${holder}); one that was killed is given up after 15 seconds`,
          );
        isWaitShown = true;
        await sleep(heldMs);
      },
      onProgress: showNightProgress(io),
    });
  const outcome = await withStop(work);
  io.showProgress?.('');
  return outcome;
}

type Walked = Extract<AdvanceClockOutcome, { ok: true }>;

function describe({ before, now, nights, dueNights, obstacle }: Walked): object {
  return { before, now, dueNights, nights: nights.map(describeNight), obstacle };
}

function formatMove({ before, now, nights, dueNights, obstacle }: Walked, isDryRun: boolean): string[] {
  const lines = [`${describeMove(isDryRun)} ${before} to ${now}`];
  if (obstacle !== null) lines.push(`no night is run: ${obstacleTexts[obstacle]}`);
  else if (isDryRun) lines.push(`nights that would be run: ${dueNights}`);
  else lines.push(...nights.map(formatNightRun));
  return lines;
}

function describeMove(isDryRun: boolean): string {
  return isDryRun ? 'the clock would move from' : 'the clock moved from';
}
