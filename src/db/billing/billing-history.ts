// What has moved a card's «Остатки», as its history shows it.
import type { MeasureName } from '../../ledger/account.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import { listHistory, makeHistory, type Period } from '../card-period.ts';
import type { Trx } from '../db.ts';
import type { BillingDocumentKind, BillingOrigin } from './billing-register.ts';

/** A movement of «Остатки» with its document, as a card's history shows it. */
export interface BillingHistoryRow extends Measures {
  readonly billingDocumentId: number;
  readonly documentKind: BillingDocumentKind;
  /** The trade document that it follows from, if a receipt or a cancel made it. */
  readonly documentId: number | null;
  readonly origin: BillingOrigin;
  readonly datedAt: LocalDateTime;
  readonly comment: string | null;
  readonly bonusAfter: number;
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
  /** The shop that the till stood in then; null if none is known, or if no till made it. */
  readonly shopCode: string | null;
  /** If bonus was accrued: the nearest of its write-off dates. */
  readonly writeOffOn: LocalDate | null;
  /** S(T) of each measure that a night took something of; otherwise null. */
  readonly covered: Readonly<Record<MeasureName, number | null>>;
}

interface HistoryRow extends Omit<BillingHistoryRow, 'covered'> {
  readonly coveredBonus: number | null;
  readonly coveredAccumulation: number | null;
  readonly coveredReceipts: number | null;
}

const history = makeHistory<HistoryRow>('billing_movement', ['document_id', 'line'], (knex, movements) =>
  movements
    .join('billing_document', 'billing_document.id', 'billing_movement.document_id')
    .leftJoin('document', 'document.id', 'billing_document.document_id')
    .leftJoin('receipt', 'receipt.id', 'billing_document.receipt_id')
    .select({
      billingDocumentId: 'billing_document.id',
      documentKind: 'billing_document.kind',
      documentId: 'billing_document.document_id',
      origin: 'billing_document.origin',
      datedAt: 'billing_document.dated_at',
      comment: knex.raw('coalesce(billing_movement.reason, billing_document.comment)'),
      bonus: 'billing_movement.bonus',
      accumulation: 'billing_movement.accumulation',
      receipts: 'billing_movement.receipts',
      bonusAfter: 'billing_movement.bonus_after',
      coveredBonus: 'billing_movement.covered_bonus',
      coveredAccumulation: 'billing_movement.covered_accumulation',
      coveredReceipts: 'billing_movement.covered_receipts',
      kkm: 'receipt.kkm',
      receiptNumber: 'receipt.receipt_number',
      shopCode: 'document.shop_code',
      writeOffOn: knex.raw(
        `(select min(accrual_movement.write_off_on) from accrual_movement
            where accrual_movement.document_id = billing_movement.document_id
              and accrual_movement.card_id = billing_movement.card_id and accrual_movement.bonus > 0)`,
      ),
    }),
);

/** The latest movements of a card within the period, oldest first. */
export async function listBillingHistory(
  trx: Trx,
  cardId: number,
  period: Period,
  limit: number,
): Promise<BillingHistoryRow[]> {
  const found = await listHistory(trx, history, cardId, period, limit);
  return found.toReversed().map(({ coveredBonus, coveredAccumulation, coveredReceipts, ...row }) => ({
    ...row,
    covered: { bonus: coveredBonus, accumulation: coveredAccumulation, receipts: coveredReceipts },
  }));
}
