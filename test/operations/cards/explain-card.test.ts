// Why a card has its balance: the rows that make it, what burns when, what is to come, and the check that it adds up.
import { statement } from '../../../src/db/statement.ts';
import {
  explainCard,
  type CardExplanation,
  type ExplainCardOptions,
} from '../../../src/operations/cards/explain-card.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { addRuledKind, day, openBilling, passNight } from '../billing/testing-billing.ts';
import {
  addCard,
  buildReserve,
  buildReturn,
  buildSale,
  moment,
  openBalances,
  openTestInfobase,
  register,
  reserve,
  testCard,
} from '../testing-infobase.ts';

let infobase: Infobase;
afterEach(() => infobase.close());

const at = (text: string) => moment(`2021-${text}`);
const now = at('01-05T12:00:00');

async function explain(options: Partial<ExplainCardOptions> = {}): Promise<CardExplanation> {
  const found = await explainCard(infobase, now, testCard.number, { rows: 100, nights: 100, ...options });
  if (found === undefined) throw new Error('there is no such card');
  return found;
}

const spoil = statement<Record<string, never>>((knex) =>
  knex('billing_balance').update({ bonus: knex.raw('bonus + 1') }),
);

/** Under billing since 1 January: bonus lives for 10 days. */
async function openShop(): Promise<void> {
  infobase = await openBilling();
  await addRuledKind(infobase, 'TEN', { bonus: 'days:10' });
  await addRuledKind(infobase, 'LATE', { bonus: 'days:10 days:3' });
  await addCard(infobase, { kindCode: 'TEN' });
}

const sale = (receiptNumber: number, bonus: number, receiptAt: string, redeemed = 0) =>
  buildSale({ receiptNumber, bonusAccruedKopecks: bonus, bonusRedeemedKopecks: redeemed, receiptAt: at(receiptAt) });

test('the rows of «Остатки» make the balance, and the schedule has every date that takes something', async () => {
  await openShop();
  await register(infobase, sale(1, 10_000, '01-02T10:00:00'), at('01-02T10:00:00'));
  await register(infobase, sale(2, 5_000, '01-04T10:00:00', 3_000), at('01-04T10:00:00'));
  const { rows, ahead, ...rest } = await explain();
  expect(rest).toEqual({
    cardNumber: testCard.number,
    register: 'billing',
    at: null,
    balances: { bonus: 12_000, accumulation: 20_000, receipts: 2 },
    available: 12_000,
    earlier: null,
    addsUp: true,
    holds: [],
  });
  expect(rows.map(({ documentId, bonus, kkm, receiptNumber }) => [documentId, bonus, kkm, receiptNumber])).toEqual([
    ['billing-2', 2_000, 'KKM-1', 2],
    ['billing-1', 10_000, 'KKM-1', 1],
  ]);
  expect(ahead).toMatchObject({
    burning: [
      { on: '2021-01-12', bonus: 7_000, accumulation: 0, receipts: 0 },
      { on: '2021-01-14', bonus: 5_000, accumulation: 0, receipts: 0 },
    ],
    hasMore: false,
    pending: [],
  });
  expect(ahead?.accruals.slice(0, 2)).toMatchObject([
    { writeOffOn: '2021-01-12', bonus: 10_000 },
    { writeOffOn: '2021-01-14', bonus: 5_000 },
  ]);
});

test('a long history ends in the sum of its earlier rows', async () => {
  await openShop();
  for (let number = 1; number <= 5; number += 1) {
    await register(infobase, sale(number, 100 * number, '01-02T10:00:00'), at('01-02T10:00:00'));
  }
  const { rows, earlier, balances, addsUp } = await explain({ rows: 2 });
  expect(rows.map(({ bonus }) => bonus)).toEqual([500, 400]);
  expect([earlier, balances.bonus, addsUp]).toEqual([
    { count: 3, bonus: 600, accumulation: 30_000, receipts: 3 },
    1_500,
    true,
  ]);
});

test('what is pending is shown by its credit date, and burns in the schedule after it', async () => {
  await openShop();
  await addCard(infobase, { number: '2900000002', kindCode: 'LATE' });
  const late = { ...sale(1, 700, '01-04T10:00:00'), cardNumber: '2900000002' };
  await register(infobase, late, at('01-04T10:00:00'));
  const found = await explainCard(infobase, now, '2900000002', { rows: 9, nights: 9 });
  expect(found?.balances.bonus).toBe(0);
  expect(found?.ahead).toMatchObject({
    pending: [{ creditOn: '2021-01-07', writeOffOn: '2021-01-17', bonus: 700, accumulation: 0, receipts: 0 }],
    burning: [{ on: '2021-01-17', bonus: 700 }],
  });
});

test('a past moment has the rows and the balance of then, and no schedule', async () => {
  await openShop();
  await register(infobase, sale(1, 10_000, '01-02T10:00:00'), at('01-02T10:00:00'));
  await passNight(infobase, day('2021-01-01'));
  await register(infobase, sale(2, 5_000, '01-04T10:00:00'), at('01-04T10:00:00'));
  expect(await explain({ at: at('01-03T00:00:00') })).toMatchObject({
    at: '2021-01-03T00:00:00',
    balances: { bonus: 10_000 },
    available: null,
    rows: [{ bonus: 10_000 }],
    earlier: null,
    addsUp: true,
    ahead: null,
  });
});

test('a balance that is not the sum of its movements is said', async () => {
  await openShop();
  await register(infobase, sale(1, 10_000, '01-02T10:00:00'), at('01-02T10:00:00'));
  await infobase.db.write((trx) => trx.change(spoil, {}));
  expect(await explain()).toMatchObject({ balances: { bonus: 10_001 }, addsUp: false });
  expect(await explain({ at: at('01-03T00:00:00') })).toMatchObject({ balances: { bonus: 10_000 }, addsUp: false });
});

test('outside billing the rows are those of «Накопления», and a hold stands beside the balance', async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
  await openBalances(infobase, testCard.number, { bonus: 1_000 });
  const first = sale(1, 500, '01-02T10:00:00');
  await register(infobase, first, at('01-02T10:00:00'));
  await register(infobase, buildReturn(first), at('01-03T10:00:00'));
  await reserve(infobase, buildReserve(sale(3, 0, '01-05T12:00:00', 300)), now);
  const found = await explain();
  expect(found).toMatchObject({
    register: 'accumulation',
    balances: { bonus: 1_000, accumulation: 0, receipts: 0 },
    available: 700,
    holds: [{ kkm: 'KKM-1', receiptNumber: 3, amount: 300, expiresAt: '2021-01-05T12:15:00' }],
    addsUp: true,
    ahead: null,
  });
  expect(found.rows.map(({ documentId, bonus }) => [documentId, bonus])).toEqual([
    ['accumulation-3', -500],
    ['accumulation-2', 500],
    ['accumulation-1', 1_000],
  ]);
});

test('there is no such card', async () => {
  infobase = await openTestInfobase();
  expect(await explainCard(infobase, now, '777', { rows: 1, nights: 1 })).toBeUndefined();
});
