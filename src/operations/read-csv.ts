// A table from a text file as spreadsheets and 1C write it: RFC 4180 with the encodings, delimiters and line ends that
// such files really come in. Nothing is guessed in silence: what was taken is told with the table.

export const csvEncodings = ['utf-8', 'windows-1251', 'utf-16le', 'utf-16be'] as const;
export type CsvEncoding = (typeof csvEncodings)[number];

export interface CsvRow {
  /** The line of the file the row begins on, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvTable {
  readonly encoding: CsvEncoding;
  readonly delimiter: string;
  readonly header: CsvRow;
  readonly rows: readonly CsvRow[];
}

/** What is wrong in a file, and where. */
export interface CsvMistake {
  readonly line: number;
  /** The column's name as the file has it; null where the line as a whole is at fault. */
  readonly column: string | null;
  readonly value: string | null;
  readonly why: string;
}

export type ReadCsv =
  { readonly ok: true; readonly table: CsvTable } | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

/** @param forced the encoding to take, whatever the bytes look like. */
export function readCsv(bytes: Uint8Array, forced?: CsvEncoding): ReadCsv {
  const decoded = decode(bytes, forced);
  if (decoded === undefined) {
    const why = `the text is damaged or not ${forced ?? detectEncoding(bytes)}: save it anew, or name its encoding`;
    return { ok: false, mistakes: [{ line: 1, column: null, value: null, why }] };
  }
  const { text, encoding } = decoded;
  // Excel tells the delimiter to itself so.
  const told = /^sep=(.)(\r\n|\n|\r)/i.exec(text);
  const delimiter = told?.[1] ?? detectDelimiter(text);
  const mistakes: CsvMistake[] = [];
  const rows = readRows(text, told?.[0].length ?? 0, told === null ? 1 : 2, delimiter, mistakes);
  const [header, ...rest] = rows;
  if (mistakes.length > 0) return { ok: false, mistakes };
  if (header === undefined) {
    return { ok: false, mistakes: [{ line: 1, column: null, value: null, why: 'the file is empty' }] };
  }
  return { ok: true, table: { encoding, delimiter, header, rows: rest } };
}

function decode(
  bytes: Uint8Array,
  forced: CsvEncoding | undefined,
): { readonly text: string; readonly encoding: CsvEncoding } | undefined {
  const encoding = forced ?? detectEncoding(bytes);
  try {
    // The decoder takes a byte order mark away.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\u0000') ? undefined : { text, encoding };
  } catch {
    return undefined;
  }
}

function detectEncoding(bytes: Uint8Array): CsvEncoding {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  // Cyrillic of windows-1251 is next to never valid UTF-8, so a text that is has said what it is. A damaged UTF-8 file
  // would pass for windows-1251, for every byte has a sign there, and its names would be kept as nonsense.
  const asUtf8 = new TextDecoder('utf-8').decode(bytes);
  const lost = asUtf8.match(/\uFFFD/g)?.length ?? 0;
  const foreign = asUtf8.match(/[^\p{ASCII}\uFFFD]/gu)?.length ?? 0;
  return lost === 0 || foreign > lost ? 'utf-8' : 'windows-1251';
}

/** The delimiter seen most often in the header, outside quotes; a file of one column has none. */
function detectDelimiter(text: string): string {
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

function readRows(text: string, from: number, firstLine: number, delimiter: string, mistakes: CsvMistake[]): CsvRow[] {
  const rows: CsvRow[] = [];
  const lineEnd = /\r\n|\n|\r/g;
  for (let at = from, line = firstLine; at < text.length;) {
    lineEnd.lastIndex = at;
    const match = lineEnd.exec(text);
    const end = match?.index ?? text.length;
    const plain = text.slice(at, end);
    // Most rows have no quotes, and splitting them is several times faster than reading them sign by sign.
    if (!plain.includes('"')) {
      const cells = plain.split(delimiter);
      if (cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells });
      at = end + (match?.[0].length ?? 0);
      line += 1;
      continue;
    }
    const quoted = readQuotedRow(text, at, delimiter);
    if (quoted.why !== undefined) {
      mistakes.push({ line, column: null, value: plain.slice(0, 200), why: quoted.why });
      return rows;
    }
    if (quoted.cells.some((cell) => cell.trim() !== '')) rows.push({ line, cells: quoted.cells });
    at = quoted.end;
    line += quoted.lines;
  }
  return rows;
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
        const why = 'there is text behind a closing quote: a quote inside a quoted value is doubled';
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
