// A long list as it is read: a line of JSON a row, or CSV. Memory holds one piece of it, and a slow reader slows the reading.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import type { Response } from 'express';

export const rowTypes = { ndjson: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const;
export type RowFormat = keyof typeof rowTypes;

/**
 * @param columns of the CSV, in this order; RFC 4180 with a header row.
 * @param note is given the bytes of each piece. A client that goes away ends the reading.
 */
export async function streamRows(
  response: Response,
  format: RowFormat,
  columns: readonly string[],
  pieces: AsyncIterable<readonly object[]>,
  note: (bytes: number) => void,
): Promise<void> {
  async function* write(): AsyncGenerator<string> {
    const texts = format === 'csv' ? writeCsv(columns, pieces) : writeLines(pieces);
    for await (const text of texts) {
      if (text === '') continue;
      note(Buffer.byteLength(text));
      yield text;
    }
  }
  response.setHeader('Content-Type', rowTypes[format]);
  await pipeline(Readable.from(write()), response);
}

async function* writeLines(pieces: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  for await (const rows of pieces) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

// By itself the library quotes the delimiter of records only, which is two characters.
const lineBreak = /[\r\n]/;

async function* writeCsv(columns: readonly string[], pieces: AsyncIterable<readonly object[]>): AsyncGenerator<string> {
  const options = { columns: [...columns], record_delimiter: 'windows', quoted_match: lineBreak } as const;
  yield stringify([], { ...options, header: true });
  for await (const rows of pieces) yield stringify([...rows], options);
}
