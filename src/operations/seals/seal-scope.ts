// What there is to compare: the seals, how far each source had come at each of them, and what has been recorded since that
// explains why a sealed unit is not as it was.
import {
  findCardChanges,
  listExplainingChanges,
  type CardChanges,
  type ExplainingChange,
} from '../../db/seals/explaining-change.ts';
import type { Trx } from '../../db/db.ts';
import type { KeyedSource } from '../../db/seals/keyed-source.ts';
import { numberedSources, type SealedGroup, type SealedMarks } from '../../db/seals/numbered-source.ts';
import { findSealedMarks, listSealBreaks, listSeals, type Seal, type SealBreak } from '../../db/seals/seal.ts';
import { listTouched } from '../../db/seals/touched-units.ts';
import { fromSeconds, toSeconds, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { TimeZone } from '../../ledger/time-zone.ts';
import { readColumns } from './name-unit.ts';

export interface SealScope {
  /** Oldest first. */
  readonly seals: readonly Seal[];
  readonly lastSealId: number;
  /** What it and the seals before it cover is not looked at; 0 = everything is. */
  readonly trustedSealId: number;
  /** By seal. */
  readonly marks: ReadonlyMap<number, SealedMarks>;
  readonly breaks: readonly SealBreak[];
  /** Of the log of changes since the last seal. */
  readonly changes: readonly ExplainingChange[];
  /** The cards that they have changed. */
  readonly cardChanges: CardChanges;
  /** Units of sources by number that facts recorded since the last seal have changed. */
  readonly touched: ReadonlyMap<string, ReadonlySet<number>>;
}

/** Below every number that a database gives. */
export const beforeAll = Number.MIN_SAFE_INTEGER;

const noCards: CardChanges = { areAny: false, numbers: new Set() };

export async function loadSealScope(trx: Trx, timeZone: TimeZone): Promise<SealScope> {
  const seals = await listSeals(trx);
  const marks = new Map<number, SealedMarks>();
  for (const { id } of seals) marks.set(id, (await findSealedMarks(trx, id)) ?? {});
  const last = seals.at(-1);
  const lastMarks = last === undefined ? {} : (marks.get(last.id) ?? {});
  const logMark = lastMarks.change_log ?? 0;
  const changes = last === undefined ? [] : await listExplainingChanges(trx, logMark);
  const cardChanges = last === undefined ? noCards : await findCardChanges(trx, logMark);
  const touched = new Map<string, ReadonlySet<number>>();
  const since = last === undefined ? '' : findOpenSince(last, timeZone);
  for (const { name } of numberedSources) {
    if (last !== undefined) touched.set(name, await listTouched(trx, name, lastMarks, since));
  }
  return {
    seals,
    lastSealId: last?.id ?? 0,
    trustedSealId: 0,
    marks,
    breaks: await listSealBreaks(trx),
    changes,
    cardChanges,
    touched,
  };
}

/** The last seal whose units of the group count no more; 0 = all count. */
export function findBreakOf({ breaks }: Pick<SealScope, 'breaks'>, group: SealedGroup): number {
  return group === 'billing' ? (breaks.at(-1)?.afterSealId ?? 0) : 0;
}

/** The numbers up to this one are not looked at. */
export function findTrustedMark(scope: SealScope, name: string, group: SealedGroup): number {
  const { trustedSealId, marks } = scope;
  if (trustedSealId <= findBreakOf(scope, group)) return beforeAll;
  return marks.get(trustedSealId)?.[name] ?? beforeAll;
}

/** The last number of a source that is sealed; undefined where nothing of it counts. */
export function findMarkOf(scope: SealScope, name: string, group: SealedGroup): number | undefined {
  if (scope.lastSealId <= findBreakOf(scope, group)) return undefined;
  return scope.marks.get(scope.lastSealId)?.[name] ?? 0;
}

export function mayCardsDiffer({ cardChanges: { areAny, numbers } }: SealScope): boolean {
  return areAny || numbers.size > 0;
}

/** @param text the card as it is now. */
export function isCardExplained({ cardChanges: { areAny, numbers } }: SealScope, text: string | null): boolean {
  const [number = ''] = readColumns(text) ?? [];
  return areAny || numbers.has(number);
}

/** Whether the log says that the row with this key was changed since the last seal. */
export function isExplained({ changes }: SealScope, { name, subject }: KeyedSource, key: string): boolean {
  // Switching billing on and off sets the stage; setting the stage begins and ends billing.
  if (name === 'setting' && key === 'stage' && changes.some((one) => one.subject === 'billing')) return true;
  if (name === 'billing_state' && changes.some((one) => one.subject === 'setting' && one.key === 'stage')) return true;
  if (name === 'billing_state') return changes.some((one) => one.subject === 'billing');
  return changes.some((one) => one.subject === subject && one.key === key);
}

/** By so much the machine's clock may be set right without a word. */
const slackSeconds = 60;
const daySeconds = 86_400;

/** The moment before which nothing was recorded that came after the seal: its own, earlier where clocks go back that day. */
export function findOpenSince(
  { sealedAt }: Pick<Seal, 'sealedAt'>,
  { offsetAt }: Pick<TimeZone, 'offsetAt'>,
): LocalDateTime {
  const local = toSeconds(sealedAt);
  const seconds = local - offsetAt(local);
  const back = Math.max(0, offsetAt(seconds - daySeconds) - offsetAt(seconds + daySeconds));
  return fromSeconds(local - slackSeconds - back) as LocalDateTime;
}
