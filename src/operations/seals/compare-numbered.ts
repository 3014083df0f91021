// Holds the units of a source against what was sealed of them, number by number.
import type { Trx } from '../../db/db.ts';
import {
  listMarkedReceipts,
  listUnits,
  type MarkedReceipt,
  type NumberedSource,
  type NumberedUnit,
} from '../../db/seals/numbered-source.ts';
import type { Infobase } from '../infobase.ts';
import { Cursor } from './cursor.ts';
import { loadSealedUnits, readSealedUnits, type SealedUnit } from './sealed-units.ts';
import { findBreakOf, findMarkOf, findTrustedMark, type SealScope } from './seal-scope.ts';
import { digestUnit, goneDigest, type UnitKey } from './unit-part.ts';

export interface UnitDifference {
  readonly source: string;
  readonly key: UnitKey;
  readonly sort: 'changed' | 'missing' | 'inserted';
  /** Whose unit it is. */
  readonly sealId: number;
  /** As it is now; null where it is missing. */
  readonly text: string | null;
}

const pageUnits = 1000;

export interface CompareOptions {
  /** Awaited between pieces; the count of units compared. */
  readonly onPiece?: (units: number) => Promise<void> | void;
}

interface Numbered {
  readonly id: number;
}

/** Pieces of units with numbers after `after`, which `list` gives up to its own end. */
async function* readPieces<T extends Numbered>(
  infobase: Infobase,
  after: number,
  list: (trx: Trx, range: { readonly after: number; readonly limit: number }) => Promise<T[]>,
): AsyncGenerator<T[]> {
  for (let from = after; ;) {
    const at = from;
    const units = await infobase.db.read((trx) => list(trx, { after: at, limit: pageUnits }));
    const last = units.at(-1);
    if (last === undefined) return;
    yield units;
    from = last.id;
  }
}

/** Pieces of units with numbers after `after`, up to `to`. */
export function readUnits(
  infobase: Infobase,
  source: NumberedSource,
  after: number,
  to: number,
): AsyncGenerator<NumberedUnit[]> {
  return readPieces(infobase, after, (trx, range) => listUnits(trx, source, { ...range, to }));
}

/** The same of receipts with their marks. */
export function readMarkedReceipts(infobase: Infobase, after: number, to: number): AsyncGenerator<MarkedReceipt[]> {
  return readPieces(infobase, after, (trx, range) => listMarkedReceipts(trx, { ...range, to }));
}

/** Units that facts of the open day have changed are left out. */
export async function* compareNumbered(
  infobase: Infobase,
  scope: SealScope,
  source: NumberedSource,
  { onPiece }: CompareOptions = {},
): AsyncGenerator<UnitDifference> {
  const { name, group } = source;
  const mark = findMarkOf(scope, name, group);
  if (mark === undefined) return;
  const after = findTrustedMark(scope, name, group);
  const range = { afterSealId: Math.max(findBreakOf(scope, group), scope.trustedSealId), lastSealId: scope.lastSealId };
  const again = await loadSealedUnits(infobase, name, true, range);
  const sealed = new Cursor<SealedUnit>(readSealedUnits(infobase, name, false, range));
  const found = new Cursor<NumberedUnit>(readUnits(infobase, source, after, mark));
  for (const key of again.keys()) if (Number(key) <= after) again.delete(key);
  const skip = scope.touched.get(name);
  for (;;) {
    if (sealed.isEmpty) await sealed.fill();
    if (found.isEmpty) {
      await found.fill();
      await onPiece?.(pageUnits);
    }
    const [expected, unit] = [sealed.head, found.head];
    if (expected === undefined && unit === undefined) break;
    const expectedId = expected === undefined ? Infinity : Number(expected.key);
    const id = Math.min(expectedId, unit?.id ?? Infinity);
    const isThere = unit?.id === id;
    if (isThere) found.next();
    if (expectedId === id) sealed.next();
    const wanted = again.get(id) ?? (expectedId === id ? expected : undefined);
    again.delete(id);
    if (skip?.has(id) === true) continue;
    const difference = judge(wanted, isThere ? unit.text : null);
    if (difference === undefined) continue;
    const sealId = wanted?.sealId ?? findSealOf(scope, name, id);
    yield { source: name, key: id, sort: difference, sealId, text: isThere ? unit.text : null };
  }
  for (const [key, { sealId, digest }] of again) {
    if (digest === goneDigest || skip?.has(Number(key)) === true) continue;
    yield { source: name, key, sort: 'missing', sealId, text: null };
  }
}

/** What is wrong with a unit that was sealed, or was not. */
export function judge(sealed: SealedUnit | undefined, text: string | null): UnitDifference['sort'] | undefined {
  const isSealed = sealed !== undefined && sealed.digest !== goneDigest;
  if (text === null) return isSealed ? 'missing' : undefined;
  if (!isSealed) return 'inserted';
  return digestUnit(text) === sealed.digest ? undefined : 'changed';
}

/** The seal in whose numbers it lies. */
function findSealOf({ seals, marks, lastSealId }: SealScope, name: string, id: number): number {
  return seals.find((seal) => (marks.get(seal.id)?.[name] ?? 0) >= id)?.id ?? lastSealId;
}
