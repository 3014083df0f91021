// A file of opening balances, CSV or XLSX, as rows by the piece: whatever its size, a piece of it is held at a time. It is
// gone through once before, for its digest and the encoding that its bytes show.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { isDamagedUtf8, detectDelimiter, type CsvEncoding } from '../operations/read-csv.ts';
import { readCsvStream, type StreamedRow } from '../operations/read-csv-stream.ts';
import { CommandFailed } from './command-io.ts';
import { readXlsx } from './read-xlsx.ts';

export interface OpeningFile {
  readonly name: string;
  /** Of its bytes, as hexadecimal digits. */
  readonly sha256: string;
  readonly format: 'csv' | 'xlsx';
  /** Null for XLSX. */
  readonly encoding: CsvEncoding | null;
  readonly rows: AsyncIterable<readonly StreamedRow[]>;
}

/**
 * @param isHeaderCell tells the line that the delimiter is taken from.
 * @throws CommandFailed where the file cannot be read.
 */
export async function openOpeningFile(
  file: string,
  forced: CsvEncoding | undefined,
  isHeaderCell: (cell: string) => boolean,
): Promise<OpeningFile> {
  try {
    const { sha256, start, isUtf8 } = await surveyFile(file);
    const head = { name: basename(file), sha256 };
    // "PK": an archive, which every XLSX is.
    if (start.subarray(0, 4).equals(Buffer.from('PK\u0003\u0004', 'latin1'))) {
      return { ...head, format: 'xlsx', encoding: null, rows: readXlsx(file) };
    }
    const encoding = forced ?? detectEncoding(file, start, isUtf8);
    const findDelimiter = (beginning: string): string => detectDelimiter(findHeaderLine(beginning, isHeaderCell));
    return { ...head, format: 'csv', encoding, rows: readCsvStream(decodeFile(file, encoding), findDelimiter) };
  } catch (reason) {
    const { code, message } = reason as NodeJS.ErrnoException;
    if (code === undefined) throw reason;
    throw new CommandFailed(`cannot read ${file}: ${code === 'ENOENT' ? 'there is no such file' : message}`);
  }
}

const pieceBytes = 1 << 18;

interface Survey {
  readonly sha256: string;
  /** The first bytes. */
  readonly start: Buffer;
  readonly isUtf8: boolean;
}

async function surveyFile(file: string): Promise<Survey> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let start = Buffer.alloc(0);
  let isUtf8 = true;
  for await (const piece of createReadStream(file, { highWaterMark: pieceBytes })) {
    const bytes = piece as Buffer;
    hash.update(bytes);
    if (start.length < 1_000_000) start = Buffer.concat([start, bytes]);
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

function detectEncoding(file: string, start: Buffer, isUtf8: boolean): CsvEncoding {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (isUtf8) return 'utf-8';
  // A damaged UTF-8 file would pass for windows-1251, where every byte has a sign.
  if (isDamagedUtf8(start)) throw new CommandFailed(`${file}: the text is damaged: save it anew, or name its encoding`);
  return 'windows-1251';
}

async function* decodeFile(file: string, encoding: CsvEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (bytes?: Buffer): string => {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new CommandFailed(`${file}: the text is damaged or not ${encoding}: save it anew, or name its encoding`);
    }
    if (text.includes('\u0000'))
      throw new CommandFailed(`${file} is no text in ${encoding}: it has bytes of zero in it`);
    return text;
  };
  for await (const piece of createReadStream(file, { highWaterMark: pieceBytes })) yield decode(piece as Buffer);
  yield decode();
}

/** The line of the header, below whatever title there is; else the first line. */
function findHeaderLine(beginning: string, isHeaderCell: (cell: string) => boolean): string {
  const lines = beginning.split(/\r\n|\n|\r/, 60);
  const header = lines.find((line) => line.split(/[;,\t]/).some((cell) => isHeaderCell(cell.replaceAll('"', ''))));
  return header ?? beginning;
}
