// The rows of a document made by hand, as an operator types them or a table file carries them: every value read, or its
// mistake named. Knows no database.
import { isNothing, type Measures } from '../../ledger/measures.ts';
import { sumLimitKopecks } from '../../ledger/money.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { cardKey, cardNumberNames } from '../cards/card-key.ts';
import { parseCardField, parseCardNumber, parseSheetDate } from '../cards/parse-card-field.ts';
import { countFigure, sumFigure } from '../../tables/parse-sheet-figure.ts';
import type { Parsed } from '../../tables/parsed.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import { readFields, Sheet, type Field, type Fields, type ReadFields } from '../../tables/sheet.ts';
import type { TableMistake } from '../../tables/table-mistake.ts';
import type { TableReader } from '../../tables/table-reader.ts';
import type { TableRow } from '../../tables/table-row.ts';

/** «Начисление на дисконтные карты» or «Списание с дисконтных карт». */
export type DocumentSort = 'accrual' | 'write-off';

export interface DocumentRow {
  /** The line of the file; 1 for a document that is typed. */
  readonly line: number;
  readonly cardNumber: string;
  /** Never below zero, also for a write-off. */
  readonly sums: Measures;
  readonly ruleCode: string | null;
  readonly writeOffOn: LocalDate | null;
  readonly creditOn: LocalDate | null;
  readonly comment: string | null;
}

/** The texts of a row, read. */
interface DocumentValues extends Measures {
  readonly card: string;
  readonly rule: string | null;
  readonly writeOffDate: LocalDate | null;
  readonly creditDate: LocalDate | null;
  readonly comment: string | null;
}

export type DocumentField = keyof DocumentValues;

const documentFields: Fields<DocumentValues> = {
  card: { names: cardNumberNames, parse: parseCardNumber, isRequired: true },
  bonus: measureField('bonus', ['bonus', 'сумма бонусов', 'бонусы', 'бонус']),
  accumulation: measureField('accumulation', ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений']),
  receipts: measureField('receipts', ['receipts', 'количество чеков', 'чеков', 'чеки']),
  rule: {
    names: ['rule', 'правило жизни', 'правило'],
    parse: (text) => ({ ok: true, value: text.trim() === '' ? null : text.trim() }),
  },
  writeOffDate: { names: ['write_off_date', 'дата списания', 'writeOffDate'], parse: parseDate },
  creditDate: { names: ['credit_date', 'дата начисления', 'creditDate'], parse: parseDate },
  comment: { names: ['comment', 'комментарий', 'примечание'], parse: parseComment },
};

// A write-off lowers the balance alone, so it has no term.
const { rule: _rule, writeOffDate: _writeOffDate, creditDate: _creditDate, ...writeOffFields } = documentFields;

const fieldsOf: Readonly<Record<DocumentSort, Fields<DocumentValues>>> = {
  accrual: documentFields,
  'write-off': writeOffFields as Fields<DocumentValues>,
};

/** Fields that the columns of a document's file may be mapped to. */
export function listDocumentFields(sort: DocumentSort): readonly DocumentField[] {
  return Object.keys(fieldsOf[sort]) as DocumentField[];
}

/** What is wrong with a row; `field` is null if it is the row as a whole. */
export interface RowMistake {
  readonly line: number;
  readonly field: DocumentField | null;
  readonly value: string | null;
  readonly why: string;
}

export interface ReadRow {
  /** Undefined if one of its values could not be read. */
  readonly row: DocumentRow | undefined;
  readonly mistakes: readonly RowMistake[];
}

export function readDocumentRow(line: number, texts: Readonly<Partial<Record<DocumentField, string>>>): ReadRow {
  return checkRow(
    line,
    readFields(documentFields, (field) => texts[field]),
  );
}

/** Mistakes that no single value shows. */
function checkRow(line: number, { values, mistakes: found }: ReadFields<DocumentValues>): ReadRow {
  const mistakes: RowMistake[] = found.map((mistake) => ({ line, ...mistake }));
  const { card: cardNumber, bonus = 0, accumulation = 0, receipts = 0 } = values;
  const { rule: ruleCode = null, writeOffDate: writeOffOn = null, creditDate: creditOn = null } = values;
  const sums = { bonus, accumulation, receipts };
  if (isNothing(sums) && !found.some(({ field }) => field in sums)) {
    mistakes.push({
      line,
      field: null,
      value: null,
      why: 'it changes nothing: give bonus, accumulation or receipts above zero',
    });
  }
  if (ruleCode !== null && writeOffOn !== null) {
    mistakes.push({ line, field: 'rule', value: ruleCode, why: 'a rule and a write-off date exclude each other' });
  }
  if (mistakes.length > 0 || cardNumber === undefined) return { row: undefined, mistakes };
  return { row: { line, cardNumber, sums, ruleCode, writeOffOn, creditOn, comment: values.comment ?? null }, mistakes };
}

/** Rows of a file, each read as it comes. */
export class DocumentSheet {
  readonly reader: TableReader<DocumentField>;
  readonly rows: ReadRow[] = [];
  private readonly sheet: Sheet<DocumentValues>;

  constructor(sort: DocumentSort, choice: ColumnChoice<DocumentField> = {}) {
    this.sheet = new Sheet({ ...cardKey, key: 'card', fields: fieldsOf[sort] }, choice);
    this.reader = this.sheet.reader;
  }

  /** A row that the reader takes for one of a card. */
  read(row: TableRow): void {
    this.rows.push(checkRow(row.line, this.sheet.read(row)));
  }

  /** A mistake of a row with the column's name as the file has it. */
  locate({ field, ...mistake }: RowMistake): TableMistake {
    return { ...mistake, column: field === null ? null : this.reader.titleOf(field) };
  }
}

function measureField(measure: keyof Measures, names: readonly string[]): Field<number> {
  const figure = measure === 'receipts' ? countFigure : sumFigure;
  const expected = measure === 'receipts' ? 'a whole number of receipts' : 'a sum in rubles such as 12.50 or 10 000,00';
  return {
    names,
    figure,
    parse: (text) => {
      const value = figure.parse(text);
      if (value === undefined || value >= sumLimitKopecks) return { ok: false, expected };
      if (value >= 0) return { ok: true, value };
      return { ok: false, expected: `${expected}, zero or more: a write-off takes from a card` };
    },
  };
}

function parseDate(text: string): Parsed<LocalDate | null> {
  const date = parseSheetDate(text);
  if (date === undefined) return { ok: false, expected: 'a date such as 2026-11-22 or 22.11.2026' };
  return { ok: true, value: date };
}

function parseComment(text: string): Parsed<string | null> {
  const parsed = parseCardField('note', text, []);
  return parsed.ok ? { ok: true, value: parsed.value.note ?? null } : parsed;
}
