// Documents of both registers as lists and their own pages show them: trade documents, which move «Накопления», and documents
// of billing. Each register numbers its documents on its own.
import type { Knex } from 'knex';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import type { DocumentKind } from '../receipts/document.ts';
import { limitMark, statement, type Statement } from '../statement.ts';
import type { BillingDocumentKind, BillingOrigin } from './billing-register.ts';

export type AnyDocumentKind = DocumentKind | BillingDocumentKind;

export interface ListedDocument {
  readonly id: number;
  readonly kind: AnyDocumentKind;
  readonly datedAt: LocalDateTime;
  readonly recordedAt: LocalDateTime;
  readonly comment: string | null;
  readonly receiptId: number | null;
  /** Of the receipt that made it; null where none did. */
  readonly kkm: string | null;
  readonly shiftNumber: number | null;
  readonly receiptNumber: number | null;
  readonly cashier: string | null;
  /** The shop that the till stood in then. */
  readonly shopCode: string | null;
  /** Null of a trade document. */
  readonly origin: BillingOrigin | null;
  /** Of a document of billing, the trade document that it follows from. */
  readonly tradeDocumentId: number | null;
}

/** '' is any kind. */
type FilterParameters = { kind: string; from: string; to: string; limit: number };
type RangeParameters = FilterParameters & { fromId: number; beforeId: number };
type CardParameters = FilterParameters & { cardId: number; beforeId: number };

interface Table {
  readonly documents: string;
  readonly movements: string;
  readonly select: (knex: Knex) => Knex.QueryBuilder;
}

const receiptColumns = {
  kkm: 'receipt.kkm',
  shiftNumber: 'receipt.shift_number',
  receiptNumber: 'receipt.receipt_number',
  cashier: 'receipt.cashier',
  shopCode: 'document.shop_code',
};

const columnsOf = (table: string): Record<string, string> => ({
  id: `${table}.id`,
  kind: `${table}.kind`,
  datedAt: `${table}.dated_at`,
  recordedAt: `${table}.recorded_at`,
  comment: `${table}.comment`,
  receiptId: `${table}.receipt_id`,
  ...receiptColumns,
});

const trade: Table = {
  documents: 'document',
  movements: 'accumulation_movement',
  select: (knex) =>
    knex('document')
      .leftJoin('receipt', 'receipt.id', 'document.receipt_id')
      .select({
        ...columnsOf('document'),
        origin: knex.raw('cast(null as text)'),
        tradeDocumentId: knex.raw('cast(null as bigint)'),
      }),
};

const billing: Table = {
  documents: 'billing_document',
  movements: 'billing_movement',
  select: (knex) =>
    knex('billing_document')
      .leftJoin('document', 'document.id', 'billing_document.document_id')
      .leftJoin('receipt', 'receipt.id', 'billing_document.receipt_id')
      .select({
        ...columnsOf('billing_document'),
        origin: 'billing_document.origin',
        tradeDocumentId: 'billing_document.document_id',
      }),
};

interface DocumentStatements {
  readonly inRange: Statement<RangeParameters, ListedDocument>;
  readonly ofCard: Statement<CardParameters, ListedDocument>;
  readonly ofReceipt: Statement<{ receiptId: number }, ListedDocument>;
  readonly byId: Statement<{ id: number }, ListedDocument>;
  readonly last: Statement<Record<string, never>, { id: number | null }>;
}

function declareStatements({ documents, movements, select }: Table): DocumentStatements {
  const filter = (query: Knex.QueryBuilder, p: Readonly<Record<'kind' | 'from' | 'to', string>>) =>
    query
      .whereRaw(`(cast(? as text) = '' or ${documents}.kind = ?)`, [p.kind, p.kind])
      .whereBetween(`${documents}.dated_at`, [p.from, p.to])
      .limit(limitMark);
  return {
    inRange: statement((knex, p) =>
      filter(select(knex), p)
        .where(`${documents}.id`, '>=', p.fromId)
        .where(`${documents}.id`, '<', p.beforeId)
        .orderBy(`${documents}.id`, 'desc'),
    ),
    // With `+ 0` the order by ids is no reason to read all documents: those of a card are found by its movements.
    ofCard: statement((knex, p) =>
      filter(select(knex), p)
        .whereRaw(`${documents}.id in (select document_id from ${movements} where card_id = ?)`, [p.cardId])
        .whereRaw(`${documents}.id + 0 < ?`, [p.beforeId])
        .orderByRaw(`${documents}.id + 0 desc`),
    ),
    ofReceipt: statement((knex, p) =>
      select(knex).where(`${documents}.receipt_id`, p.receiptId).orderBy(`${documents}.id`),
    ),
    byId: statement((knex, p) => select(knex).where(`${documents}.id`, p.id)),
    last: statement((knex) => knex(documents).max({ id: 'id' })),
  };
}

const statements = { accumulation: declareStatements(trade), billing: declareStatements(billing) } as const;
type Register = keyof typeof statements;

export interface DocumentFilter {
  /** Null = any. */
  readonly kind: AnyDocumentKind | null;
  /** By the dates of the documents, both included. */
  readonly from: LocalDateTime;
  readonly to: LocalDateTime;
}

/** Of the documents with ids from `fromId` on and before `beforeId`, those that match, the greatest id first. */
export function listDocumentRange(
  trx: Trx,
  register: Register,
  { kind, from, to }: DocumentFilter,
  range: { readonly fromId: number; readonly beforeId: number; readonly limit: number },
): Promise<ListedDocument[]> {
  return trx.list(statements[register].inRange, { kind: kind ?? '', from, to, ...range });
}

export function listDocumentsOfCard(
  trx: Trx,
  register: Register,
  cardId: number,
  { kind, from, to }: DocumentFilter,
  range: { readonly beforeId: number; readonly limit: number },
): Promise<ListedDocument[]> {
  return trx.list(statements[register].ofCard, { cardId, kind: kind ?? '', from, to, ...range });
}

/** In the order they were made. */
export function listDocumentsOfReceipt(trx: Trx, register: Register, receiptId: number): Promise<ListedDocument[]> {
  return trx.list(statements[register].ofReceipt, { receiptId });
}

export function findDocument(trx: Trx, register: Register, id: number): Promise<ListedDocument | undefined> {
  return trx.first(statements[register].byId, { id });
}

/** 0 where there is none. */
export async function findLastDocumentId(trx: Trx, register: Register): Promise<number> {
  return (await trx.first(statements[register].last, {}))?.id ?? 0;
}
