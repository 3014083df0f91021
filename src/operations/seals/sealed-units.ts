// The sealed units of a source, in the order of their seals, and the later digests of those that have changed.
import type { SealPart } from '../../db/seals/seal.ts';
import { listPartsOfSource } from '../../db/seals/seal.ts';
import type { Infobase } from '../infobase.ts';
import { unpackUnits, type UnitKey } from './unit-part.ts';

export interface SealedUnit {
  readonly key: UnitKey;
  readonly digest: string;
  readonly sealId: number;
}

export interface SealRange {
  /** Seals after this one count. */
  readonly afterSealId: number;
  readonly lastSealId: number;
}

/** Parts read at once: some 32,000 units. */
const pageParts = 32;

/** Gives the sealed units of a source piece by piece; a part that cannot be read is left out, its seal's digest says so. */
export async function* readSealedUnits(
  infobase: Infobase,
  source: string,
  isAgain: boolean,
  { afterSealId, lastSealId }: SealRange,
): AsyncGenerator<SealedUnit[]> {
  for (let after = { sealId: afterSealId, number: Number.MAX_SAFE_INTEGER }; ;) {
    const at = after;
    const parts: SealPart[] = await infobase.db.read((trx) =>
      listPartsOfSource(trx, source, isAgain, at, lastSealId, pageParts),
    );
    const last = parts.at(-1);
    if (last === undefined) return;
    yield parts.flatMap((part) => (unpackUnits(part) ?? []).map((unit) => ({ ...unit, sealId: part.sealId })));
    after = { sealId: last.sealId, number: last.number };
  }
}

/** By key, the latest counts. */
export async function loadSealedUnits(
  infobase: Infobase,
  source: string,
  isAgain: boolean,
  range: SealRange,
): Promise<Map<UnitKey, SealedUnit>> {
  const units = new Map<UnitKey, SealedUnit>();
  for await (const page of readSealedUnits(infobase, source, isAgain, range)) {
    for (const unit of page) units.set(unit.key, unit);
  }
  return units;
}
