// Receipts that have come, the latest first: of all tills, of a till, of a shift or of a card.
import { findCard } from '../../db/cards/card.ts';
import {
  findLastReceiptId,
  listReceiptRange,
  listReceiptsOfCard,
  listReceiptsOfShift,
  type ListedReceipt,
} from '../../db/receipts/receipt-list.ts';
import { dateOf, firstMoment, lastMoment, type LocalDate } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { cutPage, scanBack, type ScannedPage } from '../scan-back.ts';

export type { ListedReceipt } from '../../db/receipts/receipt-list.ts';
export type { Road } from '../../db/receipts/receipt.ts';

/** What is null does not restrict the list. */
export interface ReceiptListFilter {
  readonly cardNumber: string | null;
  readonly kkm: string | null;
  readonly shiftNumber: number | null;
  /** Dates of the receipts, both included. */
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
}

/**
 * In the order they came, which for receipts of tills that were offline is not that of their dates.
 * @param before the `next` of the last page; null for the first.
 */
export async function listReceipts(
  infobase: Infobase,
  { cardNumber, from, to, ...filter }: ReceiptListFilter,
  { limit, before }: { readonly limit: number; readonly before: number | null },
): Promise<ScannedPage<ListedReceipt>> {
  const { db } = infobase;
  const matching = { ...filter, from: from ?? dateOf(firstMoment), to: to ?? dateOf(lastMoment) };
  const page = { beforeId: before ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 };
  if (cardNumber !== null) {
    return db.read(async (trx) => {
      const card = await findCard(trx, cardNumber);
      return cutPage(card === undefined ? [] : await listReceiptsOfCard(trx, card.id, matching, page), limit);
    });
  }
  if (filter.kkm !== null && filter.shiftNumber !== null) {
    return cutPage(await db.read((trx) => listReceiptsOfShift(trx, matching, page)), limit);
  }
  const last = await db.read(findLastReceiptId);
  return scanBack(Math.min(page.beforeId, last + 1), limit, (range) =>
    db.read((trx) => listReceiptRange(trx, matching, range)),
  );
}
