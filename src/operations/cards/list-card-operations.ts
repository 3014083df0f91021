// GetCardOperations: the history of a card, every movement with the document that made it and why.
import { listCardMovements, type CardMovement } from '../../db/receipts/accumulation.ts';
import type { Period } from '../../db/card-period.ts';
import { listBillingHistory, type BillingHistoryRow } from '../../db/billing/billing-history.ts';
import type { BillingDocumentKind } from '../../db/billing/billing-register.ts';
import { findCard } from '../../db/cards/card.ts';
import type { Trx } from '../../db/db.ts';
import type { DocumentKind } from '../../db/receipts/document.ts';
import { startOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import { explainWriteOff } from './explain-write-off.ts';
import type { Infobase } from '../infobase.ts';
import { formatDocumentId, nameBillingDocument } from '../billing/document-id.ts';
import { nextTurn } from '../next-turn.ts';
import { nameDocument } from '../operation-reply.ts';
import { loadStanding } from '../standing.ts';

export interface CardOperationsRequest {
  readonly cardNumber: string;
  /** Both moments are included; null = no bound. */
  readonly from: LocalDateTime | null;
  readonly to: LocalDateTime | null;
  /** Greatest number of operations, the latest ones; null = as many as one answer holds. */
  readonly limit: number | null;
}

export interface CardOperation {
  readonly datedAt: LocalDateTime;
  readonly document: string;
  /** By which `readDocument` finds it. */
  readonly documentId: string;
  readonly documentKind: DocumentKind | BillingDocumentKind;
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
  /** The shop that the till stood in then. */
  readonly shopCode: string | null;
  readonly bonus: Kopecks;
  readonly accumulation: Kopecks;
  readonly receipts: number;
  /** Under billing, the date whose night takes what is left of what was accrued here. */
  readonly writeOffAt: LocalDateTime | null;
  readonly bonusAfter: Kopecks;
  readonly comment: string | null;
}

export interface CardOperationsReply {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  readonly cardNumber: string;
  readonly operations: readonly CardOperation[];
}

/** One answer holds no more, whatever is asked. */
export const operationsLimit = 1_000;

/**
 * Order of refusals: 8, 9, 10, 11, 1. A blocked card's history is shown. Oldest first of the latest `limit`. Under billing
 * the movements are those of «Остатки», with the nights among them.
 */
export async function listCardOperations(
  infobase: Infobase,
  sent: Checked<CardOperationsRequest>,
): Promise<CardOperationsReply> {
  const request = boundTexts(sent, ['cardNumber']);
  const cardNumber = (request.ok ? request.value.cardNumber : request.partial.cardNumber) ?? '';
  const read = await infobase.db.read(async (trx): Promise<Omit<CardOperationsReply, 'cardNumber'> & Unexplained> => {
    const { billing, gate } = await loadStanding(trx, infobase);
    if (gate !== resultCodes.done) return { code: gate, operations: [] };
    if (!request.ok) return { code: resultCodes.badArgument, operations: [], trouble: request.trouble };
    const card = await findCard(trx, cardNumber);
    if (card === undefined) return { code: resultCodes.cardNotFound, operations: [] };
    const { from, to, limit } = request.value;
    const range = [card.id, { from, to }, Math.min(limit ?? operationsLimit, operationsLimit)] as const;
    if (billing !== undefined) {
      const rows = await listBillingHistory(trx, ...range);
      return { code: resultCodes.done, operations: [], unexplained: { cardId: card.id, rows } };
    }
    return { code: resultCodes.done, operations: (await listCardMovements(trx, ...range)).map(showMovement) };
  });
  const { code, trouble, unexplained } = read;
  const operations = unexplained === undefined ? read.operations : await explainInSlices(infobase, unexplained);
  return { code, cardNumber, operations, ...(trouble === undefined ? {} : { trouble }) };
}

/** Movements of «Остатки» without the reasons of nights. */
interface Unexplained {
  readonly unexplained?: { readonly cardId: number; readonly rows: readonly BillingHistoryRow[] };
}

/** A line of a night takes up to a millisecond to explain, and a thousand of them would hold up every till for a second. */
const sliceRows = 25;

async function explainInSlices(
  infobase: Infobase,
  { cardId, rows }: NonNullable<Unexplained['unexplained']>,
): Promise<CardOperation[]> {
  const operations: CardOperation[] = [];
  for (let from = 0; from < rows.length; from += sliceRows) {
    if (from > 0) await nextTurn();
    const slice = rows.slice(from, from + sliceRows);
    operations.push(...(await infobase.db.read((trx) => explainRows(trx, cardId, slice))));
  }
  return operations;
}

export function showMovement(movement: CardMovement): CardOperation {
  const { datedAt, documentKind, bonus, accumulation, receipts, bonusAfter, comment } = movement;
  const { kkm, receiptNumber, shopCode } = movement;
  const document = nameDocument(documentKind, movement.documentId, datedAt);
  const documentId = formatDocumentId({ register: 'accumulation', id: movement.documentId });
  const sums = { bonus, accumulation, receipts, writeOffAt: null, bonusAfter };
  return { datedAt, document, documentId, documentKind, kkm, receiptNumber, shopCode, ...sums, comment };
}

/** A card's movements under billing, oldest first; lines of nights say which accruals ran out. */
export async function listBillingOperations(
  trx: Trx,
  ...range: readonly [cardId: number, period: Period, limit: number]
): Promise<CardOperation[]> {
  return explainRows(trx, range[0], await listBillingHistory(trx, ...range));
}

async function explainRows(trx: Trx, cardId: number, rows: readonly BillingHistoryRow[]): Promise<CardOperation[]> {
  const operations: CardOperation[] = [];
  for (const row of rows) operations.push(showBilling(await explainWriteOff(trx, cardId, row)));
  return operations;
}

function showBilling(row: BillingHistoryRow): CardOperation {
  const { datedAt, documentKind, kkm, receiptNumber, shopCode, bonus, accumulation, receipts, bonusAfter, comment } =
    row;
  const document = nameBillingDocument(row);
  const documentId = formatDocumentId({ register: 'billing', id: row.billingDocumentId });
  const writeOffAt = row.writeOffOn === null ? null : startOf(row.writeOffOn);
  const sums = { bonus, accumulation, receipts, writeOffAt, bonusAfter };
  return { datedAt, document, documentId, documentKind, kkm, receiptNumber, shopCode, ...sums, comment };
}
