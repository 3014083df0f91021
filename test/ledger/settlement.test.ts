// What a sale and its returns move together, as a function of the set of them; what a return may not ask for.
import * as fc from 'fast-check';
import type { Measures } from '../../src/ledger/measures.ts';
import type { Receipt } from '../../src/ledger/receipt.ts';
import {
  findExcess,
  isAllReturned,
  returnFigures,
  settleOrphanReturn,
  settleSale,
  sumReturned,
  type ReturnFigures,
} from '../../src/ledger/settlement.ts';
import { depth, fileSeed } from '../deep.ts';
import { expectSame } from '../expect-same.ts';
import { buildReturn, buildSale } from '../operations/testing-infobase.ts';

/** 800 rubles, 8 rubles of bonus accrued, 200 redeemed. */
const sale = buildSale({ sumWithDiscountKopecks: 80_000, bonusAccruedKopecks: 800, bonusRedeemedKopecks: 20_000 });
const back = (sum: number, fields: Partial<Receipt> = {}): Receipt =>
  buildReturn(sale, { sumWithDiscountKopecks: sum, ...fields });
const figures = (sum: number, accrued: number, redeemed: number): Receipt =>
  back(sum, { bonusAccruedKopecks: accrued, bonusRedeemedKopecks: redeemed });

test('a sale alone: accumulation and one receipt, bonus accrued less redeemed', () => {
  expect(settleSale(sale, [], 'till_or_proportion')).toEqual({ bonus: -19_200, accumulation: 80_000, receipts: 1 });
  const own = buildSale({ ...sale, accumulationDeltaKopecks: 75_000, receiptCountDelta: 3 });
  expect(settleSale(own, [], 'till_or_proportion')).toEqual({ bonus: -19_200, accumulation: 75_000, receipts: 3 });
});

describe('what returns take', () => {
  type Row = [
    why: string,
    returns: readonly Receipt[],
    mode: ReturnFigures,
    accrued: number,
    redeemed: number,
    accumulation: number,
    receipts: number,
  ];
  test.each<Row>([
    ['nothing came back', [], 'till_or_proportion', 0, 0, 0, 0],
    ['a quarter', [back(20_000)], 'till_or_proportion', 200, 5_000, 20_000, 0],
    ['one kopeck: 0.01 and 0.25 of a kopeck', [back(1)], 'till_or_proportion', 0, 0, 1, 0],
    ['half a kopeck goes up', [back(50)], 'till_or_proportion', 1, 13, 50, 0],
    ['all at once', [back(80_000)], 'till_or_proportion', 800, 20_000, 80_000, 1],
    ['all in three', [back(1), back(50), back(79_949)], 'till_or_proportion', 800, 20_000, 80_000, 1],
    ['own figures', [figures(20_000, 150, 4_000)], 'till_or_proportion', 150, 4_000, 20_000, 0],
    ['one own figure', [figures(20_000, 150, 0)], 'till_or_proportion', 150, 5_000, 20_000, 0],
    ['the rest closes', [figures(20_000, 150, 4_000), back(60_000)], 'till_or_proportion', 800, 20_000, 80_000, 1],
    ['a figure at the end', [back(60_000), figures(20_000, 150, 4_000)], 'till_or_proportion', 800, 20_000, 80_000, 1],
    ['figures only', [figures(20_000, 1, 2), figures(60_000, 3, 4)], 'till_or_proportion', 4, 6, 80_000, 1],
    ['figures beyond', [figures(1, 700, 0), figures(1, 700, 0)], 'till_or_proportion', 800, 0, 2, 0],
    ['proportion only', [figures(20_000, 150, 4_000)], 'proportion', 200, 5_000, 20_000, 0],
    ['till only', [figures(20_000, 150, 0)], 'till', 150, 0, 20_000, 0],
    ['till only, all back, nothing asked', [back(80_000)], 'till', 0, 0, 80_000, 1],
    ['more than was sold (report road)', [back(60_000), back(60_000)], 'till_or_proportion', 800, 20_000, 80_000, 1],
    [
      'accumulation of its own',
      [back(20_000, { accumulationDeltaKopecks: 1 })],
      'till_or_proportion',
      200,
      5_000,
      1,
      0,
    ],
    ['count of its own', [back(20_000, { receiptCountDelta: 1 })], 'till_or_proportion', 200, 5_000, 20_000, 1],
    [
      'counts beyond',
      [back(1, { receiptCountDelta: 1 }), back(1, { receiptCountDelta: 1 })],
      'till_or_proportion',
      0,
      0,
      2,
      1,
    ],
  ])('%s', (_, returns, mode, accrued, redeemed, accumulation, receipts) => {
    const returned = sumReturned(sale, returns, mode);
    const sum = Math.min(
      80_000,
      returns.reduce((total, part) => total + part.sumWithDiscountKopecks, 0),
    );
    expect(returned).toEqual({
      sumKopecks: sum,
      accruedKopecks: accrued,
      redeemedKopecks: redeemed,
      accumulationKopecks: accumulation,
      receipts,
    });
    expect(settleSale(sale, returns, mode)).toEqual({
      bonus: 800 - accrued - (20_000 - redeemed),
      accumulation: 80_000 - accumulation,
      receipts: 1 - receipts,
    });
  });

  test('roundings never add up to more than was accrued', () => {
    const small = buildSale({ sumWithDiscountKopecks: 100, bonusAccruedKopecks: 3 });
    // 17 % of 3 kopecks is 0.51: five of them round to 5, and only 3 were accrued.
    const returns = Array.from({ length: 5 }, () => buildReturn(small, { sumWithDiscountKopecks: 17 }));
    expect(
      [1, 2, 3, 4, 5].map((count) => sumReturned(small, returns.slice(0, count), 'proportion').accruedKopecks),
    ).toEqual([1, 2, 3, 3, 3]);
  });

  test('a sale paid by bonus whole is returned by its first return', () => {
    const free = buildSale({ sumWithDiscountKopecks: 0, bonusRedeemedKopecks: 10_000 });
    expect(isAllReturned(free, [])).toBe(false);
    expect(settleSale(free, [buildReturn(free)], 'till_or_proportion')).toEqual({
      bonus: 0,
      accumulation: 0,
      receipts: 0,
    });
  });
});

describe('a return whose sale is not known moves its own figures', () => {
  test.each<[fields: Partial<Receipt>, bonus: number, accumulation: number, receipts: number]>([
    [{}, 0, -80_000, 0],
    [{ bonusAccruedKopecks: 800, bonusRedeemedKopecks: 20_000 }, 19_200, -80_000, 0],
    [{ accumulationDeltaKopecks: 75_000, receiptCountDelta: 1 }, 0, -75_000, -1],
  ])('%j', (fields, bonus, accumulation, receipts) => {
    expect(settleOrphanReturn(back(80_000, fields))).toEqual({ bonus, accumulation, receipts });
  });
});

describe('asking for more than is left', () => {
  type Row = [why: string, earlier: readonly Receipt[], part: Receipt, mode: ReturnFigures, field: string | undefined];
  test.each<Row>([
    ['all', [], back(80_000), 'till_or_proportion', undefined],
    ['a kopeck more', [], back(80_001), 'till_or_proportion', 'sumWithDiscountKopecks'],
    ['the rest', [back(60_000)], back(20_000), 'till_or_proportion', undefined],
    ['more than the rest', [back(60_000)], back(20_001), 'till_or_proportion', 'sumWithDiscountKopecks'],
    ['nothing of nothing left', [back(80_000)], back(0), 'till_or_proportion', 'sumWithDiscountKopecks'],
    ['all the bonus', [], figures(1, 800, 20_000), 'till_or_proportion', undefined],
    ['more accrued', [], figures(1, 801, 0), 'till_or_proportion', 'bonusAccruedKopecks'],
    ['more redeemed', [], figures(1, 0, 20_001), 'till_or_proportion', 'bonusRedeemedKopecks'],
    ['accrued that is left', [back(20_000)], figures(1, 600, 0), 'till_or_proportion', undefined],
    ['more than is left', [back(20_000)], figures(1, 601, 0), 'till_or_proportion', 'bonusAccruedKopecks'],
    ['redeemed that is left', [back(20_000)], figures(1, 0, 15_000), 'till_or_proportion', undefined],
    ['more redeemed than is left', [back(20_000)], figures(1, 0, 15_001), 'till_or_proportion', 'bonusRedeemedKopecks'],
    ['figures are not looked at', [], figures(1, 801, 20_001), 'proportion', undefined],
    ['figures are, in mode till', [], figures(1, 801, 0), 'till', 'bonusAccruedKopecks'],
    [
      'accumulation',
      [],
      back(1, { accumulationDeltaKopecks: 80_001 }),
      'till_or_proportion',
      'accumulationDeltaKopecks',
    ],
    ['count', [], back(1, { receiptCountDelta: 2 }), 'till_or_proportion', 'receiptCountDelta'],
  ])('%s', (_, earlier, part, mode, field) => {
    expect(findExcess(sale, earlier, part, mode)).toBe(field);
  });
});

const isBetween = (sums: Measures, sold: Receipt): boolean =>
  sums.accumulation >= 0 &&
  sums.accumulation <= sold.sumWithDiscountKopecks &&
  sums.receipts >= 0 &&
  sums.receipts <= 1 &&
  sums.bonus >= -sold.bonusRedeemedKopecks &&
  sums.bonus <= sold.bonusAccruedKopecks;

describe('whatever the set', () => {
  const sum = fc.integer({ min: 0, max: 1_000 });
  const maybe = fc.option(fc.integer({ min: 0, max: 300 }), { freq: 2 });
  const figure = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }));
  const parts = fc.array(fc.record({ sum, accrued: figure, redeemed: figure, accumulation: maybe }), { maxLength: 6 });
  const anySale = fc.record({ sum, accrued: sum, redeemed: sum });
  const anyMode = fc.constantFrom(...returnFigures);

  test('no order of returns matters, none takes what was not given, and each further one takes more', () => {
    fc.assert(
      fc.property(anySale, parts, anyMode, (sold, raw, mode) => {
        const one = buildSale({
          sumWithDiscountKopecks: sold.sum,
          bonusAccruedKopecks: sold.accrued,
          bonusRedeemedKopecks: sold.redeemed,
        });
        const returns = raw.map((part, index) =>
          buildReturn(one, {
            receiptNumber: 101 + index,
            sumWithDiscountKopecks: part.sum,
            bonusAccruedKopecks: part.accrued,
            bonusRedeemedKopecks: part.redeemed,
            accumulationDeltaKopecks: part.accumulation,
          }),
        );
        const settled = settleSale(one, returns, mode);
        expectSame(settleSale(one, returns.toReversed(), mode), settled);
        expectSame(isBetween(settled, one), true);
        let before = sumReturned(one, [], mode);
        returns.forEach((_, index) => {
          const after = sumReturned(one, returns.slice(0, index + 1), mode);
          const names = Object.keys(after) as (keyof typeof after)[];
          const previous = before;
          expectSame(
            names.filter((name) => after[name] < previous[name]),
            [],
          );
          before = after;
        });
      }),
      { numRuns: 1_000 * depth, seed: fileSeed },
    );
  });

  test('returned in full without figures of their own, nothing is left of the sale', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 10_000 }), { maxLength: 5 });
    fc.assert(
      fc.property(cuts, fc.nat(5_000), fc.nat(5_000), (points, accrued, redeemed) => {
        const ends = [...points, 10_000].toSorted((a, b) => a - b);
        const one = buildSale({ bonusAccruedKopecks: accrued, bonusRedeemedKopecks: redeemed });
        const returns = ends.map((end, index) =>
          buildReturn(one, { sumWithDiscountKopecks: end - (ends[index - 1] ?? 0) }),
        );
        expectSame(settleSale(one, returns, 'till_or_proportion'), { bonus: 0, accumulation: 0, receipts: 0 });
      }),
      { numRuns: 350 * depth, seed: fileSeed },
    );
  });
});

test('a return is no sale, and a sale no return: a defect', () => {
  expect(() => settleSale(back(1), [], 'till')).toThrow('round its sale');
  expect(() => settleOrphanReturn(sale)).toThrow('only a return');
});
