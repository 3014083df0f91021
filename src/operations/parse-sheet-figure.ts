// Figures of table files as spreadsheets write them: thousands apart with blanks that do not break, a comma for the point.
import { parseKopecks, type Kopecks } from '../ledger/money.ts';

const blanks = /[\s\u00A0\u202F]/g;

/** A sum of rubles ("10 000,00") without a sign; an empty text is 0, what is no sum undefined. */
export function parseSheetSum(text: string): Kopecks | undefined {
  const rubles = text.replace(blanks, '').replace(',', '.');
  return rubles === '' ? 0 : /^\d/.test(rubles) ? parseKopecks(rubles) : undefined;
}

/** A whole number of nine digits at most; an empty text is 0. */
export function parseSheetCount(text: string): number | undefined {
  const digits = text.replace(blanks, '');
  return /^\d{0,9}$/.test(digits) ? Number(digits) : undefined;
}
