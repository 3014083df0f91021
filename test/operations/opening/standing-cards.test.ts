// A file with sums for cards that stand in an opening document already is refused: the same balances in another file must
// not come on top of themselves without a word.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Infobase } from '../../../src/operations/infobase.ts';
import { day, openBilling } from '../billing/testing-billing.ts';
import { enable, openOnline } from '../enabling/testing-enabling.ts';
import { addCard, addKind, getBalance, moment, openTestInfobase } from '../testing-infobase.ts';
import { importNumber, importSheet, reverse, type Sheet } from './testing-import.ts';

const now = moment('2026-11-03T12:00:00');
const name = (number: number): string => `C${String(number).padStart(2, '0')}`;
const sheetOf = (numbers: readonly number[], sum = '5'): Sheet => [
  ['card', 'bonus'],
  ...numbers.map((number) => [name(number), sum]),
];
const upTo = (cards: number): number[] => Array.from({ length: cards }, (_, index) => index + 1);

const opened: Infobase[] = [];
afterEach(async () => {
  for (const infobase of opened.splice(0)) await infobase.close();
});

async function openShop(kind: string): Promise<Infobase> {
  const infobase =
    kind === 'opening-balance' ? await openBilling({ start: day('2026-11-03') }) : await openTestInfobase();
  opened.push(infobase);
  for (const number of upTo(20)) await addCard(infobase, { number: name(number) });
  return infobase;
}

describe.each(['opening-accumulation', 'opening-balance'] as const)('%s', (kind) => {
  const first =
    'Ввод ' +
    (kind === 'opening-balance' ? 'начальных остатков' : 'остатков накоплений') +
    ' 000000001 от 03.11.2026 12:00:00';

  test('is refused with the count and the first ten, in the order of the file; --add lets it in', async () => {
    const infobase = await openShop(kind);
    await importNumber(infobase, now, kind, sheetOf(upTo(12)));
    const other = sheetOf([20, ...upTo(12).toReversed(), 19], '7');
    for (const isDryRun of [true, false]) {
      expect(await importSheet(infobase, now, kind, other, { isDryRun })).toMatchObject({
        ok: false,
        field: 'mayAdd',
        why: "12 of the file's cards are in an earlier opening document of this kind",
        standing: [12, 11, 10, 9, 8, 7, 6, 5, 4, 3].map((number) => ({ cardNumber: name(number), document: first })),
      });
    }
    expect(await importSheet(infobase, now, kind, other, { mayAdd: true })).toMatchObject({ ok: true, number: 2 });
    // Named is the latest document that a card stands in.
    const second = first.replace('000000001', '000000002');
    expect(await importSheet(infobase, now, kind, sheetOf([1, 20], '9'))).toMatchObject({
      why: "2 of the file's cards are in an earlier opening document of this kind",
      standing: [
        { cardNumber: 'C01', document: second },
        { cardNumber: 'C20', document: second },
      ],
    });
    expect((await getBalance(infobase, 'C01')).bonus).toBe(kind === 'opening-balance' ? 0 : 1_200);
  });

  test('what brings no sum, and cards that stand nowhere, are let in', async () => {
    const infobase = await openShop(kind);
    await importNumber(infobase, now, kind, [
      ['card', 'bonus'],
      ['C01', '5'],
      ['C02', '0'],
    ]);
    // C01 gets nothing now, C02 got nothing then, C03 was not there, X01 is new.
    const sheet = [
      ['card', 'bonus'],
      ['C01', '0'],
      ['C02', '6'],
      ['C03', '7'],
      ['X01', '8'],
    ];
    const request = { mayCreate: true, kindCode: 'BASE' };
    expect(await importSheet(infobase, now, kind, sheet, request)).toMatchObject({ ok: true, number: 2 });
  });

  test('what was reversed does not stand any more, nor does its reversal', async () => {
    const infobase = await openShop(kind);
    const number = await importNumber(infobase, now, kind, sheetOf(upTo(3)));
    expect(await reverse(infobase, now, number)).toMatchObject({ ok: true });
    expect(await importSheet(infobase, now, kind, sheetOf(upTo(3), '6'))).toMatchObject({ ok: true, number: 3 });
    // The very file is another one again.
    expect(await importSheet(infobase, now, kind, sheetOf(upTo(3)))).toMatchObject({ field: 'mayAdd' });
    expect(await reverse(infobase, now, 3)).toMatchObject({ ok: true });
    expect(await importSheet(infobase, now, kind, sheetOf(upTo(3)))).toMatchObject({ ok: true, number: 5 });
  });

  test('the same file once more needs the one word that is for it', async () => {
    const infobase = await openShop(kind);
    await importNumber(infobase, now, kind, sheetOf([1]));
    expect(await importSheet(infobase, now, kind, sheetOf([1]))).toMatchObject({
      field: 'isForced',
      why: 'the same file was imported at 2026-11-03T12:00:00 (import 1, opening.csv)',
    });
    expect(await importSheet(infobase, now, kind, sheetOf([1]), { mayAdd: true })).toMatchObject({ field: 'isForced' });
    expect(await importSheet(infobase, now, kind, sheetOf([1]), { isForced: true })).toMatchObject({ ok: true });
    // It is not for another file.
    expect(await importSheet(infobase, now, kind, sheetOf([1, 2]), { isForced: true })).toMatchObject({
      field: 'mayAdd',
    });
  });
});

test('other sums that come in, or go, while the file is read refuse it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-standing-'));
  const open = (): Promise<Infobase> =>
    Infobase.open({ name: 'trade', file: join(folder, 'trade.sqlite'), hasSubscription: false });
  const [here, elsewhere] = [await open(), await open()] as const;
  opened.push(here, elsewhere);
  try {
    await addKind(here);
    for (const number of upTo(3)) await addCard(here, { number: name(number) });
    const kind = 'opening-accumulation';
    const why = 'other opening balances were imported or reversed while the file was read: import it again';
    const refused = { ok: false, field: null, why };
    const come = (): Promise<unknown> => importNumber(elsewhere, now, kind, sheetOf([1, 2]));
    expect(await importSheet(here, now, kind, sheetOf([2, 3], '6'), {}, come)).toMatchObject(refused);
    const go = (): Promise<unknown> => reverse(elsewhere, now, 1);
    expect(await importSheet(here, now, kind, sheetOf([3]), {}, go)).toMatchObject(refused);
    expect(await importSheet(here, now, kind, sheetOf([2, 3], '6'))).toMatchObject({ ok: true });
    // The same file by two at once comes in once.
    const same = (): Promise<unknown> => importNumber(elsewhere, now, kind, sheetOf([1]));
    expect(await importSheet(here, now, kind, sheetOf([1]), {}, same)).toMatchObject({ field: 'mayAdd' });
    expect((await getBalance(here, 'C01')).bonus).toBe(500);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what switching billing on has opened is an opening document of billing', async () => {
  const infobase = await openOnline();
  opened.push(infobase);
  await addCard(infobase, { number: 'C01' });
  await addCard(infobase, { number: 'C02' });
  await importNumber(infobase, now, 'opening-accumulation', sheetOf([1]));
  expect(await enable(infobase, day('2026-11-01'), day('2026-11-03'))).toEqual({ code: 'done' });
  const later = moment('2026-11-04T01:00:00');
  expect(await importSheet(infobase, later, 'opening-balance', sheetOf([1, 2]))).toMatchObject({
    field: 'mayAdd',
    why: "1 of the file's cards are in an earlier opening document of this kind",
    standing: [{ cardNumber: 'C01', document: expect.stringContaining('от 31.10.2026 23:59:59') }],
  });
  expect(await importSheet(infobase, later, 'opening-balance', sheetOf([2]))).toMatchObject({ ok: true });
});
