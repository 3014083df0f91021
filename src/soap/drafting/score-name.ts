// How near a name is to a phrase: the meanings that both have, of all that either has.
import { readName } from './name-words.ts';
import { lightMeanings } from './word-list.ts';

export interface NameContext {
  /** Meanings of the elements around it: «Карта/Номер» is a card's number. */
  readonly around: ReadonlySet<string>;
  /** Meanings that go without saying: a card, where the operation is about a card. */
  readonly subject: ReadonlySet<string>;
}

const fromAround = 0.85;
const ofSubject = 0.35;
/** The first phrase is what the field is; the others are said of it too. */
const otherPhrase = 0.96;

const phrases = new Map<string, ReadonlySet<string>>();

function readPhrase(phrase: string): ReadonlySet<string> {
  let known = phrases.get(phrase);
  if (known === undefined) {
    known = new Set(phrase.split(' ').flatMap((word) => [...readName(word)]));
    phrases.set(phrase, known);
  }
  return known;
}

/** The best of the phrases: from 0 to 1. */
export function scoreName(
  name: ReadonlySet<string>,
  candidates: readonly string[],
  context: NameContext,
): { readonly score: number; readonly phrase: string } {
  let best = { score: 0, phrase: candidates[0] ?? '' };
  for (const [index, phrase] of candidates.entries()) {
    const score = compare(name, readPhrase(phrase), context) * (index === 0 ? 1 : otherPhrase);
    if (score > best.score) best = { score, phrase };
  }
  return best;
}

/** «СуммаБезСкидки» is not the sum with the discount, however much else they have in common. */
const opposites: readonly (readonly [string, string])[] = [
  ['with', 'without'],
  ['from', 'to'],
  ['start', 'end'],
  ['before', 'after'],
  ['accrue', 'redeem'],
  ['accepted', 'rejected'],
  ['available', 'pending'],
];

function contradict(name: ReadonlySet<string>, phrase: ReadonlySet<string>): boolean {
  return opposites.some(([a, b]) => {
    return (name.has(a) && !name.has(b) && phrase.has(b)) || (name.has(b) && !name.has(a) && phrase.has(a));
  });
}

/** Meanings that make another value of what they stand at: a sum that burns is not the sum that was collected. */
const telling = ['expire', 'pending', 'available', 'maximum', 'accrue', 'redeem', 'reserve', 'duplicate', 'original'];
const ofTelling = 0.6;

function tellApart(name: ReadonlySet<string>, phrase: ReadonlySet<string>, { around, subject }: NameContext): boolean {
  return telling.some((meaning) => {
    const isSaid = name.has(meaning) || around.has(meaning);
    return isSaid !== phrase.has(meaning) && !subject.has(meaning);
  });
}

function compare(name: ReadonlySet<string>, phrase: ReadonlySet<string>, context: NameContext): number {
  if (contradict(name, phrase)) return 0;
  const { around, subject } = context;
  let common = 0;
  let all = 0;
  for (const meaning of phrase) {
    const weight = lightMeanings.get(meaning) ?? 1;
    all += weight;
    if (name.has(meaning)) {
      common += weight;
      all += weight;
    } else if (around.has(meaning)) {
      common += weight * fromAround;
      all += weight * fromAround;
    }
  }
  for (const meaning of name) {
    if (phrase.has(meaning)) continue;
    all += (lightMeanings.get(meaning) ?? 1) * (subject.has(meaning) ? ofSubject : 1);
  }
  // What only the structure around has says nothing of the place itself.
  const isOwn = name.size === 0 || [...phrase].some((meaning) => name.has(meaning));
  if (all === 0 || !isOwn) return 0;
  return ((2 * common) / all) * (tellApart(name, phrase, context) ? ofTelling : 1);
}
