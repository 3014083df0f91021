// Whether the seals themselves are as they were made: each digest over its parts, each chained to the one before, none missing.
import { listPartsOfSeal, type Seal } from '../../db/seals/seal.ts';
import type { Infobase } from '../infobase.ts';
import { addPart, beginSealDigest, endSealDigest } from './seal-digest.ts';

export interface ChainBreak {
  readonly sealId: number;
  readonly why: 'changed' | 'missing' | 'newer_form';
}

export interface ChainOptions {
  /** The number of the last seal that was ever made. */
  readonly everCount: number;
  readonly form: number;
  /** Whether the first of the seals is believed to follow the ones before it. */
  readonly isFromTrusted: boolean;
}

const pageParts = 64;

export async function* checkChain(
  infobase: Infobase,
  seals: readonly Seal[],
  { everCount, form, isFromTrusted }: ChainOptions,
): AsyncGenerator<ChainBreak> {
  const first = isFromTrusted ? seals[0] : undefined;
  let previous = first?.previous ?? '';
  let expectedId = first?.id ?? 1;
  for (const seal of seals) {
    // Numbers begin with 1: somebody has put it in.
    if (seal.id < expectedId) {
      yield { sealId: seal.id, why: 'changed' };
      continue;
    }
    for (; expectedId < seal.id; expectedId += 1) yield { sealId: expectedId, why: 'missing' };
    expectedId = seal.id + 1;
    if (seal.form > form) yield { sealId: seal.id, why: 'newer_form' };
    const isChained = seal.previous === previous;
    if (!isChained || (await digestSeal(infobase, seal)) !== seal.digest) yield { sealId: seal.id, why: 'changed' };
    previous = seal.digest;
  }
  for (; expectedId <= everCount; expectedId += 1) yield { sealId: expectedId, why: 'missing' };
}

async function digestSeal(infobase: Infobase, seal: Seal): Promise<string> {
  const hash = beginSealDigest();
  for (let after = -1; ;) {
    const at = after;
    const parts = await infobase.db.read((trx) => listPartsOfSeal(trx, seal.id, at, pageParts));
    for (const part of parts) addPart(hash, part);
    const last = parts.at(-1);
    if (last === undefined) return endSealDigest(hash, seal);
    after = last.number;
  }
}
