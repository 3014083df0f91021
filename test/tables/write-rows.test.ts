// Rows as CSV, NDJSON and XLSX: exact figures, texts as they are, and a reading that ends with its reader.
import { buffer, text } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import type { RowColumn } from '../../src/tables/row-column.ts';
import { rowFormats, writeRows } from '../../src/tables/write-rows.ts';
import { readXlsxParts } from './read-xlsx-parts.ts';

const columns: readonly RowColumn[] = [
  { name: 'card', title: 'Карта', sort: 'text' },
  { name: 'bonus.in', title: 'Приход', sort: 'sum', path: ['bonus', 'in'] },
  { name: 'count', title: 'Чеков', sort: 'count' },
];

const rowOf = (card: string, sum: string | null, count: number | string | null): object => ({
  card,
  ...(sum === null ? {} : { bonus: { in: sum } }),
  count,
});

async function* inPieces(...pieces: readonly (readonly object[])[]): AsyncGenerator<readonly object[]> {
  yield* pieces;
}

async function listXlsxCells(rows: readonly object[]): Promise<string[][]> {
  const bytes = await buffer(Readable.from(writeRows('xlsx', columns, inPieces([], rows, []))));
  const sheet = (await readXlsxParts(bytes)).get('xl/worksheets/sheet1.xml') ?? '';
  return [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<(v|t)(?: [^>]*)?>([^<]*)<\/\1>/g)].map(([, form = '', value = '']) => `${form}:${value}`),
  );
}

test.each([
  ['1234.56', 'v:1234.56'],
  ['0.10', 'v:0.1'],
  ['-0.05', 'v:-0.05'],
  ['0.29', 'v:0.29'],
  ['1.00', 'v:1'],
  ['9999999999999.99', 'v:9999999999999.99'],
  ['-9999999999999.98', 'v:-9999999999999.98'],
  // A spreadsheet keeps 15 digits: a number would be another one.
  ['90071992547409.91', 't:90071992547409.91'],
  ['123456789012345678901.23', 't:123456789012345678901.23'],
])('XLSX: the sum %s is %s', async (sum, cell) => {
  expect((await listXlsxCells([rowOf('1', sum, 7)]))[1]).toEqual(['t:1', cell, 'v:7']);
});

test('XLSX: Russian headers, numbers of cards as texts, and nothing where there is nothing', async () => {
  expect(await listXlsxCells([rowOf('0029', null, null), rowOf('1 & 2', '5.00', '12')])).toEqual([
    ['t:Карта', 't:Приход', 't:Чеков'],
    ['t:0029'],
    ['t:1 &amp; 2', 'v:5', 'v:12'],
  ]);
});

test('CSV', async () => {
  const rows = [rowOf('a;b', '5.00', 1), rowOf('"a", b', null, null), rowOf('two\nlines', '0.10', 2)];
  expect(await text(Readable.from(writeRows('csv', columns, inPieces(rows.slice(0, 1), [], rows.slice(1)))))).toBe(
    'card,bonus.in,count\r\na;b,5.00,1\r\n"""a"", b",,\r\n"two\nlines",0.10,2\r\n',
  );
});

test('NDJSON has rows as they are', async () => {
  const rows = [rowOf('1', '5.00', 1), rowOf('2', null, null)];
  expect(await text(Readable.from(writeRows('ndjson', columns, inPieces(rows))))).toBe(
    `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`,
  );
});

test.each(rowFormats)('%s: a reader that goes away ends the reading', async (format) => {
  const end = { isReached: false };
  const endless = async function* (): AsyncGenerator<readonly object[]> {
    try {
      for (;;) yield Array.from({ length: 1_000 }, (_, index) => rowOf(String(index), '1.00', index));
    } finally {
      end.isReached = true;
    }
  };
  const reading = writeRows(format, columns, endless())[Symbol.asyncIterator]();
  // The header, and rows.
  await reading.next();
  await reading.next();
  await reading.return?.();
  // XLSX is packed in a stream of its own, which has to hear of it.
  for (let turn = 0; turn < 1_000 && !end.isReached; turn += 1) await new Promise(setImmediate);
  expect(end.isReached).toBe(true);
});

async function* readBroken(): AsyncGenerator<readonly object[]> {
  yield [rowOf('1', '1.00', 1)];
  throw new Error('the disk is gone');
}

test.each(rowFormats)('%s: rows that cannot be read are a failure, not the end', async (format) => {
  const bytes = buffer(Readable.from(writeRows(format, columns, readBroken())));
  await expect(bytes).rejects.toThrow('the disk is gone');
});
