// The rows of a sheet of a workbook as texts: numbers as they are shown as far as they are card numbers, dates as dates.
import { addDays, type LocalDate } from '../ledger/local-date-time.ts';
import { cleanCell, mayNeedCleaning } from './clean-cell.ts';
import type { CellTrouble, TableRow } from './table-row.ts';
import type { XmlWatch } from './xlsx-package.ts';
import { decodeEscapes, type StringTable } from './xlsx-strings.ts';
import type { CellStyle } from './xlsx-styles.ts';

export interface SheetContext {
  readonly strings: StringTable;
  readonly styles: readonly CellStyle[];
  readonly isFrom1904: boolean;
}

export class SheetReader implements XmlWatch {
  /** Hidden rows that have something in them. */
  hiddenRows = 0;
  private readonly context: SheetContext;
  private readonly dayZero: LocalDate;
  private rows: TableRow[] = [];
  private line = 0;
  private isHidden = false;
  private cells: string[] = [];
  private troubles: CellTrouble[] = [];
  private column = -1;
  private type = 'n';
  private style: CellStyle | undefined;
  private value = '';
  private hasFormula = false;
  private hasValue = false;
  private isInValue = false;
  private phonetic = 0;

  constructor(context: SheetContext) {
    this.context = context;
    this.dayZero = (context.isFrom1904 ? '1904-01-01' : '1899-12-30') as LocalDate;
  }

  takeRows(): readonly TableRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  onOpen(name: string, attributes: Readonly<Record<string, string>>): void {
    switch (name) {
      case 'row':
        this.openRow(attributes);
        return;
      case 'c':
        this.openCell(attributes);
        return;
      case 'f':
        this.hasFormula = true;
        return;
      case 'rPh':
        this.phonetic += 1;
        return;
      case 'v':
      case 't':
        this.hasValue = true;
        this.isInValue = this.phonetic === 0;
        return;
    }
  }

  onText(text: string): void {
    if (!this.isInValue) return;
    this.value += text;
    if (this.value.length > longestValue)
      throw new Error(`a cell in row ${this.line} has more than ${longestValue} characters`);
  }

  onClose(name: string): void {
    if (name === 'v' || name === 't') this.isInValue = false;
    else if (name === 'rPh') this.phonetic -= 1;
    else if (name === 'c') this.keepCell();
    else if (name === 'row') this.keepRow();
  }

  private openRow({ r, hidden }: Readonly<Record<string, string>>): void {
    const given = Number(r ?? this.line + 1);
    // Two rows of one number would be two cards of one line.
    this.line = given > this.line && given <= lastRow ? given : this.line + 1;
    this.isHidden = isTrue(hidden);
    this.cells = [];
    this.troubles = [];
    this.column = -1;
  }

  private openCell({ r, t, s }: Readonly<Record<string, string>>): void {
    this.column = r === undefined ? this.column + 1 : readColumn(r);
    this.type = t ?? 'n';
    this.style = s === undefined ? undefined : this.context.styles[Number(s)];
    this.value = '';
    this.hasFormula = false;
    this.hasValue = false;
    this.phonetic = 0;
  }

  private keepRow(): void {
    const hasValue = this.cells.some((cell) => cell.trim() !== '');
    if (!hasValue && this.troubles.length === 0) return;
    if (this.isHidden) this.hiddenRows += 1;
    const { line, cells, troubles } = this;
    this.rows.push(troubles.length === 0 ? { line, cells } : { line, cells, troubles });
  }

  private keepCell(): void {
    if (this.column < 0 || this.column > lastColumn) return;
    const why = this.findTrouble();
    if (this.value === '' && why === undefined) return;
    while (this.cells.length < this.column) this.cells.push('');
    this.cells[this.column] = this.value === '' ? '' : this.readValue();
    if (why !== undefined) this.troubles.push({ place: this.column, why });
  }

  private findTrouble(): string | undefined {
    if (this.type === 'e') return 'the cell has an error in the place of a value';
    // A formula may give an empty text; a number it always has.
    const isEmpty = this.value === '' && !(this.type === 'str' && this.hasValue);
    if (!this.hasFormula || !isEmpty) return undefined;
    return 'the cell has a formula without its value: open the workbook in a spreadsheet program and save it';
  }

  private readValue(): string {
    switch (this.type) {
      case 's':
        return cleanText(this.context.strings.get(Number(this.value)));
      case 'n':
        return this.readNumber();
      case 'b':
        return isTrue(this.value) ? 'TRUE' : 'FALSE';
      case 'd':
        return this.value.replace(/T00:00(?::00(?:\.0+)?)?$/, '');
      case 'str':
      case 'inlineStr':
        return cleanText(decodeEscapes(this.value));
      default:
        return this.value;
    }
  }

  private readNumber(): string {
    if (this.style?.isDate === true) return this.readDate();
    const text = formatNumber(this.value);
    const digits = this.style?.digits ?? 0;
    return digits > text.length && /^\d+$/.test(text) ? text.padStart(digits, '0') : text;
  }

  /** Days, and the time of the day as a part of one. */
  private readDate(): string {
    const seconds = Math.round(Number(this.value) * secondsOfDay);
    const days = Math.floor(seconds / secondsOfDay);
    if (!(days >= 1 && days <= lastSerial)) return this.value;
    const date = addDays(this.dayZero, days);
    const time = seconds - days * secondsOfDay;
    if (time === 0) return date;
    const parts = [Math.floor(time / 3_600), Math.floor(time / 60) % 60, time % 60];
    return `${date}T${parts.map((part) => String(part).padStart(2, '0')).join(':')}`;
  }
}

const secondsOfDay = 86_400;
/** 9999-12-31. */
const lastSerial = 2_958_465;
const lastColumn = 16_383;
/** No program writes more rows; line numbers stay whole numbers. */
const lastRow = 1_048_576;
/** A spreadsheet keeps 32,767 characters in a cell. */
const longestValue = 1_000_000;

function cleanText(text: string): string {
  return mayNeedCleaning(text) ? cleanCell(text) : text;
}

function isTrue(text: string | undefined): boolean {
  return text === '1' || text === 'true';
}

/** "AB12" is the 28th column, place 27. */
function readColumn(reference: string): number {
  let column = 0;
  for (const letter of reference.toUpperCase()) {
    if (letter < 'A' || letter > 'Z') break;
    column = column * 26 + letter.charCodeAt(0) - 64;
  }
  return column - 1;
}

/** A spreadsheet keeps fifteen digits: what comes after them is dust of binary fractions, and a longer number is damaged. */
function formatNumber(text: string): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (Math.abs(value) >= 1e15) return value.toExponential().toUpperCase();
  const shown = String(Number(value.toPrecision(15)));
  return shown.includes('e') ? text : shown;
}
