// Cancels of receipts. A cancel whose receipt never came stays as a tombstone: the receipt, arriving later, changes nothing.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { NaturalKey } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface ReceiptCancel extends NaturalKey {
  readonly id: number;
  readonly operationId: string | null;
  readonly receiptAt: LocalDateTime;
  readonly cardNumber: string | null;
  readonly reason: string | null;
  readonly cancelledAt: LocalDateTime;
  /** The document that undid the receipt; null if nothing had to change. */
  readonly documentId: number | null;
  /** The answer given, as JSON. */
  readonly reply: string;
}

const columns = {
  id: 'id',
  operationId: 'operation_id',
  kind: 'kind',
  kkm: 'kkm',
  shiftNumber: 'shift_number',
  receiptNumber: 'receipt_number',
  receiptOn: 'receipt_on',
  receiptAt: 'receipt_at',
  cardNumber: 'card_number',
  reason: 'reason',
  cancelledAt: 'cancelled_at',
  documentId: 'document_id',
  reply: 'reply',
};

const byId = statement<{ id: number }, ReceiptCancel>((knex, p) =>
  knex('receipt_cancel').select(columns).where('id', p.id),
);
const byOperationId = statement<{ operationId: string }, ReceiptCancel>((knex, p) =>
  knex('receipt_cancel').select(columns).where('operation_id', p.operationId),
);

type NewCancelParameters = {
  operationId: string | null;
  kind: string;
  kkm: string;
  shiftNumber: number;
  receiptNumber: number;
  receiptOn: string;
  receiptAt: string;
  cardNumber: string | null;
  reason: string | null;
  cancelledAt: string;
};

const insert = statement<NewCancelParameters, { id: number }>((knex, p) =>
  knex('receipt_cancel')
    .insert({
      operation_id: p.operationId,
      kind: p.kind,
      kkm: p.kkm,
      shift_number: p.shiftNumber,
      receipt_number: p.receiptNumber,
      receipt_on: p.receiptOn,
      receipt_at: p.receiptAt,
      card_number: p.cardNumber,
      reason: p.reason,
      cancelled_at: p.cancelledAt,
    })
    .returning('id'),
);

const answer = statement<{ id: number; documentId: number | null; reply: string }>((knex, p) =>
  knex('receipt_cancel').where('id', p.id).update({ document_id: p.documentId, reply: p.reply }),
);

export async function getReceiptCancel(trx: Trx, id: number): Promise<ReceiptCancel> {
  const cancel = await trx.first(byId, { id });
  if (cancel === undefined) throw new Error(`cancel ${id} is missing`);
  return cancel;
}

export function findReceiptCancel(trx: Trx, operationId: string): Promise<ReceiptCancel | undefined> {
  return trx.first(byOperationId, { operationId });
}

export type NewReceiptCancel = Omit<ReceiptCancel, 'id' | 'documentId' | 'reply'>;

/** @returns the new cancel's id. The settlement that follows sees the cancel by its row; its answer comes after. */
export async function insertReceiptCancel(trx: Trx, cancel: NewReceiptCancel): Promise<number> {
  return trx.insert(insert, { ...cancel });
}

export async function answerReceiptCancel(
  trx: Trx,
  id: number,
  documentId: number | null,
  reply: string,
): Promise<void> {
  await trx.change(answer, { id, documentId, reply });
}
