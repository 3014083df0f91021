// The discount a card kind gives: none, a fixed percent, or a scale by accumulation sum and receipt count.
// The till applies it (SEED: the till computes the discount); the service reports the percent.
import type { Kopecks } from './money.ts';
import type { Measures } from './measures.ts';

/** A step is reached when both its thresholds are reached; percents are in hundredths (5 % = 500). */
export interface DiscountStep {
  readonly accumulationKopecks: Kopecks;
  readonly receipts: number;
  readonly percentHundredths: number;
}

export type DiscountScheme =
  | { readonly sort: 'none' }
  | { readonly sort: 'fixed'; readonly percentHundredths: number }
  | { readonly sort: 'scale'; readonly steps: readonly DiscountStep[] };

/** The percent for the card's measures; the customer gets the best of the steps reached. */
export function findDiscount(scheme: DiscountScheme, measures: Measures): number {
  switch (scheme.sort) {
    case 'none':
      return 0;
    case 'fixed':
      return scheme.percentHundredths;
    case 'scale':
      return scheme.steps.reduce(
        (best, step) =>
          measures.accumulation >= step.accumulationKopecks && measures.receipts >= step.receipts
            ? Math.max(best, step.percentHundredths)
            : best,
        0,
      );
  }
}

export interface NextDiscount {
  readonly percentHundredths: number;
  /** What is missing to the step's thresholds; 0 = reached. */
  readonly missingAccumulationKopecks: Kopecks;
  readonly missingReceipts: number;
}

/** The step with the next higher percent; undefined if the card has the best already. */
export function findNextDiscount(scheme: DiscountScheme, measures: Measures): NextDiscount | undefined {
  if (scheme.sort !== 'scale') return undefined;
  const reached = findDiscount(scheme, measures);
  const [next] = scheme.steps
    .filter(({ percentHundredths }) => percentHundredths > reached)
    .toSorted((a, b) => a.percentHundredths - b.percentHundredths);
  if (next === undefined) return undefined;
  return {
    percentHundredths: next.percentHundredths,
    missingAccumulationKopecks: Math.max(0, next.accumulationKopecks - measures.accumulation),
    missingReceipts: Math.max(0, next.receipts - measures.receipts),
  };
}

/** "5", "12.5", "0.25" -> hundredths of a percent; undefined unless 0..100 with two decimals at most. */
export function parsePercent(text: string): number | undefined {
  const match = /^(\d{1,3})(?:[.,](\d{1,2}))?$/.exec(text);
  if (match === null) return undefined;
  const hundredths = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return hundredths <= 10_000 ? hundredths : undefined;
}
