// Numbers of things: «Номер» of an operation about certificates is a certificate's, and a number of a reserve is no receipt's,
// however alike the rest of their names.
import type { ValueKind } from '../binding/command-fields.ts';
import type { ScalarPlace } from './draft-places.ts';

const things = ['card', 'certificate', 'receipt', 'till', 'shop', 'cashier', 'shift', 'package', 'good', 'reserve'];

/** What is around a place; a bare number is of the thing that the operation is about. */
export function addAbout({ name, around }: ScalarPlace, about: ReadonlySet<string>): ReadonlySet<string> {
  if (around.size > 0 || name.size !== 1 || !name.has('number')) return around;
  return new Set(things.filter((thing) => about.has(thing)));
}

const figures: readonly ValueKind[] = ['count', 'money', 'percent', 'amount', 'moment', 'flag'];
const ofOtherThing = 0.6;

/** @param words phrases of what is wanted. */
export function factorOfName(name: ReadonlySet<string>, kind: ValueKind, words: readonly string[]): number {
  if (name.has('id') && figures.includes(kind)) return 0;
  const isNumbered = words.some((phrase) => phrase === 'number' || phrase === 'id');
  // A line's number is called by many things: "PosNum".
  if (!isNumbered || words.includes('line number')) return 1;
  const known = new Set(words.flatMap((phrase) => phrase.split(' ')));
  return things.some((thing) => name.has(thing) && !known.has(thing)) ? ofOtherThing : 1;
}
