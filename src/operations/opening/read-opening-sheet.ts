// The rows of a file with opening balances, as 1C exports them: every value is read or its mistake named. Knows no database.
import type { StagedRow } from '../../db/opening/import-stage.ts';
import type { CardKind } from '../../ledger/card.ts';
import { neverOn } from '../../ledger/life-rule.ts';
import { addDays, type LocalDate } from '../../ledger/local-date-time.ts';
import { sumLimitKopecks } from '../../ledger/money.ts';
import { cardKey, cardNumberNames } from '../cards/card-key.ts';
import { parseCardField, parseCardNumber, parseSheetDate, type Parsed } from '../cards/parse-card-field.ts';
import { countFigure, sumFigure } from '../../tables/parse-sheet-figure.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import type { CsvMistake } from '../../tables/read-csv.ts';
import type { StreamedRow } from '../../tables/read-csv-stream.ts';
import { TableReader, type TableForm } from '../../tables/table-reader.ts';

const openingNames = {
  card: cardNumberNames,
  bonus: ['bonus', 'сумма бонусов', 'бонусы', 'бонус'],
  accumulation: ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений'],
  receipts: ['receipts', 'количество чеков', 'чеков', 'чеки'],
  writeOffDate: ['write_off_date', 'дата списания', 'writeOffDate'],
  holder: ['holder', 'владелец', 'владелец карты'],
  kind: ['kind', 'вид карты', 'вид дисконтной карты', 'вид'],
} as const;

export type OpeningField = keyof typeof openingNames;
export const openingFields = Object.keys(openingNames) as readonly OpeningField[];

const openingForm: TableForm<OpeningField> = {
  ...cardKey,
  names: openingNames,
  key: 'card',
  required: ['card'],
  wanted: {
    anyOf: ['bonus', 'accumulation', 'receipts'],
    why: 'no column of bonus, accumulation or receipts: there is nothing to bring in',
  },
  figures: { bonus: sumFigure, accumulation: sumFigure, receipts: countFigure },
};

export interface OpeningSheetOptions extends ColumnChoice<OpeningField> {
  readonly kinds: readonly CardKind[];
  /** Of a row that names none. */
  readonly kindCode: string | null;
  /** Whether a date may be written as the days that a spreadsheet counts. */
  readonly hasSerialDates: boolean;
  readonly mayHaveWriteOffDate: boolean;
  /** Whether a sum may be below zero. */
  readonly mayOwe: boolean;
}

export interface ReadOpeningRow {
  /** Undefined where there is a mistake in the row. */
  readonly row: StagedRow | undefined;
  readonly mistakes: readonly CsvMistake[];
}

const neverWords = new Set(['никогда', 'never', 'бессрочно']);

export class OpeningSheet {
  readonly reader: TableReader<OpeningField>;
  private readonly options: OpeningSheetOptions;
  /** Kinds are few, and a file names them millions of times. */
  private readonly kindCodes = new Map<string, Parsed<string>>();

  constructor(options: OpeningSheetOptions) {
    this.options = options;
    this.reader = new TableReader(openingForm, options);
  }

  /** A row that the reader takes for one of a card. */
  read(row: StreamedRow): ReadOpeningRow {
    const { reader } = this;
    const mistakes: CsvMistake[] = [];
    const cardNumber = this.take(row, 'card', parseCardNumber, '', mistakes);
    // NaN for what cannot be read: it makes the sum of its column one that nothing can be held against.
    const bonus = this.take(row, 'bonus', this.parseSum, 0, mistakes, Number.NaN);
    const accumulation = this.take(row, 'accumulation', this.parseSum, 0, mistakes, Number.NaN);
    const receipts = this.take(row, 'receipts', this.parseCount, 0, mistakes, Number.NaN);
    const writeOffOn = this.take(row, 'writeOffDate', this.parseWriteOffDate, null, mistakes);
    const holder = this.take(row, 'holder', parseHolder, null, mistakes);
    const kindCode = this.take(row, 'kind', this.parseKind, this.options.kindCode, mistakes);
    reader.add([bonus, accumulation, receipts]);
    const { line } = row;
    const isDebt = !(bonus > 0 || accumulation > 0 || receipts > 0) && (bonus < 0 || accumulation < 0 || receipts < 0);
    if (isDebt && writeOffOn !== null) {
      const why = 'a debt is not written off: expected no date beside it';
      mistakes.push({ line, column: reader.titleOf('writeOffDate'), value: writeOffOn, why });
    }
    if (mistakes.length > 0) return { row: undefined, mistakes };
    return { row: { line, cardNumber, bonus, accumulation, receipts, writeOffOn, holder, kindCode }, mistakes };
  }

  private take<T>(
    row: StreamedRow,
    field: OpeningField,
    parse: Parse<T>,
    none: T,
    mistakes: CsvMistake[],
    unreadable = none,
  ): T {
    const { reader } = this;
    const text = reader.find(row, field);
    if (text === undefined) return none;
    const parsed = parse(text);
    if (parsed.ok) return parsed.value;
    const why = 'why' in parsed ? parsed.why : `expected ${parsed.expected}`;
    const reason = 'reason' in parsed ? { reason: parsed.reason } : {};
    mistakes.push({ line: row.line, column: reader.titleOf(field), value: text, why, ...reason });
    return unreadable;
  }

  private readonly parseSum: Parse<number> = (text) => {
    const sum = sumFigure.parse(text);
    if (sum === undefined || Math.abs(sum) >= sumLimitKopecks) {
      return { ok: false, expected: 'a sum in rubles such as 12.50 or 10 000,00' };
    }
    return sum < 0 && !this.options.mayOwe ? refusedDebt : { ok: true, value: sum };
  };

  private readonly parseCount: Parse<number> = (text) => {
    const count = countFigure.parse(text);
    if (count === undefined) return { ok: false, expected: 'a whole number of receipts' };
    return count < 0 && !this.options.mayOwe ? refusedDebt : { ok: true, value: count };
  };

  private readonly parseWriteOffDate: Parse<LocalDate | null> = (text) => {
    const { hasSerialDates, mayHaveWriteOffDate } = this.options;
    const date = neverWords.has(text.toLowerCase()) ? neverOn : parseSheetDate(text);
    if (date === null) return { ok: true, value: null };
    if (!mayHaveWriteOffDate) {
      return { ok: false, expected: 'no date: the register «Накопления» has no write-off dates, opening-balance has' };
    }
    if (date !== undefined) return { ok: true, value: date };
    if (hasSerialDates && /^\d{5,6}$/.test(text) && Number(text) <= lastSerial) {
      return { ok: true, value: addDays(serialZero, Number(text)) };
    }
    return { ok: false, expected: 'a date such as 2026-11-22 or 22.11.2026, or «никогда»' };
  };

  private readonly parseKind: Parse<string | null> = (text) => {
    if (text === '') return { ok: true, value: this.options.kindCode };
    let parsed = this.kindCodes.get(text);
    if (parsed === undefined) {
      const kind = parseCardField('kind', text, this.options.kinds);
      parsed = kind.ok ? { ok: true, value: kind.value.kindCode ?? '' } : kind;
      if (this.kindCodes.size < 10_000) this.kindCodes.set(text, parsed);
    }
    return parsed;
  };
}

type Parse<T> = (text: string) => Parsed<T> | typeof refusedDebt;

const refusedDebt = {
  ok: false,
  why: 'a sum below zero is a debt: an opening balance is zero or more',
  reason: 'debt',
} as const;

/** Day 0 of a spreadsheet's count, by the days after February 1900. */
const serialZero = '1899-12-30' as LocalDate;
const lastSerial = 2_958_465;

function parseHolder(text: string): Parsed<string | null> {
  const parsed = parseCardField('holder', text, []);
  return parsed.ok ? { ok: true, value: parsed.value.holder ?? null } : parsed;
}
