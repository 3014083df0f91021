// What makes two arrivals the same fact: the key, each field that is compared, and each that is not.
import { findDifference, naturalKeyOf, saleAccumulation, saleCount, type Receipt } from '../../src/ledger/receipt.ts';
import { buildLine, buildReturn, buildSale, keyOf, moment } from '../operations/testing-infobase.ts';

const line = buildLine();
const sale = buildSale({
  operationId: 'A',
  sumKopecks: 12_000,
  sumWithDiscountKopecks: 10_000,
  bonusAccruedKopecks: 500,
  bonusRedeemedKopecks: 300,
  lines: [line],
});
const part = buildReturn(sale, { bonusAccruedKopecks: 5, accumulationDeltaKopecks: 7, receiptCountDelta: 1 });

describe('the natural key', () => {
  test('has the date, not the time of day', () => {
    const key = { kkm: 'KKM-1', shiftNumber: 1, receiptNumber: 1, receiptOn: '2026-11-22', kind: 'Sale' };
    expect(naturalKeyOf(sale, 'Sale')).toEqual(key);
    expect(naturalKeyOf({ ...sale, receiptAt: moment('2026-11-22T23:59:59') }, 'Sale')).toEqual(key);
  });
});

describe('a second arrival differs in the first field that is not the same', () => {
  type Row = [known: 'sale' | 'part', change: Partial<Receipt>, field: keyof Receipt];
  test.each<Row>([
    ['sale', { kkm: 'KKM-2' }, 'kkm'],
    ['sale', { shiftNumber: 2 }, 'shiftNumber'],
    ['sale', { receiptNumber: 2 }, 'receiptNumber'],
    ['sale', { kind: 'Return' }, 'kind'],
    ['sale', { cardNumber: '02900000001' }, 'cardNumber'],
    ['sale', { receiptAt: moment('2026-11-23T12:00:00') }, 'receiptAt'],
    ['sale', { sumKopecks: 12_001 }, 'sumKopecks'],
    ['sale', { sumWithDiscountKopecks: 9_999 }, 'sumWithDiscountKopecks'],
    ['sale', { bonusAccruedKopecks: 501 }, 'bonusAccruedKopecks'],
    ['sale', { bonusRedeemedKopecks: 0 }, 'bonusRedeemedKopecks'],
    ['sale', { accumulationDeltaKopecks: 9_999 }, 'accumulationDeltaKopecks'],
    ['sale', { accumulationDeltaKopecks: 0 }, 'accumulationDeltaKopecks'],
    ['sale', { receiptCountDelta: 0 }, 'receiptCountDelta'],
    ['sale', { receiptCountDelta: 2 }, 'receiptCountDelta'],
    ['sale', { lines: [line, buildLine({ number: 2 })] }, 'lines'],
    ['sale', { lines: [buildLine({ number: 2 })] }, 'lines'],
    ['sale', { lines: [buildLine({ code: 'A-2' })] }, 'lines'],
    ['sale', { lines: [buildLine({ name: 'Кофе' })] }, 'lines'],
    ['sale', { lines: [buildLine({ quantity: '2' })] }, 'lines'],
    ['sale', { lines: [buildLine({ price: '99' })] }, 'lines'],
    ['sale', { lines: [buildLine({ sumKopecks: 1 })] }, 'lines'],
    ['sale', { lines: [buildLine({ discountKopecks: 1 })] }, 'lines'],
    ['part', { original: null }, 'original'],
    ['part', { original: { ...keyOf(sale), kkm: 'KKM-2' } }, 'original'],
    ['part', { original: { ...keyOf(sale), shiftNumber: 2 } }, 'original'],
    ['part', { original: { ...keyOf(sale), receiptNumber: 2 } }, 'original'],
    ['part', { original: { ...keyOf(sale), receiptAt: moment('2026-11-21') } }, 'original'],
    // A return without a figure asks for a proportion: that is not the same as any figure.
    ['part', { accumulationDeltaKopecks: null }, 'accumulationDeltaKopecks'],
    ['part', { receiptCountDelta: null }, 'receiptCountDelta'],
  ])('%s %j', (known, change, field) => {
    const receipt = known === 'sale' ? sale : part;
    expect(findDifference(receipt, { ...receipt, ...change })).toBe(field);
    expect(findDifference({ ...receipt, ...change }, receipt)).toBe(field);
  });
});

describe('not compared', () => {
  test.each<[why: string, change: Partial<Receipt>]>([
    ['nothing at all', {}],
    ['the time of day', { receiptAt: moment('2026-11-22T12:00:01') }],
    ['the cashier', { cashier: 'Иванова' }],
    ['fiscal signs', { fn: '9999078900000001', fd: '12', fp: '3456789012' }],
    ['the road it came by', { offline: true }],
    ['the operation id: the natural key decides', { operationId: 'B' }],
    ['no operation id', { operationId: null }],
    ['lines, where one arrival has none', { lines: [] }],
    ['the sum with discount, spelt out as the accumulation', { accumulationDeltaKopecks: 10_000 }],
    ['one receipt, spelt out', { receiptCountDelta: 1 }],
    ['an original, which a sale has none of', { original: keyOf(sale) }],
  ])('%s', (_, change) => {
    expect(findDifference(sale, { ...sale, ...change })).toBeUndefined();
    expect(findDifference({ ...sale, ...change }, sale)).toBeUndefined();
  });

  test('the time of day of the original', () => {
    const later = { ...part, original: { ...keyOf(sale), receiptAt: moment('2026-11-22T00:00:01') } };
    expect(findDifference(part, later)).toBeUndefined();
  });
});

test("the till's own figures win, zero too", () => {
  expect([saleAccumulation(sale), saleCount(sale)]).toEqual([10_000, 1]);
  const own = { ...sale, accumulationDeltaKopecks: 0, receiptCountDelta: 0 };
  expect([saleAccumulation(own), saleCount(own)]).toEqual([0, 0]);
  expect(saleAccumulation({ ...sale, accumulationDeltaKopecks: 12_345 })).toBe(12_345);
});
