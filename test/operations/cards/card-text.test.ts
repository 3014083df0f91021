// Cards in words: each field as an operator types it, the filter of the bulk edit, and the steps of a scale.
import { join } from 'node:path';
import type { NewCard } from '../../../src/db/cards/card.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import { parseCardFilter } from '../../../src/operations/cards/parse-card-filter.ts';
import { parseCardField, parseCardNumber, type CardField } from '../../../src/operations/cards/parse-card-field.ts';
import { ScaleSheet } from '../../../src/operations/catalogs/read-discount-scale.ts';
import { readWholeTable } from '../../../src/tables/read-table.ts';
import { giveFile, giveTable } from '../../testing-table.ts';
import { testCard, testKind } from '../testing-infobase.ts';

const kinds = [
  { ...testKind, code: 'GOLD', name: 'Золотая' },
  { ...testKind, code: 'SILVER', name: 'Серебряная' },
  { ...testKind, code: 'OLD', name: 'Двойная' },
  { ...testKind, code: 'OLDER', name: 'Двойная' },
];

test.each([
  ['0012345678905', '0012345678905'],
  [' 29001 ', '29001'],
  ['A-29 001', 'A-29 001'],
  ['Ж'.repeat(50), 'Ж'.repeat(50)],
  ['', undefined],
  ['  ', undefined],
  ['1'.repeat(51), undefined],
  ['29\t001', undefined],
  ['29\u0000', undefined],
  ['29\uFFFD01', undefined],
  ['2,9E+12', undefined],
  ['2.90000000001E+12', undefined],
])('number %j', (text, number) => {
  const parsed = parseCardNumber(text);
  expect(parsed.ok ? parsed.value : undefined).toBe(number);
});

test.each<[CardField, string, object | string]>([
  ['kind', 'GOLD', { kindCode: 'GOLD' }],
  ['kind', ' Серебряная ', { kindCode: 'SILVER' }],
  ['kind', 'Двойная', 'a card kind: GOLD, SILVER, OLD, OLDER'],
  ['kind', 'gold', 'a card kind'],
  ['kind', '', 'a card kind'],
  ['status', 'active', { status: 'active' }],
  ['status', 'ACCRUE_ONLY', { status: 'accrue_only' }],
  ['status', 'Заблокирована', { status: 'blocked' }],
  ['status', 'Только накопление', { status: 'accrue_only' }],
  ['status', 'constructor', 'one of: active, accrue_only, blocked'],
  ['status', '', 'one of'],
  ['holder', ' Иванова Мария ', { holder: 'Иванова Мария' }],
  ['holder', '', { holder: null }],
  ['holder', 'Ж'.repeat(201), '200 characters'],
  ['holder', 'Ив\nанов', 'readable'],
  ['holder', 'Нов\uFFFDков', 'readable'],
  ['holder', 'Иван\u001b[31m', 'readable'],
  ['note', 'две\r\nстроки', { note: 'две\r\nстроки' }],
  ['note', 'x'.repeat(1001), '1000 characters'],
  ['validFrom', '2026-11-22', { validFrom: '2026-11-22' }],
  ['validFrom', '22.11.2026', { validFrom: '2026-11-22' }],
  ['validFrom', '22.11.2026 0:00:00', { validFrom: '2026-11-22' }],
  ['validFrom', '01.01.0001 0:00:00', { validFrom: null }],
  ['validTo', '', { validTo: null }],
  ['validTo', '2028-02-29', { validTo: '2028-02-29' }],
  ['validTo', '2027-02-29', 'a date'],
  ['validTo', '31.04.2026', 'a date'],
  ['validTo', '11/22/2026', 'a date'],
  ['validTo', '22.11.26', 'a date'],
  ['validTo', '22.11.2026 14:05:00', 'a date'],
])('%s %j', (field, text, expected) => {
  const parsed = parseCardField(field, text, kinds);
  if (typeof expected === 'string') expect(parsed).toEqual({ ok: false, expected: expect.stringContaining(expected) });
  else expect(parsed).toEqual({ ok: true, value: expected });
});

const card: NewCard = {
  ...testCard,
  number: '29050',
  kindCode: 'GOLD',
  holder: 'Иванов, Иван',
  validTo: '2026-12-31' as LocalDate,
};

test.each<[string, boolean]>([
  ['', true],
  ['kind=GOLD', true],
  ['kind=Золотая', true],
  ['kind=SILVER', false],
  ['kind=SILVER|GOLD', true],
  ['status=active', true],
  ['status=blocked|accrue_only', false],
  ['number=29050', true],
  ['number=29051', false],
  ['number=29049|29050', true],
  ['number=29001..29099', true],
  ['number=29050..29050', true],
  ['number=29051..29099', false],
  ['number=029001..029099', false],
  ['validTo=2026-12-31', true],
  ['validTo=31.12.2026', true],
  ['validTo=..2026-12-31', true],
  ['validTo=..2026-12-30', false],
  ['validTo=2026-01-01..', true],
  ['validTo=2026-01-01..2027-01-01', true],
  ['validFrom=..2026-12-31', false],
  ['validFrom=', true],
  ['validTo=', false],
  ['holder=', false],
  ['holder=Иванов\\, Иван', true],
  ['note=', true],
  ['kind=GOLD,status=active,number=29001..29099,validTo=..2026-12-31', true],
  [' kind=GOLD , status=blocked', false],
])('filter %j means the card: %s', (text, isMeant) => {
  const parsed = parseCardFilter([text], kinds);
  expect(parsed.ok).toBe(true);
  expect(parsed.ok && parsed.filter.tests.every((test) => test(card))).toBe(isMeant);
});

test.each([
  ['kind=BRONZE', 'expected a card kind: GOLD'],
  ['status=lost', 'expected one of: active'],
  ['colour=red', 'expected one of number, kind'],
  ['GOLD', 'expected one of number, kind'],
  ['number=29001..2909', 'as many digits'],
  ['number=29099..29001', 'the smaller one first'],
  ['number=A1..A9', 'a range of whole numbers'],
  ['number=', '1 to 50 characters'],
  ['validTo=soon', 'a date'],
  ['validTo=..', 'dates such as'],
  ['validTo=2027-01-01..2026-01-01', 'the earlier date first'],
  ['validTo=2026-02-30..', 'dates such as'],
])('filter %j is refused', (text, why) => {
  expect(parseCardFilter([text], kinds)).toEqual({ ok: false, mistakes: [expect.stringContaining(why)] });
});

async function readScale(pieces: ReturnType<typeof giveTable>) {
  const sheet = new ScaleSheet();
  const mistakes = await readWholeTable(sheet, pieces);
  return { steps: sheet.steps, mistakes };
}

const readScaleFile = (file: string) => readScale(giveFile(join(__dirname, '../../../fixtures/import', file)));

test('a scale comes in the order of its thresholds, whatever blanks and commas its sums have', async () => {
  expect(await readScaleFile('scale-ru-windows-1251.csv')).toEqual({
    mistakes: [],
    steps: [
      { accumulationKopecks: 0, receipts: 0, percentHundredths: 100 },
      { accumulationKopecks: 1_000_000, receipts: 0, percentHundredths: 300 },
      { accumulationKopecks: 1_000_000, receipts: 10, percentHundredths: 500 },
      { accumulationKopecks: 5_000_000, receipts: 0, percentHundredths: 750 },
    ],
  });
  expect(await readScaleFile('scale-en.csv')).toEqual({
    mistakes: [],
    steps: [
      { accumulationKopecks: 0, receipts: 0, percentHundredths: 125 },
      { accumulationKopecks: 0, receipts: 10, percentHundredths: 500 },
    ],
  });
});

test('every bad row of a scale is named', async () => {
  const { mistakes } = await readScaleFile('scale-bad.csv');
  expect(mistakes.map(({ line, column, value }) => [line, column, value])).toEqual([
    [3, 'accumulation', '-5'],
    [4, 'receipts', 'one'],
    [5, 'percent', '101'],
    [6, 'percent', ''],
    [7, null, null],
    [8, null, '6'],
  ]);
});

test.each([
  ['receipts;accumulation\n1;2', 'the column percent or процент is missing'],
  ['percent;discount\n1;2', 'there is no such column'],
  ['percent;Процент\n1;2', 'the column is there twice'],
  ['percent\n', 'the scale has no steps'],
])('a scale of %j is refused', async (text, why) => {
  expect(await readScale(giveTable(text))).toMatchObject({
    mistakes: [{ line: 1, why: expect.stringContaining(why) }],
  });
});
