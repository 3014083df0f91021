// The answer to an operation on a card, and its stored form: a repeated call gets it word for word.
import { createHash } from 'node:crypto';
import type { BillingDocumentKind } from '../db/billing/billing-register.ts';
import type { CardReading } from '../db/cards/card-reading.ts';
import type { DocumentKind } from '../db/receipts/document.ts';
import { countAvailable } from '../ledger/hold.ts';
import { dateOf, formatForPeople, type LocalDateTime } from '../ledger/local-date-time.ts';
import type { Kopecks } from '../ledger/money.ts';
import type { Receipt } from '../ledger/receipt.ts';
import { resultCodes, type ResultCode, type Trouble } from '../ledger/result.ts';

export interface CardFigures {
  readonly bonusBalance: Kopecks;
  readonly bonusAvailable: Kopecks;
  readonly accumulation: Kopecks;
  readonly receipts: number;
}

export interface OperationReply extends CardFigures {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  readonly operationId: string;
  readonly duplicate: boolean;
  /** The name of the document that was made, as people know it; null if none was. */
  readonly document: string | null;
  readonly cashierMessage: string | null;
  readonly receiptMessage: string | null;
}

export const noFigures: CardFigures = { bonusBalance: 0, bonusAvailable: 0, accumulation: 0, receipts: 0 };

/** What the figures follow from. */
export type CardSums = Pick<CardReading, 'status' | 'bonus' | 'spendable' | 'held' | 'accumulation' | 'receipts'>;

/** A card's figures for an answer; nothing may be spent from a blocked or accrue-only card. */
export function figuresOf(card: CardSums): CardFigures {
  return {
    bonusBalance: card.bonus,
    bonusAvailable: card.status === 'active' ? countAvailable(card.spendable, card.held) : 0,
    accumulation: card.accumulation,
    receipts: card.receipts,
  };
}

export function refuse(code: ResultCode, operationId: string, card?: CardReading, trouble?: Trouble): OperationReply {
  return {
    code,
    ...(trouble === undefined ? {} : { trouble }),
    operationId,
    duplicate: false,
    document: null,
    ...(card === undefined ? noFigures : figuresOf(card)),
    cashierMessage: null,
    receiptMessage: null,
  };
}

export function accept(
  operationId: string,
  document: string | null,
  figures: CardFigures,
  code: ResultCode = resultCodes.done,
): OperationReply {
  return {
    code,
    operationId,
    duplicate: false,
    document,
    ...figures,
    cashierMessage: null,
    receiptMessage: null,
  };
}

/** The part of an answer that is stored; the document's name follows from the document itself. */
export function storeReply(operationId: string, figures: CardFigures, code: ResultCode = resultCodes.done): string {
  return JSON.stringify([
    operationId,
    figures.bonusBalance,
    figures.bonusAvailable,
    figures.accumulation,
    figures.receipts,
    code,
  ]);
}

/** The stored answer again, marked as a duplicate. */
export function repeatReply(stored: string, document: string | null): OperationReply {
  const [operationId, bonusBalance, bonusAvailable, accumulation, receipts, code] = JSON.parse(stored) as [
    string,
    number,
    number,
    number,
    number,
    ResultCode,
  ];
  const figures = { bonusBalance, bonusAvailable, accumulation, receipts };
  return { ...accept(operationId, document, figures, code), duplicate: true };
}

/** By kind, as people know them. */
export const documentNames: Readonly<Record<DocumentKind | BillingDocumentKind, string>> = {
  OpeningAccumulation: 'Ввод остатков накоплений',
  OpeningBalance: 'Ввод начальных остатков',
  Accrual: 'Начисление на дисконтные карты',
  WriteOff: 'Списание с дисконтных карт',
  KkmOperation: 'Операция ККМ',
  TpOperation: 'Операция ТП',
};

/** "Операция ККМ 000000042 от 22.11.2026 10:11:12". */
export function nameDocument(kind: DocumentKind | BillingDocumentKind, id: number, datedAt: LocalDateTime): string {
  return `${documentNames[kind]} ${String(id).padStart(9, '0')} от ${formatForPeople(datedAt)}`;
}

/** The id that the receipt brought, or the one made from its natural key; for a refused receipt, from what could be read of the key. */
export function receiptOperationId(receipt: Partial<Receipt>): string {
  const { operationId = null, kind, kkm, shiftNumber, receiptNumber, receiptAt } = receipt;
  if (operationId !== null) return operationId;
  return makeOperationId(
    kind,
    kkm,
    shiftNumber,
    receiptNumber,
    receiptAt === undefined ? undefined : dateOf(receiptAt),
  );
}

/**
 * The id in the answer to a call that has none: a UUID made from what the call is about, so that its repeat, a replay and
 * another node give the same one. A refusal has one as well, made from what could be read of the key.
 * @param about parts of the key; undefined for a part that could not be read.
 */
export function makeOperationId(...about: readonly (string | number | undefined)[]): string {
  const bytes = createHash('sha1').update('kkm-transfer operation ').update(JSON.stringify(about)).digest();
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
