// Gift certificates: kinds, certificates, what tills did with them, documents with their movements. The rest of each is
// kept in step with its movements in the same transaction.
import type { CertificateState } from '../../ledger/certificate.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement, written } from '../statement.ts';

type None = Record<string, never>;

export interface CertificateKind {
  readonly code: string;
  readonly name: string;
  /** Null: what the buyer pays. */
  readonly nominal: Kopecks | null;
  /** As a rule of life has it, counted from the sale: "years:1". */
  readonly life: string;
}

export interface Certificate {
  readonly id: number;
  readonly number: string;
  readonly kindCode: string;
  readonly state: CertificateState;
  readonly soldAt: LocalDateTime | null;
  readonly writeOffOn: LocalDate | null;
  readonly nominal: Kopecks;
  readonly balance: Kopecks;
}

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

export type CertificateDocumentKind =
  'CertificateSale' | 'CertificateRedemption' | 'CertificateCancel' | 'CertificateExpiry';

const kinds = statement<None, CertificateKind>((knex) =>
  knex('certificate_kind').select('code', 'name', 'nominal', 'life').orderBy('code'),
);
const kind = statement<{ code: string }, CertificateKind>((knex, p) =>
  knex('certificate_kind').select('code', 'name', 'nominal', 'life').where('code', p.code),
);
const saveKind = statement<{ code: string; name: string; nominal: number | null; life: string }>((knex, p) =>
  knex('certificate_kind')
    .insert({ code: p.code, name: p.name, nominal: p.nominal, life: p.life })
    .onConflict('code')
    .merge(),
);

const columns = {
  id: 'id',
  number: 'number',
  kindCode: 'kind_code',
  state: 'state',
  soldAt: 'sold_at',
  writeOffOn: 'write_off_on',
  nominal: 'nominal',
  balance: 'balance',
};
const byNumber = statement<{ number: string }, Certificate>((knex, p) =>
  knex('certificate').select(columns).where('number', p.number),
);
type ListParameters = { beforeId: number; state: string; sold: string; kindCode: string; limit: number };
const list = statement<ListParameters, Certificate>((knex, p) =>
  knex('certificate')
    .select(columns)
    .where('id', '<', p.beforeId)
    .whereRaw(`(cast(? as text) = '' or state = ?)`, [p.state, p.state])
    .whereRaw(`(cast(? as text) = '' or kind_code = ?)`, [p.kindCode, p.kindCode])
    .whereRaw(`(cast(? as text) = '' or case when sold_at is null then 'no' else 'yes' end = ?)`, [p.sold, p.sold])
    .orderBy('id', 'desc')
    .limit(limitMark),
);
const issue = statement<{ number: string; kindCode: string }>((knex, p) =>
  knex('certificate')
    .insert({ number: p.number, kind_code: p.kindCode, state: 'issued', nominal: 0, balance: 0 })
    .onConflict('number')
    .ignore(),
);
type UpdateParameters = {
  id: number;
  state: string;
  soldAt: string | null;
  writeOffOn: string | null;
  nominal: number;
  balance: number;
};
const update = statement<UpdateParameters>((knex, p) =>
  knex('certificate').where('id', p.id).update({
    state: p.state,
    sold_at: p.soldAt,
    write_off_on: p.writeOffOn,
    nominal: p.nominal,
    balance: p.balance,
  }),
);

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

type DocumentParameters = {
  kind: string;
  datedAt: string;
  recordedAt: string;
  operationId: number | null;
  comment: string | null;
};
const insertDocument = statement<DocumentParameters, { id: number }>((knex, p) =>
  knex('certificate_document')
    .insert({
      kind: p.kind,
      dated_at: p.datedAt,
      recorded_at: p.recordedAt,
      operation_id: p.operationId,
      comment: p.comment,
    })
    .returning('id'),
);
const insertMovement = statement<{ documentId: number; certificateId: number; amount: number; balanceAfter: number }>(
  (knex, p) =>
    knex('certificate_movement').insert({
      document_id: p.documentId,
      certificate_id: p.certificateId,
      amount: p.amount,
      balance_after: p.balanceAfter,
    }),
);

// The nights' part: certificates whose write-off date has come, all at once.
const anyDue = statement<{ on: string }, { id: number }>((knex, p) =>
  knex('certificate').select('id').where('balance', '>', 0).where('write_off_on', '<=', p.on).limit(1, written),
);
const moveDue = statement<{ documentId: number; on: string }>((knex, p) =>
  knex.raw(
    `insert into certificate_movement (document_id, certificate_id, amount, balance_after)
     select cast(? as bigint), id, -balance, 0 from certificate where balance > 0 and write_off_on <= ? order by id`,
    [p.documentId, p.on],
  ),
);
const emptyDue = statement<{ on: string }>((knex, p) =>
  knex('certificate')
    .where('balance', '>', 0)
    .where('write_off_on', '<=', p.on)
    .update({ balance: 0, state: 'annulled' }),
);

export interface CertificateMovement {
  readonly kind: CertificateDocumentKind;
  readonly documentId: number;
  readonly datedAt: LocalDateTime;
  readonly amount: Kopecks;
  readonly balanceAfter: Kopecks;
  readonly comment: string | null;
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
}

const movements = statement<{ certificateId: number }, CertificateMovement>((knex, p) =>
  knex('certificate_movement')
    .join('certificate_document', 'certificate_document.id', 'certificate_movement.document_id')
    .leftJoin('certificate_operation', 'certificate_operation.id', 'certificate_document.operation_id')
    .where('certificate_movement.certificate_id', p.certificateId)
    .orderBy('certificate_movement.document_id')
    .select({
      kind: 'certificate_document.kind',
      documentId: 'certificate_document.id',
      datedAt: 'certificate_document.dated_at',
      amount: 'certificate_movement.amount',
      balanceAfter: 'certificate_movement.balance_after',
      comment: 'certificate_document.comment',
      kkm: 'certificate_operation.kkm',
      receiptNumber: 'certificate_operation.receipt_number',
    }),
);

export function listCertificateKinds(trx: Trx): Promise<CertificateKind[]> {
  return trx.list(kinds, {});
}

export function findCertificateKind(trx: Trx, code: string): Promise<CertificateKind | undefined> {
  return trx.first(kind, { code });
}

export async function saveCertificateKind(trx: Trx, changed: CertificateKind): Promise<void> {
  await trx.change(saveKind, { ...changed });
}

export function findCertificate(trx: Trx, number: string): Promise<Certificate | undefined> {
  return trx.first(byNumber, { number });
}

/** What is left out is not asked for. */
export interface CertificateFilter {
  readonly state?: CertificateState;
  readonly isSold?: boolean;
  readonly kindCode?: string;
}

/** The latest made first; of those made before the one with that id. */
export function listCertificates(
  trx: Trx,
  { state, isSold, kindCode }: CertificateFilter,
  beforeId: number,
  limit: number,
): Promise<Certificate[]> {
  const sold = isSold === undefined ? '' : isSold ? 'yes' : 'no';
  return trx.list(list, { beforeId, state: state ?? '', sold, kindCode: kindCode ?? '', limit });
}

/** @returns false where there is one of that number. */
export async function issueCertificate(trx: Trx, number: string, kindCode: string): Promise<boolean> {
  return (await trx.change(issue, { number, kindCode })) > 0;
}

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

export interface NewCertificateDocument {
  readonly kind: CertificateDocumentKind;
  readonly datedAt: LocalDateTime;
  readonly recordedAt: LocalDateTime;
  readonly operationId: number | null;
  readonly comment: string | null;
}

/** Writes a document that moves one certificate, which becomes `after`. */
export async function postCertificate(
  trx: Trx,
  document: NewCertificateDocument,
  before: Certificate,
  after: Certificate,
): Promise<void> {
  const documentId = await trx.insert(insertDocument, { ...document });
  const { id, state, soldAt, writeOffOn, nominal, balance } = after;
  await trx.change(update, { id, state, soldAt, writeOffOn, nominal, balance });
  const amount = balance - before.balance;
  await trx.change(insertMovement, { documentId, certificateId: id, amount, balanceAfter: balance });
}

/** Takes what is left of every certificate whose write-off date has come, by one document; none where there is none. */
export async function expireCertificates(
  trx: Trx,
  on: LocalDate,
  document: Omit<NewCertificateDocument, 'kind' | 'operationId'>,
): Promise<void> {
  if ((await trx.first(anyDue, { on })) === undefined) return;
  const documentId = await trx.insert(insertDocument, { kind: 'CertificateExpiry', operationId: null, ...document });
  await trx.change(moveDue, { documentId, on });
  await trx.change(emptyDue, { on });
}

/** In the order they were posted. */
export function listCertificateMovements(trx: Trx, certificateId: number): Promise<CertificateMovement[]> {
  return trx.list(movements, { certificateId });
}
