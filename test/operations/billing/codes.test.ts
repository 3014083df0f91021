// Results of billing: 12 for what is dated before its start, 9 where the extended subscription is missing.
import { openBillingState } from '../../../src/db/billing/billing-state.ts';
import { statement } from '../../../src/db/statement.ts';
import { addDays, startOf } from '../../../src/ledger/local-date-time.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import { describeService } from '../../../src/operations/admin/describe-service.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { listCardOperations } from '../../../src/operations/cards/list-card-operations.ts';
import { runNight } from '../../../src/operations/night/run-night.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  getBalance,
  moment,
  openTestInfobase,
  read,
  register,
  release,
  reserve,
  setSetting,
  showCard,
  upload,
} from '../testing-infobase.ts';
import { listFaults } from './plays.ts';
import {
  addRuledKind,
  billingStart,
  day,
  emptyAccount,
  getAccount,
  getCardId,
  listBillingRows,
  nightOptions,
  openBilling,
  passNightsTo,
  postManual,
} from './testing-billing.ts';

const infobases: Infobase[] = [];
afterEach(async () => {
  for (const infobase of infobases.splice(0)) await infobase.close();
});

async function open(): Promise<Infobase> {
  const infobase = await openBilling({ kinds: { K: { bonus: 'days:20', accumulation: 'days:30' } } });
  infobases.push(infobase);
  await addCard(infobase, { number: 'C', kindCode: 'K' });
  await addCard(infobase, { number: 'D', kindCode: 'K' });
  await passNightsTo(infobase, billingStart);
  return infobase;
}

const at = (on: string) => moment(`${on}T10:00:00`);
const sale = (receiptNumber: number, on: string, fields: Partial<Receipt> = {}): Receipt =>
  buildSale({ receiptNumber, cardNumber: 'C', receiptAt: at(on), ...fields });
const back = (of: Receipt, on: string, fields: Partial<Receipt> = {}): Receipt =>
  buildReturn(of, { receiptAt: at(on), ...fields });

const eve = '2020-12-31';
const old = sale(1, eve, { bonusAccruedKopecks: 100, bonusRedeemedKopecks: 0 });

describe('12: dated before the start of billing', () => {
  test('is recorded, and posts to «Накопления» only', async () => {
    const infobase = await open();
    const reply = await register(infobase, old, at('2021-01-01'));
    expect(reply).toMatchObject({ code: 12, duplicate: false, bonusBalance: 0, accumulation: 0, receipts: 0 });
    expect(reply.document).toMatch(/^Операция ККМ 0+1 от 31\.12\.2020/);
    expect(await getBalance(infobase, 'C')).toEqual({ bonus: 100, accumulation: 10_000, receipts: 1 });
    expect(await getAccount(infobase, 'C')).toEqual(emptyAccount);
    expect(await listBillingRows(infobase, 'C')).toEqual([]);
    expect(await listFaults(infobase, 'C')).toEqual([]);
  });

  test('its repeat is answered with the stored reply by either road', async () => {
    const infobase = await open();
    const first = await register(infobase, old, at('2021-01-01'));
    // What has changed since does not show in it.
    await register(infobase, sale(2, '2021-01-01', { bonusAccruedKopecks: 7 }), at('2021-01-01'));
    expect(await register(infobase, old, at('2021-01-02'))).toEqual({ ...first, duplicate: true });
    const again = await upload(infobase, [old], at('2021-01-03'));
    expect(again).toMatchObject({ code: 0, accepted: 0, linked: 1, rejected: 0 });
    expect(again.results).toEqual([{ ...first, duplicate: true }]);
    expect(await getBalance(infobase, 'C')).toMatchObject({ accumulation: 20_000 });
  });

  test('counts as accepted in an upload, and the receipts after it are recorded', async () => {
    const infobase = await open();
    const part = back(old, eve, { sumWithDiscountKopecks: 5_000 });
    const reply = await upload(infobase, [old, part, sale(2, '2021-01-01')], at('2021-01-01'));
    expect(reply).toMatchObject({ accepted: 3, linked: 0, rejected: 0 });
    expect(reply.results.map(({ code }) => code)).toEqual([12, 12, 0]);
    expect(await getBalance(infobase, 'C')).toEqual({ bonus: 50, accumulation: 15_000, receipts: 2 });
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 0, accumulation: 10_000, receipts: 1 });
  });

  test('the day of the start itself counts', async () => {
    const infobase = await open();
    expect((await register(infobase, sale(1, '2021-01-01'), at('2021-01-01'))).code).toBe(0);
    const late = await upload(infobase, [sale(2, eve), sale(3, '2021-01-01')], at('2021-01-05'));
    expect(late.results.map(({ code }) => code)).toEqual([12, 0]);
  });

  test('a report that corrects it, and its cancel, leave billing alone', async () => {
    const infobase = await open();
    await register(infobase, old, at('2021-01-01'));
    const corrected = await upload(infobase, [{ ...old, bonusAccruedKopecks: 300, cardNumber: 'D' }], at('2021-01-02'));
    expect(corrected.results).toMatchObject([{ code: 12, duplicate: false }]);
    expect(await getBalance(infobase, 'D')).toMatchObject({ bonus: 300 });
    expect(await cancel(infobase, buildCancel(old), at('2021-01-03'))).toMatchObject({ code: 12 });
    expect(await getBalance(infobase, 'D')).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
    for (const card of ['C', 'D']) {
      expect(await getAccount(infobase, card)).toEqual(emptyAccount);
      expect(await listFaults(infobase, card)).toEqual([]);
    }
  });
});

describe('12 of a cancel: the receipt is dated before the start of billing', () => {
  test('is recorded, undone in «Накопления», and repeated word for word', async () => {
    const infobase = await open();
    await register(infobase, old, at('2021-01-01'));
    const first = await cancel(infobase, buildCancel(old), at('2021-01-02'));
    expect(first).toMatchObject({ code: 12, duplicate: false, bonusBalance: 0 });
    expect(first.document).toMatch(/^Операция ККМ/);
    expect(await getBalance(infobase, 'C')).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
    expect(await cancel(infobase, buildCancel(old), at('2021-01-05'))).toEqual({ ...first, duplicate: true });
  });

  test('of a receipt that never came leaves its tombstone', async () => {
    const infobase = await open();
    const first = await cancel(infobase, buildCancel(old), at('2021-01-02'));
    expect(first).toMatchObject({ code: 12, document: null });
    expect((await register(infobase, old, at('2021-01-02'))).code).toBe(14);
  });

  test('so is the cancel of a return that was answered 12, for its sale came late from before the start', async () => {
    const infobase = await open();
    await register(infobase, old, at('2021-01-01'));
    const part = back(old, '2021-01-02');
    expect((await register(infobase, part, at('2021-01-02'))).code).toBe(12);
    expect((await cancel(infobase, buildCancel(part), at('2021-01-03'))).code).toBe(12);
    expect(await getBalance(infobase, 'C')).toEqual({ bonus: 100, accumulation: 10_000, receipts: 1 });
    expect(await getAccount(infobase, 'C')).toEqual(emptyAccount);
    expect(await listFaults(infobase, 'C')).toEqual([]);
  });

  test('the day of the start itself is billed', async () => {
    const infobase = await open();
    const today = sale(1, '2021-01-01');
    await register(infobase, today, at('2021-01-01'));
    expect((await cancel(infobase, buildCancel(today), at('2021-01-02'))).code).toBe(0);
  });
});

describe('a return dated after the start, of a sale dated before it', () => {
  const part = back(old, '2021-01-03', { receiptNumber: 101, sumWithDiscountKopecks: 4_000 });
  const rest = back(old, '2021-01-04', { receiptNumber: 102, sumWithDiscountKopecks: 6_000 });

  test('of one that came late is not in billing either, in any order of the two', async () => {
    for (const [order, codes] of [
      [
        [old, part, rest],
        [12, 12, 12],
      ],
      // Taken for a return of an unknown sale until its sale comes.
      [
        [part, old, rest],
        [0, 12, 12],
      ],
      [
        [rest, part, old],
        [0, 0, 12],
      ],
    ] as const) {
      const infobase = await open();
      await passNightsTo(infobase, day('2021-01-05'));
      const answered: (number | undefined)[] = [];
      for (const receipt of order) {
        answered.push((await upload(infobase, [receipt], at('2021-01-05'))).results[0]?.code);
      }
      expect(answered).toEqual(codes);
      expect(await listFaults(infobase, 'C')).toEqual([]);
      expect(await getAccount(infobase, 'C')).toEqual(emptyAccount);
      expect(await getBalance(infobase, 'C')).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
    }
  });

  test('of one that came late: its correction and its cancel are answered 12 as well', async () => {
    const infobase = await open();
    await passNightsTo(infobase, day('2021-01-03'));
    await upload(infobase, [old, part], at('2021-01-03'));
    const other = { ...part, sumWithDiscountKopecks: 3_000 };
    expect((await upload(infobase, [other], at('2021-01-03'))).results[0]?.code).toBe(12);
    expect((await cancel(infobase, buildCancel(part), at('2021-01-03'))).code).toBe(12);
    expect(await getAccount(infobase, 'C')).toEqual(emptyAccount);
    expect(await listFaults(infobase, 'C')).toEqual([]);
  });

  /** Stage online with a sale and a part of it back; then billing, with an opening balance of what was there. */
  async function openAfterOnline(): Promise<Infobase> {
    const infobase = await openTestInfobase({ hasSubscription: true });
    infobases.push(infobase);
    await addRuledKind(infobase, 'K', { bonus: 'days:20', accumulation: 'days:30' });
    for (const number of ['C', 'D']) await addCard(infobase, { number, kindCode: 'K' });
    await register(infobase, old, at(eve));
    await register(infobase, back(old, eve, { receiptNumber: 100, sumWithDiscountKopecks: 1_000 }), at(eve));
    const lastNightOn = addDays(billingStart, -1);
    await infobase.db.write((trx) => openBillingState(trx, { startOn: billingStart, lastNightOn }));
    await setSetting(infobase, 'stage', 'billing');
    const writeOff = { bonus: '2021-01-21', accumulation: '2021-01-31', receipts: '2021-01-31' } as const;
    const balance = { bonus: 90, accumulation: 9_000, receipts: 1 };
    const rows = (['bonus', 'accumulation', 'receipts'] as const).map((measure) => {
      return { measure, writeOffOn: day(writeOff[measure]), amount: balance[measure] };
    });
    const cardId = await getCardId(infobase, 'C');
    await postManual(infobase, cardId, { on: lastNightOn, kind: 'OpeningBalance', balance, rows });
    await passNightsTo(infobase, day('2021-01-03'));
    return infobase;
  }

  test('takes back what its sale brought into the opening balance, with its rows, to the last kopeck', async () => {
    const infobase = await openAfterOnline();
    const some = back(old, '2021-01-03', { receiptNumber: 101, sumWithDiscountKopecks: 4_000 });
    expect(await register(infobase, some, at('2021-01-03'))).toMatchObject({ code: 0, bonusBalance: 50, receipts: 1 });
    expect(await listFaults(infobase, 'C')).toEqual([]);
    // A change of the rule does not move the rows that the opening balance has.
    await addRuledKind(infobase, 'K', { bonus: 'unlimited', accumulation: 'unlimited' });
    const last = back(old, '2021-01-03', { receiptNumber: 102, sumWithDiscountKopecks: 5_000 });
    expect(await register(infobase, last, at('2021-01-03'))).toMatchObject({ code: 0, bonusBalance: 0, receipts: 0 });
    expect(await getAccount(infobase, 'C')).toEqual(emptyAccount);
    expect(await listFaults(infobase, 'C')).toEqual([]);
    expect(await getBalance(infobase, 'C')).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
  });

  test.each<[what: string, edit: (infobase: Infobase) => Promise<unknown>]>([
    ['cancelled', (infobase) => cancel(infobase, buildCancel(old), at('2021-01-04'))],
    [
      'corrected',
      (infobase) => upload(infobase, [{ ...old, bonusAccruedKopecks: 900, cardNumber: 'D' }], at('2021-01-04')),
    ],
  ])('where its sale is %s, billing stays as it is, by what the opening has of the sale', async (_, edit) => {
    const infobase = await openAfterOnline();
    const some = back(old, '2021-01-03', { receiptNumber: 101, sumWithDiscountKopecks: 4_000 });
    await register(infobase, some, at('2021-01-03'));
    const before = await getAccount(infobase, 'C');
    expect(before).toMatchObject({ bonus: 50, accumulation: 5_000, receipts: 1 });
    await edit(infobase);
    expect(await getAccount(infobase, 'C')).toEqual(before);
    // The part of it that was back before billing is cancelled as well: there is no more to return for that.
    const inOpening = back(old, eve, { receiptNumber: 100, sumWithDiscountKopecks: 1_000 });
    await cancel(infobase, buildCancel(inOpening), at('2021-01-04'));
    expect(await getAccount(infobase, 'C')).toEqual(before);
    // The return itself is not from before the start.
    await cancel(infobase, buildCancel(some), at('2021-01-04'));
    expect(await getAccount(infobase, 'C')).toMatchObject({ bonus: 90, accumulation: 9_000, receipts: 1 });
    for (const card of ['C', 'D']) expect(await listFaults(infobase, card)).toEqual([]);
    expect(await getAccount(infobase, 'D')).toEqual(emptyAccount);
  });

  test('of a sale that was corrected first takes back what the opening has, on its card', async () => {
    const infobase = await openAfterOnline();
    await upload(infobase, [{ ...old, bonusAccruedKopecks: 900, cardNumber: 'D' }], at('2021-01-03'));
    const all = back(old, '2021-01-03', { receiptNumber: 101, sumWithDiscountKopecks: 9_000, cardNumber: 'D' });
    expect((await upload(infobase, [all], at('2021-01-03'))).results[0]?.code).toBe(0);
    expect(await getAccount(infobase, 'C')).toEqual(emptyAccount);
    expect(await getAccount(infobase, 'D')).toEqual(emptyAccount);
    for (const card of ['C', 'D']) expect(await listFaults(infobase, card)).toEqual([]);
  });

  test('counts on the card of its sale, whatever card it names', async () => {
    const infobase = await openAfterOnline();
    const other = back(old, '2021-01-03', { cardNumber: 'D', sumWithDiscountKopecks: 9_000 });
    await upload(infobase, [other], at('2021-01-03'));
    expect(await getAccount(infobase, 'C')).toEqual(emptyAccount);
    expect(await getAccount(infobase, 'D')).toEqual(emptyAccount);
    for (const card of ['C', 'D']) expect(await listFaults(infobase, card)).toEqual([]);
  });
});

const counts = statement<Record<string, never>, { table: string; rows: number }>((knex) =>
  knex.raw(
    ['receipt', 'receipt_cancel', 'document', 'billing_document', 'hold']
      .map((table) => `select '${table}' as "table", count(*) as "rows" from ${table}`)
      .join(' union all '),
  ),
);

describe('9: no extended subscription', () => {
  test('every request for information and every change is refused, and nothing is written', async () => {
    const infobase = await openTestInfobase();
    infobases.push(infobase);
    await addCard(infobase, { number: 'C' });
    expect(await saveSetting(infobase, startOf(billingStart), 'stage', 'billing')).toMatchObject({ ok: true });
    const receipt = sale(1, '2021-01-01', { bonusRedeemedKopecks: 5, operationId: 'X' });
    const before = await infobase.db.read((trx) => trx.list(counts, {}));
    const refused = { code: 9, operationId: 'X', document: null, bonusBalance: 0, bonusAvailable: 0 };
    const now = at('2021-01-01');
    expect(await showCard(infobase, 'C', now)).toMatchObject({
      code: 9,
      cardNumber: 'C',
      kindName: null,
      bonusPending: 0,
    });
    expect(await register(infobase, receipt, now)).toMatchObject(refused);
    expect(await register(infobase, sale(1, eve, { operationId: 'X' }), now)).toMatchObject(refused);
    expect(await cancel(infobase, buildCancel(receipt, { operationId: 'X' }), now)).toMatchObject(refused);
    expect(await reserve(infobase, buildReserve(receipt), now)).toMatchObject(refused);
    expect(await release(infobase, buildReserve(receipt), now)).toMatchObject(refused);
    const all = { code: 9, accepted: 0, linked: 0, rejected: 0, results: [] };
    expect(await upload(infobase, [receipt], now)).toEqual(all);
    const history = { cardNumber: 'C', from: null, to: null, limit: null };
    expect(await listCardOperations(infobase, read(history))).toMatchObject({ code: 9, operations: [] });
    expect(await describeService(infobase, now, '1')).toMatchObject({
      code: 9,
      stage: 'billing',
      hasSubscription: false,
    });
    expect(await runNight(infobase, billingStart, now, nightOptions)).toEqual({
      code: 'not_run',
      why: 'no_subscription',
    });
    expect(await infobase.db.read((trx) => trx.list(counts, {}))).toEqual(before);
  });

  test('9 comes before 11: a request that cannot be read is refused alike', async () => {
    const infobase = await openTestInfobase();
    infobases.push(infobase);
    await saveSetting(infobase, startOf(billingStart), 'stage', 'billing');
    const bad = { ok: false, trouble: { field: 'cardNumber', expected: 'непустой текст' }, partial: {} } as const;
    expect((await listCardOperations(infobase, bad)).code).toBe(9);
  });
});
