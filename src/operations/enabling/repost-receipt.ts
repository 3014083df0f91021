// One trade document posted by the rules of billing: what it would have moved, had billing been on when it came.
import type { Trx } from '../../db/db.ts';
import type { EnablingItem } from '../../db/enabling/enabling.ts';
import { getReceipt } from '../../db/receipts/receipt.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { BillingContext } from '../billing/card-facts.ts';
import { placeReceipt } from '../billing/place-receipt.ts';
import { postBilling } from '../billing/post-billing.ts';

/**
 * The same road as a live receipt, behind the receipt's own trade document; that one, its answer and «Накопления» stay.
 * @param metNightOn the last night that a receipt of that moment came behind, had it come in time.
 */
export async function repostReceipt(
  trx: Trx,
  context: BillingContext,
  { receiptId, documentId }: EnablingItem,
  metNightOn: LocalDate,
): Promise<void> {
  const receipt = await getReceipt(trx, receiptId);
  const { cardId, receiptAt: datedAt } = receipt;
  await placeReceipt(trx, context, { receiptId, receipt, cardId, hasOtherCard: false, metNightOn });
  const kind = receipt.road === 'online' ? 'KkmOperation' : 'TpOperation';
  const head = { kind, datedAt, documentId, receiptId, comment: null } as const;
  await postBilling(trx, context, { ...head, cardIds: [cardId], newReceiptId: receiptId });
}
