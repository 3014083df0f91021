// The three measures a card holds. They move together in one movement and never leak into each other.
import type { Kopecks } from './money.ts';

export interface Measures {
  /** Spendable bonus, kopecks. */
  readonly bonus: Kopecks;
  /** Accumulation sum, kopecks; aged and returned, never spent. */
  readonly accumulation: Kopecks;
  /** Receipt count. */
  readonly receipts: number;
}

export const noMeasures: Measures = { bonus: 0, accumulation: 0, receipts: 0 };

export function addMeasures(a: Measures, b: Measures): Measures {
  return {
    bonus: a.bonus + b.bonus,
    accumulation: a.accumulation + b.accumulation,
    receipts: a.receipts + b.receipts,
  };
}

export function subtractMeasures(a: Measures, b: Measures): Measures {
  return {
    bonus: a.bonus - b.bonus,
    accumulation: a.accumulation - b.accumulation,
    receipts: a.receipts - b.receipts,
  };
}

export function isNothing(measures: Measures): boolean {
  return measures.bonus === 0 && measures.accumulation === 0 && measures.receipts === 0;
}

/** Whether every measure can be kept exactly. */
export function isWithinRegister(measures: Measures): boolean {
  return (
    Number.isSafeInteger(measures.bonus) &&
    Number.isSafeInteger(measures.accumulation) &&
    Number.isSafeInteger(measures.receipts)
  );
}
