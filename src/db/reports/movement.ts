// The movements of a register, a bounded piece at a time, by card or as they were posted: no read takes long, whatever it
// looks for.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { BillingDocumentKind, BillingOrigin } from '../billing/billing-register.ts';
import type { Trx } from '../db.ts';
import { measuresOf } from '../measure-sql.ts';
import type { DocumentKind } from '../receipts/document.ts';
import { statement } from '../statement.ts';

/** «Накопления», or «Остатки» of billing. */
export type Register = 'accumulation' | 'billing';

/** Where a movement stands in the order of a register. */
export interface MovementKey {
  readonly cardId: number;
  readonly documentId: number;
  /** A document of billing may have several lines of a card. */
  readonly line: number;
}

export interface ReportedMovement extends MovementKey, Measures {
  readonly cardNumber: string;
  readonly cardKindCode: string;
  readonly documentKind: DocumentKind | BillingDocumentKind;
  readonly datedAt: LocalDateTime;
  /** The shop that the till stood in then; null if none is known, or if no till made it. */
  readonly shopCode: string | null;
}

const shown = `m.document_id as "documentId", m.card_id as "cardId", ${measuresOf('m')},
  card.number as "cardNumber", card.kind_code as "cardKindCode"`;

const ofAccumulation = `select ${shown}, 0 as line, document.kind as "documentKind", document.dated_at as "datedAt",
    document.shop_code as "shopCode"
  from accumulation_movement m join document on document.id = m.document_id join card on card.id = m.card_id`;

const ofBilling = `select ${shown}, m.line as line, billing_document.kind as "documentKind",
    billing_document.dated_at as "datedAt", document.shop_code as "shopCode"
  from billing_movement m
    join billing_document on billing_document.id = m.document_id join card on card.id = m.card_id
    left join document on document.id = billing_document.document_id`;

type PlaceParameters = { cardId: number; documentId: number; line: number; limit: number };
type CardPieceParameters = PlaceParameters & { toCardId: number };

const pieceByCard = {
  accumulation: statement<CardPieceParameters, ReportedMovement>((knex, p) =>
    knex.raw(
      `${ofAccumulation} where (m.card_id, m.document_id) > (?, ?) and m.card_id <= ?
       order by m.card_id, m.document_id limit ?`,
      [p.cardId, p.documentId, p.toCardId, p.limit],
    ),
  ),
  billing: statement<CardPieceParameters, ReportedMovement>((knex, p) =>
    knex.raw(
      // The index has no lines: the first condition finds the place in it.
      `${ofBilling} where (m.card_id, m.document_id) >= (?, ?) and (m.card_id, m.document_id, m.line) > (?, ?, ?)
         and m.card_id <= ?
       order by m.card_id, m.document_id, m.line limit ?`,
      [p.cardId, p.documentId, p.cardId, p.documentId, p.line, p.toCardId, p.limit],
    ),
  ),
} satisfies Record<Register, unknown>;

const pieceInOrder = {
  accumulation: statement<PlaceParameters, ReportedMovement>((knex, p) =>
    knex.raw(`${ofAccumulation} where (m.document_id, m.card_id) > (?, ?) order by m.document_id, m.card_id limit ?`, [
      p.documentId,
      p.cardId,
      p.limit,
    ]),
  ),
  billing: statement<PlaceParameters, ReportedMovement>((knex, p) =>
    knex.raw(
      `${ofBilling} where (m.document_id, m.card_id, m.line) > (?, ?, ?)
       order by m.document_id, m.card_id, m.line limit ?`,
      [p.documentId, p.cardId, p.line, p.limit],
    ),
  ),
} satisfies Record<Register, unknown>;

/** The next movements after a place, in the order of cards, of cards up to `toCardId`. */
export function listMovementsByCard(
  trx: Trx,
  register: Register,
  { cardId, documentId, line }: MovementKey,
  toCardId: number,
  limit: number,
): Promise<ReportedMovement[]> {
  return trx.list(pieceByCard[register], { cardId, documentId, line, toCardId, limit });
}

/** The next movements after a place, in the order they were posted. */
export function listMovementsInOrder(
  trx: Trx,
  register: Register,
  { cardId, documentId, line }: MovementKey,
  limit: number,
): Promise<ReportedMovement[]> {
  return trx.list(pieceInOrder[register], { cardId, documentId, line, limit });
}

/** What people are shown of a movement besides its sums. */
export interface MovementDetail {
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
  readonly comment: string | null;
  /** Null in «Накопления». */
  readonly origin: BillingOrigin | null;
  /** The trade document that a document of billing follows from; in «Накопления» the document itself. */
  readonly tradeDocumentId: number | null;
}

type MovementKeyParameters = { cardId: number; documentId: number; line: number };

const detail = {
  accumulation: statement<MovementKeyParameters, MovementDetail>((knex, p) =>
    knex('document')
      .leftJoin('receipt', 'receipt.id', 'document.receipt_id')
      .where('document.id', p.documentId)
      .select({
        kkm: 'receipt.kkm',
        receiptNumber: 'receipt.receipt_number',
        comment: 'document.comment',
        origin: knex.raw('null'),
        tradeDocumentId: 'document.id',
      }),
  ),
  billing: statement<MovementKeyParameters, MovementDetail>((knex, p) =>
    knex('billing_movement')
      .join('billing_document', 'billing_document.id', 'billing_movement.document_id')
      .leftJoin('receipt', 'receipt.id', 'billing_document.receipt_id')
      .where('billing_movement.document_id', p.documentId)
      .where('billing_movement.card_id', p.cardId)
      .where('billing_movement.line', p.line)
      .select({
        kkm: 'receipt.kkm',
        receiptNumber: 'receipt.receipt_number',
        comment: knex.raw('coalesce(billing_movement.reason, billing_document.comment)'),
        origin: 'billing_document.origin',
        tradeDocumentId: 'billing_document.document_id',
      }),
  ),
} satisfies Record<Register, unknown>;

export async function getMovementDetail(trx: Trx, register: Register, key: MovementKey): Promise<MovementDetail> {
  const { cardId, documentId, line } = key;
  const found = await trx.first(detail[register], { cardId, documentId, line });
  if (found === undefined) throw new Error(`a movement of document ${documentId} is missing`);
  return found;
}
