// A discount scale from a table file: accumulation sum in rubles, receipt count, percent.
import type { DiscountStep } from '../../ledger/discount.ts';
import { parsePercent } from '../../ledger/discount.ts';
import { parseSheetCount, parseSheetSum } from '../../tables/parse-sheet-figure.ts';
import type { Parsed } from '../../tables/parsed.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import { Sheet, type SheetForm } from '../../tables/sheet.ts';
import type { TableReader } from '../../tables/table-reader.ts';
import type { TableRow } from '../../tables/table-row.ts';

interface StepValues {
  readonly accumulation: number;
  readonly receipts: number;
  readonly percent: number;
}

export type ScaleField = keyof StepValues;

const expectedPercent = 'a percent from 0 to 100, two decimals at most';

const scaleForm: SheetForm<StepValues> = {
  key: 'percent',
  // A text that is not a percent is a mistake of the row, reported for its column.
  isKey: (text) => text !== '',
  explainKey: () => `expected ${expectedPercent}`,
  mayKeyBeKnown: false,
  fields: {
    accumulation: {
      names: ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений'],
      parse: expectFigure(parseSheetSum, 'a sum in rubles such as 10000 or 9999,99'),
    },
    receipts: {
      names: ['receipts', 'количество чеков', 'чеков', 'чеки'],
      parse: expectFigure(parseSheetCount, 'a whole number of receipts'),
    },
    percent: {
      names: ['percent', 'процент', 'процент скидки', 'скидка'],
      parse: expectFigure((text) => parsePercent(text.replace(/\s*%$/, '')), expectedPercent),
      isRequired: true,
    },
  },
};

export const scaleFields = Object.keys(scaleForm.fields) as readonly ScaleField[];

/** Either threshold may have no column: it is then zero. */
export class ScaleSheet {
  readonly reader: TableReader<ScaleField>;
  private readonly sheet: Sheet<StepValues>;
  private readonly found: DiscountStep[] = [];
  private readonly lineOf = new Map<string, number>();

  constructor(choice: ColumnChoice<ScaleField> = {}) {
    this.sheet = new Sheet(scaleForm, choice);
    this.reader = this.sheet.reader;
  }

  /** In the order of their thresholds. */
  get steps(): readonly DiscountStep[] {
    return this.found.toSorted(compareThresholds);
  }

  /** A row that the reader takes for one of a step. */
  read(row: TableRow): void {
    const { reader } = this;
    const { line } = row;
    const { values, mistakes } = this.sheet.read(row);
    for (const mistake of mistakes) reader.mistakes.push(this.sheet.locate(line, mistake));
    const { accumulation = 0, receipts = 0, percent } = values;
    if (mistakes.length > 0 || percent === undefined) return;
    const thresholds = `${accumulation} ${receipts}`;
    const earlier = this.lineOf.get(thresholds);
    if (earlier === undefined) {
      this.lineOf.set(thresholds, line);
      this.found.push({ accumulationKopecks: accumulation, receipts, percentHundredths: percent });
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

function expectFigure(parse: (text: string) => number | undefined, expected: string): (text: string) => Parsed<number> {
  return (text) => {
    const value = parse(text);
    return value === undefined ? { ok: false, expected } : { ok: true, value };
  };
}
