// What the tills have rung on a day, as an operator wants to see it at a glance.
import { findLastReceiptId } from '../../db/receipts/receipt-list.ts';
import { sumReceiptsOfDate } from '../../db/receipts/receipts-of-date.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';

export interface DaySums {
  readonly sales: number;
  readonly returns: number;
  /** Sales less returns, in kopecks, as the three below. */
  readonly sum: number;
  readonly accrued: number;
  readonly redeemed: number;
}

/** About 5 ms a turn. */
const idsPerTurn = 10_000;

/**
 * Receipts of a day stand together at the end of all, in the order they came: the reading ends at the first range without one.
 * What a till reports a day late, behind ten thousand others, is not counted.
 */
export async function sumDay({ db }: Infobase, on: LocalDate): Promise<DaySums> {
  const day = { sales: 0, returns: 0, sum: 0, accrued: 0, redeemed: 0 };
  const last = await db.read(findLastReceiptId);
  for (let beforeId = last + 1; beforeId > 1; beforeId -= idsPerTurn) {
    const range = { fromId: Math.max(1, beforeId - idsPerTurn), beforeId };
    const found = await db.read((trx) => sumReceiptsOfDate(trx, on, range));
    if (found.length === 0) break;
    for (const { kind, count, sumWithDiscount, accrued, redeemed } of found) {
      const sign = kind === 'Sale' ? 1 : -1;
      if (kind === 'Sale') day.sales += count;
      else day.returns += count;
      day.sum += sign * sumWithDiscount;
      day.accrued += sign * accrued;
      day.redeemed += sign * redeemed;
    }
  }
  return day;
}
