// The header of a table as people bring it: below whatever title the file has, in one row or in two.
import type { FigureForm } from './parse-sheet-figure.ts';
import { findColumns, listNames, normalizeName, type ColumnChoice } from './read-columns.ts';
import type { TableMistake } from './table-mistake.ts';
import type { TableRow } from './table-row.ts';

export interface TableForm<F extends string> {
  /** The columns' names by field, the first of which are shown to people. */
  readonly names: Readonly<Record<F, readonly string[]>>;
  /** The field that every row has. */
  readonly key: F;
  /** Whether a value can be that of the key without being looked up. */
  readonly isKey: (text: string) => boolean;
  /** What is wrong with a key that is neither such a value nor known. */
  readonly explainKey: (text: string) => string;
  /** A key's value of another form may be known all the same. */
  readonly mayKeyBeKnown: boolean;
  /** Where the header need not have the key's column: so many known names make a row the header. */
  readonly headerNames?: number;
  readonly required: readonly F[];
  /** One of these columns there must be, or the table is about nothing. */
  readonly wanted?: { readonly anyOf: readonly F[]; readonly why: string };
  /** Fields whose columns a foot row adds up. */
  readonly figures: Readonly<Partial<Record<F, FigureForm>>>;
}

/** Thrown where the file's columns cannot be made out. */
export class HeaderMistakes extends Error {
  readonly mistakes: readonly TableMistake[];
  constructor(mistakes: readonly TableMistake[]) {
    super(mistakes[0]?.why);
    this.mistakes = mistakes;
  }
}

/** Rows above the header, at most. */
const titleRows = 50;

export class TableHeader<F extends string> {
  columns: Readonly<Partial<Record<F, number>>> = {} as Partial<Record<F, number>>;
  private titles: Readonly<Partial<Record<F, string>>> = {} as Partial<Record<F, string>>;
  private readonly form: TableForm<F>;
  private readonly choice: ColumnChoice<F>;
  private readonly fields: readonly F[];
  private row: TableRow | undefined;
  /** The first row that has names of other columns than the key's. */
  private likeHeader: TableRow | undefined;
  private isOpen = false;
  private rowsAbove = 0;

  constructor(form: TableForm<F>, choice: ColumnChoice<F>) {
    this.form = form;
    this.choice = choice;
    this.fields = Object.keys(form.names) as F[];
  }

  /**
   * @returns whether the row is above the header or of it.
   * @throws HeaderMistakes
   */
  take(row: TableRow): boolean {
    if (this.isOpen) return false;
    if (this.row === undefined) {
      this.seek(row);
      return true;
    }
    const isOfHeader = this.join(row);
    this.open();
    return isOfHeader;
  }

  /**
   * After the last row.
   * @throws HeaderMistakes where the file has ended without a header.
   */
  end(): void {
    if (this.row === undefined) throw this.missing(1);
    if (!this.isOpen) this.open();
  }

  get line(): number {
    return this.row?.line ?? 1;
  }

  get cells(): readonly string[] {
    return this.row?.cells ?? [];
  }

  isHeader(cells: readonly string[]): boolean {
    const { headerNames, key } = this.form;
    if (headerNames === undefined) return cells.some((cell) => this.isNameOf(key, cell));
    return cells.filter((cell) => this.isNameOfAny(cell)).length >= headerNames;
  }

  titleOf(field: F): string {
    return this.titles[field] ?? listNames(this.form.names, field, this.choice)[0] ?? field;
  }

  private seek(row: TableRow): void {
    if (this.isHeader(row.cells)) this.row = row;
    else {
      this.rowsAbove += 1;
      if (row.cells.some((cell) => this.isNameOfAny(cell))) this.likeHeader ??= row;
      if (this.rowsAbove >= titleRows) throw this.missing(row.line);
    }
  }

  private missing(line: number): HeaderMistakes {
    const { key, names, headerNames } = this.form;
    const keyNames = listNames(names, key, this.choice).slice(0, 2).join(' or ');
    if (this.likeHeader !== undefined && headerNames === undefined) {
      const mistake = { line: this.likeHeader.line, column: null, value: null, reason: 'missing_column' } as const;
      return new HeaderMistakes([{ ...mistake, why: `the column ${keyNames} is missing` }]);
    }
    const wanted = headerNames === undefined ? `a column ${keyNames} is` : `${headerNames} known columns are`;
    const where = `${wanted} looked for in the first ${titleRows} rows`;
    const why = `no header: ${this.rowsAbove === 0 ? 'the file is empty' : where}`;
    return new HeaderMistakes([{ line, column: null, value: null, why, reason: 'no_header' }]);
  }

  /** A header of two rows: under cells merged over several columns stand the columns' own names. */
  private join(below: TableRow): boolean {
    const header = this.row as TableRow;
    const key = header.cells.findIndex((cell) => this.isNameOf(this.form.key, cell));
    if (key < 0 || (below.cells[key] ?? '').trim() !== '') return false;
    if (!below.cells.some((cell) => this.isNameOfAny(cell))) return false;
    const width = Math.max(header.cells.length, below.cells.length);
    const cells = Array.from({ length: width }, (_none, place) => {
      const own = (below.cells[place] ?? '').trim();
      return own === '' ? (header.cells[place] ?? '') : own;
    });
    this.row = { line: header.line, cells };
    return true;
  }

  private open(): void {
    const found = findColumns(this.row as TableRow, this.form.names, this.form.required, this.choice);
    if (!found.ok) throw new HeaderMistakes(found.mistakes);
    const { wanted } = this.form;
    if (wanted !== undefined && wanted.anyOf.every((field) => found.columns[field] === undefined)) {
      throw new HeaderMistakes([{ line: this.line, column: null, value: null, why: wanted.why }]);
    }
    this.columns = found.columns;
    this.titles = found.titles;
    this.isOpen = true;
  }

  private isNameOf(field: F, cell: string): boolean {
    const name = normalizeName(cell);
    return name !== '' && listNames(this.form.names, field, this.choice).some((known) => normalizeName(known) === name);
  }

  private isNameOfAny(cell: string): boolean {
    return this.fields.some((field) => this.isNameOf(field, cell));
  }
}
