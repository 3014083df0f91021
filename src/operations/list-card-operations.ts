// GetCardOperations: the history of a card, every movement with the document that made it and why.
import { listCardMovements, type CardMovement } from '../db/accumulation.ts';
import { findCard } from '../db/card.ts';
import type { DocumentKind } from '../db/document.ts';
import { parseLocalDateTime, type LocalDateTime } from '../ledger/local-date-time.ts';
import type { Kopecks } from '../ledger/money.ts';
import { resultCodes, type ResultCode, type Trouble } from '../ledger/result.ts';
import type { Checked } from './command.ts';
import type { Infobase } from './infobase.ts';
import { nameDocument } from './operation-reply.ts';

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
  readonly documentKind: DocumentKind;
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
  readonly bonus: Kopecks;
  readonly accumulation: Kopecks;
  readonly receipts: number;
  /** Write-off dates belong to billing; in stage online there are none. */
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

const firstMoment = parseLocalDateTime('0001-01-01') as LocalDateTime;
const lastMoment = parseLocalDateTime('9999-12-31T23:59:59') as LocalDateTime;

/** Order of refusals: 8, 11, 1. A blocked card's history is shown. Oldest first of the latest `limit`. */
export function listCardOperations(
  infobase: Infobase,
  request: Checked<CardOperationsRequest>,
): Promise<CardOperationsReply> {
  return infobase.db.read(async (trx) => {
    const settings = await infobase.loadSettings(trx);
    const cardNumber = (request.ok ? request.value.cardNumber : request.partial.cardNumber) ?? '';
    const refuse = (code: ResultCode): CardOperationsReply => ({ code, cardNumber, operations: [] });
    if (settings.stage === 'cards') return refuse(resultCodes.moduleOff);
    if (!request.ok) return { ...refuse(resultCodes.badArgument), trouble: request.trouble };
    const card = await findCard(trx, cardNumber);
    if (card === undefined) return refuse(resultCodes.cardNotFound);
    const { from, to, limit } = request.value;
    const greatest = Math.min(limit ?? operationsLimit, operationsLimit);
    const movements = await listCardMovements(trx, card.id, from ?? firstMoment, to ?? lastMoment, greatest);
    return { code: resultCodes.done, cardNumber, operations: movements.map(showMovement) };
  });
}

function showMovement(movement: CardMovement): CardOperation {
  return {
    datedAt: movement.datedAt,
    document: nameDocument(movement.documentKind, movement.documentId, movement.datedAt),
    documentKind: movement.documentKind,
    kkm: movement.kkm,
    receiptNumber: movement.receiptNumber,
    bonus: movement.bonus,
    accumulation: movement.accumulation,
    receipts: movement.receipts,
    writeOffAt: null,
    bonusAfter: movement.bonusAfter,
    comment: movement.comment,
  };
}
