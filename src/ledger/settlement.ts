// What a sale with its returns changes in total, as a function of the *set* of facts known (domain 6). Every arrival
// posts the difference between this and what is posted already: so any order, repetition or mix of roads gives the same state.
import assert from 'node:assert';
import { noMeasures, subtractMeasures, type Measures } from './measures.ts';
import { takeProportion, type Kopecks } from './money.ts';
import { saleAccumulation, saleCount, type Receipt } from './receipt.ts';

/** Setting `returnFigures`: whose figures of bonus count in a return. */
export const returnFigures = ['till_or_proportion', 'proportion', 'till'] as const;
export type ReturnFigures = (typeof returnFigures)[number];

/** Sums taken off a sale by its returns; each within 0..the sale's own. */
export interface Returned {
  readonly sumKopecks: Kopecks;
  readonly accruedKopecks: Kopecks;
  readonly redeemedKopecks: Kopecks;
  readonly accumulationKopecks: Kopecks;
  readonly receipts: number;
}

function figureOf(figure: Kopecks, mode: ReturnFigures): Kopecks | null {
  switch (mode) {
    case 'till':
      return figure;
    case 'proportion':
      return null;
    case 'till_or_proportion':
      return figure > 0 ? figure : null;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * The part of `total` that the returns take. When all is returned, the returns without a figure of their own take
 * the exact rest, so nothing is left in any order; before that, each takes its figure or its rounded proportion.
 */
function takenOf(
  total: number,
  figures: readonly (number | null)[],
  proportions: readonly number[],
  isAll: boolean,
): number {
  if (isAll && figures.includes(null)) return total;
  return Math.min(total, sum(figures.map((figure, index) => figure ?? (proportions[index] as number))));
}

/** What the returns take of the sale, together. */
export function sumReturned(sale: Receipt, returns: readonly Receipt[], mode: ReturnFigures): Returned {
  const whole = sale.sumWithDiscountKopecks;
  const sums = returns.map((part) => part.sumWithDiscountKopecks);
  const isAll = isAllReturned(sale, returns);
  const proportionsOf = (total: Kopecks): number[] =>
    sums.map((part) => (whole === 0 ? 0 : takeProportion(total, Math.min(part, whole), whole)));
  const taken = (total: number, figure: (part: Receipt) => number | null): number =>
    takenOf(total, returns.map(figure), proportionsOf(total), isAll);
  const receipts = returns.map((part) => part.receiptCountDelta);
  return {
    sumKopecks: Math.min(whole, sum(sums)),
    accruedKopecks: taken(sale.bonusAccruedKopecks, (part) => figureOf(part.bonusAccruedKopecks, mode)),
    redeemedKopecks: taken(sale.bonusRedeemedKopecks, (part) => figureOf(part.bonusRedeemedKopecks, mode)),
    accumulationKopecks: taken(saleAccumulation(sale), (part) => part.accumulationDeltaKopecks),
    receipts: takenOf(
      saleCount(sale),
      receipts,
      receipts.map(() => 0),
      isAll,
    ),
  };
}

/** A sale with a sum of zero (all paid by bonus) is returned by its first return. */
export function isAllReturned(sale: Receipt, returns: readonly Receipt[]): boolean {
  if (returns.length === 0) return false;
  return sum(returns.map((part) => part.sumWithDiscountKopecks)) >= sale.sumWithDiscountKopecks;
}

/** What the sale and its live returns change together; a cancelled sale cancels its returns too. */
export function settleSale(sale: Receipt, returns: readonly Receipt[], mode: ReturnFigures): Measures {
  assert(sale.kind === 'Sale', 'a group is settled round its sale');
  const returned = sumReturned(sale, returns, mode);
  return subtractMeasures(
    {
      bonus: sale.bonusAccruedKopecks - sale.bonusRedeemedKopecks,
      accumulation: saleAccumulation(sale),
      receipts: saleCount(sale),
    },
    {
      bonus: returned.accruedKopecks - returned.redeemedKopecks,
      accumulation: returned.accumulationKopecks,
      receipts: returned.receipts,
    },
  );
}

/** A return whose sale is not known (report road only): its own figures, until the sale arrives. */
export function settleOrphanReturn(part: Receipt): Measures {
  assert(part.kind === 'Return', 'only a return can miss its sale');
  const isCounted = part.isPayment !== true;
  return subtractMeasures(noMeasures, {
    bonus: part.bonusAccruedKopecks - part.bonusRedeemedKopecks,
    accumulation: isCounted ? (part.accumulationDeltaKopecks ?? part.sumWithDiscountKopecks) : 0,
    receipts: isCounted ? (part.receiptCountDelta ?? 0) : 0,
  });
}

/** The first field in which a return asks for more than is left of its sale, or undefined (result 11 online). */
export function findExcess(
  sale: Receipt,
  earlier: readonly Receipt[],
  part: Receipt,
  mode: ReturnFigures,
): keyof Receipt | undefined {
  const before = sumReturned(sale, earlier, mode);
  if (isAllReturned(sale, earlier)) return 'sumWithDiscountKopecks';
  if (part.sumWithDiscountKopecks > sale.sumWithDiscountKopecks - before.sumKopecks) return 'sumWithDiscountKopecks';
  if (mode !== 'proportion') {
    if (part.bonusAccruedKopecks > sale.bonusAccruedKopecks - before.accruedKopecks) return 'bonusAccruedKopecks';
    if (part.bonusRedeemedKopecks > sale.bonusRedeemedKopecks - before.redeemedKopecks) return 'bonusRedeemedKopecks';
  }
  // A sale on a payment card has none of these to take back, whatever the till sends.
  if (sale.isPayment === true) return undefined;
  if ((part.accumulationDeltaKopecks ?? 0) > saleAccumulation(sale) - before.accumulationKopecks) {
    return 'accumulationDeltaKopecks';
  }
  return (part.receiptCountDelta ?? 0) > saleCount(sale) - before.receipts ? 'receiptCountDelta' : undefined;
}
