// The three measures a card holds. One movement can change all of them; none ever turns into another.
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

/** Thrown if a sum would be beyond what a register keeps exactly: the change is refused, and nothing is posted. */
export class RegisterOverflow extends Error {
  readonly measure: keyof Measures;

  constructor(measure: keyof Measures) {
    super(`the card would hold more than a register can: ${measure}`);
    this.measure = measure;
  }
}

/** The first measure that cannot be kept exactly, or undefined. */
export function findOverflow({ bonus, accumulation, receipts }: Measures): keyof Measures | undefined {
  if (!Number.isSafeInteger(bonus)) return 'bonus';
  if (!Number.isSafeInteger(accumulation)) return 'accumulation';
  return Number.isSafeInteger(receipts) ? undefined : 'receipts';
}
