// Table files as they come: every encoding, delimiter and line end gives the same rows, and a broken file says where.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TextEncoding } from '../../src/tables/text-encoding.ts';
import { readTestingTable } from '../testing-table.ts';

const fixtures = join(__dirname, '../../fixtures/import');

async function readRows(text: string): Promise<readonly (readonly string[])[]> {
  return (await readTestingTable(text)).read.map(({ cells }) => cells);
}

const files: readonly (readonly [string, TextEncoding, string])[] = [
  ['cards-utf8-semicolon.csv', 'utf-8', ';'],
  ['cards-utf8-bom-comma.csv', 'utf-8', ','],
  ['cards-utf8-tab-no-last-line-end.txt', 'utf-8', '\t'],
  ['cards-windows-1251-semicolon.csv', 'windows-1251', ';'],
  ['cards-windows-1251-tab.txt', 'windows-1251', '\t'],
  ['cards-utf16le-tab.txt', 'utf-16le', '\t'],
  ['cards-excel-sep.csv', 'windows-1251', ','],
  ['cards-1c-export.csv', 'windows-1251', ';'],
];

test.each(files)('%s is %s with its own delimiter, which nobody has to name', async (file, encoding, delimiter) => {
  const table = await readTestingTable(readFileSync(join(fixtures, file)));
  expect(table).toMatchObject({ encoding, seen: { delimiter } });
  expect(table.read).toHaveLength(4);
  const cells = table.read.flatMap((row) => row.cells);
  expect(cells).toContain('утеряна; заменена, см. журнал');
  expect(cells).toContain('ООО "Ромашка"');
});

test('the encoding given is taken, whatever the bytes look like', async () => {
  const cp1251 = readFileSync(join(fixtures, 'cards-windows-1251-semicolon.csv'));
  expect(await readTestingTable(cp1251, { encoding: 'windows-1251' })).toMatchObject({ encoding: 'windows-1251' });
  expect((await readTestingTable(cp1251, { encoding: 'cp866' })).encoding).toBe('cp866');
  await expect(readTestingTable(cp1251, { encoding: 'utf-8' })).rejects.toThrow('not in utf-8');
});

test('a damaged UTF-8 file is refused, not read as windows-1251', async () => {
  const whole = Buffer.from('number;holder\n29001;Иванова Мария Петровна\n', 'utf8');
  const cut = Buffer.concat([whole.subarray(0, 30), whole.subarray(31)]);
  await expect(readTestingTable(cut)).rejects.toThrow('damaged');
  const cp1251 = await readTestingTable(Buffer.from([...Buffer.from('number;holder\n1;'), 0xc8, 0xe2, 0xe0, 0xed]));
  expect([cp1251.encoding, cp1251.read[1]]).toEqual(['windows-1251', { line: 2, cells: ['1', 'Иван'] }]);
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
  [
    'what a spreadsheet adds is no part',
    'a;b\n="01";"=""02"""\n\'03;\'04\'\n\u200B05\uFEFF;\u00AD06 \n=A1;d\'or',
    [
      ['a', 'b'],
      ['01', '02'],
      ['03', '04'],
      ['05', '06'],
      ['=A1', "d'or"],
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
])('%s', async (_, text, rows) => {
  expect(await readRows(text)).toEqual(rows);
});

test.each(['', '\n\r\n'])('%j has no rows', async (text) => {
  expect(await readRows(text)).toEqual([]);
});

test.each([
  ['a quote never closed', 'a;b\n1;2\n"3;4\n5;6', 3, 'never closed'],
  ['text after a quote', 'a;b\n"1"2;3', 2, 'after a closing quote'],
])('%s is not a row', async (_, text, line, why) => {
  const { read } = await readTestingTable(text);
  expect(read.find((row) => row.why !== undefined)).toMatchObject({ line, why: expect.stringContaining(why) });
});

test('a sign of no text is refused', async () => {
  await expect(readTestingTable('a;b\n1;\u0000')).rejects.toThrow('bytes of zero');
});

test('a row knows the line it begins on, past quoted line ends', async () => {
  const { read } = await readTestingTable('sep=;\na;b\n"1\n2\n3";x\n4;5\n\n6;7\n');
  expect(read.slice(1).map((row) => row.line)).toEqual([3, 6, 8]);
});
