// Holds the rows of a source by keys against what was sealed of them. What the log of changes explains is a change of the open
// day, and no difference.
import { listKeyedUnits, type KeyedSource, type KeyedUnit } from '../../db/seals/keyed-source.ts';
import type { Infobase } from '../infobase.ts';
import { judge, type UnitDifference } from './compare-numbered.ts';
import { loadSealedUnits, type SealedUnit } from './sealed-units.ts';
import { findBreakOf, isExplained, type SealScope } from './seal-scope.ts';
import { goneDigest } from './unit-part.ts';

export interface KeyedDifference extends UnitDifference {
  readonly key: string;
  /** Whether it is a change of the open day. */
  readonly isExplained: boolean;
  readonly recordedAt: string | null;
}

const pageUnits = 1000;

export async function* compareKeyed(
  infobase: Infobase,
  scope: SealScope,
  source: KeyedSource,
): AsyncGenerator<KeyedDifference> {
  const { name, group } = source;
  const range = { afterSealId: findBreakOf(scope, group), lastSealId: scope.lastSealId };
  // Nothing of it is sealed: what is there belongs to the open day.
  const isOpen = scope.lastSealId <= range.afterSealId;
  const sealed = isOpen ? new Map<string, SealedUnit>() : await loadSealedUnits(infobase, name, false, range);
  const describe = (
    key: string,
    sort: UnitDifference['sort'],
    sealId: number,
    unit: KeyedUnit | null,
  ): KeyedDifference => {
    const isNew = sort === 'inserted' && source.subject === null;
    const isKnown = isOpen || isNew || isExplained(scope, source, key);
    const { text = null, recordedAt = null } = unit ?? {};
    return { source: name, key, sort, sealId, text, recordedAt, isExplained: isKnown };
  };
  for (let after = ''; ;) {
    const at = after;
    const page = await infobase.db.read((trx) => listKeyedUnits(trx, source, at, pageUnits));
    for (const unit of page) {
      const wanted = sealed.get(unit.key);
      sealed.delete(unit.key);
      const sort = judge(wanted, unit.text);
      if (sort !== undefined) yield describe(unit.key, sort, wanted?.sealId ?? scope.lastSealId, unit);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.key;
  }
  for (const [key, { digest, sealId }] of sealed) {
    if (digest !== goneDigest) yield describe(String(key), 'missing', sealId, null);
  }
}
