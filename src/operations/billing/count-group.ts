// A sale with its returns as billing counts them; what is older than billing counts as the opening balance has it.
import { findOpeningGroup, type OpeningGroup } from '../../db/billing/opening-group.ts';
import type { BillingState } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import type { ReceiptGroup } from '../../db/receipts/receipt-group.ts';
import type { StoredReceipt } from '../../db/receipts/receipt.ts';
import type { BilledReceipt } from '../../ledger/billed-group.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import type { Receipt } from '../../ledger/receipt.ts';

export interface CountedReceipt {
  readonly id: number;
  readonly cardId: number;
  readonly kind: BilledReceipt['kind'];
  readonly receipt: Receipt;
}

/** Whether the receipt was there when billing opened; otherwise, dated before the start, it is not in billing. */
export function isInOpening({ id, receiptAt }: StoredReceipt, state: BillingState): boolean {
  return isOlder({ receiptAt }, state) && id <= state.lastReceiptId;
}

export function isOlder({ receiptAt }: Pick<Receipt, 'receiptAt'>, { startOn }: BillingState): boolean {
  return dateOf(receiptAt) < startOn;
}

/** The receipts of a group that count for billing, the sale first. Empty if the sale is dated before billing and came late,
 * or was cancelled. */
export async function countGroup(trx: Trx, state: BillingState, group: ReceiptGroup): Promise<CountedReceipt[]> {
  const { sale, isSaleCancelled, returns } = group;
  if (sale !== undefined) return countWithSale(trx, state, sale, returns);
  // A sale that is cancelled before it comes cancels its returns too.
  return isSaleCancelled ? [] : listReturns(state, returns);
}

async function countWithSale(
  trx: Trx,
  state: BillingState,
  sale: StoredReceipt,
  returns: readonly StoredReceipt[],
): Promise<CountedReceipt[]> {
  if (!isOlder(sale, state)) {
    return sale.state === 'posted' ? [count(sale, 'sale'), ...listReturns(state, returns)] : [];
  }
  if (!isInOpening(sale, state)) return [];
  const opening = await findOpeningState(trx, state, sale, returns);
  if (opening === undefined) return [];
  const { receiptId: id, cardId } = opening;
  const old = opening.returns.map((receipt): CountedReceipt => ({ id, cardId, kind: 'old_return', receipt }));
  return [{ id, cardId, kind: 'old_sale', receipt: opening.sale }, ...old, ...listReturns(state, returns)];
}

/** The old sale with its returns as the opening has them; undefined if the sale had been cancelled before. */
export async function findOpeningState(
  trx: Trx,
  state: BillingState,
  sale: StoredReceipt,
  returns: readonly StoredReceipt[],
): Promise<OpeningGroup | undefined> {
  const kept = await findOpeningGroup(trx, sale.id);
  if (kept !== undefined) return kept;
  if (sale.state !== 'posted') return undefined;
  const old = returns.filter((part) => part.state === 'posted' && isInOpening(part, state));
  return { receiptId: sale.id, cardId: sale.cardId, sale, returns: old };
}

/** The live returns dated since the start; an older one is in the opening with its own figures, or not in billing. */
function listReturns(state: BillingState, returns: readonly StoredReceipt[]): CountedReceipt[] {
  return returns
    .filter((part) => part.state === 'posted' && !isOlder(part, state))
    .map((part) => count(part, 'return'));
}

function count(receipt: StoredReceipt, kind: 'sale' | 'return'): CountedReceipt {
  return { id: receipt.id, cardId: receipt.cardId, kind, receipt };
}
