// GetCardOperations: the history of a card, every movement with the document that made it and why.
import { listCardMovements, type CardMovement } from '../../db/receipts/accumulation.ts';
import { listBillingHistory, type BillingHistoryRow } from '../../db/billing/billing-history.ts';
import type { BillingDocumentKind } from '../../db/billing/billing-register.ts';
import { findCard } from '../../db/cards/card.ts';
import type { Trx } from '../../db/db.ts';
import type { DocumentKind } from '../../db/receipts/document.ts';
import { firstMoment, lastMoment, startOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import { explainWriteOff } from './explain-write-off.ts';
import type { Infobase } from '../infobase.ts';
import { formatDocumentId, nameBillingDocument } from '../billing/document-id.ts';
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
export function listCardOperations(
  infobase: Infobase,
  sent: Checked<CardOperationsRequest>,
): Promise<CardOperationsReply> {
  const request = boundTexts(sent, ['cardNumber']);
  return infobase.db.read(async (trx) => {
    const { billing, gate } = await loadStanding(trx, infobase);
    const cardNumber = (request.ok ? request.value.cardNumber : request.partial.cardNumber) ?? '';
    const refuse = (code: ResultCode): CardOperationsReply => ({ code, cardNumber, operations: [] });
    if (gate !== resultCodes.done) return refuse(gate);
    if (!request.ok) return { ...refuse(resultCodes.badArgument), trouble: request.trouble };
    const card = await findCard(trx, cardNumber);
    if (card === undefined) return refuse(resultCodes.cardNotFound);
    const { from, to, limit } = request.value;
    const greatest = Math.min(limit ?? operationsLimit, operationsLimit);
    const range = [card.id, from ?? firstMoment, to ?? lastMoment, greatest] as const;
    const operations =
      billing === undefined
        ? (await listCardMovements(trx, ...range)).map(showMovement)
        : await listBillingOperations(trx, ...range);
    return { code: resultCodes.done, cardNumber, operations };
  });
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
  ...range: readonly [cardId: number, from: LocalDateTime, to: LocalDateTime, limit: number]
): Promise<CardOperation[]> {
  const operations: CardOperation[] = [];
  for (const row of await listBillingHistory(trx, ...range)) {
    operations.push(showBilling(await explainWriteOff(trx, range[0], row)));
  }
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
