// The rows of a text table that may be too large to be held: pieces of text in, rows by the piece out. A row that is none
// is told in its place, and reading goes on at the next line.
import { readQuotedRow, type CsvRow } from './read-csv.ts';

export interface StreamedRow extends CsvRow {
  /** Set where the text of the row is no row. */
  readonly why?: string;
}

/**
 * No row is looked for further, in signs: a quote never closed, or a file without line ends, would take all the memory that
 * the file takes, and be gone through anew with each piece.
 */
const longestRow = 1_000_000;

/**
 * @param findDelimiter is given the beginning of the text.
 * @returns the rows that each piece of text completes; empty lines are none.
 */
export async function* readCsvStream(
  texts: AsyncIterable<string>,
  findDelimiter: (beginning: string) => string,
): AsyncGenerator<readonly StreamedRow[]> {
  let reader: RowReader | undefined;
  let beginning = '';
  for await (const text of texts) {
    if (reader === undefined) {
      beginning += text;
      if (beginning.length < beginningLength) continue;
      reader = openReader(beginning, findDelimiter);
      yield reader.read('', false);
    } else yield reader.read(text, false);
  }
  reader ??= openReader(beginning, findDelimiter);
  yield reader.read('', true);
}

const beginningLength = 20_000;

function openReader(beginning: string, findDelimiter: (beginning: string) => string): RowReader {
  // Excel tells the delimiter to itself so.
  const told = /^sep=(.)(\r\n|\n|\r)/i.exec(beginning);
  if (told === null) return new RowReader(findDelimiter(beginning), beginning, 1);
  return new RowReader(told[1] ?? ';', beginning.slice(told[0].length), 2);
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
  read(piece: string, isLast: boolean): StreamedRow[] {
    const text = this.rest + piece;
    const rows: StreamedRow[] = [];
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
    return rows;
  }

  private refuseLongLine(start: string): StreamedRow {
    const why = `the line has ${longestRow} signs or more: the file is none of a table, or its line ends are lost`;
    return { line: this.line, cells: [start], why };
  }

  private take(rows: StreamedRow[], row: ReturnType<typeof readQuotedRow>, plain: string, nextLine: number): number {
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

function isUnfinished({ why, end }: ReturnType<typeof readQuotedRow>, text: string): boolean {
  return why === undefined ? end >= text.length : why.includes('never closed');
}
