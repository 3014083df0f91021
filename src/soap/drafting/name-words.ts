// A name of a contract as meanings: "НомерДисконтнойКарты", "DiscountCardNumber" and "nomer_diskontnoy_karty" are all number,
// discount, card. A word that is in no list stands for itself.
import { distance } from 'fastest-levenshtein';
import { meanings, silentWords } from './word-list.ts';

const cyrillic = 'а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы ь э ю я'.split(' ');
const latin = 'a b v g d e e zh z i y k l m n o p r s t u f h c ch sh sch  y  e yu ya'.split(' ');
const letters = new Map(cyrillic.map((letter, index) => [letter, latin[index] ?? '']));

/** "карта" -> "karta". */
function transliterate(word: string): string {
  return word.replace(/[а-яё]/g, (letter) => letters.get(letter) ?? letter);
}

const endings =
  /(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ией|ой|ый|ий|ая|яя|ое|ее|ые|ие|ых|их|ую|юю|ов|ев|ей|ам|ям|ах|ях|ом|ем|ью|ия|ии|ию|а|я|о|е|ы|и|у|ю|ь|й)$/;
const shortestStem = 3;

function stem(word: string): string {
  const cut = word.replace(endings, '');
  return cut.length >= shortestStem ? cut : word;
}

const byStem = new Map<string, string>();
for (const [meaning, words] of meanings) {
  for (const word of words) {
    const own = stem(word);
    if (!byStem.has(own)) byStem.set(own, meaning);
  }
}
// English words first: "data" is information, though "дата" is written so too.
for (const [meaning, words] of meanings) {
  for (const word of words) {
    for (const spelled of [transliterate(word), transliterate(stem(word))]) {
      if (spelled.length >= shortestStem && !byStem.has(spelled)) byStem.set(spelled, meaning);
    }
  }
}

/** "СуммаСоСкидкой" -> сумма, со, скидкой; "KKMNumber" -> kkm, number. */
export function splitName(name: string): string[] {
  const words = name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\d+/gu) ?? [];
  return words.map((word) => word.toLowerCase().replaceAll('ё', 'е'));
}

const knownWords = new Map<string, readonly string[]>();

/** The meanings of a name, each once. */
export function readName(name: string): ReadonlySet<string> {
  const words = splitName(name);
  const found = words.flatMap((word, index) => {
    // «ПериодС» and «ПериодПо» are its ends, «С» alone is one too; «СуммаСоСкидкой» has a discount in it.
    const isLast = index === words.length - 1;
    if (word === 'с' || word === 's') return [isLast ? 'from' : 'with'];
    if ((word === 'по' || word === 'po') && isLast) return ['to'];
    return silentWords.has(word) ? [] : findMeanings(word);
  });
  // «Bonus/@On»: a name of one such word says what it can.
  return new Set(found.length === 0 ? words.flatMap(findMeanings) : found);
}

function findMeanings(word: string): readonly string[] {
  const known = knownWords.get(word);
  if (known !== undefined) return known;
  const one = findMeaning(word);
  const found = one === undefined ? (findPieces(word) ?? [`?${word}`]) : [one];
  knownWords.set(word, found);
  return found;
}

const longestEnding = 3;
const shortestBeginning = 4;

function findMeaning(word: string): string | undefined {
  const own = stem(word);
  const exact = byStem.get(own) ?? byStem.get(word) ?? byStem.get(word.replace(/s$/, ''));
  if (exact !== undefined) return exact;
  let best: { readonly meaning: string; readonly cost: number } | undefined;
  for (const [known, meaning] of byStem) {
    const cost = compareWords(own, known);
    if (cost !== undefined && (best === undefined || cost < best.cost)) best = { meaning, cost };
  }
  return best?.meaning;
}

/** How far the two are from each other; undefined if they are two words. */
function compareWords(word: string, known: string): number | undefined {
  if (known.length >= shortestBeginning && word.startsWith(known) && word.length - known.length <= longestEnding) {
    return (word.length - known.length) / 10;
  }
  const most = Math.min(word.length, known.length) < 6 ? 0 : known.length < 9 ? 1 : 2;
  if (Math.abs(word.length - known.length) > most) return undefined;
  const edits = distance(word, known);
  return edits <= most ? edits : undefined;
}

const shortestJoined = 6;
const shortestPiece = 2;

/** "cardnumber" -> card, number: the fewest known words that make it up. */
function findPieces(word: string): readonly string[] | undefined {
  if (word.length < shortestJoined) return undefined;
  const best: (readonly string[] | undefined)[] = [[]];
  for (let end = shortestPiece; end <= word.length; end += 1) {
    for (let start = 0; start <= end - shortestPiece; start += 1) {
      const before = best[start];
      const piece = word.slice(start, end);
      const meaning = before === undefined ? undefined : (byStem.get(stem(piece)) ?? byStem.get(piece));
      if (meaning === undefined || before!.length + 1 >= (best[end]?.length ?? Infinity)) continue;
      best[end] = [...before!, meaning];
    }
  }
  return best[word.length];
}
