// Flags that take one of a few words.
import { expected } from './command-io.ts';

/** @throws UsageMistake */
export function readOneOf<const T extends string>(field: string, text: string, words: readonly T[]): T {
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  throw expected(field, words.length === 2 ? words.join(' or ') : `one of ${words.join(', ')}`, text);
}

/** @throws UsageMistake */
export function readYes(field: string, text: string): boolean {
  return readOneOf(field, text, ['yes', 'no']) === 'yes';
}
