// Before a receipt that is in the opening balance is corrected or cancelled: stores its sale with the returns as the opening has
// them.
import type { BillingState } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { findOpeningGroup, insertOpeningGroup } from '../../db/billing/opening-group.ts';
import { loadReceiptGroup } from '../../db/receipts/receipt-group.ts';
import type { StoredReceipt } from '../../db/receipts/receipt.ts';
import { naturalKeyOf, type Receipt, type ReceiptKey } from '../../ledger/receipt.ts';
import { findOpeningState, isInOpening } from './count-group.ts';

/**
 * An edit of what is dated before the start never changes billing (SEED), neither at once nor by a return that comes later.
 * @param after the receipt as a report has it; undefined if it is cancelled.
 */
export async function keepOpeningGroup(
  trx: Trx,
  state: BillingState,
  changed: StoredReceipt,
  after?: Receipt,
): Promise<void> {
  if (!isInOpening(changed, state)) return;
  const sales: (ReceiptKey | null | undefined)[] =
    changed.kind === 'Sale' ? [changed] : [changed.original, after?.original];
  for (const sale of sales) if (sale !== null && sale !== undefined) await keepGroupOf(trx, state, sale);
}

async function keepGroupOf(trx: Trx, state: BillingState, sale: ReceiptKey): Promise<void> {
  const { sale: known, returns } = await loadReceiptGroup(trx, { kind: 'sale', key: naturalKeyOf(sale, 'Sale') });
  if (known === undefined || !isInOpening(known, state)) return;
  if ((await findOpeningGroup(trx, known.id)) !== undefined) return;
  const opening = await findOpeningState(trx, state, known, returns);
  if (opening === undefined) return;
  const kept = { sale: takeContent(opening.sale), returns: opening.returns.map(takeContent) };
  await insertOpeningGroup(trx, { ...opening, ...kept });
}

/** The part of a receipt that is counted; its lines are not. */
function takeContent(receipt: Receipt): Receipt {
  const {
    id: _1,
    cardId: _2,
    road: _3,
    state: _4,
    flags: _5,
    onlineContent: _6,
    ...content
  } = receipt as StoredReceipt;
  return { ...content, lines: [] };
}
