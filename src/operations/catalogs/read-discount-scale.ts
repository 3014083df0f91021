// A discount scale from a table file: accumulation sum in rubles, receipt count, percent.
import type { DiscountStep } from '../../ledger/discount.ts';
import { parsePercent } from '../../ledger/discount.ts';
import { parseSheetCount, parseSheetSum } from '../../tables/parse-sheet-figure.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import type { StreamedRow } from '../../tables/read-csv-stream.ts';
import { TableReader, type TableForm } from '../../tables/table-reader.ts';

const scaleNames = {
  accumulation: ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений'],
  receipts: ['receipts', 'количество чеков', 'чеков', 'чеки'],
  percent: ['percent', 'процент', 'процент скидки', 'скидка'],
} as const;

export type ScaleField = keyof typeof scaleNames;
export const scaleFields = Object.keys(scaleNames) as readonly ScaleField[];

const expectedPercent = 'expected a percent from 0 to 100, two decimals at most';

const scaleForm: TableForm<ScaleField> = {
  names: scaleNames,
  key: 'percent',
  // A text that is not a percent is a mistake of the row, reported for its column.
  isKey: (text) => text !== '',
  explainKey: () => expectedPercent,
  mayKeyBeKnown: false,
  required: ['percent'],
  figures: {},
};

/** Either threshold may have no column: it is then zero. */
export class ScaleSheet {
  readonly reader: TableReader<ScaleField>;
  private readonly found: DiscountStep[] = [];
  private readonly lineOf = new Map<string, number>();

  constructor(choice: ColumnChoice<ScaleField> = {}) {
    this.reader = new TableReader(scaleForm, choice);
  }

  /** In the order of their thresholds. */
  get steps(): readonly DiscountStep[] {
    return this.found.toSorted(compareThresholds);
  }

  /** A row that the reader takes for one of a step. */
  read(row: StreamedRow): void {
    const { reader } = this;
    const { line } = row;
    const read = <T>(name: ScaleField, parse: (text: string) => T | undefined, why: string): T | undefined => {
      const value = reader.cell(row, name);
      const parsed = parse(value);
      if (parsed === undefined) reader.mistakes.push({ line, column: reader.titleOf(name), value, why });
      return parsed;
    };
    const accumulationKopecks = read(
      'accumulation',
      parseSheetSum,
      'expected a sum in rubles such as 10000 or 9999,99',
    );
    const receipts = read('receipts', parseSheetCount, 'expected a whole number of receipts');
    const percentHundredths = read('percent', parseStepPercent, expectedPercent);
    reader.add([]);
    if (accumulationKopecks === undefined || receipts === undefined || percentHundredths === undefined) return;
    const thresholds = `${accumulationKopecks} ${receipts}`;
    const earlier = this.lineOf.get(thresholds);
    if (earlier === undefined) {
      this.lineOf.set(thresholds, line);
      this.found.push({ accumulationKopecks, receipts, percentHundredths });
    } else reader.mistakes.push({ line, column: null, value: null, why: `the same thresholds as on line ${earlier}` });
  }

  /** After the last row. */
  end(): void {
    const { reader, found } = this;
    if (found.length > 0 || reader.mistakes.length > 0) return;
    reader.mistakes.push({ line: reader.headerLine, column: null, value: null, why: 'the scale has no steps' });
  }
}

function compareThresholds(a: DiscountStep, b: DiscountStep): number {
  return a.accumulationKopecks - b.accumulationKopecks || a.receipts - b.receipts;
}

function parseStepPercent(text: string): number | undefined {
  return parsePercent(text.trim().replace(/\s*%$/, ''));
}
