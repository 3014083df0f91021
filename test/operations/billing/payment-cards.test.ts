// A payment card holds loaded money alone: it is topped up and spent by the same operations, and neither its accumulation sum
// nor its receipt count ever changes, on any way that a fact comes.
import returns from '../../../fixtures/ledger/returns.json';
import { findCard, updateCard } from '../../../src/db/cards/card.ts';
import { formatRubles } from '../../../src/ledger/money.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import { importOpening } from '../../../src/operations/opening/import-opening.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { makeDocument, type MakeDocumentOutcome } from '../../../src/operations/billing/make-document.ts';
import {
  readDocumentRow,
  type DocumentRow,
  type DocumentSort,
} from '../../../src/operations/billing/read-document-sheet.ts';
import { saveCardKind } from '../../../src/operations/catalogs/save-card-kind.ts';
import { tieOutReceipts, type TieOutLine } from '../../../src/operations/receipts/tie-out-receipts.ts';
import { verifyRegisters } from '../../../src/operations/admin/verify-infobase.ts';
import { enable, openOnline } from '../enabling/testing-enabling.ts';
import {
  addCard,
  buildCancel,
  buildReturn,
  buildSale,
  cancel,
  getBalance,
  listMovements,
  moment,
  register,
  showCard,
  upload,
} from '../testing-infobase.ts';
import { addRuledKind, day, getAccount, isInOrder, openBilling, passNight, passNightsTo } from './testing-billing.ts';

const infobases: Infobase[] = [];
afterEach(async () => {
  for (const infobase of infobases.splice(0)) await infobase.close();
});

const at = (text: string) => moment(`2026-${text}`);
const now = at('03-01T10:00:00');
const sale = (receiptNumber: number, fields: Partial<Receipt> = {}): Receipt =>
  buildSale({ receiptNumber, cardNumber: 'P', receiptAt: now, ...fields });
const loading = sale(1, { bonusAccruedKopecks: 50_000 });
const spending = sale(2, { bonusRedeemedKopecks: 20_000 });

const kinds = { PAY: { purpose: 'payment' }, BASE: { accumulation: 'days:3' } } as const;

/** Stage online, or billing from 2026-03-01 on with its first night done; cards P of kind PAY and D of kind BASE. */
async function open(stage: 'online' | 'billing'): Promise<Infobase> {
  const infobase =
    stage === 'online' ? await openOnline(kinds) : await openBilling({ start: day('2026-03-01'), kinds });
  infobases.push(infobase);
  await addCard(infobase, { number: 'P', kindCode: 'PAY' });
  await addCard(infobase, { number: 'D' });
  if (stage === 'billing') await passNight(infobase, day('2026-03-01'));
  return infobase;
}

const still = { accumulation: 0, receipts: 0 };

/** What answers, and what the registers hold, with the sum given. */
async function expectMoney(infobase: Infobase, bonus: number): Promise<void> {
  expect(await showCard(infobase, 'P', now)).toMatchObject({ code: 0, bonusBalance: bonus, ...still });
  expect(await getBalance(infobase, 'P')).toEqual({ bonus, ...still });
  for (const move of await listMovements(infobase, 'P')) expect(move).toMatchObject(still);
}

describe.each(['online', 'billing'] as const)('stage %s', (stage) => {
  const ways = [
    ['online', (infobase: Infobase, one: Receipt) => register(infobase, one, now)],
    ['by report', async (infobase: Infobase, one: Receipt) => (await upload(infobase, [one], now)).results[0]],
  ] as const;

  test.each(ways)('R11: topped up and spent %s', async (_way, tell) => {
    expect(returns.cases.find(({ id }) => id === 'R11')?.expect).toEqual({
      balance: '300.00',
      accumulation: '0.00',
      receipts: 0,
    });
    const infobase = await open(stage);
    expect(await tell(infobase, loading)).toMatchObject({ code: 0, bonusBalance: 50_000, ...still });
    expect(await tell(infobase, spending)).toMatchObject({ code: 0, bonusBalance: 30_000, ...still });
    await expectMoney(infobase, 30_000);
    // A receipt paid by other money moves nothing at all.
    expect(await tell(infobase, sale(3))).toMatchObject({ code: 0, bonusBalance: 30_000, ...still });
    await expectMoney(infobase, 30_000);
  });

  test.each(ways)("the till's own figures of both change nothing either, %s", async (_way, tell) => {
    const infobase = await open(stage);
    const figures = { accumulationDeltaKopecks: 7_777, receiptCountDelta: 3 };
    await tell(infobase, { ...loading, ...figures });
    expect(await tell(infobase, { ...loading, ...figures })).toMatchObject({ code: 0, duplicate: true });
    const part = buildReturn(loading, { sumWithDiscountKopecks: 4_000, ...figures });
    expect(await tell(infobase, part)).toMatchObject({ code: 0, bonusBalance: 30_000, ...still });
    await expectMoney(infobase, 30_000);
  });

  test('the two roads are the same fact, and tie out', async () => {
    const infobase = await open(stage);
    await register(infobase, loading, now);
    expect((await upload(infobase, [loading], now)).results).toMatchObject([{ code: 0, duplicate: true }]);
    const told: TieOutLine[] = [];
    const filter = { kkm: undefined, shiftNumber: undefined, from: day('2026-01-01'), to: day('2026-12-31') };
    const total = await tieOutReceipts(infobase, filter, (line) => void told.push(line));
    expect([told, total]).toMatchObject([[], { online: 1, reported: 1, equal: 1 }]);
    // A figure that changes nothing is compared too: the two calls differ.
    const other = { ...loading, accumulationDeltaKopecks: 1 };
    expect(await register(infobase, other, now)).toMatchObject({
      code: 6,
      trouble: { field: 'accumulationDeltaKopecks' },
    });
    await expectMoney(infobase, 50_000);
  });

  test('returns, whole and in parts, and cancels move the money alone', async () => {
    const infobase = await open(stage);
    await register(infobase, loading, now);
    await register(infobase, spending, now);
    const half = { sumWithDiscountKopecks: 5_000 };
    await register(infobase, buildReturn(spending, { receiptNumber: 101, ...half }), now);
    await expectMoney(infobase, 40_000);
    await register(infobase, buildReturn(spending, { receiptNumber: 102, ...half }), now);
    await expectMoney(infobase, 50_000);
    await cancel(infobase, buildCancel(spending), now);
    await expectMoney(infobase, 50_000);
    await cancel(infobase, buildCancel(loading), now);
    await expectMoney(infobase, 0);
  });

  test('a return whose sale is not known moves its own money, until the sale comes', async () => {
    const infobase = await open(stage);
    const part = buildReturn(spending, { bonusRedeemedKopecks: 1_500, receiptCountDelta: 1 });
    await upload(infobase, [part], now);
    await expectMoney(infobase, 1_500);
    await register(infobase, { ...spending, offline: true }, now);
    await expectMoney(infobase, 1_500 - 20_000);
  });

  test('a report that names the other card takes the sums along, in either direction', async () => {
    const infobase = await open(stage);
    await register(infobase, loading, now);
    await upload(infobase, [{ ...loading, cardNumber: 'D' }], now);
    await expectMoney(infobase, 0);
    expect(await getBalance(infobase, 'D')).toEqual({ bonus: 50_000, accumulation: 10_000, receipts: 1 });
    await upload(infobase, [{ ...loading, sumWithDiscountKopecks: 9_000 }], now);
    await expectMoney(infobase, 50_000);
    expect(await getBalance(infobase, 'D')).toEqual({ bonus: 0, ...still });
  });
});

describe('under billing', () => {
  test('its money lives for ever where no rule says otherwise, and the registers are in order', async () => {
    const infobase = await open('billing');
    await register(infobase, loading, now);
    await register(infobase, spending, now);
    await register(infobase, buildReturn(loading, { sumWithDiscountKopecks: 2_500 }), now);
    expect(await getAccount(infobase, 'P')).toEqual({
      bonus: 17_500,
      ...still,
      rows: { bonus: { '3999-12-31': 37_500 }, accumulation: {}, receipts: {} },
      pending: [],
    });
    await passNightsTo(infobase, day('2026-04-01'));
    await expectMoney(infobase, 17_500);
    expect(await isInOrder(infobase, 'P')).toBe(true);
    expect((await verifyRegisters(infobase)).filter(({ difference }) => difference !== null)).toEqual([]);
  });

  test('a rule of its kind is followed', async () => {
    const infobase = await open('billing');
    await addRuledKind(infobase, 'PAY', { bonus: 'days:5', purpose: 'payment' });
    await register(infobase, loading, now);
    await passNightsTo(infobase, day('2026-03-06'));
    expect(await getAccount(infobase, 'P')).toMatchObject({ bonus: 0, ...still });
  });

  test('switched on over a history, it opens with the money alone', async () => {
    const infobase = await open('online');
    await register(infobase, loading, now);
    await register(infobase, { ...spending, receiptAt: at('03-05T10:00:00') }, at('03-05T10:00:00'));
    expect(await enable(infobase, day('2026-03-02'), day('2026-03-06'))).toEqual({ code: 'done' });
    expect(await getAccount(infobase, 'P')).toMatchObject({
      bonus: 30_000,
      ...still,
      rows: { bonus: { '3999-12-31': 50_000 }, accumulation: {}, receipts: {} },
    });
    await register(infobase, buildReturn(loading, { receiptAt: at('03-06T21:00:00') }), at('03-06T21:00:00'));
    expect(await getAccount(infobase, 'P')).toMatchObject({ bonus: -20_000, ...still });
    expect(await isInOrder(infobase, 'P')).toBe(true);
  });
});

describe('a change of the purpose', () => {
  test.each(['online', 'billing'] as const)('counts for receipts to come, in stage %s', async (stage) => {
    const infobase = await open(stage);
    const before = sale(1, { cardNumber: 'D', bonusAccruedKopecks: 100 });
    await register(infobase, before, now);
    expect(await saveCardKind(infobase, { code: 'BASE', purpose: 'payment' })).toMatchObject({ ok: true });
    const after = sale(2, { cardNumber: 'D', bonusAccruedKopecks: 200 });
    await register(infobase, after, now);
    expect(await getBalance(infobase, 'D')).toEqual({ bonus: 300, accumulation: 10_000, receipts: 1 });
    // A return takes back what its own sale has moved.
    await register(infobase, buildReturn(after, { receiptNumber: 102 }), now);
    expect(await getBalance(infobase, 'D')).toEqual({ bonus: 100, accumulation: 10_000, receipts: 1 });
    await register(infobase, buildReturn(before, { receiptNumber: 101, sumWithDiscountKopecks: 4_000 }), now);
    expect(await getBalance(infobase, 'D')).toEqual({ bonus: 60, accumulation: 6_000, receipts: 1 });
    // So does a report of a receipt that came before.
    await upload(infobase, [{ ...before, sumWithDiscountKopecks: 8_000 }], now);
    expect(await getBalance(infobase, 'D')).toEqual({ bonus: 50, accumulation: 4_000, receipts: 1 });
    await saveCardKind(infobase, { code: 'BASE', purpose: 'discount' });
    await upload(infobase, [{ ...after, sumWithDiscountKopecks: 20_000 }], now);
    expect(await getBalance(infobase, 'D')).toEqual({ bonus: 150, accumulation: 4_000, receipts: 1 });
    if (stage === 'billing') expect(await isInOrder(infobase, 'D')).toBe(true);
  });

  test('of a card that is given another kind, alike', async () => {
    const infobase = await open('billing');
    await register(infobase, loading, now);
    await infobase.db.write(async (trx) => {
      const card = await findCard(trx, 'P');
      if (card !== undefined) await updateCard(trx, { ...card, kindCode: 'BASE' });
    });
    await register(infobase, sale(5), now);
    await register(infobase, buildReturn(loading, { sumWithDiscountKopecks: 4_000 }), now);
    expect(await getAccount(infobase, 'P')).toMatchObject({ bonus: 30_000, accumulation: 10_000, receipts: 1 });
    expect(await isInOrder(infobase, 'P')).toBe(true);
  });
});

/** A document made by hand of one row, with debts allowed. */
function write(infobase: Infobase, sort: DocumentSort, sums: Record<string, string>): Promise<MakeDocumentOutcome> {
  const card = sums['card'] ?? 'P';
  const row = readDocumentRow(1, { ...sums, card }).row as DocumentRow;
  return makeDocument(infobase, now, { sort, comment: null, rows: [row], mayOwe: true });
}

describe('by an operator', () => {
  test('a document by hand moves its money, and neither of the other two', async () => {
    const infobase = await open('billing');
    expect(await write(infobase, 'accrual', { bonus: '100' })).toMatchObject({ ok: true });
    expect(await write(infobase, 'write-off', { bonus: '150' })).toMatchObject({ ok: true });
    for (const field of ['accumulation', 'receipts']) {
      for (const sort of ['accrual', 'write-off'] as const) {
        expect(await write(infobase, sort, { bonus: '1', [field]: '5' })).toMatchObject({
          ok: false,
          mistakes: [{ field, value: '5', why: expect.stringContaining('of a payment card never change') }],
        });
      }
    }
    expect(await getAccount(infobase, 'P')).toMatchObject({ bonus: -5_000, ...still });
  });

  test('what a card had before its kind became a payment kind may be cleared', async () => {
    const infobase = await open('billing');
    await register(infobase, sale(1, { cardNumber: 'D' }), now);
    await saveCardKind(infobase, { code: 'BASE', purpose: 'payment' });
    expect(await write(infobase, 'write-off', { card: 'D', accumulation: '100.01' })).toMatchObject({ ok: false });
    expect(await write(infobase, 'write-off', { card: 'D', accumulation: '100', receipts: '1' })).toMatchObject({
      ok: true,
    });
    expect(await getAccount(infobase, 'D')).toMatchObject({ bonus: 0, ...still });
  });

  test.each([
    ['opening-accumulation', 'online'],
    ['opening-balance', 'billing'],
  ] as const)('%s takes its money and refuses the other two, of new cards as well', async (kind, stage) => {
    const infobase = await open(stage);
    const why: string[] = [];
    const bring = (rows: readonly (readonly string[])[], mayLeaveOut = false) =>
      importOpening(
        infobase,
        now,
        {
          kind,
          file: { name: 'opening.csv', sha256: JSON.stringify([rows, mayLeaveOut]) },
          datedOn: day('2026-03-01'),
          mayCreate: true,
          kindCode: 'PAY',
          columns: { mapping: {}, ignoredColumns: [], hasSerialDates: false },
          expected: {},
          isForced: false,
          mayAdd: true,
          madeBy: 'admin',
          mayLeaveOut,
          isDryRun: false,
        },
        (async function* () {
          const all = [['card', 'bonus', 'accumulation', 'receipts'], ...rows];
          yield all.map((cells, index) => ({ line: index + 1, cells }));
        })(),
        {
          onMistakes: async (mistakes) =>
            void why.push(...mistakes.map((one) => `${one.line} ${one.value}: ${one.why}`)),
          onProgress: () => undefined,
        },
      );
    const bad = [
      ['P', formatRubles(100), '5', '0'],
      ['D', '0', '5', '1'],
      ['2900000077', '7', '0', '1'],
    ];
    expect(await bring(bad)).toMatchObject({ ok: false, badRows: 2 });
    const reason = 'the card is a payment card: its accumulation sum and receipt count never change';
    expect(why).toEqual([`2 P: ${reason}`, `4 2900000077: ${reason}`]);
    expect(await bring(bad, true)).toMatchObject({ ok: true, badRows: 2, totals: { cards: 1, accumulation: 500 } });
    expect(await bring([['P', '3', '0', '0']])).toMatchObject({ ok: true, totals: { bonus: 300 } });
    const shown = await showCard(infobase, 'P', now);
    expect(shown).toMatchObject({ bonusBalance: 300, ...still });
  });
});
