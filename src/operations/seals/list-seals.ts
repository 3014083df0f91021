// The seals of an infobase, as an operator asks for them.
import { findLastSeal, listSealPage, type Seal } from '../../db/seals/seal.ts';
import type { Infobase } from '../infobase.ts';

export type { Seal } from '../../db/seals/seal.ts';

export interface SealPage {
  /** The latest first. */
  readonly seals: readonly Seal[];
  /** Where the next page begins; null after the last one. */
  readonly next: number | null;
}

/** @param before a seal's number; those before it are listed. Null = from the latest. */
export async function listSealsBefore(infobase: Infobase, before: number | null, limit: number): Promise<SealPage> {
  const found = await infobase.db.read((trx) => listSealPage(trx, before ?? Number.MAX_SAFE_INTEGER, limit + 1));
  const seals = found.slice(0, limit);
  return { seals, next: found.length > limit ? (seals.at(-1)?.id ?? null) : null };
}

export function findNewestSeal(infobase: Infobase): Promise<Seal | undefined> {
  return infobase.db.read(findLastSeal);
}
