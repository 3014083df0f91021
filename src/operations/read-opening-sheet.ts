// The rows of a file with opening balances, as 1C exports them: the header is looked for below the title, a foot row is
// left out, every value is read or its mistake named. Knows no database.
import type { StagedRow } from '../db/import-stage.ts';
import type { CardKind } from '../ledger/card.ts';
import { neverOn } from '../ledger/life-rule.ts';
import { addDays, type LocalDate } from '../ledger/local-date-time.ts';
import { sumLimitKopecks } from '../ledger/money.ts';
import { parseCardDate, parseCardField, parseCardNumber, type Parsed } from './parse-card-field.ts';
import { parseSheetCount, parseSheetSum } from './parse-sheet-figure.ts';
import { findColumns, readCell } from './read-columns.ts';
import type { CsvMistake, CsvRow } from './read-csv.ts';
import type { StreamedRow } from './read-csv-stream.ts';

const openingColumns = {
  card: ['card', 'номер карты', 'number', 'card number', 'номер', 'дисконтная карта', 'карта'],
  bonus: ['bonus', 'сумма бонусов', 'бонусы', 'бонус'],
  accumulation: ['accumulation', 'сумма накопления', 'накопление', 'сумма накоплений'],
  receipts: ['receipts', 'количество чеков', 'чеков', 'чеки'],
  writeOffDate: ['write_off_date', 'дата списания'],
  holder: ['holder', 'владелец', 'владелец карты'],
  kind: ['kind', 'вид карты', 'вид дисконтной карты', 'вид'],
} as const;

export type OpeningField = keyof typeof openingColumns;
export const openingFields = Object.keys(openingColumns) as readonly OpeningField[];

export interface OpeningSheetOptions {
  /** Columns of other names, by our field. */
  readonly mapping: Readonly<Partial<Record<OpeningField, string>>>;
  readonly ignoredColumns: readonly string[];
  readonly kinds: readonly CardKind[];
  /** Of a row that names none. */
  readonly kindCode: string | null;
  /** Whether a date may be written as the days that a spreadsheet counts. */
  readonly hasSerialDates: boolean;
  readonly mayHaveWriteOffDate: boolean;
}

export interface ReadOpeningRow {
  /** Undefined where there is a mistake in the row. */
  readonly row: StagedRow | undefined;
  readonly mistakes: readonly CsvMistake[];
}

/** Rows above the header, at most. */
const titleRows = 50;

/** Names that the columns of a header may have: of the mapping, and our own. */
export function listColumnNames(mapping: OpeningSheetOptions['mapping']): Readonly<Record<OpeningField, string[]>> {
  const names = openingFields.map((field) => {
    const given = mapping[field];
    return [field, given === undefined ? [...openingColumns[field]] : [given]] as const;
  });
  return Object.fromEntries(names) as unknown as Readonly<Record<OpeningField, string[]>>;
}

const ordinals = ['№', '№ п/п', '№п/п', 'n', '#'];
const footWords = /^(итого|всего|total)\s*:?$/i;
const neverWords = new Set(['никогда', 'never', 'бессрочно']);

/** Reads the rows one after the other: first what stands above the header, then the header, then cards. */
export class OpeningSheet {
  private readonly options: OpeningSheetOptions;
  private readonly names: Readonly<Record<OpeningField, string[]>>;
  private columns: Partial<Record<OpeningField, number>> = {};
  private titles: Partial<Record<OpeningField, string>> = {};
  private findOverflow: (row: CsvRow) => CsvMistake | undefined = () => undefined;
  private header: StreamedRow | undefined;
  private isReady = false;
  private rowsAbove = 0;
  /** Kinds are few, and a file names them millions of times. */
  private readonly kindCodes = new Map<string, Parsed<string>>();

  constructor(options: OpeningSheetOptions) {
    this.options = options;
    this.names = listColumnNames(options.mapping);
  }

  /**
   * Undefined for a row that is no card: above the header, the header, the foot.
   * @throws HeaderMistakes
   */
  read(row: StreamedRow): ReadOpeningRow | undefined {
    if (this.header === undefined) return this.seekHeader(row);
    if (!this.isReady) {
      const isBelow = this.joinHeader(row);
      this.openColumns();
      if (isBelow) return undefined;
    }
    return this.readRow(row);
  }

  /** @throws HeaderMistakes where the file has ended without a header. */
  end(): void {
    if (this.header === undefined) throw this.missingHeader(1);
    if (!this.isReady) this.openColumns();
  }

  titleOf(field: OpeningField): string {
    return this.titles[field] ?? this.names[field][0] ?? field;
  }

  private seekHeader(row: StreamedRow): undefined {
    if (row.cells.some((cell) => this.isNameOf('card', cell))) this.header = row;
    else {
      this.rowsAbove += 1;
      if (this.rowsAbove >= titleRows) throw this.missingHeader(row.line);
    }
    return undefined;
  }

  private missingHeader(line: number): HeaderMistakes {
    const names = this.names.card.slice(0, 2).join(' or ');
    const why = `no header: a column ${names} is looked for in the first ${titleRows} rows`;
    return new HeaderMistakes([{ line, column: null, value: null, why }]);
  }

  /** A header of two rows: under cells merged over several columns stand the columns' own names. */
  private joinHeader(below: StreamedRow): boolean {
    const header = this.header as StreamedRow;
    const card = header.cells.findIndex((cell) => this.isNameOf('card', cell));
    if ((below.cells[card] ?? '').trim() !== '') return false;
    const filled = below.cells.filter((cell) => cell.trim() !== '');
    if (!filled.some((cell) => openingFields.some((field) => this.isNameOf(field, cell)))) return false;
    const width = Math.max(header.cells.length, below.cells.length);
    const cells = Array.from({ length: width }, (_none, place) => {
      const own = (below.cells[place] ?? '').trim();
      return own === '' ? (header.cells[place] ?? '') : own;
    });
    this.header = { line: header.line, cells };
    return true;
  }

  private openColumns(): void {
    const header = this.header as StreamedRow;
    const found = findColumns(header, this.names, ['card'], [...ordinals, ...this.options.ignoredColumns]);
    if (!found.ok) throw new HeaderMistakes(found.mistakes);
    const { bonus, accumulation, receipts } = found.columns;
    if (bonus === undefined && accumulation === undefined && receipts === undefined) {
      const why = 'no column of bonus, accumulation or receipts: there is nothing to bring in';
      throw new HeaderMistakes([{ line: header.line, column: null, value: null, why }]);
    }
    this.columns = found.columns;
    this.titles = found.titles;
    this.findOverflow = found.findOverflow;
    this.isReady = true;
  }

  private isNameOf(field: OpeningField, cell: string): boolean {
    const name = cell.trim().toLowerCase().replace(/\s+/g, ' ');
    return name !== '' && this.names[field].some((known) => known.toLowerCase() === name);
  }

  private readRow(row: StreamedRow): ReadOpeningRow | undefined {
    const { line, cells } = row;
    const mistakes: CsvMistake[] = [];
    if (row.why !== undefined) {
      return { row: undefined, mistakes: [{ line, column: null, value: cells[0] ?? '', why: row.why }] };
    }
    const overflow = this.findOverflow(row);
    if (overflow !== undefined) return { row: undefined, mistakes: [overflow] };
    const cardText = readCell(row, this.columns.card);
    const isFoot = (cardText === '' || footWords.test(cardText)) && footWords.test(findFirst(cells));
    if (isFoot) return undefined;
    const take = <T>(field: OpeningField, parse: (text: string) => Parsed<T>, none: T): T => {
      const place = this.columns[field];
      if (place === undefined && field !== 'card') return none;
      const text = readCell(row, place);
      const parsed = parse(text);
      if (parsed.ok) return parsed.value;
      mistakes.push({ line, column: this.titleOf(field), value: text, why: `expected ${parsed.expected}` });
      return none;
    };
    const staged: StagedRow = {
      line,
      cardNumber: take('card', parseCardNumber, ''),
      bonus: take('bonus', parseSum, 0),
      accumulation: take('accumulation', parseSum, 0),
      receipts: take('receipts', parseCount, 0),
      writeOffOn: take('writeOffDate', (text) => this.parseWriteOffDate(text), null),
      holder: take('holder', parseHolder, null),
      kindCode: take('kind', (text) => this.parseKind(text), this.options.kindCode),
    };
    return { row: mistakes.length > 0 ? undefined : staged, mistakes };
  }

  private parseWriteOffDate(text: string): Parsed<LocalDate | null> {
    const { hasSerialDates, mayHaveWriteOffDate } = this.options;
    const date = neverWords.has(text.toLowerCase()) ? neverOn : parseCardDate(text);
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

  private parseKind(text: string): Parsed<string | null> {
    if (text === '') return { ok: true, value: this.options.kindCode };
    let parsed = this.kindCodes.get(text);
    if (parsed === undefined) {
      const kind = parseCardField('kind', text, this.options.kinds);
      parsed = kind.ok ? { ok: true, value: kind.value.kindCode ?? '' } : kind;
      if (this.kindCodes.size < 10_000) this.kindCodes.set(text, parsed);
    }
    return parsed;
  }
}

/** Day 0 of a spreadsheet's count, by the days after February 1900. */
const serialZero = '1899-12-30' as LocalDate;
const lastSerial = 2_958_465;

/** Thrown where the file's columns cannot be made out. */
export class HeaderMistakes extends Error {
  readonly mistakes: readonly CsvMistake[];
  constructor(mistakes: readonly CsvMistake[]) {
    super(mistakes[0]?.why);
    this.mistakes = mistakes;
  }
}

function findFirst(cells: readonly string[]): string {
  return cells.find((cell) => cell.trim() !== '')?.trim() ?? '';
}

function parseSum(text: string): Parsed<number> {
  const sum = parseSheetSum(text);
  const isSum = sum !== undefined && sum < sumLimitKopecks;
  return isSum ? { ok: true, value: sum } : { ok: false, expected: 'a sum in rubles such as 12.50 or 10 000,00' };
}

function parseCount(text: string): Parsed<number> {
  const count = parseSheetCount(text);
  return count === undefined ? { ok: false, expected: 'a whole number of receipts' } : { ok: true, value: count };
}

function parseHolder(text: string): Parsed<string | null> {
  const parsed = parseCardField('holder', text, []);
  return parsed.ok ? { ok: true, value: parsed.value.holder ?? null } : parsed;
}
