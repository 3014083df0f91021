// Tables for tests: bytes or rows of text as the reader of table files gives them.
import { readFileSync } from 'node:fs';
import { openTableFile, type TableFile, type TableFileOptions } from '../src/tables/open-table-file.ts';
import type { TableRow } from '../src/tables/table-row.ts';

export interface TestingTable extends Pick<TableFile, 'encoding' | 'sheet' | 'format' | 'seen'> {
  readonly read: readonly TableRow[];
}

const isFilled = (cells: readonly string[]): boolean => cells.some((cell) => cell.trim() !== '');

/** The first line that has something in it is the header. */
export async function readTestingTable(
  bytes: Buffer | string,
  options: Omit<TableFileOptions, 'isHeader'> = {},
): Promise<TestingTable> {
  const { rows, ...file } = await openTableFile({ bytes: Buffer.from(bytes) }, { ...options, isHeader: isFilled });
  const read: TableRow[] = [];
  for await (const piece of rows) read.push(...piece);
  return { ...file, read };
}

/** Pieces of rows, as an operation takes them. */
export async function* giveTable(bytes: Buffer | string): AsyncGenerator<readonly TableRow[]> {
  yield (await readTestingTable(bytes)).read;
}

export async function* giveRows(rows: readonly (readonly string[])[], from = 1): AsyncGenerator<readonly TableRow[]> {
  yield rows.map((cells, index) => ({ line: index + from, cells }));
}

export function giveFile(path: string): AsyncGenerator<readonly TableRow[]> {
  return giveTable(readFileSync(path));
}
