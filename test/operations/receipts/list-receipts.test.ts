// The list of receipts by what it is asked for, page by page, and one receipt with all that belongs to it.
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { listReceipts, type ReceiptListFilter } from '../../../src/operations/receipts/list-receipts.ts';
import { readReceipt } from '../../../src/operations/receipts/read-receipt.ts';
import { day, openBilling } from '../billing/testing-billing.ts';
import {
  addCard,
  addKind,
  buildCancel,
  buildLine,
  buildReturn,
  buildSale,
  cancel,
  moment,
  openTestInfobase,
  register,
  testCard,
  upload,
} from '../testing-infobase.ts';

let infobase: Infobase;
afterEach(() => infobase.close());

const all: ReceiptListFilter = { cardNumber: null, kkm: null, shiftNumber: null, from: null, to: null };

/** Page by page, as "KKM-1 7". */
async function listAll(filter: Partial<ReceiptListFilter>, limit: number): Promise<string[]> {
  const names: string[] = [];
  for (let before: number | null = null; ;) {
    const { rows, next } = await listReceipts(infobase, { ...all, ...filter }, { limit, before });
    expect(rows.length).toBeLessThanOrEqual(limit);
    names.push(...rows.map(({ kkm, receiptNumber }) => `${kkm} ${receiptNumber}`));
    if (next === null) return names;
    before = next;
  }
}

const dates = (from: string, to: string) => ({ from: from as LocalDate, to: to as LocalDate });

describe('the list', () => {
  beforeEach(async () => {
    infobase = await openTestInfobase();
    await addCard(infobase);
    await addCard(infobase, { number: '2900000002' });
    for (const [number, kkm, shiftNumber, on, cardNumber] of [
      [1, 'A', 1, '2026-11-20', '2900000001'],
      [2, 'B', 1, '2026-11-20', '2900000002'],
      [3, 'A', 2, '2026-11-21', '2900000001'],
      // It was offline, and came late.
      [4, 'A', 1, '2026-11-19', '2900000001'],
      [5, 'A', 2, '2026-11-22', '2900000002'],
    ] as const) {
      const sale = { receiptNumber: number, kkm, shiftNumber, receiptAt: moment(`${on}T23:59:59`), cardNumber };
      expect(await register(infobase, buildSale(sale))).toMatchObject({ code: 0 });
    }
  });

  test.each<[Partial<ReceiptListFilter>, string[]]>([
    [{}, ['A 5', 'A 4', 'A 3', 'B 2', 'A 1']],
    [{ kkm: 'A' }, ['A 5', 'A 4', 'A 3', 'A 1']],
    [{ shiftNumber: 1 }, ['A 4', 'B 2', 'A 1']],
    [{ kkm: 'A', shiftNumber: 1 }, ['A 4', 'A 1']],
    [{ cardNumber: '2900000001' }, ['A 4', 'A 3', 'A 1']],
    [{ cardNumber: '2900000001', shiftNumber: 1 }, ['A 4', 'A 1']],
    [{ cardNumber: '2900000001', kkm: 'B' }, []],
    [{ cardNumber: '777' }, []],
    [dates('2026-11-20', '2026-11-21'), ['A 3', 'B 2', 'A 1']],
    [{ cardNumber: '2900000001', ...dates('2026-11-20', '2026-11-20') }, ['A 1']],
    [{ kkm: 'A', shiftNumber: 1, ...dates('2026-11-20', '2026-11-20') }, ['A 1']],
  ])('of %j', async (filter, names) => {
    for (const limit of [1, 2, 100]) expect(await listAll(filter, limit)).toEqual(names);
  });

  test('a receipt has what its till said, and how it stands', async () => {
    const [row] = (await listReceipts(infobase, all, { limit: 1, before: null })).rows;
    expect(row).toEqual({
      id: 5,
      kind: 'Sale',
      kkm: 'A',
      shiftNumber: 2,
      receiptNumber: 5,
      receiptAt: '2026-11-22T23:59:59',
      cardNumber: '2900000002',
      sumKopecks: 10_000,
      sumWithDiscountKopecks: 10_000,
      bonusAccruedKopecks: 0,
      bonusRedeemedKopecks: 0,
      cashier: null,
      offline: false,
      road: 'online',
      state: 'posted',
      flags: [],
    });
  });
});

test('a receipt of a payment card that has moved nothing is found by its card under billing', async () => {
  infobase = await openBilling({ start: day('2026-11-01') });
  await addKind(infobase, { code: 'PAY', purpose: 'payment' });
  await addCard(infobase, { kindCode: 'PAY' });
  await register(infobase, buildSale());
  expect(await listAll({ cardNumber: testCard.number }, 10)).toEqual(['KKM-1 1']);
});

test('a sale with its lines, documents of both registers, returns and cancel', async () => {
  infobase = await openBilling({ start: day('2026-11-01') });
  await addCard(infobase);
  const sale = buildSale({ bonusAccruedKopecks: 500, cashier: 'Иванова', lines: [buildLine()] });
  const refund = buildReturn(sale);
  await register(infobase, sale);
  await register(infobase, refund);
  await cancel(infobase, buildCancel(refund, { reason: 'Ошибка кассира' }));
  const found = await readReceipt(infobase, 1);
  expect(found).toMatchObject({
    receipt: { cashier: 'Иванова', lines: [buildLine()], state: 'posted' },
    shopCode: null,
    cancel: null,
    original: null,
    returns: [{ id: 2, kkm: 'KKM-1', receiptNumber: 101, state: 'cancelled' }],
  });
  expect(
    found?.documents.map(({ documentId, name, lines }) => [documentId, name, lines.map(({ bonus }) => bonus)]),
  ).toEqual([
    ['accumulation-1', 'Операция ККМ 000000001 от 22.11.2026 12:00:00', [500]],
    ['billing-1', 'Операция ККМ 000000001 от 22.11.2026 12:00:00', [500]],
  ]);
  expect(await readReceipt(infobase, 2)).toMatchObject({
    receipt: { kind: 'Return' },
    cancel: { cancelledAt: '2026-11-22T12:00:00', reason: 'Ошибка кассира', documentId: 'accumulation-3' },
    original: { id: 1, receiptNumber: 1, state: 'posted' },
    returns: [],
  });
});

test('a return whose sale has not come names it all the same', async () => {
  infobase = await openTestInfobase();
  await addCard(infobase);
  await upload(infobase, [buildReturn(buildSale())]);
  expect(await readReceipt(infobase, 1)).toMatchObject({ original: { id: null, state: null, receiptNumber: 1 } });
  expect(await readReceipt(infobase, 9)).toBeUndefined();
});
