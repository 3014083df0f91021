// "did you mean": the known word that a mistyped one is nearest to.
import { distance } from 'fastest-levenshtein';

/** Edits per letter: one in "usr", two in "prot"; above it the words have nothing in common. */
const greatestShare = 0.5;
/** Letters that make the beginning of a word a fair guess at the whole. */
const leastBeginning = 3;

/**
 * ' (did you mean "kinds"?)', or nothing where no known word is near.
 * @param show the word as a person types it: a flag with its dashes.
 */
export function suggest(word: string, known: readonly string[], show = (name: string): string => name): string {
  const near = findNearest(word.toLowerCase(), known);
  return near === undefined ? '' : ` (did you mean "${show(near)}"?)`;
}

function findNearest(typed: string, known: readonly string[]): string | undefined {
  let best: { readonly name: string; readonly share: number } | undefined;
  for (const name of known) {
    const isBeginning = typed.length >= leastBeginning && name.toLowerCase().startsWith(typed);
    const share = isBeginning ? 0 : distance(typed, name.toLowerCase()) / Math.max(typed.length, name.length);
    if (share <= greatestShare && (best === undefined || share < best.share)) best = { name, share };
  }
  return best?.name;
}
