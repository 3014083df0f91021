// The rows of a table as people bring it: below whatever title it has comes the header, then rows, and among these what a
// report has besides them. Foot rows are compared with the sums of the rows; what is left out is counted and shown.
import { FootSums } from './foot-sums.ts';
import { nameOtherRow, readFootCount } from './name-other-row.ts';
import type { FigureForm } from './parse-sheet-figure.ts';
import { findOverflow, readCell, type ColumnChoice } from './read-columns.ts';
import { TableHeader, type TableForm } from './table-header.ts';
import type { TableMistake } from './table-mistake.ts';
import type { TableRow } from './table-row.ts';

/** 'data' is a row to take; 'doubtful' one whose key must be looked up; 'bad' a mistake; 'other' not a row of the table. */
export type RowSort = 'data' | 'doubtful' | 'bad' | 'other';

/** What was left out: a few rows are shown, the others counted. */
export interface LeftOut {
  /** Foot rows that agree with the rows; one that differs is a mistake. */
  readonly footRows: number;
  /** Foot rows without a figure that could be compared with the rows. */
  readonly uncomparedRows: number;
  readonly groupRows: number;
  readonly otherRows: number;
  readonly shown: readonly { readonly line: number; readonly text: string }[];
}

export const nothingLeftOut: LeftOut = { footRows: 0, uncomparedRows: 0, groupRows: 0, otherRows: 0, shown: [] };

const shownRows = 5;

export class TableReader<F extends string> {
  /** Mistakes of rows, each of which is bad; removed by the caller that reports them. */
  mistakes: TableMistake[] = [];
  /** Foot rows that differ from the sum of the rows: the file is not what it says, whatever is left out of it. */
  readonly footMistakes: TableMistake[] = [];
  private readonly form: TableForm<F>;
  private readonly fields: readonly F[];
  private readonly figures: readonly (readonly [field: F, form: FigureForm])[];
  private readonly sums: FootSums;
  private readonly counts = { footRows: 0, uncomparedRows: 0, groupRows: 0, otherRows: 0 };
  private shown: { line: number; text: string }[] = [];
  private readonly header: TableHeader<F>;
  private isBelowFoot = false;

  constructor(form: TableForm<F>, choice: ColumnChoice<F> = {}) {
    this.form = form;
    this.header = new TableHeader(form, choice);
    this.fields = Object.keys(form.names) as F[];
    this.figures = Object.entries(form.figures) as [F, FigureForm][];
    this.sums = new FootSums(this.figures.length);
  }

  /**
   * @param isKnown what was found where the row was 'doubtful' before.
   * @throws HeaderMistakes
   */
  classify(row: TableRow, isKnown?: boolean): RowSort {
    if (this.header.take(row)) return 'other';
    if (row.why !== undefined) return this.report(row, null, row.cells[0] ?? '', row.why);
    const keyPlace = this.columns[this.form.key];
    const isKey = keyPlace === undefined || isKnown === true || this.form.isKey(readCell(row, keyPlace));
    return isKey && (keyPlace === 0 || !this.hasFootLabel(row)) ? this.takeRow(row) : this.classifyOther(row, isKnown);
  }

  /** Adds the figures of a row that was taken, in the form's order; NaN for one that cannot be read. */
  add(figures: readonly number[]): void {
    this.sums.add(figures);
  }

  /**
   * After the last row.
   * @throws HeaderMistakes where the file has ended without a header.
   */
  end(): void {
    this.header.end();
    for (const { line, text } of this.sums.end()) {
      this.counts.groupRows -= 1;
      this.shown = this.shown.filter((row) => row.line !== line);
      const why = `${this.form.explainKey(text)}; as a group row it is not the sum of the rows beside it`;
      this.mistakes.push({ line, column: this.titleOf(this.form.key), value: text, why });
    }
  }

  get leftOut(): LeftOut {
    return { ...this.counts, shown: this.shown };
  }

  get headerLine(): number {
    return this.header.line;
  }

  isHeader(cells: readonly string[]): boolean {
    return this.header.isHeader(cells);
  }

  has(field: F): boolean {
    return this.columns[field] !== undefined;
  }

  /** The value of a row in a field's column; undefined where the file has none. */
  find(row: TableRow, field: F): string | undefined {
    const place = this.columns[field];
    return place === undefined ? undefined : readCell(row, place);
  }

  keyOf(row: TableRow): string {
    return this.cell(row, this.form.key);
  }

  cell(row: TableRow, field: F): string {
    return readCell(row, this.columns[field]);
  }

  titleOf(field: F): string {
    return this.header.titleOf(field);
  }

  private get columns(): Readonly<Partial<Record<F, number>>> {
    return this.header.columns;
  }

  private takeRow(row: TableRow): RowSort {
    const trouble = row.troubles?.find(({ place }) => this.isOfField(place));
    if (trouble !== undefined) {
      const title = this.header.cells[trouble.place]?.trim() ?? null;
      return this.report(row, title, row.cells[trouble.place] ?? '', trouble.why);
    }
    const overflow = findOverflow(row, this.header.cells.length);
    if (overflow !== undefined) return this.report(row, null, overflow.value, overflow.why);
    this.isBelowFoot = false;
    return 'data';
  }

  /** A row that is bad counts in the sums all the same: a foot row is of the file, not of what is taken from it. */
  private report(row: TableRow, column: string | null, value: string | null, why: string): RowSort {
    this.mistakes.push({ line: row.line, column, value, why });
    this.sums.add(this.readFigures(row).map((figure) => figure ?? 0));
    return 'bad';
  }

  /** Undefined for an empty cell, NaN for one that cannot be read. */
  private readFigures(row: TableRow): (number | undefined)[] {
    return this.figures.map(([field, { parse }]) => {
      const isTrouble =
        row.why !== undefined || row.troubles?.some(({ place }) => place === this.columns[field]) === true;
      if (isTrouble) return Number.NaN;
      const text = this.cell(row, field);
      return text === '' ? undefined : (parse(text) ?? Number.NaN);
    });
  }

  /** A foot row may have a figure in the key's column: the count of what stands in it. */
  private hasFootLabel(row: TableRow): boolean {
    const keyPlace = this.columns[this.form.key] ?? row.cells.length;
    for (let place = 0; place < keyPlace; place += 1) {
      const text = readCell(row, place);
      if (text === '') continue;
      return nameOtherRow(text) === 'foot' && (!this.isOfField(place) || !/\s/.test(text));
    }
    return false;
  }

  private isOfField(place: number): boolean {
    return Object.values(this.columns).includes(place);
  }

  private classifyOther(row: TableRow, isKnown: boolean | undefined): RowSort {
    const { form } = this;
    const key = this.cell(row, form.key);
    const place = row.cells.findIndex((cell) => cell.trim() !== '');
    const label = readCell(row, place < 0 ? undefined : place);
    const word = nameOtherRow(label);
    const isLabelOfKey = place === this.columns[form.key];
    if (word === 'foot' && (isLabelOfKey || key === '' || this.hasFootLabel(row)))
      return this.takeFoot(row, label, place);
    if (key !== '' && form.mayKeyBeKnown && isKnown === undefined) return 'doubtful';
    // A printed report has its header on every page.
    if (this.isHeader(row.cells)) return this.leaveOut(row.line, label, 'otherRows');
    const isFieldOf = (field: F): boolean => this.columns[field] !== undefined && this.cell(row, field) !== '';
    const fields = this.fields.filter((field) => field !== form.key && isFieldOf(field));
    const hasFigures = fields.some((field) => form.figures[field] !== undefined);
    const hasOthers = fields.some((field) => form.figures[field] === undefined);
    const isTitle = row.troubles === undefined && isTitleText(key) && !hasOthers;
    if (!hasFigures && (word === 'aside' || this.isBelowFoot || isTitle)) {
      return this.leaveOut(row.line, label, 'otherRows');
    }
    const isLabelled = /\p{L}/u.test(label) && (key !== '' || !this.isOfField(place));
    if (hasFigures && isTitle && isLabelled) {
      this.sums.group({ line: row.line, text: label, figures: this.readFigures(row) });
      return this.leaveOut(row.line, label, 'groupRows');
    }
    const trouble = row.troubles === undefined ? undefined : this.takeRow(row);
    return trouble === 'bad' ? trouble : this.report(row, this.titleOf(form.key), key, form.explainKey(key));
  }

  private takeFoot(row: TableRow, label: string, place: number): RowSort {
    const figures = this.readFigures(row);
    const count = this.takeCount(row, label, place, figures);
    const read = figures.map((figure) => (Number.isNaN(figure) ? undefined : figure));
    const isSum = this.sums.close(read);
    const isCount = count === undefined || count === 'agrees';
    this.isBelowFoot = true;
    if (!isSum) this.reportFoot(row, label, read);
    if (!isSum || !isCount) return 'other';
    const { total } = this.sums;
    const isCompared =
      count !== undefined || read.some((figure, at) => figure !== undefined && !Number.isNaN(total[at]));
    return this.leaveOut(row.line, label, isCompared ? 'footRows' : 'uncomparedRows');
  }

  /**
   * "Всего записей: 3" has its count in itself; of "Всего записей; 3" it is the figure that follows, unless it stands among
   * sums or is a sum itself.
   */
  private takeCount(
    row: TableRow,
    label: string,
    place: number,
    figures: (number | undefined)[],
  ): 'agrees' | 'differs' | undefined {
    const found = readFootCount(label);
    if (found === undefined) return undefined;
    let counted = found.count;
    const [next, ...more] = row.cells.flatMap((cell, at) => (at > place && cell.trim() !== '' ? [at] : []));
    if (counted === undefined && next !== undefined) {
      const at = this.figures.findIndex(([field]) => this.columns[field] === next);
      const text = readCell(row, next).replace(/\s/g, '');
      if ((at >= 0 && (more.length > 0 || figures[at] === this.sums.total[at])) || !/^\d{1,9}$/.test(text))
        return undefined;
      counted = Number(text);
      if (at >= 0) figures[at] = undefined;
    }
    if (counted === undefined) return undefined;
    if (this.sums.isCount(counted, found.of === 'cards')) return 'agrees';
    const why = `the foot row "${label}" counts ${counted}, and there are ${this.sums.rows} rows above it`;
    this.footMistakes.push({ line: row.line, column: null, value: label, why, reason: 'foot_differs' });
    return 'differs';
  }

  private reportFoot(row: TableRow, label: string, figures: readonly (number | undefined)[]): void {
    this.figures.forEach(([field, { show }], at) => {
      const [figure, total = 0] = [figures[at], this.sums.total[at]];
      if (figure === undefined || Number.isNaN(total) || figure === total) return;
      const why = `the foot row "${label}" has ${show(figure)}, and the rows above it give ${show(total)}`;
      const mistake = { line: row.line, column: this.titleOf(field), value: this.cell(row, field), why };
      this.footMistakes.push({ ...mistake, reason: 'foot_differs' });
    });
  }

  private leaveOut(line: number, text: string, sort: keyof TableReader<F>['counts']): RowSort {
    this.counts[sort] += 1;
    if (this.shown.length < shownRows) this.shown.push({ line, text: text.slice(0, 100) });
    return 'other';
  }
}

/** Words rather than a value that was typed badly: it may have the number of a shop or a year in it, no more. */
function isTitleText(key: string): boolean {
  const digits = key.replace(/\D/g, '').length;
  if (/^(?:=|(?:true|false|истина|ложь)$)/i.test(key)) return false;
  return digits === 0 || (digits < 5 && /\p{L}/u.test(key));
}
