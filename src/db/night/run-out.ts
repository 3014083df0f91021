// The rows of «Обороты начислений» that explain a line of the night's «Списание»: those that had run out and that no earlier night
// had taken. They are never removed, so the reason why a card lost something can be shown years later.
import { addDays, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { BillingDocumentKind } from '../billing/billing-register.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

/** What one document had accrued, or taken back, with a write-off date that the night had reached. */
export interface RunOutRow extends Measures {
  readonly billingDocumentId: number;
  readonly documentKind: BillingDocumentKind;
  readonly datedAt: LocalDateTime;
  /** Null where it does not come from a receipt. */
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
}

// One row for all cards of a night during which nothing comes; a night's own documents are not marked.
const keepMark = statement<{ businessOn: string; fromCardId: number }>((knex, p) =>
  knex.raw(
    `insert into night_mark (business_on, from_card_id, last_document_id)
     select cast(? as text), cast(? as integer), latest.id
     from (select id from billing_document where origin <> 'night' order by id desc limit 1) latest
     where latest.id > (select coalesce(max(last_document_id), -1) from night_mark where business_on = ?)`,
    [p.businessOn, p.fromCardId, p.businessOn],
  ),
);

/** Records which documents the night of that date knows, for the cards with an id above `fromCardId`. */
export async function keepNightMark(trx: Trx, businessOn: LocalDate, fromCardId: number): Promise<void> {
  await trx.change(keepMark, { businessOn, fromCardId });
}

type Parameters = { cardId: number; businessOn: string; sinceOn: string; dayBefore: string };

// The last night done when the document was calculated; null for a compensation, which has settled what had run out.
const placedOn = `case billing_document.origin when 'receipt' then receipt.effective_on
  when 'night' then substr(billing_document.dated_at, 1, 10) else billing_document.effective_on end`;

const known = `(select last_document_id from night_mark where business_on = ? and from_card_id < ?
  order by from_card_id desc limit 1)`;

const rows = statement<Parameters, RunOutRow>((knex, p) =>
  knex('accrual_movement')
    .join('billing_document', 'billing_document.id', 'accrual_movement.document_id')
    .leftJoin('receipt', 'receipt.id', 'billing_document.receipt_id')
    .where('accrual_movement.card_id', p.cardId)
    .where('accrual_movement.write_off_on', '<=', p.businessOn)
    // Marks do not count the documents of nights. Those of earlier nights were always there; those of this night and of later
    // ones are left out by their dates below.
    .whereRaw(`(billing_document.origin = 'night' or accrual_movement.document_id <= ${known})`, [
      p.businessOn,
      p.cardId,
    ])
    .whereRaw(`coalesce(${placedOn}, '') < ?`, [p.businessOn])
    // A row whose date had passed when it was posted is taken by the first night after it.
    .whereRaw(`(accrual_movement.write_off_on >= ? or ${placedOn} >= ?)`, [p.sinceOn, p.dayBefore])
    .orderBy('accrual_movement.document_id')
    .orderBy('accrual_movement.write_off_on')
    .select({
      billingDocumentId: 'billing_document.id',
      documentKind: 'billing_document.kind',
      datedAt: 'billing_document.dated_at',
      kkm: 'receipt.kkm',
      receiptNumber: 'receipt.receipt_number',
      bonus: 'accrual_movement.bonus',
      accumulation: 'accrual_movement.accumulation',
      receipts: 'accrual_movement.receipts',
    }),
);

/**
 * Rows of the card that had run out in the night of that date, as that night knew them: what came later is corrected by a
 * document of its own.
 * @param sinceOn the first of the consecutive nights that left something to a hold, which this one takes; otherwise its own
 *   date.
 */
export function listRunOut(trx: Trx, cardId: number, businessOn: LocalDate, sinceOn: LocalDate): Promise<RunOutRow[]> {
  return trx.list(rows, { cardId, businessOn, sinceOn, dayBefore: addDays(sinceOn, -1) });
}
