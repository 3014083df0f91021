// Documents: what posted a movement, when, why, and the answer to the call. Written once, never changed.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement, written } from '../statement.ts';

export type DocumentKind = 'OpeningAccumulation' | 'KkmOperation' | 'TpOperation';

export interface NewDocument {
  readonly kind: DocumentKind;
  /** The moment that the document is dated. */
  readonly datedAt: LocalDateTime;
  /** The moment it was written, on the infobase's clock. */
  readonly recordedAt: LocalDateTime;
  readonly receiptId: number | null;
  /** The answer given to the call, as JSON; null if no call made it. */
  readonly reply: string | null;
  /** Why, in words for people. */
  readonly comment: string | null;
  /** The shop that the till stood in which brought it; null if none is known. */
  readonly shopCode?: string | null;
}

type DocumentParameters = {
  kind: string;
  datedAt: string;
  recordedAt: string;
  receiptId: number | null;
  reply: string | null;
  comment: string | null;
  shopCode: string | null;
};

const insert = statement<DocumentParameters, { id: number }>((knex, p) =>
  knex('document')
    .insert({
      kind: p.kind,
      dated_at: p.datedAt,
      recorded_at: p.recordedAt,
      receipt_id: p.receiptId,
      reply: p.reply,
      comment: p.comment,
      shop_code: p.shopCode,
    })
    .returning('id'),
);

type AnsweredDocument = { id: number; kind: DocumentKind; datedAt: LocalDateTime; reply: string };

const answered = (order: 'asc' | 'desc') =>
  statement<{ receiptId: number }, AnsweredDocument>((knex, p) =>
    knex('document')
      .select({ id: 'id', kind: 'kind', datedAt: 'dated_at', reply: 'reply' })
      .where('receipt_id', p.receiptId)
      .whereNotNull('reply')
      .orderBy('id', order)
      .limit(1, written),
  );
const firstAnswered = answered('asc');
const lastAnswered = answered('desc');

/** @returns the new document's id, which is its number too. */
export async function insertDocument(trx: Trx, document: NewDocument): Promise<number> {
  const { kind, datedAt, recordedAt, receiptId, reply, comment, shopCode = null } = document;
  return trx.insert(insert, { kind, datedAt, recordedAt, receiptId, reply, comment, shopCode });
}

/** The document that answered the first arrival of a receipt, or the latest arrival whose content was new. */
export function findAnsweredDocument(
  trx: Trx,
  receiptId: number,
  which: 'first' | 'last',
): Promise<AnsweredDocument | undefined> {
  return trx.first(which === 'first' ? firstAnswered : lastAnswered, { receiptId });
}

const setReply = statement<{ id: number; reply: string }>((knex, p) =>
  knex('document').where('id', p.id).update({ reply: p.reply }),
);

/** Under billing the answer is known only once the billing documents of this one are posted. */
export async function setDocumentReply(trx: Trx, id: number, reply: string): Promise<void> {
  await trx.change(setReply, { id, reply });
}

const ofReceipt = statement<{ receiptId: number }, { id: number }>((knex, p) =>
  knex('document').select('id').where('receipt_id', p.receiptId).limit(1, written),
);

/** Whether any document was posted on the receipt. */
export async function hasDocument(trx: Trx, receiptId: number): Promise<boolean> {
  return (await trx.first(ofReceipt, { receiptId })) !== undefined;
}
