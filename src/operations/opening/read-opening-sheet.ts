// The rows of a file with opening balances, as 1C exports them: every value is read or its mistake named. Knows no database.
import type { StagedRow } from '../../db/opening/import-stage.ts';
import type { CardKind } from '../../ledger/card.ts';
import { neverOn } from '../../ledger/life-rule.ts';
import { addDays, type LocalDate } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import { sumLimitKopecks } from '../../ledger/money.ts';
import { countFigure, sumFigure } from '../../tables/parse-sheet-figure.ts';
import { rememberParsed, type Parsed } from '../../tables/parsed.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import { Sheet, type Fields, type RefusedText } from '../../tables/sheet.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import type { TableReader } from '../../tables/table-reader.ts';
import type { TableRow } from '../../tables/table-row.ts';
import { cardKey, cardNumberNames } from '../cards/card-key.ts';
import { parseCardField, parseCardNumber, parseSheetDate } from '../cards/parse-card-field.ts';

/** Names of the columns by field, the first of which are shown to people. */
export const openingNames = {
  card: cardNumberNames,
  bonus: ['bonus', 'сумма бонусов', 'бонусы', 'бонус'],
  accumulation: ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений'],
  receipts: ['receipts', 'количество чеков', 'чеков', 'чеки'],
  writeOffDate: ['write_off_date', 'дата списания', 'writeOffDate'],
  holder: ['holder', 'владелец', 'владелец карты'],
  kind: ['kind', 'вид карты', 'вид дисконтной карты', 'вид'],
} as const;

interface OpeningValues extends Measures {
  readonly card: string;
  readonly writeOffDate: LocalDate | null;
  readonly holder: string | null;
  readonly kind: string | null;
}

export type OpeningField = keyof OpeningValues;
export const openingFields = Object.keys(openingNames) as readonly OpeningField[];

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
  readonly mistakes: readonly TableMistake[];
}

export class OpeningSheet {
  readonly reader: TableReader<OpeningField>;
  private readonly sheet: Sheet<OpeningValues>;
  private readonly kindCode: string | null;

  constructor(options: OpeningSheetOptions) {
    const wanted = {
      anyOf: ['bonus', 'accumulation', 'receipts'] as const,
      why: 'no column of bonus, accumulation or receipts: there is nothing to bring in',
    };
    this.sheet = new Sheet({ ...cardKey, key: 'card', wanted, fields: fieldsOf(options) }, options);
    this.reader = this.sheet.reader;
    this.kindCode = options.kindCode;
  }

  /** A row that the reader takes for one of a card. */
  read(row: TableRow): ReadOpeningRow {
    const { line } = row;
    const { values, mistakes } = this.sheet.read(row);
    const { card: cardNumber = '', bonus = 0, accumulation = 0, receipts = 0 } = values;
    const { writeOffDate: writeOffOn = null, holder = null, kind: kindCode = this.kindCode } = values;
    const isDebt = !(bonus > 0 || accumulation > 0 || receipts > 0) && (bonus < 0 || accumulation < 0 || receipts < 0);
    const isDatedDebt = isDebt && writeOffOn !== null;
    if (mistakes.length === 0 && !isDatedDebt) {
      return { row: { line, cardNumber, bonus, accumulation, receipts, writeOffOn, holder, kindCode }, mistakes: [] };
    }
    const located = mistakes.map((mistake) => this.sheet.locate(line, mistake));
    if (isDatedDebt) {
      const why = 'a debt is not written off: expected no date beside it';
      located.push(this.sheet.locate(line, { field: 'writeOffDate', value: writeOffOn, why }));
    }
    return { row: undefined, mistakes: located };
  }
}

function fieldsOf(options: OpeningSheetOptions): Fields<OpeningValues> {
  // Kinds are few, and a file names them millions of times.
  const parseKind = rememberParsed((text: string): Parsed<string | null> => {
    if (text === '') return { ok: true, value: options.kindCode };
    const kind = parseCardField('kind', text, options.kinds);
    return kind.ok ? { ok: true, value: kind.value.kindCode ?? '' } : kind;
  });
  const parseSum = (text: string): Parsed<number> | RefusedText => {
    const sum = sumFigure.parse(text);
    if (sum === undefined || Math.abs(sum) >= sumLimitKopecks) {
      return { ok: false, expected: 'a sum in rubles such as 12.50 or 10 000,00' };
    }
    return sum < 0 && !options.mayOwe ? refusedDebt : { ok: true, value: sum };
  };
  const parseCount = (text: string): Parsed<number> | RefusedText => {
    const count = countFigure.parse(text);
    if (count === undefined) return { ok: false, expected: 'a whole number of receipts' };
    return count < 0 && !options.mayOwe ? refusedDebt : { ok: true, value: count };
  };
  return {
    card: { names: openingNames.card, parse: parseCardNumber, isRequired: true },
    bonus: { names: openingNames.bonus, parse: parseSum, figure: sumFigure },
    accumulation: { names: openingNames.accumulation, parse: parseSum, figure: sumFigure },
    receipts: { names: openingNames.receipts, parse: parseCount, figure: countFigure },
    writeOffDate: { names: openingNames.writeOffDate, parse: (text) => parseWriteOffDate(text, options) },
    holder: { names: openingNames.holder, parse: parseHolder },
    kind: { names: openingNames.kind, parse: parseKind },
  };
}

const refusedDebt: RefusedText = {
  ok: false,
  why: 'a sum below zero is a debt: an opening balance is zero or more',
  reason: 'debt',
};

const neverWords = new Set(['никогда', 'never', 'бессрочно']);
/** Day 0 of a spreadsheet's count, by the days after February 1900. */
const serialZero = '1899-12-30' as LocalDate;
const lastSerial = 2_958_465;

function parseWriteOffDate(
  text: string,
  { hasSerialDates, mayHaveWriteOffDate }: OpeningSheetOptions,
): Parsed<LocalDate | null> {
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
}

function parseHolder(text: string): Parsed<string | null> {
  const parsed = parseCardField('holder', text, []);
  return parsed.ok ? { ok: true, value: parsed.value.holder ?? null } : parsed;
}
