// Values that the service itself makes (an OperationId) differ at every run, but must be the same value wherever they are
// used again. A mask with "as" binds the recorded value to the fresh one; this file keeps the bindings of one run.
import type { Difference, MaskedPlace } from './compare.ts';

type Ties = { readonly freshOf: Map<string, string>; readonly recordedOf: Map<string, string> };

/** By the name in the mask: an OperationId never replaces a document, even if the texts are equal. */
export type Bindings = Map<string, Ties>;

/** Binds the values of a reply; a value already bound to another one is a difference. */
export function bindPlaces(bindings: Bindings, places: readonly MaskedPlace[]): Difference[] {
  const differences: Difference[] = [];
  for (const { mask, path, expected, actual } of places) {
    if (mask.boundAs === null) continue;
    const ties = bindings.get(mask.boundAs) ?? { freshOf: new Map(), recordedOf: new Map() };
    bindings.set(mask.boundAs, ties);
    const fresh = ties.freshOf.get(expected);
    const recorded = ties.recordedOf.get(actual);
    if (isNoValue(expected) || isNoValue(actual)) {
      if (expected !== actual) differences.push({ kind: 'different', path, expected, actual });
    } else if (fresh !== undefined && fresh !== actual) {
      const note = `the recorded ${expected} came as ${fresh} before`;
      differences.push({ kind: 'different', path, expected: fresh, actual, note });
    } else if (recorded !== undefined && recorded !== expected) {
      const note = `${actual} came for the recorded ${recorded} before`;
      differences.push({ kind: 'different', path, expected, actual, note });
    } else {
      ties.freshOf.set(expected, actual);
      ties.recordedOf.set(actual, expected);
    }
  }
  return differences;
}

function isNoValue(value: string): boolean {
  return value === '' || value === 'xsi:nil';
}

const identifier = /[A-Za-z0-9-]{16,}/g;
const wholeIdentifier = /^[A-Za-z0-9-]{16,}$/;

/**
 * A recorded request with the fresh values in place of the recorded ones. Only identifiers of 16 letters, digits and
 * hyphens or more are put in, whole words only: a shorter value such as 7 can mean many other things in a request.
 * Works on bytes, so that the rest of the request is sent unchanged; UTF-16 requests are therefore not changed.
 */
export function putFreshValues(request: Buffer, bindings: Bindings): Buffer {
  const fresh = new Map<string, string>();
  for (const { freshOf } of bindings.values()) {
    for (const [recorded, given] of freshOf) {
      if (recorded !== given && wholeIdentifier.test(given)) fresh.set(recorded, given);
    }
  }
  if (fresh.size === 0) return request;
  const text = request.toString('latin1');
  return Buffer.from(
    text.replaceAll(identifier, (word) => fresh.get(word) ?? word),
    'latin1',
  );
}
