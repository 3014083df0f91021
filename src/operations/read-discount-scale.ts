// A discount scale from a table file: accumulation sum in rubles, receipt count, percent.
import type { DiscountStep } from '../ledger/discount.ts';
import { parsePercent } from '../ledger/discount.ts';
import { parseSheetCount, parseSheetSum } from './parse-sheet-figure.ts';
import { findColumns, readCell } from './read-columns.ts';
import type { CsvMistake, CsvTable } from './read-csv.ts';

export type ReadScale =
  | { readonly ok: true; readonly steps: readonly DiscountStep[] }
  | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

const columnNames = {
  accumulation: ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений'],
  receipts: ['receipts', 'количество чеков', 'чеков', 'чеки'],
  percent: ['percent', 'процент', 'процент скидки', 'скидка'],
} as const;

/** Either threshold may have no column: it is then zero. Steps come back in the order of their thresholds. */
export function readDiscountScale(table: CsvTable): ReadScale {
  const found = findColumns(table.header, columnNames, ['percent']);
  if (!found.ok) return found;
  const mistakes: CsvMistake[] = [];
  const steps: DiscountStep[] = [];
  const lineOf = new Map<string, number>();
  for (const row of table.rows) {
    const overflow = found.findOverflow(row);
    if (overflow !== undefined) mistakes.push(overflow);
    const read = <T>(
      name: keyof typeof columnNames,
      parse: (text: string) => T | undefined,
      expected: string,
    ): T | undefined => {
      const value = readCell(row, found.columns[name]);
      const parsed = parse(value);
      if (parsed === undefined) {
        mistakes.push({ line: row.line, column: found.titles[name] ?? name, value, why: `expected ${expected}` });
      }
      return parsed;
    };
    const accumulationKopecks = read('accumulation', parseSheetSum, 'a sum in rubles such as 10000 or 9999,99');
    const receipts = read('receipts', parseSheetCount, 'a whole number of receipts');
    const percentHundredths = read('percent', parseStepPercent, 'a percent from 0 to 100, two decimals at most');
    if (accumulationKopecks === undefined || receipts === undefined || percentHundredths === undefined) continue;
    const thresholds = `${accumulationKopecks} ${receipts}`;
    const earlier = lineOf.get(thresholds);
    if (earlier === undefined) {
      lineOf.set(thresholds, row.line);
      steps.push({ accumulationKopecks, receipts, percentHundredths });
    } else {
      mistakes.push({ line: row.line, column: null, value: null, why: `the same thresholds as on line ${earlier}` });
    }
  }
  if (steps.length === 0 && mistakes.length === 0) {
    mistakes.push({ line: table.header.line, column: null, value: null, why: 'the scale has no steps' });
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, steps: steps.toSorted(compareThresholds) };
}

function compareThresholds(a: DiscountStep, b: DiscountStep): number {
  return a.accumulationKopecks - b.accumulationKopecks || a.receipts - b.receipts;
}

function parseStepPercent(text: string): number | undefined {
  return parsePercent(text.trim().replace(/\s*%$/, ''));
}
