// Gift certificates, and the documents whose movements change them. What is left of each is kept in step with its movements
// in the same transaction.
import type { CertificateState } from '../../ledger/certificate.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement, written } from '../statement.ts';

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

export type CertificateDocumentKind =
  'CertificateSale' | 'CertificateRedemption' | 'CertificateCancel' | 'CertificateExpiry';

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

/** Takes what is left of every certificate whose write-off date has come, by one document; no document if no date has come. */
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
