// A long list as it is read: a line of JSON a row, CSV or XLSX. Memory holds one piece of it, and a slow reader slows the
// reading.
import { stringify } from 'csv-stringify/sync';
import { readCellOf, type Cell, type RowColumn } from './row-column.ts';

export const rowFormats = ['ndjson', 'csv', 'xlsx'] as const;
export type RowFormat = (typeof rowFormats)[number];

export type Pieces = AsyncIterable<readonly object[]>;

/** @param columns of CSV and XLSX, in this order, with a header row; a line of NDJSON has the row as it is. */
export function writeRows(
  format: RowFormat,
  columns: readonly RowColumn[],
  pieces: Pieces,
): AsyncIterable<string | Uint8Array> {
  switch (format) {
    case 'ndjson':
      return writeLines(pieces);
    case 'csv':
      return writeCsv(columns, pieces);
    case 'xlsx':
      return writeXlsx(columns, pieces);
  }
}

async function* writeLines(pieces: Pieces): AsyncGenerator<string> {
  for await (const rows of pieces) {
    if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  }
}

// By itself the library quotes the delimiter of records only, which is two characters.
const lineBreak = /[\r\n]/;

/** RFC 4180. */
async function* writeCsv(columns: readonly RowColumn[], pieces: Pieces): AsyncGenerator<string> {
  const options = { record_delimiter: 'windows', quoted_match: lineBreak } as const;
  yield stringify([columns.map(({ name }) => name)], options);
  for await (const rows of pieces) {
    if (rows.length > 0)
      yield stringify(
        rows.map((row) => columns.map((column) => readCellOf(row, column))),
        options,
      );
  }
}

async function* writeXlsx(columns: readonly RowColumn[], pieces: Pieces): AsyncGenerator<Uint8Array> {
  // Loaded when it is needed: at every start it would take 40 ms and 12 MB.
  const { writeXlsxStream } = await import('hucre/xlsx');
  const stream = writeXlsxStream(listCells(columns, pieces), {
    name: 'Отчет',
    columns: columns.map(({ title, sort }) => ({ header: title, ...(sort === 'sum' ? { numFmt: '0.00' } : {}) })),
    freezePane: { rows: 1 },
  });
  const reader = stream.getReader();
  let isRead = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    isRead = true;
  } finally {
    // A reader that goes away ends the reading of rows.
    if (!isRead) await reader.cancel();
  }
}

async function* listCells(columns: readonly RowColumn[], pieces: Pieces): AsyncGenerator<Cell[]> {
  for await (const rows of pieces) {
    for (const row of rows) yield columns.map((column) => toXlsxCell(column, readCellOf(row, column)));
  }
}

/**
 * A figure as a number, if the number is written with the very digits of the text: then no arithmetic has touched it. A
 * longer one stays a text, for a spreadsheet keeps no more than 15 digits.
 */
function toXlsxCell({ sort }: RowColumn, cell: Cell): Cell {
  if (sort === 'text' || typeof cell !== 'string') return cell;
  const digits = cell.replace(/[-.]/g, '').replace(/^0+/, '').length;
  return /^-?\d+(\.\d+)?$/.test(cell) && digits <= 15 ? Number(cell) : cell;
}
