// Receipts that an operator should look at: recorded, but with a debt, without their sale,
// beyond it, or reported in two ways.
import {
  listFlaggedReceipts as listPage,
  type FlaggedFilter,
  type FlaggedReceipt,
} from '../../db/receipts/flagged-receipt.ts';
import type { Infobase } from '../infobase.ts';

export type { FlaggedFilter, FlaggedReceipt } from '../../db/receipts/flagged-receipt.ts';
export { receiptFlags, type ReceiptFlag } from '../../db/receipts/receipt.ts';

export interface FlaggedPage {
  /** The latest first. */
  readonly receipts: readonly FlaggedReceipt[];
  /** The id after which the next page begins; null if this is the last page. */
  readonly next: number | null;
}

/** @param after the id that the last page ended with. */
export function listFlaggedReceipts(
  infobase: Infobase,
  filter: FlaggedFilter,
  { limit, after }: { readonly limit: number; readonly after?: number },
): Promise<FlaggedPage> {
  return infobase.db.read(async (trx) => {
    // One more row shows whether there is another page.
    const found = await listPage(trx, filter, after ?? Number.MAX_SAFE_INTEGER, limit + 1);
    const receipts = found.slice(0, limit);
    return { receipts, next: found.length > limit ? (receipts.at(-1)?.id ?? null) : null };
  });
}
