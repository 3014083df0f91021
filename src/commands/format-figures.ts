// Sums, percents and discount schemes as a person reads them and as they are typed back.
import type { DiscountScheme } from '../ledger/discount.ts';
import { formatRubles, formatSum } from '../ledger/money.ts';

/** Hundredths of a percent: 1250 -> "12.5"; null = none told. */
export function formatPercent(hundredths: number | null): string {
  return hundredths === null ? 'none' : formatRubles(hundredths);
}

/** As --discount takes it; a scale is shown by the number of its steps. */
export function formatDiscount(scheme: DiscountScheme): string {
  switch (scheme.sort) {
    case 'none':
      return 'none';
    case 'fixed':
      return `fixed:${formatPercent(scheme.percentHundredths)}`;
    case 'scale':
      return `scale of ${scheme.steps.length}`;
  }
}

/** For machines: percents and sums as exact text. */
export function describeDiscount(scheme: DiscountScheme): object {
  if (scheme.sort === 'none') return { sort: 'none' };
  if (scheme.sort === 'fixed') return { sort: 'fixed', percent: formatPercent(scheme.percentHundredths) };
  const steps = scheme.steps.map(({ accumulationKopecks, receipts, percentHundredths }) => ({
    accumulation: formatSum(accumulationKopecks),
    receipts,
    percent: formatPercent(percentHundredths),
  }));
  return { sort: 'scale', steps };
}
