// The rules of receipts, cancels and holds one by one: which answer comes first, what moves, what is flagged.
import { findCard, updateCard } from '../../../src/db/cards/card.ts';
import { statement } from '../../../src/db/statement.ts';
import type { CardStatus } from '../../../src/ledger/card.ts';
import { addSeconds, type LocalDate } from '../../../src/ledger/local-date-time.ts';
import { cancelReceipt } from '../../../src/operations/receipts/cancel-receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { listCardOperations } from '../../../src/operations/cards/list-card-operations.ts';
import { readCard } from '../../../src/operations/cards/read-card.ts';
import { registerReceipt } from '../../../src/operations/receipts/register-receipt.ts';
import { releaseBonus, reserveBonus } from '../../../src/operations/receipts/reserve-bonus.ts';
import { uploadReceipts } from '../../../src/operations/receipts/upload-receipts.ts';
import {
  addCard,
  addKind,
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  findFlags,
  getBalance,
  keyOf,
  listMovements,
  moment,
  noon,
  openBalances,
  openTestInfobase,
  read,
  register,
  release,
  reserve,
  setSetting,
  showCard,
  sumMovements,
  testCard,
  upload,
} from '../testing-infobase.ts';

const A = testCard.number;
const B = '2900000002';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
  await addCard(infobase, { number: B });
});
afterEach(() => infobase.close());

async function setCard(change: { status?: CardStatus; validFrom?: string; validTo?: string }): Promise<void> {
  await infobase.db.write(async (trx) => {
    const card = await findCard(trx, A);
    if (card === undefined) throw new Error('the card is missing');
    const { status = card.status, validFrom = card.validFrom, validTo = card.validTo } = change;
    await updateCard(trx, { ...card, status, validFrom: validFrom as LocalDate, validTo: validTo as LocalDate });
  });
}

const rowCounts = statement<Record<string, never>, Record<string, number>>((knex) =>
  knex.raw(`select (select count(*) from receipt) as receipts, (select count(*) from document) as documents,
    (select count(*) from accumulation_movement) as movements, (select count(*) from hold) as holds,
    (select count(*) from receipt_cancel) as cancels`),
);
const countRows = () => infobase.db.read((trx) => trx.first(rowCounts, {}));

/** Runs a call that must be refused, and looks whether it left the tables as they were. */
async function refused<T extends { readonly code: number }>(call: () => Promise<T>): Promise<T> {
  const before = [await countRows(), await getBalance(infobase, A), await getBalance(infobase, B)];
  const reply = await call();
  expect([await countRows(), await getBalance(infobase, A), await getBalance(infobase, B)]).toEqual(before);
  expect(reply.code).not.toBe(0);
  return reply;
}

describe('the first trouble is the answer', () => {
  const bad = {
    ok: false,
    trouble: { field: 'sumKopecks', expected: 'сумма' },
    partial: { operationId: 'X' },
  } as const;

  test('a sale: 8, 11, 14, 6, 1, 2, 3, 4, 5', async () => {
    const cancelled = buildSale({ receiptNumber: 1 });
    const known = buildSale({ receiptNumber: 2 });
    const spending = buildSale({ receiptNumber: 3, bonusRedeemedKopecks: 100 });
    await register(infobase, cancelled);
    await cancel(infobase, buildCancel(cancelled));
    await register(infobase, known);
    await setCard({ status: 'blocked', validTo: '2026-11-21' });

    await setSetting(infobase, 'stage', 'cards');
    expect(await refused(() => registerReceipt(infobase, noon, bad))).toMatchObject({ code: 8, operationId: 'X' });
    await setSetting(infobase, 'stage', 'online');
    expect(await refused(() => registerReceipt(infobase, noon, bad))).toMatchObject({
      code: 11,
      operationId: 'X',
      trouble: bad.trouble,
    });
    const otherwise = { cardNumber: 'nobody', sumWithDiscountKopecks: 1 };
    expect(await refused(() => register(infobase, { ...cancelled, ...otherwise }))).toMatchObject({ code: 14 });
    expect(await refused(() => register(infobase, { ...known, ...otherwise }))).toMatchObject({
      code: 6,
      trouble: { field: 'cardNumber' },
    });
    expect(await refused(() => register(infobase, { ...spending, ...otherwise }))).toMatchObject({ code: 1 });
    expect(await refused(() => register(infobase, spending))).toMatchObject({ code: 2, bonusAvailable: 0 });
    await setCard({ status: 'accrue_only' });
    expect(await refused(() => register(infobase, spending))).toMatchObject({ code: 3 });
    await setCard({ validTo: '2026-11-22' });
    expect(await refused(() => register(infobase, spending))).toMatchObject({ code: 4 });
    await setCard({ status: 'active' });
    expect(await refused(() => register(infobase, spending))).toMatchObject({ code: 5, receipts: 1 });
    await openBalances(infobase, A, { bonus: 100 });
    expect(await register(infobase, spending)).toMatchObject({ code: 0, bonusBalance: 0 });
  });

  test('a return: 14, 6, 1, 14, 7, 11', async () => {
    const sale = buildSale();
    const cancelledSale = buildSale({ receiptNumber: 2 });
    const unknownSale = buildSale({ receiptNumber: 3 });
    const cancelledReturn = buildReturn(sale, { receiptNumber: 101 });
    const knownReturn = buildReturn(sale, { receiptNumber: 102, sumWithDiscountKopecks: 1_000 });
    for (const one of [sale, cancelledSale, cancelledReturn]) await register(infobase, one);
    await cancel(infobase, buildCancel(cancelledReturn));
    await register(infobase, knownReturn);
    await cancel(infobase, buildCancel(cancelledSale));
    const nobody = { cardNumber: 'nobody' };
    expect(await refused(() => register(infobase, { ...cancelledReturn, ...nobody }))).toMatchObject({ code: 14 });
    expect(await refused(() => register(infobase, { ...knownReturn, ...nobody }))).toMatchObject({ code: 6 });
    const late = buildReturn(cancelledSale, { receiptNumber: 103, sumWithDiscountKopecks: 99_999 });
    expect(await refused(() => register(infobase, { ...late, ...nobody }))).toMatchObject({ code: 1 });
    expect(await refused(() => register(infobase, late))).toMatchObject({ code: 14 });
    const orphan = buildReturn(unknownSale, { receiptNumber: 104 });
    expect(await refused(() => register(infobase, orphan))).toMatchObject({ code: 7 });
    expect(await refused(() => register(infobase, { ...orphan, original: null }))).toMatchObject({ code: 7 });
    expect(
      await refused(() => register(infobase, buildReturn(sale, { receiptNumber: 105, cardNumber: B }))),
    ).toMatchObject({
      code: 11,
      trouble: { field: 'cardNumber' },
    });
    const tooMuch = buildReturn(sale, { receiptNumber: 106, sumWithDiscountKopecks: 9_001 });
    expect(await refused(() => register(infobase, tooMuch))).toMatchObject({
      code: 11,
      trouble: { field: 'sumWithDiscountKopecks' },
    });
    expect(await register(infobase, { ...tooMuch, sumWithDiscountKopecks: 9_000 })).toMatchObject({
      code: 0,
      receipts: 0,
    });
  });

  test('a reserve: 8, 11, 1, 6, 14, 2, 3, 4, 5', async () => {
    await openBalances(infobase, A, { bonus: 1_000 });
    const held = buildReserve(buildSale({ operationId: 'held' }), { amountKopecks: 100 });
    const freed = buildReserve(buildSale({ operationId: 'freed', receiptNumber: 2 }), { amountKopecks: 100 });
    const fresh = buildReserve(buildSale({ operationId: 'fresh', receiptNumber: 3 }), { amountKopecks: 901 });
    expect(await reserve(infobase, held)).toMatchObject({ code: 0, bonusBalance: 1_000, bonusAvailable: 900 });
    await reserve(infobase, freed);
    await release(infobase, freed);
    await setCard({ status: 'blocked', validFrom: '2026-11-23' });

    await setSetting(infobase, 'stage', 'cards');
    for (const call of [reserveBonus, releaseBonus])
      expect((await refused(() => call(infobase, noon, bad))).code).toBe(8);
    await setSetting(infobase, 'stage', 'online');
    for (const call of [reserveBonus, releaseBonus]) {
      expect((await refused(() => call(infobase, noon, bad))).code).toBe(11);
      expect((await refused(() => call(infobase, noon, read({ ...held, cardNumber: 'nobody' })))).code).toBe(1);
      expect(await refused(() => call(infobase, noon, read({ ...held, receiptNumber: 9 })))).toMatchObject({
        code: 6,
        trouble: { field: 'receiptNumber' },
      });
    }
    // A hold of zero is a mistake before anything is checked; a release may name any sum.
    const nothing = { ...fresh, cardNumber: 'nobody', amountKopecks: 0 };
    expect(await refused(() => reserve(infobase, nothing))).toMatchObject({
      code: 11,
      operationId: 'fresh',
      trouble: { field: 'amountKopecks', expected: 'сумма больше нуля' },
    });
    expect((await refused(() => release(infobase, nothing))).code).toBe(1);
    expect((await refused(() => reserve(infobase, { ...freed, amountKopecks: 1 }))).code).toBe(6);
    expect((await refused(() => reserve(infobase, freed))).code).toBe(14);
    expect((await refused(() => reserve(infobase, fresh))).code).toBe(2);
    await setCard({ status: 'accrue_only' });
    expect((await refused(() => reserve(infobase, fresh))).code).toBe(3);
    await setCard({ validFrom: '2026-11-22' });
    expect((await refused(() => reserve(infobase, fresh))).code).toBe(4);
    await setCard({ status: 'active' });
    expect((await refused(() => reserve(infobase, fresh))).code).toBe(5);
    expect(await reserve(infobase, { ...fresh, amountKopecks: 900 })).toMatchObject({ code: 0, bonusAvailable: 0 });
  });

  test('a cancel: 8, 11, 6', async () => {
    const one = buildSale({ operationId: 'one' });
    const other = buildSale({ operationId: 'other', receiptNumber: 2 });
    await register(infobase, one);
    await register(infobase, other);
    await setSetting(infobase, 'stage', 'cards');
    expect((await refused(() => cancelReceipt(infobase, noon, bad))).code).toBe(8);
    await setSetting(infobase, 'stage', 'online');
    expect((await refused(() => cancelReceipt(infobase, noon, bad))).code).toBe(11);
    const ofOther = buildCancel(one, { operationId: 'other' });
    expect(await refused(() => cancel(infobase, ofOther))).toMatchObject({
      code: 6,
      trouble: { field: 'operationId' },
    });
    const ofCard = buildCancel(one, { cardNumber: B });
    expect(await refused(() => cancel(infobase, ofCard))).toMatchObject({ code: 6, trouble: { field: 'cardNumber' } });
    const done = await cancel(infobase, buildCancel(one, { cardNumber: A }));
    expect(done).toMatchObject({ code: 0, receipts: 1 });
    const repeat = await refused(() => cancel(infobase, ofCard));
    expect(repeat).toMatchObject({ code: 6, operationId: done.operationId });
    expect(await cancel(infobase, buildCancel(one))).toEqual({ ...done, duplicate: true });
  });

  test('a card read: 8, 11, 1, 2, 3; an upload: 8, 11; a history: 8, 11, 1', async () => {
    const unread = { ok: false, trouble: bad.trouble, partial: {} } as const;
    const ask = (cardNumber: string, at = noon) =>
      readCard(infobase, noon, read({ kkm: 'KKM-1', cardNumber, operationAt: at }));
    const history = (cardNumber: string) =>
      listCardOperations(infobase, read({ cardNumber, from: null, to: null, limit: null }));
    await setCard({ status: 'blocked', validTo: '2026-11-21' });
    await setSetting(infobase, 'stage', 'cards');
    expect((await ask(A)).code).toBe(8);
    expect((await history(A)).code).toBe(8);
    expect(await upload(infobase, [buildSale()])).toEqual({
      code: 8,
      accepted: 0,
      linked: 0,
      rejected: 0,
      results: [],
    });
    await setSetting(infobase, 'stage', 'online');
    expect(await readCard(infobase, noon, unread)).toMatchObject({ code: 11, trouble: bad.trouble });
    expect(await listCardOperations(infobase, unread)).toMatchObject({ code: 11, trouble: bad.trouble });
    expect(await uploadReceipts(infobase, noon, unread)).toMatchObject({ code: 11, trouble: bad.trouble });
    expect((await ask('nobody')).code).toBe(1);
    expect((await history('nobody')).code).toBe(1);
    await openBalances(infobase, A, { bonus: 700 });
    expect(await ask(A)).toMatchObject({ code: 2, bonusBalance: 700, bonusAvailable: 0, status: 'blocked' });
    expect((await history(A)).operations).toHaveLength(1);
    await setCard({ status: 'active' });
    expect(await ask(A)).toMatchObject({ code: 3, bonusBalance: 700, bonusAvailable: 0 });
    expect(await ask(A, moment('2026-11-21T23:59:59'))).toMatchObject({ code: 0, bonusAvailable: 700 });
    await setCard({ status: 'accrue_only' });
    expect(await ask(A, moment('2026-11-21'))).toMatchObject({ code: 0, bonusBalance: 700, bonusAvailable: 0 });
  });
});

describe('the same fact again', () => {
  test('is judged before the card: a repeat is answered though the card was blocked since', async () => {
    const sale = buildSale({ operationId: 'one', bonusAccruedKopecks: 500 });
    const first = await register(infobase, sale);
    await setCard({ status: 'blocked' });
    expect(await register(infobase, sale)).toEqual({ ...first, duplicate: true });
    expect((await upload(infobase, [sale])).results).toEqual([{ ...first, duplicate: true }]);
  });

  test('by either key alone', async () => {
    const sale = buildSale({ operationId: 'one' });
    const first = await register(infobase, sale);
    expect(await register(infobase, { ...sale, operationId: null })).toEqual({ ...first, duplicate: true });
    expect(await register(infobase, { ...sale, operationId: 'two' })).toEqual({ ...first, duplicate: true });
    const moved = await refused(() => register(infobase, { ...sale, receiptNumber: 2 }));
    expect(moved).toMatchObject({ code: 6, trouble: { field: 'receiptNumber' } });
    // Neither does the report road believe that one id names two receipts.
    const reported = await refused(
      async () => (await upload(infobase, [{ ...sale, receiptNumber: 2 }])).results[0] ?? moved,
    );
    expect(reported.code).toBe(6);
  });

  test('gets the answer that its own first call got, whatever a report has changed since', async () => {
    const online = buildSale({ bonusAccruedKopecks: 500 });
    const report = { ...online, bonusAccruedKopecks: 300 };
    const told = await register(infobase, online);
    const won = (await upload(infobase, [report])).results[0];
    expect(told).toMatchObject({ code: 0, bonusBalance: 500, document: expect.stringContaining('Операция ККМ') });
    expect(won).toMatchObject({ code: 0, bonusBalance: 300, document: expect.stringContaining('Операция ТП') });
    await register(infobase, buildSale({ receiptNumber: 2, bonusAccruedKopecks: 1 }));
    expect(await register(infobase, online)).toEqual({ ...told, duplicate: true });
    expect((await upload(infobase, [report])).results[0]).toEqual({ ...won, duplicate: true });
    expect(await refused(() => register(infobase, { ...online, bonusAccruedKopecks: 301 }))).toMatchObject({ code: 6 });
    expect(await getBalance(infobase)).toMatchObject({ bonus: 301, receipts: 2 });
  });
});

describe('the report wins', () => {
  test('the difference is posted, the receipt flagged, other cards and measures left alone', async () => {
    const online = buildSale({ bonusAccruedKopecks: 500 });
    await register(infobase, online);
    expect(
      await upload(infobase, [{ ...online, sumWithDiscountKopecks: 8_000, bonusAccruedKopecks: 400 }]),
    ).toMatchObject({
      accepted: 1,
      linked: 0,
      rejected: 0,
    });
    expect((await listMovements(infobase)).at(-1)).toMatchObject({
      documentKind: 'TpOperation',
      bonus: -100,
      accumulation: -2_000,
      receipts: 0,
      comment: 'Отчёт отдела отличается от операции ККМ: сумма со скидкой',
    });
    expect(await findFlags(infobase, online)).toEqual(['report_differs']);
    expect(await listMovements(infobase, B)).toEqual([]);
  });

  test('a sale reported for the wrong card moves to the right one, with its returns', async () => {
    const online = buildSale({ bonusAccruedKopecks: 500 });
    await register(infobase, online);
    await register(infobase, buildReturn(online, { sumWithDiscountKopecks: 5_000 }));
    await upload(infobase, [{ ...online, cardNumber: B }]);
    expect(await getBalance(infobase, A)).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
    expect(await getBalance(infobase, B)).toEqual({ bonus: 250, accumulation: 5_000, receipts: 1 });
  });

  test('a return that named no sale and names one now is settled once', async () => {
    const sale = buildSale();
    const lone = buildReturn(sale, { original: null, sumWithDiscountKopecks: 5_000 });
    await upload(infobase, [sale, lone]);
    await upload(infobase, [{ ...lone, original: keyOf(sale), sumWithDiscountKopecks: 6_000 }]);
    expect(await getBalance(infobase)).toEqual({ bonus: 0, accumulation: 4_000, receipts: 1 });
  });

  test('a return taken from one sale to another leaves both as if it had always been so', async () => {
    // Half of 101 kopecks rounds up for whichever half comes first: the halves are not worth the same.
    const [first, second] = [1, 2].map((receiptNumber) => buildSale({ receiptNumber, bonusAccruedKopecks: 101 }));
    if (first === undefined || second === undefined) throw new Error('two sales');
    const half = (receiptNumber: number, original = keyOf(first)) =>
      buildReturn(first, { receiptNumber, original, sumWithDiscountKopecks: 5_000 });
    await upload(infobase, [first, second, half(101), half(102)]);
    expect(await getBalance(infobase)).toEqual({ bonus: 101, accumulation: 10_000, receipts: 1 });
    await upload(infobase, [half(101, keyOf(second))]);
    expect(await getBalance(infobase)).toEqual({ bonus: 100, accumulation: 10_000, receipts: 2 });
    // What touches either sale later finds nothing left over in it.
    await upload(infobase, [half(103)]);
    expect(await getBalance(infobase)).toEqual({ bonus: 50, accumulation: 5_000, receipts: 1 });
    await upload(infobase, [half(104, keyOf(second))]);
    expect(await getBalance(infobase)).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
  });

  test('for an unknown card it is refused, and the receipt stays as it was', async () => {
    const sale = buildSale();
    await register(infobase, sale);
    const reply = await upload(infobase, [{ ...sale, cardNumber: 'nobody' }]);
    expect(reply).toMatchObject({ accepted: 0, linked: 0, rejected: 1, results: [{ code: 1 }] });
    expect(await getBalance(infobase)).toMatchObject({ accumulation: 10_000 });
  });
});

describe('returns', () => {
  test('of a blocked or expired card go through, and so do cancels', async () => {
    const sale = buildSale({ bonusAccruedKopecks: 500 });
    await register(infobase, sale);
    await setCard({ status: 'blocked', validTo: '2026-11-01' });
    const part = buildReturn(sale, { sumWithDiscountKopecks: 2_000 });
    expect(await register(infobase, part)).toMatchObject({ code: 0, bonusBalance: 400, bonusAvailable: 0 });
    expect(await cancel(infobase, buildCancel(part))).toMatchObject({ code: 0, bonusBalance: 500 });
    expect(await cancel(infobase, buildCancel(sale))).toMatchObject({ code: 0, bonusBalance: 0, receipts: 0 });
  });

  test('that come by report before their sale move their own figures until it comes', async () => {
    const sale = buildSale({ bonusAccruedKopecks: 500 });
    const part = buildReturn(sale, { sumWithDiscountKopecks: 2_000 });
    await upload(infobase, [part]);
    expect(await getBalance(infobase)).toEqual({ bonus: 0, accumulation: -2_000, receipts: 0 });
    expect(await findFlags(infobase, part)).toEqual(['original_unknown']);
    expect(await register(infobase, sale)).toMatchObject({
      code: 0,
      bonusBalance: 400,
      accumulation: 8_000,
      receipts: 1,
    });
  });

  test('beyond what is left are taken by report, flagged, and take no more than was given', async () => {
    const sale = buildSale({ bonusAccruedKopecks: 500 });
    const [one, two] = [101, 102].map((receiptNumber) =>
      buildReturn(sale, { receiptNumber, sumWithDiscountKopecks: 6_000, bonusAccruedKopecks: 400 }),
    );
    if (one === undefined || two === undefined) throw new Error('two returns');
    await upload(infobase, [sale, one, two]);
    expect(await getBalance(infobase)).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
    expect([await findFlags(infobase, one), await findFlags(infobase, two)]).toEqual([[], ['over_returned']]);
  });

  test('an original named in a sale means nothing', async () => {
    const sale = buildSale({ bonusAccruedKopecks: 500 });
    const exchange = buildSale({ receiptNumber: 2, original: keyOf(sale) });
    await register(infobase, sale);
    await register(infobase, exchange);
    expect(await register(infobase, buildReturn(sale))).toMatchObject({
      bonusBalance: 0,
      accumulation: 10_000,
      receipts: 1,
    });
    await cancel(infobase, buildCancel(sale));
    expect(await getBalance(infobase)).toEqual({ bonus: 0, accumulation: 10_000, receipts: 1 });
  });
});

describe('cancels', () => {
  test('of a receipt that never came leave a tombstone on both roads', async () => {
    const sale = buildSale({ operationId: 'one' });
    const gone = await cancel(infobase, buildCancel(sale));
    expect(gone).toMatchObject({ code: 0, document: null, duplicate: false, bonusBalance: 0 });
    expect(await refused(() => register(infobase, sale))).toMatchObject({ code: 14 });
    expect(await upload(infobase, [sale])).toMatchObject({ accepted: 0, rejected: 1, results: [{ code: 14 }] });
    expect(await cancel(infobase, buildCancel(sale))).toEqual({ ...gone, duplicate: true });
    // The kind is part of the key.
    expect(await register(infobase, buildReturn(buildSale({ receiptNumber: 9 })))).toMatchObject({ code: 7 });
  });

  test('of a sale take its returns with it, those that came before it too', async () => {
    const sale = buildSale({ bonusAccruedKopecks: 500 });
    await upload(infobase, [buildReturn(sale, { sumWithDiscountKopecks: 3_000 })]);
    expect(await cancel(infobase, buildCancel(sale))).toMatchObject({ code: 0, document: expect.any(String) });
    expect(await getBalance(infobase)).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
    expect(await upload(infobase, [buildReturn(sale, { receiptNumber: 102 })])).toMatchObject({
      results: [{ code: 14 }],
    });
  });

  test('of a return give back what it took, of the rest too', async () => {
    const sale = buildSale({ bonusAccruedKopecks: 101 });
    const parts = [101, 102].map((receiptNumber) =>
      buildReturn(sale, { receiptNumber, sumWithDiscountKopecks: 5_000 }),
    );
    for (const one of [sale, ...parts]) await register(infobase, one);
    expect(await cancel(infobase, buildCancel(parts[0] ?? sale))).toMatchObject({
      bonusBalance: 50,
      accumulation: 5_000,
      receipts: 1,
    });
    expect((await listMovements(infobase)).at(-1)).toMatchObject({
      documentKind: 'KkmOperation',
      comment: 'Отмена чека 101, смена 1, касса KKM-1',
    });
  });

  test('of a return that never came leave the sale of the same number alone', async () => {
    const sale = buildSale();
    await register(infobase, sale);
    await register(infobase, buildReturn(sale, { sumWithDiscountKopecks: 1_000 }));
    await cancel(infobase, buildCancel({ ...sale, kind: 'Return' }));
    expect(await getBalance(infobase)).toEqual({ bonus: 0, accumulation: 9_000, receipts: 1 });
  });
});

describe('debt', () => {
  test('an offline receipt is never refused for lack of bonus, and is flagged', async () => {
    const sale = buildSale({ bonusRedeemedKopecks: 700, offline: true });
    expect(await register(infobase, sale)).toMatchObject({ code: 0, bonusBalance: -700, bonusAvailable: 0 });
    expect(await findFlags(infobase, sale)).toEqual(['debt']);
  });

  test('so is the report road, where the report raises what was redeemed', async () => {
    await openBalances(infobase, A, { bonus: 500 });
    const sale = buildSale({ bonusRedeemedKopecks: 400 });
    await register(infobase, sale);
    await upload(infobase, [{ ...sale, bonusRedeemedKopecks: 600 }]);
    expect(await getBalance(infobase)).toMatchObject({ bonus: -100 });
    expect(await findFlags(infobase, sale)).toEqual(['report_differs', 'debt']);
  });

  test('a return whose bonus was spent since leaves one too', async () => {
    const sale = buildSale({ bonusAccruedKopecks: 500 });
    await register(infobase, sale);
    await register(infobase, buildSale({ receiptNumber: 2, bonusRedeemedKopecks: 500 }));
    const part = buildReturn(sale);
    expect(await register(infobase, part)).toMatchObject({ code: 0, bonusBalance: -500, bonusAvailable: 0 });
    expect(await findFlags(infobase, part)).toEqual(['debt']);
  });

  test('a sale that lessens a debt is not flagged', async () => {
    await openBalances(infobase, A, { bonus: -500 });
    const sale = buildSale({ bonusAccruedKopecks: 100 });
    expect(await register(infobase, sale)).toMatchObject({ code: 0, bonusBalance: -400 });
    expect(await findFlags(infobase, sale)).toEqual([]);
  });

  test("a sale's own accrual does not pay for its redemption online", async () => {
    const sale = buildSale({ bonusAccruedKopecks: 500, bonusRedeemedKopecks: 100 });
    expect(await refused(() => register(infobase, sale))).toMatchObject({ code: 5 });
  });
});

describe('holds', () => {
  const sale = buildSale({ bonusRedeemedKopecks: 600 });
  const hold = buildReserve(sale);
  beforeEach(() => openBalances(infobase, A, { bonus: 1_000 }));

  test('are active until their time-out, and a repeat gets the stored answer', async () => {
    const held = await reserve(infobase, hold);
    expect(held).toMatchObject({ code: 0, bonusBalance: 1_000, bonusAvailable: 400 });
    expect(await reserve(infobase, hold, addSeconds(noon, 899))).toEqual({ ...held, duplicate: true });
    expect((await showCard(infobase, A, addSeconds(noon, 899))).bonusAvailable).toBe(400);
    expect((await showCard(infobase, A, addSeconds(noon, 900))).bonusAvailable).toBe(1_000);
    // After that it is asked for again.
    const again = await reserve(infobase, hold, addSeconds(noon, 900));
    expect(again).toMatchObject({ code: 0, duplicate: false, bonusAvailable: 400 });
    expect((await showCard(infobase, A, addSeconds(noon, 1_799))).bonusAvailable).toBe(400);
  });

  test('the setting says how long', async () => {
    await setSetting(infobase, 'holdTimeout', '60');
    await reserve(infobase, hold);
    expect((await showCard(infobase, A, addSeconds(noon, 59))).bonusAvailable).toBe(400);
    expect((await showCard(infobase, A, addSeconds(noon, 60))).bonusAvailable).toBe(1_000);
  });

  test('are taken by their receipt, and what it leaves of them is free', async () => {
    await reserve(infobase, hold);
    const reply = await register(infobase, { ...sale, bonusRedeemedKopecks: 250 });
    expect(reply).toMatchObject({ code: 0, bonusBalance: 750, bonusAvailable: 750 });
  });

  test('what a receipt redeems beyond its own comes from what is available', async () => {
    await reserve(infobase, hold);
    await reserve(infobase, buildReserve(buildSale({ kkm: 'KKM-2' }), { amountKopecks: 300 }));
    const beyond = { ...sale, bonusRedeemedKopecks: 701 };
    expect(await refused(() => register(infobase, beyond))).toMatchObject({ code: 5, bonusAvailable: 100 });
    expect(await register(infobase, { ...sale, bonusRedeemedKopecks: 700 })).toMatchObject({
      code: 0,
      bonusBalance: 300,
      bonusAvailable: 0,
    });
  });

  test('are found by operation id where the receipt has another number', async () => {
    await reserve(infobase, { ...hold, operationId: 'one' });
    const renumbered = { ...sale, receiptNumber: 7, operationId: 'one', bonusRedeemedKopecks: 1_000 };
    expect(await register(infobase, renumbered)).toMatchObject({ code: 0, bonusBalance: 0 });
  });

  test('of another card are not taken', async () => {
    await openBalances(infobase, B, { bonus: 1_000 });
    await reserve(infobase, { ...hold, operationId: 'one', cardNumber: B });
    await register(infobase, { ...sale, operationId: 'one' });
    expect((await showCard(infobase, B)).bonusAvailable).toBe(400);
  });

  test('a released one is free at once, and its repeat is answered alike', async () => {
    const named = { ...hold, operationId: 'one' };
    await reserve(infobase, named);
    const freed = await release(infobase, { ...named, amountKopecks: 0 });
    expect(freed).toMatchObject({ code: 0, bonusAvailable: 1_000 });
    await register(infobase, buildSale({ receiptNumber: 2, bonusRedeemedKopecks: 300 }));
    expect(await release(infobase, named)).toEqual({ ...freed, duplicate: true });
    expect(await refused(() => reserve(infobase, named))).toMatchObject({ code: 14 });
  });

  test('a release that came before its ReserveBonus leaves nothing to hold, for any sum it named', async () => {
    const named = { ...hold, operationId: 'one' };
    expect(await release(infobase, { ...named, amountKopecks: 0 })).toMatchObject({ code: 0, bonusAvailable: 1_000 });
    expect(await refused(() => reserve(infobase, named))).toMatchObject({ code: 14, bonusAvailable: 1_000 });
  });

  test('a release of what was never held is done', async () => {
    expect(await release(infobase, hold)).toMatchObject({ code: 0, duplicate: false, bonusAvailable: 1_000 });
    expect(await reserve(infobase, hold)).toMatchObject({ code: 0, bonusAvailable: 400 });
  });

  test('an earlier active hold is found though a later one of the receipt was freed', async () => {
    const named = { ...hold, operationId: 'one', amountKopecks: 100 };
    const nameless = { ...hold, amountKopecks: 200 };
    await reserve(infobase, named);
    const later = addSeconds(noon, 900);
    await reserve(infobase, nameless, later);
    await reserve(infobase, named, later);
    await release(infobase, nameless, later);
    expect((await showCard(infobase, A, later)).bonusAvailable).toBe(900);
    await release(infobase, nameless, later);
    expect((await showCard(infobase, A, later)).bonusAvailable).toBe(1_000);
  });

  test('nobody spends what was held when the balance has sunk below it', async () => {
    await reserve(infobase, hold);
    await register(infobase, buildSale({ kkm: 'KKM-2', bonusRedeemedKopecks: 900, offline: true }));
    expect(await refused(() => register(infobase, sale))).toMatchObject({
      code: 5,
      bonusBalance: 100,
      bonusAvailable: 0,
    });
    expect(await register(infobase, { ...sale, bonusRedeemedKopecks: 100 })).toMatchObject({
      code: 0,
      bonusBalance: 0,
    });
  });
});

describe('uploads', () => {
  test('are taken in order and in part, more than one turn of the queue holds', async () => {
    const sales = Array.from({ length: 250 }, (_, index) =>
      buildSale({ receiptNumber: index + 1, bonusAccruedKopecks: 1, cardNumber: index % 50 === 49 ? 'nobody' : A }),
    );
    const reply = await upload(infobase, sales);
    expect(reply).toMatchObject({ code: 0, accepted: 245, linked: 0, rejected: 5 });
    expect(reply.results.map(({ code }) => code)).toEqual(sales.map(({ cardNumber }) => (cardNumber === A ? 0 : 1)));
    expect(reply.results[248]).toMatchObject({ bonusBalance: 245, receipts: 245 });
    expect(await upload(infobase, sales)).toMatchObject({ code: 0, accepted: 0, linked: 245, rejected: 5 });
    expect(await getBalance(infobase)).toMatchObject({ bonus: 245, receipts: 245 });
  });

  test('of nothing are done', async () => {
    expect(await upload(infobase, [])).toEqual({ code: 0, accepted: 0, linked: 0, rejected: 0, results: [] });
  });

  test('a receipt that could not be read is refused alone', async () => {
    const bad = { ok: false, trouble: { field: 'sumKopecks', expected: 'сумма' }, partial: {} } as const;
    const receipts = [read(buildSale()), bad, read(buildSale({ receiptNumber: 2 }))];
    const reply = await uploadReceipts(infobase, noon, read({ kkm: 'KKM-1', receipts }));
    expect(reply.results.map(({ code }) => code)).toEqual([0, 11, 0]);
    expect(reply.results[1]?.trouble).toEqual(bad.trouble);
  });
});

describe('sums that no register can keep', () => {
  const most = 999_999_999_999_999;

  test('are refused with 11 on every way in, and harm no neighbour in the upload', async () => {
    const huge = Array.from({ length: 10 }, (_, index) =>
      buildSale({ receiptNumber: index + 1, sumWithDiscountKopecks: most, receiptCountDelta: most }),
    );
    const codes = (await upload(infobase, [...huge, buildSale({ receiptNumber: 99, cardNumber: B })])).results.map(
      ({ code }) => code,
    );
    // Nine times 10^15 kopecks are within 2^53, ten times are not.
    expect(codes).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 11, 0]);
    expect(await getBalance(infobase)).toMatchObject({ accumulation: 9 * most, receipts: 9 * most });
    const small = buildSale({ receiptNumber: 11, sumWithDiscountKopecks: 1, receiptCountDelta: 1 });
    const raised = { ...small, sumWithDiscountKopecks: most, receiptCountDelta: most };
    expect((await upload(infobase, [small, raised])).results.map(({ code }) => code)).toEqual([0, 11]);
    expect(await register(infobase, buildSale({ receiptNumber: 12, sumWithDiscountKopecks: most }))).toMatchObject({
      code: 11,
    });
    expect(sumMovements(await listMovements(infobase))).toEqual(await getBalance(infobase));
  });

  test('below zero alike', async () => {
    const orphans = Array.from({ length: 10 }, (_, index) =>
      buildReturn(buildSale(), {
        receiptNumber: index + 1,
        original: null,
        sumWithDiscountKopecks: most,
        bonusAccruedKopecks: most,
        receiptCountDelta: most,
      }),
    );
    expect((await upload(infobase, orphans)).results.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 11]);
  });
});

describe('what a till and an operator are shown', () => {
  test('the discount follows the accumulation that the card has now', async () => {
    const steps = [{ accumulationKopecks: 10_000, receipts: 0, percentHundredths: 300 }];
    await addKind(infobase, { code: 'SCALE', discount: { sort: 'scale', steps }, accrualPercentHundredths: 500 });
    await addCard(infobase, { number: 'S', kindCode: 'SCALE', holder: 'Петрова А. И.' });
    expect(await showCard(infobase, 'S')).toMatchObject({ discountPercentHundredths: 0, holder: 'Петрова А. И.' });
    await register(infobase, buildSale({ cardNumber: 'S' }));
    expect(await showCard(infobase, 'S')).toMatchObject({
      discountPercentHundredths: 300,
      accrualPercentHundredths: 500,
      maxRedeemPercentHundredths: null,
      bonusPending: 0,
      expiringBonus: 0,
      expiringAt: null,
    });
  });

  test('the history is in the order of posting, the latest of them where there are too many, both ends included', async () => {
    for (const day of [1, 2, 3, 4]) {
      const receiptAt = moment(`2026-11-0${day}T10:00:00`);
      await register(infobase, buildSale({ receiptAt, receiptNumber: day, bonusAccruedKopecks: day }));
    }
    const list = async (from: string | null, to: string | null, limit: number | null) => {
      const request = {
        cardNumber: A,
        from: from === null ? null : moment(from),
        to: to === null ? null : moment(to),
        limit,
      };
      return (await listCardOperations(infobase, read(request))).operations.map(({ bonusAfter }) => bonusAfter);
    };
    expect(await list(null, null, null)).toEqual([1, 3, 6, 10]);
    expect(await list(null, null, 2)).toEqual([6, 10]);
    expect(await list(null, null, 0)).toEqual([]);
    expect(await list('2026-11-02T10:00:00', '2026-11-03T10:00:00', null)).toEqual([3, 6]);
    expect(await list('2026-11-02T10:00:01', null, null)).toEqual([6, 10]);
    expect(await list(null, '2026-11-03T09:59:59', 1)).toEqual([3]);
    const one = await listCardOperations(infobase, read({ cardNumber: A, from: null, to: null, limit: 1 }));
    expect(one.operations[0]).toMatchObject({
      document: expect.stringMatching(/^Операция ККМ 00000000\d от 04\.11\.2026 10:00:00$/),
      documentKind: 'KkmOperation',
      kkm: 'KKM-1',
      receiptNumber: 4,
      bonus: 4,
      accumulation: 10_000,
      receipts: 1,
    });
  });
});
