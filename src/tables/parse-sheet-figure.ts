// Figures of table files as spreadsheets write them: thousands apart with blanks that do not break, a comma for the point.
import { formatSum, parseKopecks, type Kopecks } from '../ledger/money.ts';

const blanks = /[\s\u00A0\u202F]/g;

/** A sum of rubles ("10 000,00") without a sign; 0 for an empty text, undefined for anything else. */
export function parseSheetSum(text: string): Kopecks | undefined {
  const rubles = text.replace(blanks, '').replace(',', '.');
  return rubles === '' ? 0 : /^\d/.test(rubles) ? parseKopecks(rubles) : undefined;
}

/** A whole number of nine digits at most; 0 for an empty text. */
export function parseSheetCount(text: string): number | undefined {
  const digits = text.replace(blanks, '');
  return /^\d{0,9}$/.test(digits) ? Number(digits) : undefined;
}

/** The same with a sign: "-40,00", with the minus of a typesetter, or as accountants write it, "(40,00)". */
export function parseSigned(text: string, parse: (text: string) => number | undefined): number | undefined {
  const first = text.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39) return parse(text);
  const [, inBrackets, afterMinus] = /^(?:\((.+)\)|[-−–]\s*(\d.*))$/.exec(text) ?? [];
  const unsigned = inBrackets ?? afterMinus;
  if (unsigned === undefined) return parse(text);
  const value = parse(unsigned);
  return value === undefined || value === 0 ? value : -value;
}

/** How the figures of a column are read and shown. */
export interface FigureForm {
  /** @returns undefined where the text is not a figure. */
  readonly parse: (text: string) => number | undefined;
  readonly show: (value: number) => string;
}

export const sumFigure: FigureForm = { parse: (text) => parseSigned(text, parseSheetSum), show: formatSum };
export const countFigure: FigureForm = { parse: (text) => parseSigned(text, parseSheetCount), show: String };
