// The percent that a till gets for a card: none, fixed, or the best step reached of a scale.
import { findDiscount, parsePercent, type DiscountScheme } from '../../src/ledger/discount.ts';

const step = (accumulationKopecks: number, receipts: number, percentHundredths: number) => ({
  accumulationKopecks,
  receipts,
  percentHundredths,
});
const measures = (accumulation: number, receipts: number) => ({ bonus: 0, accumulation, receipts });

test('no discount is nothing, a fixed one is the same for any card', () => {
  expect(findDiscount({ sort: 'none' }, measures(1_000_000, 100))).toBe(0);
  expect(findDiscount({ sort: 'fixed', percentHundredths: 750 }, measures(0, 0))).toBe(750);
  expect(findDiscount({ sort: 'fixed', percentHundredths: 750 }, measures(-5, -1))).toBe(750);
});

describe('a scale by accumulation sum', () => {
  // 3 % from 1 000 rubles, 5 % from 5 000, 10 % from 20 000.
  const scale: DiscountScheme = {
    sort: 'scale',
    steps: [step(100_000, 0, 300), step(500_000, 0, 500), step(2_000_000, 0, 1_000)],
  };
  test.each([
    [-1, 0],
    [0, 0],
    [99_999, 0],
    [100_000, 300],
    [100_001, 300],
    [499_999, 300],
    [500_000, 500],
    [1_999_999, 500],
    [2_000_000, 1_000],
    [Number.MAX_SAFE_INTEGER, 1_000],
  ])('%d kopecks give %d hundredths of a percent', (accumulation, percent) => {
    expect(findDiscount(scale, measures(accumulation, 0))).toBe(percent);
  });
});

describe('a scale by sum and receipt count: a step is reached when both thresholds are', () => {
  const scale: DiscountScheme = {
    sort: 'scale',
    steps: [step(0, 3, 200), step(100_000, 0, 300), step(100_000, 10, 700)],
  };
  test.each([
    [0, 0, 0],
    [0, 2, 0],
    [0, 3, 200],
    [99_999, 50, 200],
    [100_000, 0, 300],
    [100_000, 9, 300],
    [100_000, 10, 700],
  ])('%d kopecks and %d receipts give %d', (accumulation, receipts, percent) => {
    expect(findDiscount(scale, measures(accumulation, receipts))).toBe(percent);
  });
});

test('of the steps reached the customer gets the best, in any order', () => {
  const steps = [step(0, 0, 900), step(100_000, 0, 300), step(50_000, 0, 500)];
  for (const order of [steps, steps.toReversed()]) {
    expect(findDiscount({ sort: 'scale', steps: order }, measures(200_000, 5))).toBe(900);
  }
  expect(findDiscount({ sort: 'scale', steps: [] }, measures(200_000, 5))).toBe(0);
});

test('bonus has no part in a discount', () => {
  const scale: DiscountScheme = { sort: 'scale', steps: [step(1, 0, 300)] };
  expect(findDiscount(scale, { bonus: 1_000_000, accumulation: 0, receipts: 0 })).toBe(0);
});

test.each<[text: string, hundredths: number | undefined]>([
  ['5', 500],
  ['12.5', 1_250],
  ['12,5', 1_250],
  ['0.25', 25],
  ['0', 0],
  ['100', 10_000],
  ['100.00', 10_000],
  ['100.01', undefined],
  ['101', undefined],
  ['5.125', undefined],
  ['-1', undefined],
  ['', undefined],
  ['5 %', undefined],
  ['.5', undefined],
])('"%s" percent is %s hundredths', (text, hundredths) => {
  expect(parsePercent(text)).toBe(hundredths);
});
