// The digest of a seal: SHA-256 over its parts in their order, then its own fields, the digest of the seal before among them.
import { createHash, type Hash } from 'node:crypto';
import type { Seal, SealPart } from '../../db/seals/seal.ts';

export function beginSealDigest(): Hash {
  return createHash('sha256');
}

export function addPart(hash: Hash, { number, source, isAgain, keys, digests }: SealPart): void {
  hash.update(`${JSON.stringify([number, source, isAgain, keys, digests])}\n`);
}

/** @returns as hexadecimal digits. */
export function endSealDigest(hash: Hash, seal: Omit<Seal, 'digest'>): string {
  const { id, businessOn, sealedAt, form, units, changed, previous } = seal;
  return hash.update(JSON.stringify([id, businessOn, sealedAt, form, units, changed, previous])).digest('hex');
}
