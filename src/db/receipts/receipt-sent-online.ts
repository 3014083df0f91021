// What online calls said of receipts that a report had brought before: such a call changes nothing, but the tie-out
// must know that it came.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

const note = statement<{ receiptId: number; toldAt: string; content: string }>((knex, p) =>
  knex('receipt_told_online')
    .insert({ receipt_id: p.receiptId, told_at: p.toldAt, content: p.content })
    .onConflict('receipt_id')
    .ignore(),
);

/** The first call counts: a repeat has the same content, or got the answer of the first. */
export async function noteSentOnline(
  trx: Trx,
  receiptId: number,
  toldAt: LocalDateTime,
  content: Receipt,
): Promise<void> {
  await trx.change(note, { receiptId, toldAt, content: JSON.stringify(content) });
}
