// Table files as they come: every encoding, delimiter and line end gives the same rows, and a broken file says where.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCsv, type CsvEncoding, type CsvMistake } from '../../../src/operations/read-csv.ts';

const fixtures = join(__dirname, '../../../fixtures/import');
const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'utf8');

function readRows(text: string): readonly (readonly string[])[] {
  const read = readCsv(bytesOf(text));
  if (!read.ok) throw new Error(JSON.stringify(read.mistakes));
  return [read.table.header, ...read.table.rows].map(({ cells }) => cells);
}

function readMistakes(bytes: Uint8Array, forced?: CsvEncoding): readonly CsvMistake[] {
  const read = readCsv(bytes, forced);
  return read.ok ? [] : read.mistakes;
}

const files: readonly (readonly [string, CsvEncoding, string])[] = [
  ['cards-utf8-semicolon.csv', 'utf-8', ';'],
  ['cards-utf8-bom-comma.csv', 'utf-8', ','],
  ['cards-utf8-tab-no-last-line-end.txt', 'utf-8', '\t'],
  ['cards-windows-1251-semicolon.csv', 'windows-1251', ';'],
  ['cards-windows-1251-tab.txt', 'windows-1251', '\t'],
  ['cards-utf16le-tab.txt', 'utf-16le', '\t'],
  ['cards-excel-sep.csv', 'windows-1251', ','],
  ['cards-1c-export.csv', 'windows-1251', ';'],
];

test.each(files)('%s is %s with its own delimiter, without being told', (file, encoding, delimiter) => {
  const read = readCsv(readFileSync(join(fixtures, file)));
  expect(read).toMatchObject({ ok: true, table: { encoding, delimiter } });
  if (!read.ok) return;
  const cells = Array.from(read.table.rows).flatMap((row) => row.cells);
  expect([read.table.rowCount, Array.from(read.table.rows).length]).toEqual([3, 3]);
  expect(cells).toContain('утеряна; заменена, см. журнал');
  expect(cells).toContain('ООО "Ромашка"');
});

test('the encoding given is taken, whatever the bytes look like', () => {
  const cp1251 = readFileSync(join(fixtures, 'cards-windows-1251-semicolon.csv'));
  expect(readCsv(cp1251, 'windows-1251')).toMatchObject({ ok: true, table: { encoding: 'windows-1251', rowCount: 3 } });
  expect(readMistakes(cp1251, 'utf-8')[0]?.why).toContain('not utf-8');
});

test('a damaged UTF-8 file is refused, not read as windows-1251', () => {
  const whole = Buffer.from('number;holder\n29001;Иванова Мария Петровна\n', 'utf8');
  const cut = Buffer.concat([whole.subarray(0, 30), whole.subarray(31)]);
  expect(readMistakes(cut)).toMatchObject([{ line: 1, why: expect.stringContaining('damaged') }]);
  const cp1251 = readCsv(Buffer.from([...Buffer.from('number;holder\n1;'), 0xc8, 0xe2, 0xe0, 0xed]));
  expect(cp1251.ok && [cp1251.table.encoding, ...cp1251.table.rows]).toEqual([
    'windows-1251',
    { line: 2, cells: ['1', 'Иван'] },
  ]);
});

test.each<[string, string, readonly (readonly string[])[]]>([
  [
    'a value in quotes keeps the delimiter',
    'a;b\n"1;2";3',
    [
      ['a', 'b'],
      ['1;2', '3'],
    ],
  ],
  [
    'a doubled quote is one',
    'a;b\n"say ""hi""";3',
    [
      ['a', 'b'],
      ['say "hi"', '3'],
    ],
  ],
  [
    'an empty value in quotes is empty',
    'a;b\n"";3',
    [
      ['a', 'b'],
      ['', '3'],
    ],
  ],
  [
    'a line end in quotes is kept',
    'a;b\n"1\r\n2";3\n4;5',
    [
      ['a', 'b'],
      ['1\r\n2', '3'],
      ['4', '5'],
    ],
  ],
  [
    'a quote inside a value is a sign',
    'a;b\nООО "Р";3',
    [
      ['a', 'b'],
      ['ООО "Р"', '3'],
    ],
  ],
  [
    'blanks round quotes are no part',
    'a;b\n "1" ; "2"',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'the last line needs no end',
    'a;b\n1;2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a quoted value may be the last sign',
    'a;b\n1;"2"',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'an old Mac line end',
    'a;b\r1;2\r',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'lines of nothing are no rows',
    '\n\na;b\n\n;\n" ";""\n1;2\n\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['one column needs no delimiter', 'a\n1\n2', [['a'], ['1'], ['2']]],
  [
    'the header tells the delimiter',
    'a,b,c\n1;2,3,4',
    [
      ['a', 'b', 'c'],
      ['1;2', '3', '4'],
    ],
  ],
  [
    'quotes in the header hide a delimiter',
    '"a,b,c,d";b\n1;2',
    [
      ['a,b,c,d', 'b'],
      ['1', '2'],
    ],
  ],
])('%s', (_, text, rows) => {
  expect(readRows(text)).toEqual(rows);
});

test.each([
  ['nothing', '', 1, 'empty'],
  ['line ends only', '\n\r\n', 1, 'empty'],
  ['a quote never closed', 'a;b\n1;2\n"3;4\n5;6', 3, 'never closed'],
  ['text behind a quote', 'a;b\n"1"2;3', 2, 'behind a closing quote'],
  ['a sign of no text', 'a;b\n1;\u0000', 1, 'damaged'],
])('%s is refused', (_, text, line, why) => {
  expect(readMistakes(bytesOf(text))).toMatchObject([{ line, why: expect.stringContaining(why) }]);
});

test('a row knows the line it begins on, past quoted line ends', () => {
  const read = readCsv(bytesOf('sep=;\na;b\n"1\n2\n3";x\n4;5\n\n6;7\n'));
  expect(read.ok && Array.from(read.table.rows, (row) => row.line)).toEqual([3, 6, 8]);
});
