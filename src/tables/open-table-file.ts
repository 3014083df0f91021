// A table file, CSV or XLSX, as rows by the piece: whatever its size, a piece of it is held at a time. It is gone through
// once before, for its digest and the encoding that its bytes show.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { nameFileFormat } from './name-file-format.ts';
import { detectDelimiter } from './detect-delimiter.ts';
import { readCsv } from './read-csv.ts';
import type { TableRow } from './table-row.ts';
import { openXlsx, type SheetChoice } from './read-xlsx.ts';
import { DamagedText, decodeText, detectTextEncoding, type TextEncoding } from './text-encoding.ts';
import { UnreadableWorkbook, type TableSource } from './xlsx-package.ts';

export interface TableFile {
  /** Of its bytes, as hexadecimal digits. */
  readonly sha256: string;
  readonly format: 'csv' | 'xlsx';
  /** Null for XLSX. */
  readonly encoding: TextEncoding | null;
  /** Null for CSV. */
  readonly sheet: SheetChoice | null;
  /** To be gone through once. Throws UnreadableTable. */
  readonly rows: AsyncIterable<readonly TableRow[]>;
  /** What is known once the rows have been read. */
  readonly seen: TableSeen;
}

export interface TableSeen {
  /** Null for XLSX. */
  readonly delimiter: string | null;
  /** Hidden rows of a sheet that have something in them; they are read like the others. */
  readonly hiddenRows: number;
}

export interface TableFileOptions {
  /** Whatever the bytes look like. */
  readonly encoding?: TextEncoding | undefined;
  /** The name of the sheet; undefined = the first that a user sees. */
  readonly sheet?: string | undefined;
  /** Finds the line that the delimiter is taken from. */
  readonly isHeader: (cells: readonly string[]) => boolean;
}

/** The message does not name the file. */
export class UnreadableTable extends Error {}

/** @throws UnreadableTable, or what the file system says. */
export async function openTableFile(source: TableSource, options: TableFileOptions): Promise<TableFile> {
  const { sha256, start, isUtf8 } = await surveyFile(source);
  const foreign = nameFileFormat(start);
  if (foreign !== undefined) throw new UnreadableTable(`this is ${foreign}`);
  // "PK" and the kind of what follows: an archive, which every XLSX is.
  if (start.subarray(0, 2).toString('latin1') === 'PK' && (start[2] ?? 0x20) < 0x20) {
    const { sheet, rows, countHidden } = await asUnreadable(openXlsx(source, options.sheet));
    const seen: TableSeen = {
      delimiter: null,
      get hiddenRows() {
        return countHidden();
      },
    };
    return { sha256, format: 'xlsx', encoding: null, sheet, rows: guard(rows), seen };
  }
  if (options.sheet !== undefined) throw new UnreadableTable(`a text has no sheet "${options.sheet}"`);
  const encoding = options.encoding ?? detectTextEncoding(start, isUtf8);
  if (encoding === undefined) throw new UnreadableTable('the text is damaged: save it again, or name its encoding');
  const seen = { delimiter: null as string | null, hiddenRows: 0 };
  const rows = readCsv(decodeText(readPieces(source), encoding), {
    findDelimiter: (beginning) => detectDelimiter(findHeaderLine(beginning, options.isHeader)),
    onDelimiter: (delimiter) => (seen.delimiter = delimiter),
  });
  return { sha256, format: 'csv', encoding, sheet: null, rows: guard(rows), seen };
}

async function* guard(rows: AsyncIterable<readonly TableRow[]>): AsyncGenerator<readonly TableRow[]> {
  try {
    yield* rows;
  } catch (reason) {
    throw toUnreadable(reason);
  }
}

async function asUnreadable<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (reason) {
    throw toUnreadable(reason);
  }
}

function toUnreadable(reason: unknown): unknown {
  const isOfFile = reason instanceof UnreadableWorkbook || reason instanceof DamagedText;
  return isOfFile ? new UnreadableTable(reason.message, { cause: reason }) : reason;
}

const pieceBytes = 1 << 18;
const startBytes = 1_000_000;

async function* readPieces(source: TableSource): AsyncGenerator<Buffer> {
  if ('bytes' in source) yield source.bytes;
  else for await (const piece of createReadStream(source.path, { highWaterMark: pieceBytes })) yield piece as Buffer;
}

interface Survey {
  readonly sha256: string;
  /** The first bytes. */
  readonly start: Buffer;
  readonly isUtf8: boolean;
}

async function surveyFile(source: TableSource): Promise<Survey> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = Buffer.alloc(0);
  let isUtf8 = true;
  for await (const bytes of readPieces(source)) {
    hash.update(bytes);
    if (start.length < startBytes) start = Buffer.concat([start, bytes]).subarray(0, startBytes);
    isUtf8 &&= canDecode(decoder, bytes);
  }
  isUtf8 &&= canDecode(decoder);
  return { sha256: hash.digest('hex'), start, isUtf8 };
}

function canDecode(decoder: InstanceType<typeof TextDecoder>, bytes?: Buffer): boolean {
  try {
    decoder.decode(bytes, { stream: bytes !== undefined });
    return true;
  } catch {
    return false;
  }
}

/** The line of the header, below whatever title there is; else the first line. */
function findHeaderLine(beginning: string, isHeader: (cells: readonly string[]) => boolean): string {
  const lines = beginning.split(/\r\n|\n|\r/, 60);
  const header = lines.find((line) => isHeader(line.split(/[;,\t]/).map((cell) => cell.replaceAll('"', ''))));
  return header ?? beginning;
}
