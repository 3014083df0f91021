// Rows out of pieces of text: wherever a text is cut, they are those of the text as a whole.
import * as fc from 'fast-check';
import { depth, fileSeed } from '../deep.ts';
import { readCsv } from '../../src/tables/read-csv.ts';
import type { TableRow } from '../../src/tables/table-row.ts';

async function readAll(pieces: readonly string[], delimiter = ';'): Promise<TableRow[]> {
  async function* give(): AsyncGenerator<string> {
    yield* pieces;
  }
  const rows: TableRow[] = [];
  for await (const batch of readCsv(give(), { findDelimiter: () => delimiter })) rows.push(...batch);
  return rows;
}

/** Long enough for what is behind it to come in pieces of its own. */
const longRow = `${'x'.repeat(25_000)};end\n`;

test('a text cut anywhere gives the rows that the whole gives', async () => {
  const cell = fc.oneof(
    fc.constantFrom('', '1 000,50', '"a;b"', '"a ""b"" c"', '"two\r\nlines"', '"\r"', 'ООО "Ромашка"', ' "x" '),
    fc.stringMatching(/^[a-zа-я0-9 .,]{0,6}$/),
  );
  const table = fc.tuple(
    fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(table, async ([rows, lineEnd, cuts, hasLastEnd]) => {
      const text = `${longRow}${rows.map((cells) => cells.join(';')).join(lineEnd)}${hasLastEnd ? lineEnd : ''}`;
      const whole = await readAll([text]);
      const tail = text.length - longRow.length;
      const places = cuts.map((cut) => longRow.length + Math.floor(cut * tail)).toSorted((a, b) => a - b);
      const bounds = [0, longRow.length, ...places, text.length];
      const pieces = bounds.slice(1).map((end, index) => text.slice(bounds[index], end));
      expect(await readAll(pieces)).toEqual(whole);
    }),
    { numRuns: 100 * depth, seed: fileSeed },
  );
});

test('a row that is none is told in its place, and reading goes on at the next line', async () => {
  expect(await readAll(['a;b\n', '"x"y;1\n', 'c;"never', ' closed\n', 'd;2\n'])).toEqual([
    { line: 1, cells: ['a', 'b'] },
    { line: 2, cells: ['"x"y;1'], why: expect.stringContaining('after a closing quote') },
    { line: 3, cells: ['c;"never closed'], why: expect.stringContaining('never closed') },
    { line: 4, cells: ['d', '2'] },
  ]);
});

test('the delimiter that the first line tells is taken', async () => {
  expect(await readAll(['sep=,\r\na,b\r\n'])).toEqual([{ line: 2, cells: ['a', 'b'] }]);
});

test.each(['\n', '\r\n', '\r'])(
  'a line longer than any row is refused in its place, however it is cut: %j',
  async (lineEnd) => {
    const long = 'x'.repeat(1_000_000);
    const text = ['a;b', `${long};1`, 'c;2', `"${long}`, 'd;3', ''].join(lineEnd);
    const lineAt = text.indexOf(`1${lineEnd}c`) + 1;
    const cuts = [[], [600_000, 900_000], [1_000_100], [lineAt], [lineAt + 1], [lineAt + lineEnd.length]];
    for (const places of cuts) {
      const bounds = [0, ...places, text.length];
      const pieces = bounds.slice(1).map((end, index) => text.slice(bounds[index], end));
      expect(await readAll(pieces)).toEqual([
        { line: 1, cells: ['a', 'b'] },
        { line: 2, cells: ['x'.repeat(200)], why: expect.stringContaining('1000000 characters or more') },
        { line: 3, cells: ['c', '2'] },
        { line: 4, cells: [`"${'x'.repeat(199)}`], why: expect.stringContaining('1000000 characters or more') },
        { line: 5, cells: ['d', '3'] },
      ]);
    }
  },
);

test('a file without line ends is held by the piece only', async () => {
  const piece = 'x'.repeat(250_000);
  const rows = await readAll(Array.from({ length: 400 }, () => piece));
  expect(rows).toEqual([
    { line: 1, cells: ['x'.repeat(200)], why: expect.stringContaining('1000000 characters or more') },
  ]);
});
