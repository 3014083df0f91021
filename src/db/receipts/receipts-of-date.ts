// What the receipts of a date add up to, in ranges of ids: there is no index by date.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { ReceiptKind } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface ReceiptSums {
  readonly kind: ReceiptKind;
  readonly count: number;
  readonly sumWithDiscount: number;
  readonly accrued: number;
  readonly redeemed: number;
}

const sums = statement<{ on: string; fromId: number; beforeId: number }, ReceiptSums>((knex, p) =>
  knex('receipt')
    .where('id', '>=', p.fromId)
    .where('id', '<', p.beforeId)
    .where('receipt_on', p.on)
    .where('state', 'posted')
    .groupBy('kind')
    .select({
      kind: 'kind',
      count: knex.raw('count(*)'),
      sumWithDiscount: knex.raw('sum(sum_with_discount)'),
      accrued: knex.raw('sum(bonus_accrued)'),
      redeemed: knex.raw('sum(bonus_redeemed)'),
    }),
);

/** By kind; of those with ids from `fromId` on and before `beforeId`. */
export function sumReceiptsOfDate(
  trx: Trx,
  on: LocalDate,
  range: { readonly fromId: number; readonly beforeId: number },
): Promise<ReceiptSums[]> {
  return trx.list(sums, { on, ...range });
}
