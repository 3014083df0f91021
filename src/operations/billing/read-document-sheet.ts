// The rows of a document made by hand, as an operator types them or a table file carries them: every value read, or its
// mistake named. Knows no database.
import { noMeasures, isNothing, type Measures } from '../../ledger/measures.ts';
import { sumLimitKopecks } from '../../ledger/money.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { cardKey, cardNumberNames } from '../cards/card-key.ts';
import { parseCardField, parseCardNumber, parseSheetDate, type Parsed } from '../cards/parse-card-field.ts';
import { countFigure, sumFigure } from '../../tables/parse-sheet-figure.ts';
import type { ColumnChoice } from '../../tables/read-columns.ts';
import type { CsvMistake } from '../../tables/read-csv.ts';
import type { StreamedRow } from '../../tables/read-csv-stream.ts';
import { TableReader, type TableForm } from '../../tables/table-reader.ts';

/** «Начисление на дисконтные карты» or «Списание с дисконтных карт». */
export type DocumentSort = 'accrual' | 'write-off';

export interface DocumentRow {
  /** Of the file; 1 for a document that is typed. */
  readonly line: number;
  readonly cardNumber: string;
  /** Never below zero, whichever way the document moves them. */
  readonly sums: Measures;
  readonly ruleCode: string | null;
  readonly writeOffOn: LocalDate | null;
  readonly creditOn: LocalDate | null;
  readonly comment: string | null;
}

const documentNames = {
  card: cardNumberNames,
  bonus: ['bonus', 'сумма бонусов', 'бонусы', 'бонус'],
  accumulation: ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений'],
  receipts: ['receipts', 'количество чеков', 'чеков', 'чеки'],
  rule: ['rule', 'правило жизни', 'правило'],
  writeOffDate: ['write_off_date', 'дата списания', 'writeOffDate'],
  creditDate: ['credit_date', 'дата начисления', 'creditDate'],
  comment: ['comment', 'комментарий', 'примечание'],
} as const;

export type DocumentField = keyof typeof documentNames;
const documentFields = Object.keys(documentNames) as readonly DocumentField[];

const figureFields = ['bonus', 'accumulation', 'receipts'] as const;
const figureForms = { bonus: sumFigure, accumulation: sumFigure, receipts: countFigure };

const accrualForm: TableForm<DocumentField> = {
  ...cardKey,
  names: documentNames,
  key: 'card',
  required: ['card'],
  figures: figureForms,
};

// A write-off lowers the balance alone, so it has no term.
const { rule: _rule, writeOffDate: _writeOffDate, creditDate: _creditDate, ...writeOffNames } = documentNames;

const documentForms: Readonly<Record<DocumentSort, TableForm<DocumentField>>> = {
  accrual: accrualForm,
  'write-off': { ...accrualForm, names: writeOffNames as typeof documentNames },
};

/** Fields that the columns of a document's file may be mapped to. */
export function listDocumentFields(sort: DocumentSort): readonly DocumentField[] {
  return Object.keys(documentForms[sort].names) as DocumentField[];
}

/** What is wrong with a row; `field` is null where it is the row as a whole. */
export interface RowMistake {
  readonly line: number;
  readonly field: DocumentField | null;
  readonly value: string | null;
  readonly why: string;
}

export interface ReadRow {
  /** Undefined where a value of it could not be read. */
  readonly row: DocumentRow | undefined;
  readonly mistakes: readonly RowMistake[];
}

export function readDocumentRow(line: number, texts: Readonly<Partial<Record<DocumentField, string>>>): ReadRow {
  const mistakes: RowMistake[] = [];
  const report = (field: DocumentField | null, why: string): void =>
    void mistakes.push({ line, field, value: field === null ? null : (texts[field] ?? ''), why });
  const take = <T>(field: DocumentField, parsed: Parsed<T>): T | undefined => {
    if (parsed.ok) return parsed.value;
    report(field, `expected ${parsed.expected}`);
    return undefined;
  };
  const cardNumber = take('card', parseCardNumber(texts.card ?? ''));
  const sums = { ...noMeasures } as Record<keyof Measures, number>;
  for (const measure of ['bonus', 'accumulation', 'receipts'] as const) {
    sums[measure] = take(measure, parseMeasure(measure, texts[measure] ?? '')) ?? Number.NaN;
  }
  const writeOffOn = take('writeOffDate', parseDate(texts.writeOffDate ?? '')) ?? null;
  const creditOn = take('creditDate', parseDate(texts.creditDate ?? '')) ?? null;
  const comment = take('comment', parseCardField('note', texts.comment ?? '', []))?.note ?? null;
  const ruleCode = texts.rule === undefined || texts.rule.trim() === '' ? null : texts.rule.trim();
  if (isNothing(sums)) report(null, 'it moves nothing: give bonus, accumulation or receipts above zero');
  if (ruleCode !== null && writeOffOn !== null) report('rule', 'a rule and a write-off date exclude each other');
  if (mistakes.length > 0 || cardNumber === undefined) return { row: undefined, mistakes };
  return { row: { line, cardNumber, sums, ruleCode, writeOffOn, creditOn, comment }, mistakes };
}

/** Rows of a file, each read as it comes. */
export class DocumentSheet {
  readonly reader: TableReader<DocumentField>;
  readonly rows: ReadRow[] = [];

  constructor(sort: DocumentSort, choice: ColumnChoice<DocumentField> = {}) {
    this.reader = new TableReader(documentForms[sort], choice);
  }

  /** A row that the reader takes for one of a card. */
  read(row: StreamedRow): void {
    const { reader } = this;
    const texts: Partial<Record<DocumentField, string>> = {};
    for (const field of documentFields) if (reader.has(field)) texts[field] = reader.cell(row, field);
    const read = readDocumentRow(row.line, texts);
    reader.add(figureFields.map((field) => figureForms[field].parse(texts[field] ?? '') ?? Number.NaN));
    this.rows.push(read);
  }

  /** A mistake of a row with the column's name as the file has it. */
  locate({ field, ...mistake }: RowMistake): CsvMistake {
    return { ...mistake, column: field === null ? null : this.reader.titleOf(field) };
  }
}

const expectedSum = 'a sum in rubles such as 12.50 or 10 000,00';
const notBelowZero = 'zero or more: a write-off takes from a card';

function parseMeasure(measure: keyof Measures, text: string): Parsed<number> {
  const value = figureForms[measure].parse(text);
  const expected = measure === 'receipts' ? 'a whole number of receipts' : expectedSum;
  if (value === undefined || value >= sumLimitKopecks) return { ok: false, expected };
  return value < 0 ? { ok: false, expected: `${expected}, ${notBelowZero}` } : { ok: true, value };
}

function parseDate(text: string): Parsed<LocalDate | null> {
  const date = parseSheetDate(text);
  if (date === undefined) return { ok: false, expected: 'a date such as 2026-11-22 or 22.11.2026' };
  return { ok: true, value: date };
}
