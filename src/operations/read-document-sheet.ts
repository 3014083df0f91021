// The rows of a document made by hand, as an operator types them or a table file carries them: every value read, or its
// mistake named. Knows no database.
import { noMeasures, isNothing, type Measures } from '../ledger/measures.ts';
import { sumLimitKopecks } from '../ledger/money.ts';
import type { LocalDate } from '../ledger/local-date-time.ts';
import { parseCardDate, parseCardField, parseCardNumber, type Parsed } from './parse-card-field.ts';
import { parseSheetCount, parseSheetSum } from './parse-sheet-figure.ts';
import { findColumns, readCell } from './read-columns.ts';
import type { CsvMistake, CsvTable } from './read-csv.ts';

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

const accrualColumns = {
  card: ['card', 'номер карты', 'number', 'card number', 'номер'],
  bonus: ['bonus', 'сумма бонусов', 'бонусы', 'бонус'],
  accumulation: ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений'],
  receipts: ['receipts', 'количество чеков', 'чеков', 'чеки'],
  rule: ['rule', 'правило жизни', 'правило'],
  writeOffDate: ['write_off_date', 'дата списания'],
  creditDate: ['credit_date', 'дата начисления'],
  comment: ['comment', 'комментарий', 'примечание'],
} as const;

// A write-off lowers the balance alone, so it has no term.
const { rule: _rule, writeOffDate: _writeOffDate, creditDate: _creditDate, ...writeOffColumns } = accrualColumns;

export type DocumentField = keyof typeof accrualColumns;

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

export type ReadDocumentSheet =
  | {
      readonly ok: true;
      readonly rows: readonly ReadRow[];
      /** A mistake of a row with the column's name as the file has it. */
      readonly locate: (mistake: RowMistake) => CsvMistake;
    }
  | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

export function readDocumentSheet(table: CsvTable, sort: DocumentSort): ReadDocumentSheet {
  const names: Partial<typeof accrualColumns> = sort === 'accrual' ? accrualColumns : writeOffColumns;
  const found = findColumns(table.header, names as typeof accrualColumns, ['card']);
  if (!found.ok) return found;
  const { columns, titles, findOverflow } = found;
  const rows: ReadRow[] = [];
  for (const row of table.rows) {
    const texts: Partial<Record<DocumentField, string>> = {};
    for (const field of Object.keys(columns) as DocumentField[]) texts[field] = readCell(row, columns[field]);
    const overflow = findOverflow(row);
    if (overflow === undefined) rows.push(readDocumentRow(row.line, texts));
    else rows.push({ row: undefined, mistakes: [{ ...overflow, field: null }] });
  }
  const locate = ({ line, field, value, why }: RowMistake): CsvMistake => {
    return { line, column: field === null ? null : (titles[field] ?? accrualColumns[field][0]), value, why };
  };
  return { ok: true, rows, locate };
}

function parseMeasure(measure: keyof Measures, text: string): Parsed<number> {
  if (measure === 'receipts') {
    const count = parseSheetCount(text);
    return count === undefined ? { ok: false, expected: 'a whole number of receipts' } : { ok: true, value: count };
  }
  const sum = parseSheetSum(text);
  const isSum = sum !== undefined && sum < sumLimitKopecks;
  return isSum ? { ok: true, value: sum } : { ok: false, expected: 'a sum in rubles such as 12.50 or 10 000,00' };
}

function parseDate(text: string): Parsed<LocalDate | null> {
  const date = parseCardDate(text);
  if (date === undefined) return { ok: false, expected: 'a date such as 2026-11-22 or 22.11.2026' };
  return { ok: true, value: date };
}
