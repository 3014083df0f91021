// The clock of a test infobase: given once, then moved forward only. What has been dated cannot be undated, and nights
// that are done stay done.
import type { Trx } from '../../db/db.ts';
import { findTestClock, moveTestClock, openTestClock } from '../../db/admin/test-clock.ts';
import {
  addDays,
  dateOf,
  parseLocalDateTime,
  type LocalDate,
  type LocalDateTime,
} from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { recordChange, type Change } from './record-change.ts';
import {
  catchUpNights,
  findDueDate,
  findNextNight,
  type NightObstacle,
  type NightOptions,
  type NightRun,
} from '../night/run-night.ts';

export type SetClockOutcome =
  | {
      readonly ok: true;
      readonly before: LocalDateTime;
      readonly now: LocalDateTime;
      /** Nights that have come due and are not run; null where none is run at all. */
      readonly dueNights: number | null;
    }
  | Refusal<'to'>;

export type AdvanceClockOutcome =
  | {
      readonly ok: true;
      readonly before: LocalDateTime;
      readonly now: LocalDateTime;
      /** In order; empty in a dry run. */
      readonly nights: readonly NightRun[];
      /** How many were due. */
      readonly dueNights: number;
      /** Why no night was run; null where nights are run. */
      readonly obstacle: NightObstacle | null;
    }
  | Refusal<'to'>;

export interface AdvanceClockOptions extends NightOptions {
  /** The time of the day at which the night begins. */
  readonly nightTime: string;
  readonly isDryRun?: boolean;
  readonly onNight?: (run: NightRun) => void;
  /** Awaited where another runner is at a night, or was before it died, ahead of each further try. */
  readonly wait: (holder: string) => Promise<void>;
}

/** Beyond it an unlimited life (3999-12-31) would come to its end. */
const latest = parseLocalDateTime('2999-12-31T23:59:59') as LocalDateTime;
/** Ten years: further is a slip, and a night a day is run on the way. */
export const advanceLimitDays = 3_653;

/** The same time of the day, so many days on. */
export function addClockDays(at: LocalDateTime, days: number): LocalDateTime {
  return `${addDays(dateOf(at), days)}${at.slice(10)}` as LocalDateTime;
}

/** Makes a new infobase a test one, by giving it a clock of its own; one that has it already is a defect. */
export async function giveTestClock(infobase: Infobase, standsAt: LocalDateTime): Promise<void> {
  await infobase.db.write(async (trx) => {
    await openTestClock(trx, standsAt);
    await recordChange(trx, infobase, { ...describeMove(infobase), after: { standsAt } });
  });
  await renewClock(infobase);
}

function describeMove({ name }: Infobase): Pick<Change, 'subject' | 'key'> {
  return { subject: 'clock', key: name };
}

/** Why the clock cannot be moved there, or where it stands. */
async function findStart(
  infobase: Infobase,
  trx: Trx,
  to: LocalDateTime,
): Promise<{ readonly ok: true; readonly before: LocalDateTime } | Refusal<'to'>> {
  const before = await findTestClock(trx);
  if (before === undefined) {
    return refuse(`infobase "${infobase.name}" is not a test infobase: it keeps the machine's time`);
  }
  if (to < before) return refuse(`the clock stands at ${before} and moves forward only, not to ${to}`, { field: 'to' });
  if (to > latest)
    return refuse(`${to} is after ${latest}, the latest moment a test clock may stand at`, { field: 'to' });
  return { ok: true, before };
}

/** Sets the clock and leaves the nights that are due to the service, or to the operator. */
export async function setClock(
  infobase: Infobase,
  to: LocalDateTime,
  options: { readonly nightTime: string; readonly isDryRun?: boolean },
): Promise<SetClockOutcome> {
  const move = async (trx: Trx): Promise<Awaited<ReturnType<typeof findStart>>> => {
    const start = await findStart(infobase, trx, to);
    if (!start.ok || to === start.before) return start;
    await moveTestClock(trx, to);
    const [before, after] = [{ standsAt: start.before }, { standsAt: to }];
    await recordChange(trx, infobase, { ...describeMove(infobase), before, after });
    return start;
  };
  const start = await writeOrRehearse(infobase, options.isDryRun === true, move);
  if (!start.ok) return start;
  await renewClock(infobase);
  return { ok: true, before: start.before, now: to, dueNights: await countDueNights(infobase, to, options.nightTime) };
}

/**
 * Moves the clock and runs every night on the way, in order and to the end, each with the clock at its own date: so what
 * a night writes, and what a running service does meanwhile, is of the night's date and not of the end of the way.
 */
export async function advanceClock(
  infobase: Infobase,
  to: LocalDateTime,
  options: AdvanceClockOptions,
): Promise<AdvanceClockOutcome> {
  const start = await infobase.db.read((trx) => findStart(infobase, trx, to));
  if (!start.ok) return start;
  const { before } = start;
  if (to > `${addDays(dateOf(before), advanceLimitDays)}${before.slice(10)}`) {
    return refuse(`from ${before} to ${to} is more than ${advanceLimitDays} days: go in steps`, { field: 'to' });
  }
  const dueNights = (await countDueNights(infobase, to, options.nightTime)) ?? 0;
  const walked = { nights: [], obstacle: null };
  if (options.isDryRun === true) return { ok: true, before, now: to, dueNights, ...walked };
  const walk = { before, to, isNoted: false };
  const passed = await passNights(infobase, walk, findDueDate(to, options.nightTime), options);
  if (passed.stoppedOn !== null) return refuse(`stopped in the night of ${passed.stoppedOn}`);
  const { nights, obstacle } = passed;
  await moveForward(infobase, walk, to);
  return { ok: true, before, now: to, dueNights, nights, obstacle };
}

interface Passed {
  readonly nights: NightRun[];
  readonly obstacle: NightObstacle | null;
  /** The night at which the caller asked to stop. */
  readonly stoppedOn: LocalDate | null;
}

/** The whole way, which has one row in the log of changes, with the first move. */
interface Walk {
  readonly before: LocalDateTime;
  readonly to: LocalDateTime;
  isNoted: boolean;
}

async function passNights(
  infobase: Infobase,
  walk: Walk,
  dueOn: LocalDate,
  options: AdvanceClockOptions,
): Promise<Passed> {
  const nights: NightRun[] = [];
  const through = { nights, obstacle: null, stoppedOn: null };
  for (;;) {
    const next = await findNextNight(infobase, dueOn);
    if (next.code === 'up_to_date') return through;
    if (next.code === 'not_run') return { ...through, obstacle: next.why };
    const now = await moveForward(infobase, walk, `${next.businessOn}T${options.nightTime}` as LocalDateTime);
    const { end } = await catchUpNights(infobase, now, {
      ...options,
      dueOn: next.businessOn,
      onNight: (run) => {
        nights.push(run);
        options.onNight?.(run);
      },
    });
    if (end.code === 'stopped') return { ...through, stoppedOn: end.businessOn };
    if (end.code !== 'held') continue;
    if (options.shouldStop?.() === true) return { ...through, stoppedOn: next.businessOn };
    await options.wait(end.holder);
  }
}

/** @returns where the clock stands then: a later moment, set meanwhile or before, is left as it is. */
async function moveForward(infobase: Infobase, walk: Walk, to: LocalDateTime): Promise<LocalDateTime> {
  const now = await infobase.db.write(async (trx) => {
    const standsAt = await findTestClock(trx);
    if (standsAt !== undefined && standsAt >= to) return standsAt;
    await moveTestClock(trx, to);
    if (!walk.isNoted) {
      const [before, after] = [{ standsAt: walk.before }, { standsAt: walk.to }];
      await recordChange(trx, infobase, { ...describeMove(infobase), before, after });
    }
    walk.isNoted = true;
    return to;
  });
  await renewClock(infobase);
  return now;
}

async function renewClock(infobase: Infobase): Promise<void> {
  await infobase.db.read((trx) => infobase.loadRevision(trx));
}

async function countDueNights(infobase: Infobase, at: LocalDateTime, nightTime: string): Promise<number | null> {
  const dueOn = findDueDate(at, nightTime);
  const next = await findNextNight(infobase, dueOn);
  if (next.code === 'not_run') return null;
  let count = 0;
  if (next.code === 'due') for (let on = next.businessOn; on <= dueOn; on = addDays(on, 1)) count += 1;
  return count;
}
