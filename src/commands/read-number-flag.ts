// Numbers as people type them: counts, the numbers of documents, sums in rubles, percents.
import { parsePercent } from '../ledger/discount.ts';
import { parseKopecks, type Kopecks } from '../ledger/money.ts';
import { countFigure, sumFigure } from '../tables/parse-sheet-figure.ts';
import { expected } from './command-io.ts';

/**
 * How many lines to list, how many days to go.
 * @throws UsageMistake where it is not a whole number from `least` to `greatest`.
 */
export function readCount(field: string, text: string, greatest: number, least = 0): number {
  const count = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= least && count <= greatest)) {
    throw expected(field, `a whole number from ${least} to ${greatest}`, text);
  }
  return count;
}

/**
 * The number of a document, a shift or a receipt.
 * @param what it is the number of: "the number of an import".
 * @throws UsageMistake
 */
export function readNumber(field: string, text: string, what: string): number {
  if (!/^\d{1,15}$/.test(text)) throw expected(field, what, text);
  return Number(text);
}

/** @throws UsageMistake where it is not a price above zero. */
export function readPrice(field: string, text: string, what: string): Kopecks {
  const price = parseKopecks(text);
  if (price === undefined || price <= 0) throw expected(field, what, text);
  return price;
}

/**
 * A total as a table file has it, "10 000,00" or "-40", in kopecks or as a count.
 * @throws UsageMistake
 */
export function readTotal(field: string, text: string, figure: 'sum' | 'count'): number {
  const { parse } = figure === 'sum' ? sumFigure : countFigure;
  const value = text.trim() === '' ? undefined : parse(text);
  if (value === undefined) throw expected(field, figure === 'sum' ? 'a sum in rubles' : 'a whole number', text);
  return value;
}

/**
 * In hundredths.
 * @param others what may stand in its place: ", or none".
 * @throws UsageMistake
 */
export function readPercent(field: string, text: string, others = ''): number {
  const hundredths = parsePercent(text);
  if (hundredths === undefined) throw expected(field, `0 to 100 with two decimals at most${others}`, text);
  return hundredths;
}
