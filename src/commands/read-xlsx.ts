// The first sheet of an XLSX workbook as rows of text, streamed: 1C and spreadsheets write numbers, dates as days that
// format makes dates, and texts kept once for the whole workbook.
import type { Readable } from 'node:stream';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { addDays, type LocalDate } from '../ledger/local-date-time.ts';
import type { StreamedRow } from '../operations/read-csv-stream.ts';
import { CommandFailed } from './command-io.ts';

/** @throws CommandFailed where the file is no workbook. */
export async function* readXlsx(file: string): AsyncGenerator<readonly StreamedRow[]> {
  let zip: ZipFile | undefined;
  try {
    zip = await openPromise(file, { autoClose: false });
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName.toLowerCase().replace(/^\//, ''), entry);
    const workbook = new Workbook(zip, entries);
    yield* workbook.readFirstSheet();
  } catch (reason) {
    if (reason instanceof CommandFailed) throw reason;
    throw new CommandFailed(`${file} cannot be read as an XLSX workbook: ${(reason as Error).message}`, {
      cause: reason,
    });
  } finally {
    zip?.close();
  }
}

interface XmlWatch {
  readonly onOpen?: (name: string, attributes: Record<string, string>) => void;
  readonly onText?: (text: string) => void;
  readonly onClose?: (name: string) => void;
}

class Workbook {
  private readonly zip: ZipFile;
  private readonly entries: ReadonlyMap<string, Entry>;

  constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.zip = zip;
    this.entries = entries;
  }

  async *readFirstSheet(): AsyncGenerator<readonly StreamedRow[]> {
    const { relation, isFrom1904 } = await this.readWorkbook();
    const sheet = await this.findTarget(relation);
    const strings = await this.readStrings();
    const reader = new SheetReader(strings, await this.readDateStyles(), isFrom1904);
    for await (const isEnd of this.parse(sheet, reader)) {
      const rows = reader.takeRows();
      if (rows.length > 0 || isEnd) yield rows;
    }
  }

  private async readWorkbook(): Promise<{ relation: string; isFrom1904: boolean }> {
    let relation: string | undefined;
    let isFrom1904 = false;
    const onOpen: XmlWatch['onOpen'] = (name, attributes) => {
      if (name === 'sheet')
        relation ??= attributes['r:id'] ?? Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1];
      if (name === 'workbookPr') isFrom1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
    };
    await this.parseWhole('xl/workbook.xml', { onOpen });
    if (relation === undefined) throw new Error('it has no sheet');
    return { relation, isFrom1904 };
  }

  private async findTarget(relation: string): Promise<string> {
    let target: string | undefined;
    const onOpen: XmlWatch['onOpen'] = (name, { Id, Target }) => {
      if (name === 'Relationship' && Id === relation) target = Target;
    };
    await this.parseWhole('xl/_rels/workbook.xml.rels', { onOpen });
    if (target === undefined) throw new Error(`its sheet ${relation} is not there`);
    return target.startsWith('/') ? target.slice(1) : `xl/${target}`;
  }

  private async readStrings(): Promise<StringTable> {
    const strings = new StringTable();
    if (!this.entries.has('xl/sharedstrings.xml')) return strings;
    let [text, isText, phonetic] = ['', false, 0];
    await this.parseWhole('xl/sharedStrings.xml', {
      onOpen: (name) => {
        if (name === 'si') text = '';
        if (name === 'rPh') phonetic += 1;
        isText = name === 't' && phonetic === 0;
      },
      onText: (piece) => {
        if (isText) text += piece;
      },
      onClose: (name) => {
        if (name === 't') isText = false;
        if (name === 'rPh') phonetic -= 1;
        if (name === 'si') strings.add(text);
      },
    });
    return strings;
  }

  /** By the number of a cell's style: whether it shows a date. */
  private async readDateStyles(): Promise<readonly boolean[]> {
    const styles: boolean[] = [];
    if (!this.entries.has('xl/styles.xml')) return styles;
    const custom = new Map<number, string>();
    let isInCells = false;
    await this.parseWhole('xl/styles.xml', {
      onOpen: (name, attributes) => {
        if (name === 'numFmt') custom.set(Number(attributes.numFmtId), attributes.formatCode ?? '');
        if (name === 'cellXfs') isInCells = true;
        if (name === 'xf' && isInCells) styles.push(isDateFormat(Number(attributes.numFmtId ?? 0), custom));
      },
      onClose: (name) => {
        if (name === 'cellXfs') isInCells = false;
      },
    });
    return styles;
  }

  private async parseWhole(name: string, watch: XmlWatch): Promise<void> {
    for await (const isEnd of this.parse(name, watch)) if (isEnd) return;
  }

  /** Gives control back after every piece of text, with true after the last. */
  private async *parse(name: string, watch: XmlWatch): AsyncGenerator<boolean> {
    const entry = this.entries.get(name.toLowerCase());
    if (entry === undefined) throw new Error(`it has no ${name}`);
    const parser = new SaxesParser({ xmlns: false, position: false });
    let failed: Error | undefined;
    parser.on('error', (reason) => {
      failed ??= reason;
    });
    parser.on('opentag', (tag: SaxesTagPlain) => watch.onOpen?.(localName(tag.name), tag.attributes));
    parser.on('text', (text) => watch.onText?.(text));
    parser.on('cdata', (text) => watch.onText?.(text));
    parser.on('closetag', (tag) => watch.onClose?.(localName(tag.name)));
    const decoder = new TextDecoder('utf-8', { fatal: true });
    const stream: Readable = await this.zip.openReadStreamPromise(entry);
    for await (const bytes of stream) {
      parser.write(decoder.decode(bytes as Buffer, { stream: true }));
      if (failed !== undefined) throw failed;
      yield false;
    }
    parser.write(decoder.decode()).close();
    if (failed !== undefined) throw failed;
    yield true;
  }
}

/** Some writers give the main namespace a prefix. */
function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

/** The workbook's texts in few buffers: a million of them as strings would take a hundred megabytes. */
class StringTable {
  private bytes = Buffer.alloc(1 << 16);
  private ends = new Uint32Array(1 << 12);
  private count = 0;

  add(text: string): void {
    const start = this.endOf(this.count - 1);
    const size = Buffer.byteLength(text);
    if (start + size > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(this.bytes.length * 2, start + size));
      this.bytes.copy(grown);
      this.bytes = grown;
    }
    if (this.count === this.ends.length) {
      const grown = new Uint32Array(this.ends.length * 2);
      grown.set(this.ends);
      this.ends = grown;
    }
    this.bytes.write(text, start);
    this.ends[this.count] = start + size;
    this.count += 1;
  }

  /** @throws where the workbook has no such text. */
  get(place: number): string {
    if (!(place >= 0 && place < this.count)) throw new Error('a cell names a text that the workbook does not have');
    return this.bytes.toString('utf8', this.endOf(place - 1), this.endOf(place));
  }

  private endOf(place: number): number {
    return place < 0 ? 0 : (this.ends[place] ?? 0);
  }
}

class SheetReader implements XmlWatch {
  private readonly strings: StringTable;
  private readonly dateStyles: readonly boolean[];
  private readonly dayZero: LocalDate;
  private rows: StreamedRow[] = [];
  private line = 0;
  private cells: string[] = [];
  private column = 0;
  private type = 'n';
  private isDate = false;
  private value = '';
  private isValue = false;

  constructor(strings: StringTable, dateStyles: readonly boolean[], isFrom1904: boolean) {
    this.strings = strings;
    this.dateStyles = dateStyles;
    this.dayZero = (isFrom1904 ? '1904-01-01' : '1899-12-30') as LocalDate;
  }

  takeRows(): readonly StreamedRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  onOpen(name: string, attributes: Record<string, string>): void {
    switch (name) {
      case 'row':
        this.line = attributes.r === undefined ? this.line + 1 : Number(attributes.r);
        this.cells = [];
        this.column = -1;
        return;
      case 'c':
        this.column = attributes.r === undefined ? this.column + 1 : readColumn(attributes.r);
        this.type = attributes.t ?? 'n';
        this.isDate = this.dateStyles[Number(attributes.s ?? -1)] === true;
        this.value = '';
        return;
      case 'v':
      case 't':
        this.isValue = true;
        return;
    }
  }

  onText(text: string): void {
    if (this.isValue) this.value += text;
  }

  onClose(name: string): void {
    if (name === 'v' || name === 't') this.isValue = false;
    else if (name === 'c') this.keepCell();
    else if (name === 'row' && this.cells.some((cell) => cell.trim() !== '')) {
      this.rows.push({ line: this.line, cells: this.cells });
    }
  }

  private keepCell(): void {
    if (this.column < 0 || this.column > lastColumn || this.value === '') return;
    while (this.cells.length < this.column) this.cells.push('');
    this.cells[this.column] = this.readValue();
  }

  private readValue(): string {
    switch (this.type) {
      case 's':
        return this.strings.get(Number(this.value));
      case 'n':
        return this.isDate ? this.readDate() : readNumber(this.value);
      case 'd':
        return this.value.slice(0, 10);
      default:
        return this.value;
    }
  }

  private readDate(): string {
    const days = Math.floor(Number(this.value));
    return days >= 1 && days <= lastSerial ? addDays(this.dayZero, days) : this.value;
  }
}

/** 9999-12-31. */
const lastSerial = 2_958_465;
const lastColumn = 16_383;

/** "AB12" is the 28th column, place 27. */
function readColumn(reference: string): number {
  let column = 0;
  for (const letter of reference.toUpperCase()) {
    if (letter < 'A' || letter > 'Z') break;
    column = column * 26 + letter.charCodeAt(0) - 64;
  }
  return column - 1;
}

/** A spreadsheet keeps fifteen digits: what is behind them is dust of binary fractions, and a longer number is damaged. */
function readNumber(text: string): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (Math.abs(value) >= 1e15) return value.toExponential().toUpperCase();
  const told = String(Number(value.toPrecision(15)));
  return told.includes('e') ? text : told;
}

/** Numbers of the built-in formats that show a date, and letters of one in a format's own text. */
function isDateFormat(id: number, custom: ReadonlyMap<number, string>): boolean {
  const code = custom.get(id);
  if (code === undefined)
    return (id >= 14 && id <= 17) || id === 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
  return /[dyдг]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''));
}
