// A row of a file of opening balances: what each form of a value is read as, and where the cards of a sheet begin and end.
import type { StagedRow } from '../../../src/db/import-stage.ts';
import { HeaderMistakes, OpeningSheet, type OpeningSheetOptions } from '../../../src/operations/read-opening-sheet.ts';

const options: OpeningSheetOptions = {
  mapping: {},
  ignoredColumns: [],
  kinds: [],
  kindCode: null,
  hasSerialDates: true,
  mayHaveWriteOffDate: true,
};

function readRows(
  rows: readonly (readonly string[])[],
  given: Partial<OpeningSheetOptions> = {},
): Partial<StagedRow>[] {
  const sheet = new OpeningSheet({ ...options, ...given });
  const read = rows.flatMap((cells, index) => sheet.read({ line: index + 1, cells }) ?? []);
  sheet.end();
  return read.map(({ row, mistakes }) => row ?? { holder: mistakes.map(({ why }) => why).join() });
}

test.each([
  ['', null],
  ['31.12.2026', '2026-12-31'],
  ['2026-12-31', '2026-12-31'],
  ['31.12.2026 0:00:00', '2026-12-31'],
  ['01.01.0001 0:00:00', null],
  ['46357', '2026-12-01'],
  ['никогда', '3999-12-31'],
  ['Never', '3999-12-31'],
])('write-off date "%s" is %s', (text, writeOffOn) => {
  expect(
    readRows([
      ['card', 'bonus', 'write_off_date'],
      ['1', '2', text],
    ]),
  ).toMatchObject([{ writeOffOn }]);
});

test.each(['31.02.2026', '2026', 'скоро', '9999999'])('"%s" is no write-off date', (text) => {
  const [row] = readRows([
    ['card', 'bonus', 'write_off_date'],
    ['1', '2', text],
  ]);
  expect(row?.holder).toContain('expected a date such as');
});

test('days of a spreadsheet are dates in a workbook alone', () => {
  const rows = [
    ['card', 'bonus', 'write_off_date'],
    ['1', '2', '46357'],
  ];
  expect(readRows(rows, { hasSerialDates: false })[0]?.holder).toContain('expected a date');
});

test('titles, a header of two rows, the foot and rows behind it', () => {
  const rows = readRows([
    ['Остатки'],
    ['', 'Итого по всем'],
    ['№', 'Номер карты', 'Остаток', ''],
    ['', '', 'Сумма бонусов', 'Количество чеков'],
    ['1', '29', '1 000,50', '2'],
    ['Итого', '', '1 000,50', '2'],
    ['', 'Всего:', '1', '1'],
  ]);
  expect(rows).toEqual([
    {
      line: 5,
      cardNumber: '29',
      bonus: 100_050,
      receipts: 2,
      accumulation: 0,
      writeOffOn: null,
      holder: null,
      kindCode: null,
    },
  ]);
});

test('a row of sums without a card number that is no foot is a bad row', () => {
  expect(
    readRows([
      ['card', 'bonus'],
      ['', '5'],
    ])[0]?.holder,
  ).toContain('expected 1 to 50 characters');
});

test('a header that is not found, comes twice or has strange columns is refused', () => {
  expect(() => readRows([['a'], ['b']])).toThrow(HeaderMistakes);
  expect(() => readRows(Array.from({ length: 60 }, () => ['x']))).toThrow('first 50 rows');
  expect(() =>
    readRows([
      ['card', 'bonus', 'Бонус'],
      ['1', '2', '3'],
    ]),
  ).toThrow('the column comes twice');
  expect(() =>
    readRows([
      ['card', 'bonus', 'x'],
      ['1', '2', '3'],
    ]),
  ).toThrow('there is no such column');
});
