// The one reader of sheets: fields go in, the values of each row or its mistakes come out.
import { countFigure, sumFigure } from '../../src/tables/parse-sheet-figure.ts';
import type { ColumnChoice } from '../../src/tables/read-columns.ts';
import { readWholeTable } from '../../src/tables/read-table.ts';
import { readFields, Sheet, type Fields, type ReadFields } from '../../src/tables/sheet.ts';
import type { TableMistake } from '../../src/tables/table-mistake.ts';
import { giveRows } from '../testing-table.ts';

interface Values {
  readonly number: string;
  readonly sum: number;
  readonly count: number;
  readonly note: string | null;
}

const fields: Fields<Values> = {
  number: { names: ['number', 'номер'], parse: (text) => ({ ok: true, value: text }), isRequired: true },
  sum: {
    names: ['sum', 'сумма'],
    figure: sumFigure,
    parse: (text) => {
      const value = sumFigure.parse(text);
      if (value === undefined) return { ok: false, expected: 'a sum' };
      return value < 0 ? { ok: false, why: 'a debt', reason: 'debt' } : { ok: true, value };
    },
  },
  count: {
    names: ['count', 'количество'],
    figure: countFigure,
    parse: (text) => {
      const value = countFigure.parse(text);
      return value === undefined ? { ok: false, expected: 'a count' } : { ok: true, value };
    },
  },
  note: { names: ['note'], parse: (text) => ({ ok: true, value: text === '' ? null : text }) },
};

async function readSheet(
  rows: readonly (readonly string[])[],
  choice: ColumnChoice<keyof Values> = {},
): Promise<{ read: ReadFields<Values>['values'][]; mistakes: readonly TableMistake[]; footRows: number }> {
  const form = { key: 'number', isKey: (text: string) => /^\d+$/.test(text), mayKeyBeKnown: false, fields } as const;
  const sheet = new Sheet({ ...form, explainKey: () => 'expected digits' }, choice);
  const read: ReadFields<Values>['values'][] = [];
  const mistakes = await readWholeTable(
    {
      reader: sheet.reader,
      read: (row) => {
        const { values, mistakes: found } = sheet.read(row);
        read.push(values);
        for (const mistake of found) sheet.reader.mistakes.push(sheet.locate(row.line, mistake));
      },
    },
    giveRows(rows),
  );
  return { read, mistakes, footRows: sheet.reader.leftOut.footRows };
}

test('a row is its values by field; a field without a column has none, an empty cell is read as ""', async () => {
  const { read, mistakes } = await readSheet([
    ['Номер', 'Сумма', 'note'],
    ['1', '12,50', 'a'],
    ['2', '', ''],
  ]);
  expect(mistakes).toEqual([]);
  expect(read).toEqual([
    { number: '1', sum: 1250, note: 'a' },
    { number: '2', sum: 0, note: null },
  ]);
});

test('all mistakes of a row are given, with the names that the file has for its columns', async () => {
  const { read, mistakes } = await readSheet(
    [
      ['№ карты', 'Сумма', 'count'],
      ['1', 'x', '1,5'],
      ['2', '-3', '1'],
    ],
    { mapping: { number: '№ карты' } },
  );
  expect(read).toEqual([{ number: '1' }, { number: '2', count: 1 }]);
  expect(mistakes).toEqual([
    { line: 2, column: 'Сумма', value: 'x', why: 'expected a sum' },
    { line: 2, column: 'count', value: '1,5', why: 'expected a count' },
    { line: 3, column: 'Сумма', value: '-3', why: 'a debt', reason: 'debt' },
  ]);
});

test('a required field must have a column', async () => {
  const { mistakes } = await readSheet([['sum', 'count']]);
  expect(mistakes).toMatchObject([{ reason: 'missing_column', why: 'the column number or номер is missing' }]);
});

test.each([
  ['7,00', '3', 1, []],
  ['10,00', '3', 0, ['the foot row "Итого" has 10.00, and the rows above it give 7.00']],
])('a figure that is refused counts in a foot row of %s and %s', async (sum, count, footRows, whys) => {
  const table = [['number', 'sum', 'count'], ['1', '10', '1'], ['2', '-3', '2'], ['Итого', sum, count]]; // prettier-ignore
  const found = await readSheet(table);
  expect(found.footRows).toBe(footRows);
  expect(found.mistakes.flatMap(({ reason, why }) => (reason === 'foot_differs' ? [why] : []))).toEqual(whys);
});

test('texts that are typed are read by the same fields; a required one that is missing is an empty one', () => {
  const texts: Readonly<Record<string, string>> = { sum: 'x' };
  const strict: Fields<Values> = {
    ...fields,
    number: { ...fields.number, parse: () => ({ ok: false, expected: 'a number' }) },
  };
  expect(readFields(strict, (field) => texts[field])).toEqual({
    values: {},
    mistakes: [
      { field: 'number', value: '', why: 'expected a number' },
      { field: 'sum', value: 'x', why: 'expected a sum' },
    ],
  });
});
