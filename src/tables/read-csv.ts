// Rows of a text table as spreadsheets and 1C write it: RFC 4180 with the delimiters that such files really have.

export interface CsvRow {
  /** The line of the file the row begins on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Mistakes that a command knows a way out of. */
export type MistakeReason =
  | 'no_header'
  | 'unknown_column'
  | 'missing_column'
  | 'mapped_column'
  | 'foot_differs'
  | 'debt'
  | 'known_card'
  | 'unknown_card'
  | 'no_kind';

/** What is wrong in a file, and where. */
export interface CsvMistake {
  readonly line: number;
  /** The column's name as the file has it; null where the line as a whole is at fault. */
  readonly column: string | null;
  readonly value: string | null;
  readonly why: string;
  readonly reason?: MistakeReason;
}

/** The delimiter seen most often in the header, outside quotes; a file of one column has none. */
export function detectDelimiter(text: string): string {
  const header =
    text
      .slice(0, 100_000)
      .replace(/"[^"]*"/g, '')
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? '';
  let best = ';';
  for (const delimiter of [',', '\t']) {
    if (header.split(delimiter).length > header.split(best).length) best = delimiter;
  }
  return best;
}

export interface QuotedRow {
  readonly cells: string[];
  /** Where the next row begins, and how many lines of the file this one takes. */
  readonly end: number;
  readonly lines: number;
  readonly why?: string;
}

export function readQuotedRow(text: string, from: number, delimiter: string): QuotedRow {
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
