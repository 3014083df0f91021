// The rows of «Обороты начислений» behind a line of the night's «Списание»: those whose write-off date is the night's own,
// for every date has its night. They are there for ever, so why a card lost something can be told years later.
import type { LocalDate, LocalDateTime } from '../ledger/local-date-time.ts';
import type { Measures } from '../ledger/measures.ts';
import type { BillingDocumentKind } from './billing-register.ts';
import type { Trx } from './db.ts';
import { statement } from './statement.ts';

/** What one document had accrued, or taken back, with that write-off date. */
export interface RunOutRow extends Measures {
  readonly billingDocumentId: number;
  readonly documentKind: BillingDocumentKind;
  readonly datedAt: LocalDateTime;
  /** Null where no receipt is behind it. */
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
}

type Parameters = { cardId: number; writeOffOn: string; documentId: number };

const rows = statement<Parameters, RunOutRow>((knex, p) =>
  knex('accrual_movement')
    .join('billing_document', 'billing_document.id', 'accrual_movement.document_id')
    .leftJoin('receipt', 'receipt.id', 'billing_document.receipt_id')
    .where('accrual_movement.card_id', p.cardId)
    .where('accrual_movement.write_off_on', p.writeOffOn)
    .where('accrual_movement.document_id', '<', p.documentId)
    .orderBy('accrual_movement.document_id')
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
 * Rows of the card that ran out in the night of that date, as that night knew them: what came later is made good by a
 * document of its own.
 * @param documentId the night's «Списание».
 */
export function listRunOut(trx: Trx, cardId: number, writeOffOn: LocalDate, documentId: number): Promise<RunOutRow[]> {
  return trx.list(rows, { cardId, writeOffOn, documentId });
}
