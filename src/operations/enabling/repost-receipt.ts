// One trade document posted by the rules of billing: what it would have changed, had billing been on when it came.
import type { Trx } from '../../db/db.ts';
import type { EnablingItem } from '../../db/enabling/enabling.ts';
import { groupKeyOf, loadReceiptGroup } from '../../db/receipts/receipt-group.ts';
import { getReceipt } from '../../db/receipts/receipt.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { BillingContext } from '../billing/card-facts.ts';
import { placeKnownReceipt } from '../billing/place-receipt.ts';
import { postTradeBilling } from '../receipts/post-trade.ts';

/**
 * The same code as for a live receipt, with the receipt's own trade document; the document, its answer and «Накопления» stay
 * unchanged.
 * @param lastNightBefore the last night before a receipt of that moment, had it come in time.
 */
export async function repostReceipt(
  trx: Trx,
  context: BillingContext,
  { receiptId, documentId }: EnablingItem,
  lastNightBefore: LocalDate,
): Promise<void> {
  const receipt = await getReceipt(trx, receiptId);
  const { cardId, receiptAt: datedAt } = receipt;
  const newMark = await placeKnownReceipt(trx, context, receiptId, { receipt, cardId, lastNightBefore }, false);
  const loaded = await loadReceiptGroup(trx, groupKeyOf(receipt, receiptId), receipt);
  const group = { ...loaded, newReceiptId: receiptId };
  const kind = receipt.road === 'online' ? 'KkmOperation' : 'TpOperation';
  const event = { kind, datedAt, receiptId, comment: null, moves: [] } as const;
  await postTradeBilling(trx, context, event, { group, cardIds: [cardId], newMark }, documentId);
}
