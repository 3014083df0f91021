// An import taken back: exactly what it brought in, as long as the registers have it; and whatever comes later, late facts,
// nights and billing switched off and on again, it is as if it had never been.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { insertImportRun } from '../../../src/db/opening/import-run.ts';
import { findBalanceDifference } from '../../../src/db/admin/integrity.ts';
import { enterExclusiveMode, leaveExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { openNightRun } from '../../../src/db/night/night-run.ts';
import { addDays, type LocalDate } from '../../../src/ledger/local-date-time.ts';
import { confirmations, disableBilling } from '../../../src/operations/enabling/disable-billing.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { listImports } from '../../../src/operations/opening/list-imports.ts';
import { postDocument } from '../../../src/operations/receipts/post-document.ts';
import { verifyCards } from '../../../src/operations/admin/verify-infobase.ts';
import { verifyInvariants } from '../../../src/operations/admin/verify-invariants.ts';
import { depth, fileSeed } from '../../deep.ts';
import {
  addRuledKind,
  day,
  emptyAccount,
  getAccount,
  getCardId,
  isInOrder,
  listBillingRows,
  listOperations,
  openBilling,
  passNight,
  passNightsTo,
  postManual,
} from '../billing/testing-billing.ts';
import { enable, eveningOf, hashTrade, openOnline, runner } from '../enabling/testing-enabling.ts';
import { makeRandom } from '../night/testing-night.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  getBalance,
  listMovements,
  moment,
  noon,
  openTestInfobase,
  register,
  release,
  reserve,
  setSetting,
  upload,
} from '../testing-infobase.ts';
import { importNumber, importSheet, reverse, type Sheet } from './testing-import.ts';
import { backUp } from '../testing-backup.ts';

const opened: Infobase[] = [];
afterEach(async () => {
  for (const infobase of opened.splice(0)) await infobase.close();
});
const keep = <T extends Infobase>(infobase: T): T => {
  opened.push(infobase);
  return infobase;
};

const sheet: Sheet = [
  ['card', 'bonus', 'accumulation', 'receipts'],
  ['A', '5', '100.50', '2'],
  ['B', '7.25', '', '1'],
  ['C', '', '', ''],
];

describe('of «Накопления»', () => {
  const kind = 'opening-accumulation';
  let infobase: Infobase;
  beforeEach(async () => {
    infobase = keep(await openTestInfobase());
    for (const number of ['A', 'B', 'C']) await addCard(infobase, { number });
    expect(await importNumber(infobase, noon, kind, sheet)).toBe(1);
  });

  test('takes back what was brought in, by a document of its own; a dry run does the same and leaves nothing', async () => {
    const sums = { cards: 2, bonus: -1_225, accumulation: -10_050, receipts: -3 };
    expect(await reverse(infobase, noon, 1, true)).toMatchObject({
      ok: true,
      reversed: { id: 1, fileName: 'opening.csv' },
      reversal: { number: null, document: null, ...sums },
    });
    expect(await getBalance(infobase, 'A')).toEqual({ bonus: 500, accumulation: 10_050, receipts: 2 });
    expect(await listImports(infobase)).toHaveLength(1);
    const later = moment('2026-11-23T09:00:00');
    expect(await reverse(infobase, later, 1)).toMatchObject({
      ok: true,
      reversal: { number: 2, document: 'Ввод остатков накоплений 000000002 от 23.11.2026 09:00:00', ...sums },
    });
    for (const number of ['A', 'B']) {
      expect(await getBalance(infobase, number)).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
    }
    expect(await listMovements(infobase, 'A')).toMatchObject([
      { documentKind: 'OpeningAccumulation', bonus: 500, bonusAfter: 500 },
      {
        documentKind: 'OpeningAccumulation',
        comment: 'Сторно ввода остатков № 1: opening.csv',
        bonus: -500,
        accumulation: -10_050,
        receipts: -2,
        bonusAfter: 0,
      },
    ]);
    expect(await listMovements(infobase, 'C')).toEqual([]);
    expect(await infobase.db.read(findBalanceDifference)).toBeUndefined();
    expect(await listImports(infobase)).toMatchObject([
      {
        number: 1,
        kind,
        state: 'reversed',
        reverses: null,
        reversedBy: { number: 2, at: later, by: 'petrov' },
        by: 'ivanova',
        document: 'Ввод остатков накоплений 000000001 от 22.11.2026 12:00:00',
        rows: 3,
        cards: 3,
        bonus: 1_225,
      },
      { number: 2, kind, state: 'stands', reverses: 1, reversedBy: null, by: 'petrov', recordedAt: later, ...sums },
    ]);
  });

  test('is refused for what is not an import that stands', async () => {
    expect(await reverse(infobase, noon, 9)).toEqual({ ok: false, why: 'there is no import 9', cards: [] });
    expect(await reverse(infobase, noon, 1)).toMatchObject({ ok: true });
    expect(await reverse(infobase, noon, 1)).toMatchObject({ ok: false, why: 'import 1 is reversed already, by 2' });
    expect(await reverse(infobase, noon, 2)).toMatchObject({
      ok: false,
      why: '2 is the reversal of import 1: import the file again instead',
    });
  });

  test('two at once take it back once', async () => {
    const outcomes = await Promise.all([reverse(infobase, noon, 1), reverse(infobase, noon, 1)]);
    expect(outcomes.map(({ ok }) => ok)).toEqual([true, false]);
    expect(await getBalance(infobase, 'A')).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
  });

  test('a card that has spent what it got, or has it held, does not allow it, and nothing is taken back', async () => {
    const sale = buildSale({ cardNumber: 'A', bonusRedeemedKopecks: 300 });
    await register(infobase, sale);
    const hold = buildReserve(buildSale({ cardNumber: 'B', receiptNumber: 2, bonusRedeemedKopecks: 100 }));
    await reserve(infobase, hold);
    expect(await reverse(infobase, noon, 1)).toEqual({
      ok: false,
      why: '2 of its cards do not allow it',
      cards: [
        { cardNumber: 'A', why: 'bonus 5 was brought in, and the balance is 2' },
        { cardNumber: 'B', why: 'bonus 7.25 was brought in, and of the balance, 7.25, 1 is held for a receipt' },
      ],
    });
    expect((await getBalance(infobase, 'B')).bonus).toBe(725);
    // What other sums cover is not missing, and a hold that has ended keeps nothing.
    await register(infobase, buildSale({ cardNumber: 'A', receiptNumber: 3, bonusAccruedKopecks: 300 }));
    await release(infobase, hold);
    expect(await reverse(infobase, noon, 1)).toMatchObject({ ok: true });
    expect(await getBalance(infobase, 'A')).toEqual({ bonus: 0, accumulation: 20_000, receipts: 2 });
  });

  test('accumulation and count that returns have lowered do not allow it', async () => {
    const sold = buildSale({ cardNumber: 'A', receiptNumber: 7, sumWithDiscountKopecks: 4_000 });
    const back = buildReturn(sold, { receiptNumber: 8 });
    await upload(infobase, [back]);
    expect(await reverse(infobase, noon, 1)).toMatchObject({
      why: 'one of its cards does not allow it',
      cards: [{ cardNumber: 'A', why: 'accumulation 100.5 was brought in, and the balance is 60.5' }],
    });
  });

  test('a debt that was brought in is reversed by a sum above zero', async () => {
    await infobase.db.write(async (trx) => {
      const move = { bonus: -400, accumulation: 0, receipts: 0 };
      const document = { kind: 'OpeningAccumulation', datedAt: noon, recordedAt: noon, receiptId: null } as const;
      const moves = [{ cardId: 3, move }];
      const { documentId } = await postDocument(trx, { ...document, comment: null }, moves);
      const run = {
        kind,
        fileName: 'debts.csv',
        fileSha256: 'd',
        datedOn: day('2026-11-22'),
        recordedAt: noon,
      } as const;
      const counts = { rows: 1, badRows: 0, cards: 1, created: 0, ...move };
      const ids = { documentId, billingDocumentId: null, reversesId: null, madeBy: null };
      await insertImportRun(trx, { ...run, ...counts, ...ids });
    });
    expect((await getBalance(infobase, 'C')).bonus).toBe(-400);
    expect(await reverse(infobase, noon, 2)).toMatchObject({ ok: true, reversal: { cards: 1, bonus: 400 } });
    expect((await getBalance(infobase, 'C')).bonus).toBe(0);
  });

  test('the first ten cards are named, the others counted', async () => {
    const numbers = Array.from({ length: 13 }, (_, index) => `D${String(index).padStart(2, '0')}`);
    for (const number of numbers) await addCard(infobase, { number });
    const many = [['card', 'bonus'], ...numbers.map((number) => [number, '1'])];
    const number = await importNumber(infobase, noon, kind, many);
    for (const [index, cardNumber] of numbers.entries()) {
      await register(infobase, buildSale({ cardNumber, receiptNumber: 50 + index, bonusRedeemedKopecks: 100 }));
    }
    const outcome = await reverse(infobase, noon, number);
    expect(outcome).toMatchObject({ ok: false, why: '13 of its cards do not allow it' });
    expect(outcome.ok ? [] : outcome.cards.map(({ cardNumber }) => cardNumber)).toEqual(numbers.slice(0, 10));
  });

  test('stage cards allows it; exclusive mode and stage billing do not', async () => {
    await setSetting(infobase, 'stage', 'cards');
    expect(await reverse(infobase, noon, 1, true)).toMatchObject({ ok: true });
    await setSetting(infobase, 'stage', 'online');
    await infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
    expect(await reverse(infobase, noon, 1)).toMatchObject({ why: expect.stringContaining('switched on or off') });
    await infobase.db.write(leaveExclusiveMode);
    expect(await reverse(infobase, noon, 1, true)).toMatchObject({ ok: true });
  });
});

const start = day('2026-11-01');
const at = (date: LocalDate): ReturnType<typeof moment> => moment(`${date}T12:00:00`);

describe('of billing', () => {
  const kind = 'opening-balance';
  const dated: Sheet = [
    ['card', 'bonus', 'accumulation', 'receipts', 'write_off_date'],
    ['A', '5', '100', '2', '2026-11-05'],
    ['A', '3', '', '', '2026-11-20'],
    ['B', '7', '', '', ''],
  ];
  let infobase: Infobase;
  beforeEach(async () => {
    infobase = keep(await openBilling({ start, kinds: { K: { bonus: 'days:10', accumulation: 'months:2' } } }));
    for (const number of ['A', 'B']) await addCard(infobase, { number, kindCode: 'K' });
    await passNight(infobase, start);
    expect(await importNumber(infobase, at(start), kind, dated)).toBe(1);
  });

  test('takes balance and rows back, each on its own date, and a night finds nothing of it', async () => {
    await register(infobase, buildSale({ cardNumber: 'A', receiptAt: at(start), bonusAccruedKopecks: 900 }), at(start));
    await passNight(infobase, day('2026-11-02'));
    const now = at(day('2026-11-02'));
    expect(await reverse(infobase, now, 1)).toMatchObject({
      ok: true,
      reversal: { number: 2, cards: 2, bonus: -1_500, accumulation: -10_000, receipts: -2 },
    });
    expect(await getAccount(infobase, 'A')).toEqual({
      bonus: 900,
      accumulation: 10_000,
      receipts: 1,
      rows: {
        bonus: { '2026-11-11': 900 },
        accumulation: { '2027-01-01': 10_000 },
        receipts: { '2027-01-01': 1 },
      },
      pending: [],
    });
    expect(await getAccount(infobase, 'B')).toEqual(emptyAccount);
    expect((await listBillingRows(infobase, 'A')).at(-1)).toMatchObject({
      kind: 'OpeningBalance',
      origin: 'opening',
      datedAt: now,
      comment: 'Сторно ввода остатков № 1: opening.csv',
      bonus: -800,
      bonusAfter: 900,
    });
    expect((await listOperations(infobase, 'A')).at(-1)).toMatchObject({
      documentKind: 'OpeningBalance',
      bonus: -800,
      writeOffAt: null,
      bonusAfter: 900,
    });
    await passNightsTo(infobase, day('2026-11-21'));
    for (const number of ['A', 'B']) expect([number, await isInOrder(infobase, number)]).toEqual([number, true]);
    expect(await infobase.db.read(findBalanceDifference)).toBeUndefined();
    expect((await listBillingRows(infobase, 'A')).filter(({ origin }) => origin === 'night')).toMatchObject([
      { bonus: -900 },
    ]);
  });

  test('late facts of before it are calculated with the import and its reversal', async () => {
    await passNightsTo(infobase, day('2026-11-03'));
    expect(await reverse(infobase, at(day('2026-11-03')), 1)).toMatchObject({ ok: true });
    await passNightsTo(infobase, day('2026-11-12'));
    const late = { cardNumber: 'A', receiptAt: at(day('2026-11-02')), offline: true };
    const sale = buildSale({ ...late, bonusAccruedKopecks: 200, bonusRedeemedKopecks: 150 });
    await upload(infobase, [sale], at(day('2026-11-12')));
    // 200 came on the 2nd and burned on the 12th; the 150 that were spent were not there without the import.
    expect(await getAccount(infobase, 'A')).toMatchObject({ bonus: 0, rows: { bonus: { '2026-11-12': 200 } } });
    expect(await isInOrder(infobase, 'A')).toBe(true);
    const spent = buildSale({ ...late, receiptNumber: 2, bonusRedeemedKopecks: 400 });
    await upload(infobase, [spent], at(day('2026-11-12')));
    expect(await getAccount(infobase, 'A')).toMatchObject({ bonus: -350 });
    expect(await isInOrder(infobase, 'A')).toBe(true);
    await upload(infobase, [buildReturn(spent, { receiptAt: at(day('2026-11-12')) })], at(day('2026-11-12')));
    expect(await isInOrder(infobase, 'A')).toBe(true);
    await passNightsTo(infobase, day('2026-11-25'));
    expect(await isInOrder(infobase, 'A')).toBe(true);
  });

  test('a row that a night is done with does not allow it, whatever the balance is', async () => {
    const sale = buildSale({ cardNumber: 'A', receiptAt: at(day('2026-11-04')), bonusAccruedKopecks: 5_000 });
    await passNightsTo(infobase, day('2026-11-04'));
    await register(infobase, sale, at(day('2026-11-04')));
    expect(await reverse(infobase, at(day('2026-11-04')), 1, true)).toMatchObject({ ok: true });
    await passNight(infobase, day('2026-11-05'));
    expect(await reverse(infobase, at(day('2026-11-05')), 1)).toEqual({
      ok: false,
      why: 'one of its cards does not allow it',
      cards: [
        {
          cardNumber: 'A',
          why: 'bonus 5, accumulation 100, receipts 2 had the write-off date 2026-11-05, and that night is done',
        },
      ],
    });
    expect(await isInOrder(infobase, 'A')).toBe(true);
  });

  test('a row that a return has lowered does not allow it', async () => {
    const rows = [{ measure: 'bonus', writeOffOn: day('2026-11-20'), amount: -100 }] as const;
    await postManual(infobase, await getCardId(infobase, 'A'), { on: start, rows });
    expect(await reverse(infobase, at(start), 1)).toMatchObject({
      cards: [
        {
          cardNumber: 'A',
          why: 'of bonus 3 to be written off on 2026-11-20, 2 is left: returns have taken the rest',
        },
      ],
    });
  });

  test('spent bonus and a standing hold do not allow it; a delayed credit does not count', async () => {
    await addRuledKind(infobase, 'SLOW', { bonus: 'days:30 days:5' });
    await addCard(infobase, { number: 'S', kindCode: 'SLOW' });
    const number = await importNumber(infobase, at(start), kind, [
      ['card', 'bonus', 'write_off_date'],
      ['S', '4', '2026-12-31'],
    ]);
    const sale = { cardNumber: 'S', receiptAt: at(start), bonusAccruedKopecks: 900 };
    await register(infobase, buildSale({ ...sale, bonusRedeemedKopecks: 100 }), at(start));
    expect(await reverse(infobase, at(start), number)).toMatchObject({
      cards: [{ cardNumber: 'S', why: 'bonus 4 was brought in, and the balance is 3' }],
    });
    const hold = buildReserve(buildSale({ ...sale, cardNumber: 'B', receiptNumber: 2, bonusRedeemedKopecks: 200 }));
    await reserve(infobase, hold, at(start));
    expect(await reverse(infobase, at(start), 1)).toMatchObject({
      cards: [{ cardNumber: 'B', why: 'bonus 7 was brought in, and of the balance, 7, 2 is held for a receipt' }],
    });
    // The hold runs out, the credit comes.
    await passNightsTo(infobase, day('2026-11-04'));
    expect(await reverse(infobase, at(day('2026-11-04')), 1)).toMatchObject({ ok: true });
    await passNightsTo(infobase, day('2026-11-06'));
    expect(await reverse(infobase, at(day('2026-11-06')), number)).toMatchObject({ ok: true });
    expect(await getAccount(infobase, 'S')).toMatchObject({ bonus: 800, rows: { bonus: { '2026-12-06': 900 } } });
    for (const card of ['A', 'B', 'S']) expect([card, await isInOrder(infobase, card)]).toEqual([card, true]);
  });

  test('a night that is broken off, and a base without the subscription, do not allow it', async () => {
    await infobase.db.write((trx) => openNightRun(trx, day('2026-11-02'), at(day('2026-11-02'))));
    expect(await reverse(infobase, at(day('2026-11-02')), 1)).toMatchObject({
      ok: false,
      why: expect.stringContaining('the night of 2026-11-02 is on its way'),
    });
  });
});

test('without the extended subscription nothing is taken back', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-reverse-'));
  const file = join(folder, 'trade.sqlite');
  try {
    const paid = await Infobase.open({ name: 'trade', file, hasSubscription: true });
    await addRuledKind(paid, 'K', {});
    await addCard(paid, { number: 'A', kindCode: 'K' });
    await setSetting(paid, 'stage', 'online');
    await importNumber(paid, noon, 'opening-accumulation', [
      ['card', 'bonus'],
      ['A', '1'],
    ]);
    expect(await enable(paid, start, day('2026-11-22'))).toEqual({ code: 'done' });
    expect(await reverse(paid, eveningOf(day('2026-11-22')), 1)).toMatchObject({
      ok: false,
      why: expect.stringContaining('import 1 is in the opening balances of billing'),
    });
    await paid.close();
    const unpaid = await Infobase.open({ name: 'trade', file, hasSubscription: false });
    expect(await reverse(unpaid, noon, 1)).toMatchObject({ ok: false, why: expect.stringContaining('подписк') });
    await unpaid.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const accounts = async (infobase: Infobase): Promise<object> => ({
  A: await getAccount(infobase, 'A'),
  B: await getAccount(infobase, 'B'),
});

describe('billing switched on and off again', () => {
  const today = day('2026-11-06');
  const folder = mkdtempSync(join(tmpdir(), 'kkm-reverse-off-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let backups = 0;
  const disable = async (infobase: Infobase): Promise<void> => {
    const backupFile = join(folder, String((backups += 1)));
    const off = { ...runner, backupFile, backUp, confirm: confirmations };
    expect(await disableBilling(infobase, eveningOf(today), off)).toMatchObject({ code: 'done' });
    expect(existsSync(backupFile)).toBe(true);
  };
  const sales = [1, 3, 5].map((date) =>
    buildSale({
      receiptNumber: date,
      receiptAt: moment(`2026-11-0${date}T10:00:00`),
      cardNumber: 'A',
      bonusAccruedKopecks: 100 * date,
      offline: true,
    }),
  );
  const own: Sheet = [
    ['card', 'bonus', 'accumulation'],
    ['A', '10', '50'],
    ['B', '20', '60'],
  ];

  async function openShop(): Promise<Infobase> {
    const infobase = keep(await openOnline({ K: { bonus: 'days:4', accumulation: 'months:1' } }));
    for (const number of ['A', 'B']) await addCard(infobase, { number, kindCode: 'K' });
    await importNumber(infobase, moment('2026-10-20T12:00:00'), 'opening-accumulation', own);
    await upload(infobase, sales, eveningOf(today));
    return infobase;
  }
  const expectOrder = async (infobase: Infobase): Promise<void> => {
    expect(await infobase.db.read(findBalanceDifference)).toBeUndefined();
    expect(await verifyCards(infobase, eveningOf(today), { limit: 5 })).toMatchObject({ code: 'done', wrong: 0 });
  };

  test('opens without what was reversed in «Накопления», as if it had never been', async () => {
    const plain = await openShop();
    expect(await enable(plain, start, today)).toEqual({ code: 'done' });
    const infobase = await openShop();
    const doubled = own.map((row, index) => (index === 0 ? row : [row[0] ?? '', `${row[1]}.00`, `${row[2]}.00`]));
    const request = { mayAdd: true };
    const number = await importNumber(infobase, eveningOf(today), 'opening-accumulation', doubled, request);
    expect(await reverse(infobase, eveningOf(today), number)).toMatchObject({ ok: true });
    expect(await enable(infobase, start, today)).toEqual({ code: 'done' });
    expect(await accounts(infobase)).toEqual(await accounts(plain));
    await expectOrder(infobase);
  });

  test('an import of billing that was reversed leaves the same as one that was not there; what was not goes', async () => {
    const infobase = await openShop();
    const trade = await hashTrade(infobase);
    expect(await enable(infobase, start, today)).toEqual({ code: 'done' });
    const before = await accounts(infobase);
    const now = eveningOf(today);
    const request = { mayAdd: true };
    const number = await importNumber(infobase, now, 'opening-balance', own, request);
    await expectOrder(infobase);
    expect(await reverse(infobase, now, number)).toMatchObject({ ok: true });
    expect(await accounts(infobase)).toEqual(before);
    await expectOrder(infobase);
    const other = own.map((row, index) => (index === 0 ? row : [row[0] ?? '', '1', '1']));
    const kept = await importNumber(infobase, now, 'opening-balance', other, request);
    await disable(infobase);
    expect(await hashTrade(infobase)).toBe(trade);
    expect((await listImports(infobase)).map(({ number: of, state }) => [of, state])).toEqual([
      [1, 'stands'],
      [number, 'reversed'],
      [number + 1, 'gone'],
      [kept, 'gone'],
    ]);
    expect(await reverse(infobase, now, kept)).toMatchObject({
      why: `import ${kept} was deleted when billing was switched off`,
    });
    // The import of «Накопления» may be taken back now, and billing opens without it.
    expect(await reverse(infobase, now, 1, true)).toMatchObject({ ok: true });
    expect(await enable(infobase, start, today)).toEqual({ code: 'done' });
    expect(await accounts(infobase)).toEqual(before);
    await expectOrder(infobase);
    // The document of the file that has gone does not stand in the way of the file: the opening does.
    expect(await importSheet(infobase, now, 'opening-balance', other)).toMatchObject({ field: 'mayAdd' });
    expect(await importSheet(infobase, now, 'opening-balance', other, request)).toMatchObject({ ok: true });
  });
});

describe('returns of sales from before billing', () => {
  const today = day('2026-11-03');
  const now = eveningOf(today);
  const old = buildSale({
    receiptNumber: 1,
    cardNumber: 'A',
    receiptAt: moment('2026-10-20T12:00:00'),
    sumWithDiscountKopecks: 10_000,
    bonusAccruedKopecks: 10_000,
  });
  const back = (receiptNumber: number, sumWithDiscountKopecks: number) =>
    buildReturn(old, { receiptNumber, receiptAt: moment('2026-11-03T19:00:00'), sumWithDiscountKopecks });
  let infobase: Infobase;
  beforeEach(async () => {
    infobase = keep(await openOnline({ K: { bonus: 'days:30', accumulation: 'months:6' } }));
    await addCard(infobase, { number: 'A', kindCode: 'K' });
    await upload(infobase, [old], moment('2026-10-20T13:00:00'));
    // The opening's row of 100 is written off on 1 December.
    expect(await enable(infobase, start, today)).toEqual({ code: 'done' });
  });
  const bringIn = (writeOffOn: string): Promise<number> =>
    importNumber(
      infobase,
      now,
      'opening-balance',
      [
        ['card', 'bonus', 'write_off_date'],
        ['A', '50', writeOffOn],
      ],
      { mayAdd: true },
    );
  const rowsOf = async (): Promise<object> => (await getAccount(infobase, 'A')).rows.bonus;

  test('that came off the row of the import do not allow it', async () => {
    const number = await bringIn('2026-12-31');
    await upload(infobase, [back(2, 3_000)], now);
    expect(await rowsOf()).toEqual({ '2026-12-01': 10_000, '2026-12-31': 2_000 });
    expect(await reverse(infobase, now, number)).toMatchObject({
      cards: [
        {
          cardNumber: 'A',
          why: 'of bonus 50 to be written off on 2026-12-31, 20 is left: returns have taken the rest',
        },
      ],
    });
  });

  test('that came off it do not allow it either where another accrual of that date hides them', async () => {
    const number = await bringIn('2026-12-03');
    const sale = buildSale({ receiptNumber: 9, cardNumber: 'A', receiptAt: now, bonusAccruedKopecks: 4_000 });
    await register(infobase, sale, now);
    await upload(infobase, [back(2, 3_000)], now);
    expect(await rowsOf()).toEqual({ '2026-12-01': 10_000, '2026-12-03': 6_000 });
    expect(await reverse(infobase, now, number)).toEqual({
      ok: false,
      why: 'one of its cards does not allow it',
      cards: [{ cardNumber: 'A', why: 'returns of sales from before billing were taken from it' }],
    });
    expect(await rowsOf()).toEqual({ '2026-12-01': 10_000, '2026-12-03': 6_000 });
    expect(await isInOrder(infobase, 'A')).toBe(true);
  });

  test('that came off another row allow it', async () => {
    const number = await bringIn('2026-11-20');
    await upload(infobase, [back(2, 3_000)], now);
    expect(await rowsOf()).toEqual({ '2026-11-20': 5_000, '2026-12-01': 7_000 });
    expect(await reverse(infobase, now, number)).toMatchObject({ ok: true });
    expect(await rowsOf()).toEqual({ '2026-12-01': 7_000 });
    expect(await isInOrder(infobase, 'A')).toBe(true);
  });

  test('that come after it come off what was there without it, even where an earlier one had known it', async () => {
    const number = await bringIn('2026-12-31');
    const first = back(2, 3_000);
    await upload(infobase, [first], now);
    await cancel(infobase, buildCancel(first), now);
    expect(await rowsOf()).toEqual({ '2026-12-01': 10_000, '2026-12-31': 5_000 });
    expect(await reverse(infobase, now, number)).toMatchObject({ ok: true });
    expect(await isInOrder(infobase, 'A')).toBe(true);
    expect(await upload(infobase, [back(3, 4_000)], now)).toMatchObject({ accepted: 1 });
    expect(await getAccount(infobase, 'A')).toMatchObject({ bonus: 6_000, rows: { bonus: { '2026-12-01': 6_000 } } });
    expect(await isInOrder(infobase, 'A')).toBe(true);
    // A new import is not for them.
    await bringIn('2027-02-01');
    await upload(infobase, [back(4, 6_000)], now);
    expect(await rowsOf()).toEqual({ '2027-02-01': 5_000 });
    expect(await isInOrder(infobase, 'A')).toBe(true);
  });
});

/** Random trade over a few days with short lives; with an import that is taken back as soon as the cards allow it. */
async function playShop(seed: number, hasImport: boolean): Promise<{ accounts: object; isTaken: boolean }> {
  const kinds = {
    short: { bonus: 'days:3', accumulation: 'days:5' },
    slow: { bonus: 'days:4 days:2', accumulation: 'days:6 days:1' },
  };
  const infobase = await openBilling({ start, kinds });
  const cards = { A: 'short', B: 'slow' };
  for (const [number, kindCode] of Object.entries(cards)) await addCard(infobase, { number, kindCode });
  const random = makeRandom(seed);
  const pick = (upTo: number): number => Math.floor(random() * upTo);
  const importOn = pick(4);
  const facts = Array.from({ length: 24 }, (_, index) => {
    const happens = pick(10);
    return {
      sale: buildSale({
        receiptNumber: index + 1,
        cardNumber: pick(2) === 0 ? 'A' : 'B',
        receiptAt: moment(`${addDays(start, happens)}T${String(3 + pick(20)).padStart(2, '0')}:00:00`),
        bonusAccruedKopecks: 100 * pick(6),
        bonusRedeemedKopecks: 50 * pick(4),
        offline: true,
      }),
      comesOn: happens + (pick(3) === 0 ? pick(5) : 0),
      returnedOn: pick(4) === 0 ? happens + 1 + pick(4) : undefined,
    };
  });
  let [number, isTaken] = [0, false];
  for (let date = 0; date <= 16; date += 1) {
    const today = addDays(start, date);
    await passNight(infobase, today);
    if (hasImport && date === importOn) {
      const lives: Sheet = [
        ['card', 'bonus', 'accumulation', 'receipts', 'write_off_date'],
        ['A', '6', '50', '3', addDays(today, 9)],
        ['A', '2', '', '', addDays(today, 11)],
        ['B', '4', '20', '1', '2027-01-01'],
      ];
      number = await importNumber(infobase, moment(`${today}T02:30:00`), 'opening-balance', lives);
    }
    for (const { sale, comesOn, returnedOn } of facts) {
      if (comesOn === date) await upload(infobase, [sale], moment(`${today}T23:30:00`));
      if (returnedOn !== date) continue;
      const back = { receiptNumber: 100 + sale.receiptNumber, receiptAt: moment(`${today}T23:00:00`) };
      await upload(infobase, [buildReturn(sale, back)], moment(`${today}T23:40:00`));
    }
    if (number > 0 && !isTaken && date >= importOn + 2) {
      isTaken = (await reverse(infobase, moment(`${today}T23:50:00`), number)).ok;
    }
    for (const card of Object.keys(cards)) expect([seed, date, card, await isInOrder(infobase, card)]).toContain(true);
  }
  expect(await infobase.db.read(findBalanceDifference)).toBeUndefined();
  expect(await verifyInvariants(infobase, noon)).toMatchObject({ belowZero: null, uncovered: null });
  const left = await accounts(infobase);
  await infobase.close();
  return { accounts: left, isTaken };
}

test('whatever trade, nights and late facts lie between, an import that was taken back leaves no trace', async () => {
  let taken = 0;
  for (let round = 0; round < 3 * depth; round += 1) {
    const own = fileSeed + round;
    const imported = await playShop(own, true);
    if (!imported.isTaken) continue;
    taken += 1;
    expect([own, imported.accounts]).toEqual([own, (await playShop(own, false)).accounts]);
  }
  expect(taken).toBeGreaterThan(1);
});
