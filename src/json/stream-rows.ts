// A long list as a file of rows, sent while it is read.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { writeRows, type RowFormat } from '../tables/write-rows.ts';
import type { OpenRows } from './endpoint.ts';

export const rowTypes: Readonly<Record<RowFormat, string>> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/**
 * @param name of the file that a browser keeps.
 * @param note is given the bytes of each piece. A client that goes away ends the reading.
 */
export async function streamRows(
  response: Response,
  format: RowFormat,
  name: string,
  { columns, pieces }: OpenRows,
  note: (bytes: number) => void,
): Promise<void> {
  async function* write(): AsyncGenerator<string | Uint8Array> {
    for await (const piece of writeRows(format, columns, pieces)) {
      note(Buffer.byteLength(piece));
      yield piece;
    }
  }
  response.setHeader('Content-Type', format === 'xlsx' ? rowTypes.xlsx : `${rowTypes[format]}; charset=utf-8`);
  if (format !== 'ndjson') response.setHeader('Content-Disposition', `attachment; filename="${name}.${format}"`);
  await pipeline(Readable.from(write()), response);
}
