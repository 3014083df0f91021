// What tills did with gift certificates, with the replies that a repeat is answered with.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export type CertificateSort = 'sale' | 'redemption' | 'cancel';

export interface CertificateOperation {
  readonly id: number;
  readonly sort: CertificateSort;
  readonly operationId: string | null;
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly receiptOn: LocalDate;
  readonly certificateNumber: string;
  readonly amount: Kopecks;
  /** What it moved, with what burned at it. */
  readonly moved: Kopecks;
  readonly state: 'posted' | 'cancelled';
  /** The answer, as JSON. */
  readonly reply: string;
}

const operationColumns = {
  id: 'id',
  sort: 'sort',
  operationId: 'operation_id',
  kkm: 'kkm',
  shiftNumber: 'shift_number',
  receiptNumber: 'receipt_number',
  receiptOn: 'receipt_on',
  certificateNumber: 'certificate_number',
  amount: 'amount',
  moved: 'moved',
  state: 'state',
  reply: 'reply',
};
type ReceiptParameters = { kkm: string; shiftNumber: number; receiptNumber: number; receiptOn: string };
const ofReceipt = statement<ReceiptParameters, CertificateOperation>((knex, p) =>
  knex('certificate_operation')
    .select(operationColumns)
    .where({ kkm: p.kkm, shift_number: p.shiftNumber, receipt_number: p.receiptNumber, receipt_on: p.receiptOn })
    .orderBy('id'),
);
const byOperationId = statement<{ sort: string; operationId: string }, CertificateOperation>((knex, p) =>
  knex('certificate_operation').select(operationColumns).where({ sort: p.sort, operation_id: p.operationId }),
);
type OperationParameters = Omit<CertificateOperation, 'id' | 'receiptOn'> & { receiptOn: string };
const insertOperation = statement<OperationParameters, { id: number }>((knex, p) =>
  knex('certificate_operation')
    .insert({
      sort: p.sort,
      operation_id: p.operationId,
      kkm: p.kkm,
      shift_number: p.shiftNumber,
      receipt_number: p.receiptNumber,
      receipt_on: p.receiptOn,
      certificate_number: p.certificateNumber,
      amount: p.amount,
      moved: p.moved,
      state: p.state,
      reply: p.reply,
    })
    .returning('id'),
);
const cancelOperation = statement<{ id: number }>((knex, p) =>
  knex('certificate_operation').where('id', p.id).update({ state: 'cancelled' }),
);

/** All that was done in a receipt, in the order it came. */
export function listOperationsOfReceipt(trx: Trx, receipt: ReceiptParameters): Promise<CertificateOperation[]> {
  return trx.list(ofReceipt, receipt);
}

export function findOperationById(
  trx: Trx,
  sort: CertificateSort,
  operationId: string,
): Promise<CertificateOperation | undefined> {
  return trx.first(byOperationId, { sort, operationId });
}

export async function insertCertificateOperation(
  trx: Trx,
  operation: Omit<CertificateOperation, 'id'>,
): Promise<number> {
  return trx.insert(insertOperation, { ...operation });
}

export async function setOperationCancelled(trx: Trx, id: number): Promise<void> {
  await trx.change(cancelOperation, { id });
}
