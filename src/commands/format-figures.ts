// Sums, percents and discount schemes as a person reads them and as they are typed back.
import type { DiscountScheme } from '../ledger/discount.ts';
import type { MeasureName } from '../ledger/account.ts';
import { formatRubles, formatSum, formatTotalSum } from '../ledger/money.ts';

/** Hundredths of a percent: 1250 -> "12.5"; null = none. */
export function formatPercent(hundredths: number | null): string {
  return hundredths === null ? 'none' : formatRubles(hundredths);
}

/** Of a measure: rubles, or a count of receipts. */
export function formatAmount(measure: MeasureName, amount: number): string {
  return measure === 'receipts' ? String(amount) : formatSum(amount);
}

export type TotalSums = Readonly<Record<MeasureName, bigint>>;

/** "bonus 100.00, accumulation 0.00, receipts 3" */
export function formatTotals({ bonus, accumulation, receipts }: TotalSums): string {
  return `bonus ${formatTotalSum(bonus)}, accumulation ${formatTotalSum(accumulation)}, receipts ${receipts}`;
}

/** Exact text, for machines: sums over all cards outgrow what JSON's readers keep exactly. */
export function describeTotals({ bonus, accumulation, receipts }: TotalSums): object {
  return {
    bonus: formatTotalSum(bonus),
    accumulation: formatTotalSum(accumulation),
    receipts: String(receipts),
  };
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
