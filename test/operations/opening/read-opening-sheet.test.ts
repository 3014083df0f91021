// A row of a file of opening balances: what each form of a value is read as, and where the cards of a sheet begin and end.
import * as fc from 'fast-check';
import type { StagedRow } from '../../../src/db/opening/import-stage.ts';
import { formatSum, parseKopecks } from '../../../src/ledger/money.ts';
import type { TableMistake } from '../../../src/tables/table-mistake.ts';
import { OpeningSheet, type OpeningSheetOptions } from '../../../src/operations/opening/read-opening-sheet.ts';
import { readTable } from '../../../src/tables/read-table.ts';
import { HeaderMistakes } from '../../../src/tables/table-header.ts';
import { depth, fileSeed } from '../../deep.ts';
import { giveRows } from '../../testing-table.ts';

const options: OpeningSheetOptions = {
  mapping: {},
  ignoredColumns: [],
  kinds: [],
  kindCode: null,
  hasSerialDates: true,
  mayHaveWriteOffDate: true,
  mayOwe: false,
};

interface ReadSheet {
  readonly rows: readonly StagedRow[];
  readonly mistakes: readonly TableMistake[];
  readonly footMistakes: readonly TableMistake[];
  readonly leftOut: OpeningSheet['reader']['leftOut'];
}

async function readSheet(
  given: readonly (readonly string[])[],
  changed: Partial<OpeningSheetOptions> = {},
  known: readonly string[] = [],
): Promise<ReadSheet> {
  const sheet = new OpeningSheet({ ...options, ...changed });
  const rows: StagedRow[] = [];
  const mistakes: TableMistake[] = [];
  const take: Parameters<typeof readTable>[2]['take'] = (row) => {
    const read = sheet.read(row);
    if (read.row !== undefined) rows.push(read.row);
    mistakes.push(...read.mistakes);
  };
  await readTable(sheet.reader, giveRows(given), { take, isKnownKey: (key) => Promise.resolve(known.includes(key)) });
  const { footMistakes, leftOut } = sheet.reader;
  return { rows, mistakes: [...sheet.reader.mistakes, ...mistakes], footMistakes, leftOut };
}

test.each([
  ['', null],
  ['31.12.2026', '2026-12-31'],
  ['2026-12-31', '2026-12-31'],
  ['31.12.2026 0:00:00', '2026-12-31'],
  ['01.01.0001 0:00:00', null],
  ['  .  .    ', null],
  ['  .  .       :  :  ', null],
  ['2026-12-31T14:05:00', '2026-12-31'],
  ['46357', '2026-12-01'],
  ['никогда', '3999-12-31'],
  ['Never', '3999-12-31'],
])('write-off date "%s" is %s', async (text, writeOffOn) => {
  const { rows } = await readSheet([
    ['card', 'bonus', 'write_off_date'],
    ['1', '2', text],
  ]);
  expect(rows).toMatchObject([{ writeOffOn }]);
});

test.each(['31.02.2026', '2026', 'скоро', '9999999'])('"%s" is not a write-off date', async (text) => {
  const { mistakes } = await readSheet([
    ['card', 'bonus', 'write_off_date'],
    ['1', '2', text],
  ]);
  expect(mistakes[0]?.why).toContain('expected a date such as');
});

test('days of a spreadsheet are dates in a workbook alone', async () => {
  const rows = [
    ['card', 'bonus', 'write_off_date'],
    ['1', '2', '46357'],
  ];
  const { mistakes } = await readSheet(rows, { hasSerialDates: false });
  expect(mistakes[0]?.why).toContain('expected a date');
});

test('titles, a header of two rows, the foot and rows after it', async () => {
  const { rows, footMistakes } = await readSheet([
    ['Остатки'],
    ['', 'Итого по всем'],
    ['№', 'Номер карты', 'Остаток', ''],
    ['', '', 'Сумма бонусов', 'Количество чеков'],
    ['1', '29', '1 000,50', '2'],
    ['Итого', '', '1 000,50', '2'],
    ['', 'Всего:', '1000.5', '2'],
  ]);
  expect(footMistakes).toEqual([]);
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

test('a row of sums without a card number that is not a foot row is a bad row', async () => {
  const { mistakes } = await readSheet([
    ['card', 'bonus'],
    ['', '5'],
  ]);
  expect(mistakes).toMatchObject([{ line: 2, why: 'expected 1 to 50 characters' }]);
});

test('a header that is not found, comes twice or has strange columns is refused', async () => {
  const header = (...titles: string[]) => readSheet([titles, ['1', '2', '3']]);
  await expect(readSheet([['a'], ['b']])).rejects.toThrow(HeaderMistakes);
  await expect(readSheet(Array.from({ length: 60 }, () => ['x']))).rejects.toThrow('first 50 rows');
  await expect(header('card', 'bonus', 'Бонус')).rejects.toThrow('the column is there twice');
  await expect(header('card', 'bonus', 'x')).rejects.toThrow('there is no such column');
});

const card = (number: string, bonus: string, receipts = '1'): string[] => ['', number, bonus, receipts, 'Иванова'];
const sumOf = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0);

describe('a report', () => {
  const header = ['№', 'Номер карты', 'Сумма бонусов', 'Количество чеков', 'Владелец'];

  test.each<[string, readonly (readonly string[])[], number, number]>([
    [
      'page numbers and signatures',
      [
        card('2901', '5'),
        ['', 'Страница 1 из 2'],
        ['', 'стр.2'],
        ['Главный бухгалтер', '', '', '', 'Петрова'],
        ['', '__________'],
      ],
      0,
      0,
    ],
    ['a foot row of words', [card('2901', '5'), ['Итого по отчету', '', '5,00', '1']], 1, 0],
    ['a foot row in the column of the numbers', [card('2901', '5'), ['', 'Всего:', '5']], 1, 0],
    [
      'a foot row with a count in the column of the numbers',
      [card('2901', '5'), card('2902', '6'), ['Итого', '2', '11', '2']],
      1,
      0,
    ],
    [
      'a count of rows',
      [card('2901', '5'), card('2902', '6'), ['', 'Всего записей: 2'], ['', 'Всего записей', '2']],
      2,
      0,
    ],
    [
      'a count before its word',
      [card('2901', '5'), card('2902', '6'), ['', 'Итого: 2 карты', '11'], ['', 'Количество записей', '2']],
      2,
      0,
    ],
    ['a sum beside a word of counts', [card('2901', '50'), ['', 'Всего карт', '50']], 1, 0],
    [
      'subtotals of a spreadsheet',
      [
        card('2901', '5'),
        ['', 'Золотая Итог', '5'],
        card('2902', '6'),
        ['', 'Серебряная Итог', '6'],
        ['', 'Общий итог', '11'],
      ],
      1,
      2,
    ],
    ['a count of cards with several rows', [card('2901', '5'), card('2901', '6'), ['', 'Всего карт: 1']], 1, 0],
    [
      'groups with their sums above',
      [
        ['', 'Золотая', '11', '2'],
        card('2901', '5'),
        card('2902', '6'),
        ['', 'Серебряная', '7'],
        card('2903', '7'),
        ['Итого', '', '18', '3'],
      ],
      1,
      2,
    ],
    [
      'groups with their sums below',
      [
        ['', 'Магазин № 1'],
        card('2901', '5'),
        card('2902', '6'),
        ['', 'Золотая', '11'],
        card('2903', '7'),
        ['', 'Серебряная', '7', '1'],
      ],
      0,
      2,
    ],
    [
      'groups in groups',
      [
        ['Центр', '', '11'],
        ['', 'Золотая', '5'],
        card('2901', '5'),
        ['', 'Серебряная', '6'],
        card('2902', '6'),
        ['Север', '', '7'],
        ['', 'Золотая', '7'],
        card('2903', '7'),
        ['', 'Общий итог', '18'],
      ],
      1,
      5,
    ],
    [
      'pages',
      [
        card('2901', '5'),
        ['Итого по странице', '', '5'],
        header,
        card('2902', '6'),
        ['Итого по странице', '', '6'],
        ['Всего', '', '11'],
      ],
      3,
      0,
    ],
  ])('with %s gives its cards alone', async (_what, rows, footRows, groupRows) => {
    const read = await readSheet([header, ...rows]);
    expect(read).toMatchObject({ mistakes: [], footMistakes: [], leftOut: { footRows, groupRows, uncomparedRows: 0 } });
    expect(read.rows.map(({ cardNumber }) => cardNumber)).toEqual(
      rows.flatMap(([, number = '', , , holder]) => (holder === 'Иванова' ? [number] : [])),
    );
  });

  test.each<[string, readonly (readonly string[])[], readonly string[]]>([
    [
      'a foot row',
      [card('2901', '5'), ['Итого', '', '5,01', '1']],
      ['the foot row "Итого" has 5.01, and the rows above it give 5.00'],
    ],
    [
      'a count',
      [card('2901', '5'), ['Всего записей', '', '2']],
      ['the foot row "Всего записей" counts 2, and there are 1 rows above it'],
    ],
    [
      'fewer rows than are counted',
      [card('2901', '5'), card('2902', '5'), ['Всего записей: 1']],
      ['counts 1, and there are 2'],
    ],
    [
      'two figures of one foot row',
      [card('2901', '5'), ['Всего', '', '4', '2']],
      ['has 4.00, and', 'has 2, and the rows above it give 1'],
    ],
  ])('%s that differs is a mistake of the file', async (_what, rows, whys) => {
    const { footMistakes, mistakes } = await readSheet([header, ...rows]);
    expect(mistakes).toEqual([]);
    expect(footMistakes).toEqual(
      whys.map((why) => expect.objectContaining({ reason: 'foot_differs', why: expect.stringContaining(why) })),
    );
  });

  test.each<[string, readonly string[]]>([
    ['a group whose sum is not that of its rows', ['', 'Золотая', '6']],
    ['a number with blanks', ['', '2900 0000 0001', '5']],
    ['a number after a word', ['', 'Карта 2900000000001', '5']],
    ['a number with a colon', ['', '29:01', '5']],
    ['a formula', ['', '=A2', '5']],
    ['a holder without a number', ['', '', '5', '1', 'Петров']],
    ['a holder in the place of the number', ['', 'Петров', '5', '1', 'Петров']],
    ['sums without anything', ['', '', '5']],
    ['an ordinal without a number', ['3', '', '5']],
    ['a number of signs', ['', '---', '5']],
  ])('%s is a bad row', async (_what, row) => {
    const { rows, mistakes } = await readSheet([header, card('2901', '4'), row, card('2902', '5')]);
    expect(mistakes).toEqual([expect.objectContaining({ line: 3, column: 'Номер карты' })]);
    expect(rows.map(({ cardNumber }) => cardNumber)).toEqual(['2901', '2902']);
  });

  test('a card that is known keeps a number that a new one could not have', async () => {
    const rows = [header, ['', 'VIP GOLD', '5'], ['', 'Итого', '5']];
    expect((await readSheet(rows, {}, ['VIP GOLD'])).rows).toMatchObject([{ cardNumber: 'VIP GOLD', bonus: 500 }]);
    expect((await readSheet(rows)).rows).toEqual([]);
  });

  test('of any groups and pages gives its cards, and not with a kopeck more in any of its sums', async () => {
    // Two kopecks at least: one more in a group's sum is then not that of the group with its neighbour.
    const cards = fc.array(fc.integer({ min: 2, max: 1_000_000 }), { minLength: 1, maxLength: 4 });
    const shape = fc.tuple(fc.array(cards, { minLength: 1, maxLength: 5 }), fc.boolean(), fc.nat());
    await fc.assert(
      fc.asyncProperty(shape, async ([groups, isAbove, pick]) => {
        const rows: string[][] = [];
        const sums: number[] = [];
        groups.forEach((bonuses, at) => {
          const sum = [`Вид ${at}`, formatSum(sumOf(bonuses))];
          const own = bonuses.map((bonus, index) => [`29${at}${index}`, formatSum(bonus)]);
          sums.push(rows.length + (isAbove ? 0 : own.length));
          rows.push(...(isAbove ? [sum, ...own] : [...own, ['Итого по виду', sum[1] ?? '']]));
        });
        sums.push(rows.length);
        rows.push(['Итого', formatSum(sumOf(groups.flat()))]);
        const read = await readSheet([['card', 'bonus'], ...rows]);
        expect(read).toMatchObject({ mistakes: [], footMistakes: [] });
        expect(read.rows).toHaveLength(groups.flat().length);
        const wrong = sums[pick % sums.length] ?? 0;
        const spoilt = rows.map(([text = '', sum = ''], at) => [
          text,
          at === wrong ? formatSum((parseKopecks(sum) ?? 0) + 1) : sum,
        ]);
        const refused = await readSheet([['card', 'bonus'], ...spoilt]);
        expect(refused.mistakes.length + refused.footMistakes.length).toBeGreaterThan(0);
      }),
      { numRuns: 70 * depth, seed: fileSeed },
    );
  });
});

test.each([
  ['-40', -4_000],
  ['−40,00', -4_000],
  ['- 40', -4_000],
  ['(40,00)', -4_000],
  ['-0', 0],
])('a debt "%s" is one where debts are allowed, and a mistake elsewhere', async (text, bonus) => {
  const rows = [
    ['card', 'bonus'],
    ['29', text],
  ];
  expect((await readSheet(rows, { mayOwe: true })).rows).toMatchObject([{ bonus }]);
  const { mistakes } = await readSheet(rows);
  expect(mistakes).toMatchObject(bonus === 0 ? [] : [{ reason: 'debt', column: 'bonus', value: text }]);
});

test('a debt has no write-off date; a sum beside it has', async () => {
  const header = ['card', 'bonus', 'accumulation', 'write_off_date'];
  const read = await readSheet([header, ['29', '-1', '', '31.12.2026'], ['29', '-1', '5', '31.12.2026']], {
    mayOwe: true,
  });
  expect(read.mistakes).toMatchObject([{ line: 2, column: 'write_off_date', why: expect.stringContaining('a debt') }]);
  expect(read.rows).toMatchObject([{ line: 3, bonus: -100, accumulation: 500, writeOffOn: '2026-12-31' }]);
});
