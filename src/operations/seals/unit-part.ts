// Digests of units, and the parts in which they are stored: keys and digests of some hundred units in one row.
import { hash } from 'node:crypto';

/** 128 bits of SHA-256: who looks for another text with the same digest tries 2^128 of them. */
const digestLetters = 32;

/** Stands for a unit that is gone. */
export const goneDigest = '0'.repeat(digestLetters);

/** Units of one part at most. */
export const partUnits = 1024;

export type UnitKey = number | string;

/** The first letters of its SHA-256, as hexadecimal digits. */
export function digestUnit(text: string): string {
  return hash('sha256', text, 'hex').slice(0, digestLetters);
}

export interface KeyedDigest {
  readonly key: UnitKey;
  readonly digest: string;
}

/** Keys that follow each other without a gap are the first and the last of them. */
export function packUnits(units: readonly KeyedDigest[]): { readonly keys: string; readonly digests: string } {
  const [first, last] = [units[0]?.key, units.at(-1)?.key];
  const isRun = typeof first === 'number' && typeof last === 'number' && last - first === units.length - 1;
  const keys = isRun ? { first, last } : units.map(({ key }) => key);
  const digests = Buffer.from(units.map(({ digest }) => digest).join(''), 'hex').toString('base64');
  return { keys: JSON.stringify(keys), digests };
}

/** @returns undefined for a part that nobody has written in this form. */
export function unpackUnits(part: { readonly keys: string; readonly digests: string }): KeyedDigest[] | undefined {
  const keys = readKeys(part.keys);
  const letters = Buffer.from(part.digests, 'base64').toString('hex');
  if (keys === undefined || letters.length !== keys.length * digestLetters) return undefined;
  return keys.map((key, index) => ({
    key,
    digest: letters.slice(index * digestLetters, (index + 1) * digestLetters),
  }));
}

/** What a part can hold at most; a changed one must not fill the memory. */
const mostUnits = 16 * partUnits;

function readKeys(text: string): UnitKey[] | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (Array.isArray(found)) {
    return found.every((key) => typeof key === 'number' || typeof key === 'string') ? found : undefined;
  }
  const { first, last } = (found ?? {}) as { readonly first?: unknown; readonly last?: unknown };
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last)) return undefined;
  const count = (last as number) - (first as number) + 1;
  return count < 1 || count > mostUnits
    ? undefined
    : Array.from({ length: count }, (_one, index) => (first as number) + index);
}
