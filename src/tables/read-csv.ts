// The rows of a text table, as spreadsheets and 1C write it: RFC 4180 with the delimiters that such files really have. The
// table may be too large to be held: pieces of text in, rows by the piece out. A line that is not a row is given in its
// place with what is wrong, and reading goes on at the next line.
import { cleanCell, mayNeedCleaning } from './clean-cell.ts';
import type { TableRow } from './table-row.ts';

/**
 * The longest row, in characters: a quote never closed, or a file without line ends, would take all the memory that
 * the file takes, and be gone through again with each piece.
 */
const longestRow = 1_000_000;

export interface DelimiterWatch {
  /** @param beginning of the text. */
  readonly findDelimiter: (beginning: string) => string;
  /** The one that is taken: found, or named by the file itself. */
  readonly onDelimiter?: (delimiter: string) => void;
}

/**
 * @returns the rows that each piece of text completes, without empty lines.
 */
export async function* readCsv(
  texts: AsyncIterable<string>,
  watch: DelimiterWatch,
): AsyncGenerator<readonly TableRow[]> {
  let reader: RowReader | undefined;
  let beginning = '';
  for await (const text of texts) {
    if (reader === undefined) {
      beginning += text;
      if (beginning.length < beginningLength) continue;
      reader = openReader(beginning, watch);
      yield reader.read('', false);
    } else yield reader.read(text, false);
  }
  reader ??= openReader(beginning, watch);
  yield reader.read('', true);
}

const beginningLength = 20_000;

function openReader(beginning: string, { findDelimiter, onDelimiter }: DelimiterWatch): RowReader {
  // A note of Excel to itself.
  const note = /^sep=(.)(\r\n|\n|\r)/i.exec(beginning);
  const delimiter = note?.[1] ?? findDelimiter(beginning);
  onDelimiter?.(delimiter);
  return note === null
    ? new RowReader(delimiter, beginning, 1)
    : new RowReader(delimiter, beginning.slice(note[0].length), 2);
}

class RowReader {
  private readonly delimiter: string;
  private rest: string;
  private line: number;
  /** On the way to the end of a line that is too long. */
  private isSkipping = false;

  constructor(delimiter: string, text: string, line: number) {
    this.delimiter = delimiter;
    this.rest = text;
    this.line = line;
  }

  /** Takes a further piece; the rows that are whole now. */
  read(piece: string, isLast: boolean): TableRow[] {
    const whole = this.rest + piece;
    const text = isLast ? dropEndMark(whole) : whole;
    const rows: TableRow[] = [];
    const lineEnd = /\r\n|\n|\r/g;
    let at = 0;
    while (at < text.length) {
      lineEnd.lastIndex = at;
      const match = lineEnd.exec(text);
      const plainEnd = match?.index ?? text.length;
      const nextLine = plainEnd + (match?.[0].length ?? 0);
      const isTooLong = this.isSkipping || plainEnd - at >= longestRow;
      if (isTooLong && !this.isSkipping) rows.push(this.refuseLongLine(text.slice(at, at + 200)));
      this.isSkipping = isTooLong;
      // The end may go on in the next piece, were it only by the second sign of "\r\n".
      if (!isLast && nextLine >= text.length) {
        if (isTooLong) at = plainEnd;
        break;
      }
      if (isTooLong) {
        this.isSkipping = false;
        this.line += 1;
        at = nextLine;
        continue;
      }
      const plain = text.slice(at, plainEnd);
      if (plain.includes('"')) {
        const row = readQuotedRow(text, at, this.delimiter);
        if (!isLast && isUnfinished(row, text) && text.length - at < longestRow) break;
        at = this.take(rows, row, plain, nextLine);
        continue;
      }
      const cells = plain.split(this.delimiter);
      if (cells.some((cell) => cell.trim() !== '')) rows.push({ line: this.line, cells });
      this.line += 1;
      at = nextLine;
    }
    this.rest = text.slice(at);
    return mayNeedCleaning(text) ? rows.map(cleanRow) : rows;
  }

  private refuseLongLine(start: string): TableRow {
    const why = `the line has ${longestRow} characters or more: the file is not a table, or its line ends are lost`;
    return { line: this.line, cells: [start], why };
  }

  private take(rows: TableRow[], row: QuotedRow, plain: string, nextLine: number): number {
    if (row.why !== undefined) {
      rows.push({ line: this.line, cells: [plain.slice(0, 200)], why: row.why });
      this.line += 1;
      return nextLine;
    }
    if (row.cells.some((cell) => cell.trim() !== '')) rows.push({ line: this.line, cells: row.cells });
    this.line += row.lines;
    return row.end;
  }
}

function cleanRow(row: TableRow): TableRow {
  return row.why === undefined ? { line: row.line, cells: row.cells.map(cleanCell) } : row;
}

/** Programs of DOS close a text with Ctrl-Z. */
function dropEndMark(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\u001A' || /\s/.test(text.charAt(end - 1)))) end -= 1;
  return text.includes('\u001A', end) ? text.slice(0, end) : text;
}

function isUnfinished({ why, end }: QuotedRow, text: string): boolean {
  return why === undefined ? end >= text.length : why.includes('never closed');
}

interface QuotedRow {
  readonly cells: string[];
  /** Where the next row begins, and how many lines of the file this one takes. */
  readonly end: number;
  readonly lines: number;
  readonly why?: string;
}

function readQuotedRow(text: string, from: number, delimiter: string): QuotedRow {
  const cells: string[] = [];
  let lines = 1;
  for (let at = from; ; at += 1) {
    const start = skipSpaces(text, at);
    if (text[start] === '"') {
      const close = findClosingQuote(text, start + 1);
      if (close < 0) return { cells, end: at, lines, why: 'a quote is opened and never closed' };
      const inside = text.slice(start + 1, close);
      lines += inside.match(/\r\n|\n|\r/g)?.length ?? 0;
      cells.push(inside.replaceAll('""', '"'));
      at = skipSpaces(text, close + 1);
      if (!isCellEnd(text[at], delimiter)) {
        const why = 'there is text after a closing quote: a quote inside a quoted value is doubled';
        return { cells, end: at, lines, why };
      }
    } else {
      // A quote inside a value that does not begin with one is part of it: ООО "Ромашка", as 1C exports it.
      const begin = at;
      while (!isCellEnd(text[at], delimiter)) at += 1;
      cells.push(text.slice(begin, at));
    }
    if (text[at] === delimiter) continue;
    const isTwoSigns = text[at] === '\r' && text[at + 1] === '\n';
    return { cells, end: at + (isTwoSigns ? 2 : 1), lines };
  }
}

function isCellEnd(sign: string | undefined, delimiter: string): boolean {
  return sign === undefined || sign === delimiter || sign === '\r' || sign === '\n';
}

function skipSpaces(text: string, at: number): number {
  let next = at;
  while (text[next] === ' ') next += 1;
  return next;
}

function findClosingQuote(text: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = text.indexOf('"', at);
    if (at < 0 || text[at + 1] !== '"') return at;
  }
}
