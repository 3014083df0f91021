// A table from a text file as spreadsheets and 1C write it: RFC 4180 with the encodings, delimiters and line ends that
// such files really come in. Nothing is guessed in silence: what was taken is told with the table.
import type { Remedy } from './refusal.ts';

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
  /** Read off the text anew each time they are gone through: a row kept costs 600 bytes, its text 200. */
  readonly rows: Iterable<CsvRow>;
  readonly rowCount: number;
}

/** What is wrong in a file, and where. */
export interface CsvMistake {
  readonly line: number;
  /** The column's name as the file has it; null where the line as a whole is at fault. */
  readonly column: string | null;
  readonly value: string | null;
  readonly why: string;
  readonly remedy?: Remedy;
}

export type ReadCsv =
  { readonly ok: true; readonly table: CsvTable } | { readonly ok: false; readonly mistakes: readonly CsvMistake[] };

/** @param forced the encoding to take, whatever the bytes look like. */
export function readCsv(bytes: Uint8Array, forced?: CsvEncoding): ReadCsv {
  const decoded = decode(bytes, forced);
  if (decoded === undefined) {
    const why = `the text is damaged or not ${forced ?? 'in a known encoding'}: save it anew, or name its encoding`;
    return refuse({ line: 1, column: null, value: null, why });
  }
  const { text, encoding } = decoded;
  // Excel tells the delimiter to itself so.
  const told = /^sep=(.)(\r\n|\n|\r)/i.exec(text);
  const delimiter = told?.[1] ?? detectDelimiter(text);
  const readAll = (): Generator<CsvRow> =>
    readRows(text, delimiter, told === null ? { at: 0, line: 1 } : { at: told[0].length, line: 2 });
  try {
    let header: CsvRow | undefined;
    let rowCount = -1;
    for (const row of readAll()) {
      header ??= row;
      rowCount += 1;
    }
    if (header === undefined) return refuse({ line: 1, column: null, value: null, why: 'the file is empty' });
    return {
      ok: true,
      table: { encoding, delimiter, header, rows: { [Symbol.iterator]: () => skipOne(readAll()) }, rowCount },
    };
  } catch (reason) {
    if (!(reason instanceof BrokenRow)) throw reason;
    return refuse(reason.mistake);
  }
}

/** Thrown where the text is no table from there on. */
class BrokenRow extends Error {
  readonly mistake: CsvMistake;
  constructor(mistake: CsvMistake) {
    super(mistake.why);
    this.mistake = mistake;
  }
}

function refuse(mistake: CsvMistake): ReadCsv {
  return { ok: false, mistakes: [mistake] };
}

function skipOne<T>(items: Iterator<T>): Iterator<T> {
  items.next();
  return items;
}

interface Decoded {
  readonly text: string;
  readonly encoding: CsvEncoding;
}

function decode(bytes: Uint8Array, forced: CsvEncoding | undefined): Decoded | undefined {
  if (forced !== undefined) return decodeAs(bytes, forced);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeAs(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeAs(bytes, 'utf-16be');
  // Cyrillic of windows-1251 is next to never valid UTF-8, so a text that is has said what it is.
  return decodeAs(bytes, 'utf-8') ?? (isDamagedUtf8(bytes) ? undefined : decodeAs(bytes, 'windows-1251'));
}

function decodeAs(bytes: Uint8Array, encoding: CsvEncoding): Decoded | undefined {
  try {
    // The decoder takes a byte order mark away.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    return text.includes('\u0000') ? undefined : { text, encoding };
  } catch {
    return undefined;
  }
}

/** A damaged UTF-8 file would pass for windows-1251, where every byte has a sign, and its names be kept as nonsense. */
export function isDamagedUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes.subarray(0, 1_000_000));
  let lost = 0;
  let foreign = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) lost += 1;
    else if (code > 0x7f) foreign += 1;
  }
  return foreign > lost;
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

function* readRows(
  text: string,
  delimiter: string,
  start: { readonly at: number; readonly line: number },
): Generator<CsvRow> {
  const lineEnd = /\r\n|\n|\r/g;
  for (let { at, line } = start; at < text.length;) {
    lineEnd.lastIndex = at;
    const match = lineEnd.exec(text);
    const plain = text.slice(at, match?.index);
    // Most rows have no quotes, and splitting them is several times faster than reading them sign by sign.
    const row = plain.includes('"')
      ? readQuotedRow(text, at, delimiter)
      : { cells: plain.split(delimiter), end: at + plain.length + (match?.[0].length ?? 0), lines: 1 };
    if (row.why !== undefined) throw new BrokenRow({ line, column: null, value: plain.slice(0, 200), why: row.why });
    if (row.cells.some((cell) => cell.trim() !== '')) yield { line, cells: row.cells };
    at = row.end;
    line += row.lines;
  }
}

interface QuotedRow {
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
