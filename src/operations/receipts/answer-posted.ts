// A receipt that is stored, posted and answered.
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import type { BillingMark } from '../../db/billing/billing-mark.ts';
import type { Trx } from '../../db/db.ts';
import { setDocumentReply } from '../../db/receipts/document.ts';
import type { ReceiptGroup } from '../../db/receipts/receipt-group.ts';
import { addReceiptFlag, type ReceiptFlag, type Road } from '../../db/receipts/receipt.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { resultCodes } from '../../ledger/result.ts';
import { isOlder } from '../billing/count-group.ts';
import {
  accept,
  figuresOf,
  type CardFigures,
  nameDocument,
  receiptOperationId,
  storeReply,
  type OperationReply,
} from '../operation-reply.ts';
import { postTrade, type TradeContext } from './post-trade.ts';
import type { CardMove } from './settle-group.ts';

export interface PostingContext extends TradeContext {
  readonly road: Road;
}

/** The receipt with its card. */
export function takeOnCard(receipt: Receipt, { purpose }: CardReading): Receipt {
  return purpose === 'payment' ? { ...receipt, isPayment: true } : receipt;
}

/** A receipt that is stored and not posted yet. */
export interface Posting {
  readonly receipt: Receipt;
  readonly receiptId: number;
  /** What its group still has to post. */
  readonly moves: readonly CardMove[];
  /** The flags it has already. */
  readonly flags: readonly ReceiptFlag[];
  /** Undefined if billing is off. */
  readonly billed: BilledPosting | undefined;
  /** Set if the receipt was known and a report has corrected it. */
  readonly correction?: {
    readonly comment: string;
    /** The card it had, and cards of the group that it was in before. */
    readonly cardIds: readonly number[];
  };
}

export interface BilledPosting {
  /** The group with the receipt in it. */
  readonly group: ReceiptGroup;
  /** How billing calculates the receipt; undefined if it does not count it. */
  readonly mark: BillingMark | undefined;
}

/** @param card as it was before, except its `held`: the holds that are active after the receipt. */
export async function answerPosted(
  trx: Trx,
  context: PostingContext,
  posting: Posting,
  card: CardReading,
): Promise<OperationReply> {
  return posting.billed === undefined
    ? answerOnline(trx, context, posting, card)
    : answerBilled(trx, context, posting, posting.billed, card);
}

function kindOf({ road }: PostingContext): 'KkmOperation' | 'TpOperation' {
  return road === 'online' ? 'KkmOperation' : 'TpOperation';
}

async function answerOnline(
  trx: Trx,
  context: PostingContext,
  posting: Posting,
  card: CardReading,
): Promise<OperationReply> {
  const { receipt, receiptId, moves, correction } = posting;
  const operationId = receiptOperationId(receipt);
  const [kind, datedAt, comment] = [kindOf(context), receipt.receiptAt, correction?.comment ?? null];
  let figures = figuresOf(card);
  const event = { kind, datedAt, kkm: receipt.kkm, receiptId, comment, moves, billed: undefined };
  const { documentId, after } = await postTrade(trx, context, event, (balances) => {
    const balance = balances.get(card.id);
    if (balance !== undefined) figures = figuresAfter(card, balance);
    return storeReply(operationId, figures);
  });
  await flagDebt(trx, posting, (cardId) => after.get(cardId)?.bonus ?? 0);
  return accept(operationId, nameDocument(kind, documentId, datedAt), figures);
}

async function answerBilled(
  trx: Trx,
  context: PostingContext,
  posting: Posting,
  { group, mark }: BilledPosting,
  card: CardReading,
): Promise<OperationReply> {
  const { receipt, receiptId, moves, correction } = posting;
  const operationId = receiptOperationId(receipt);
  const [kind, datedAt, comment] = [kindOf(context), receipt.receiptAt, correction?.comment ?? null];
  const isBilled = mark !== undefined;
  const isCorrected = correction !== undefined;
  const isBefore = context.billing !== undefined && isOlder(receipt, context.billing);
  // A sale from before billing changes nothing by itself, but returns that came before it now have their sale.
  const reason =
    comment ?? (isBilled ? null : 'Чек до начала биллинга: возвраты по нему, принятые раньше, в биллинг не входят');
  const { documentId, after } = await postTrade(trx, context, {
    kind,
    datedAt,
    kkm: receipt.kkm,
    receiptId,
    comment,
    moves,
    billed: {
      group,
      cardIds: [...(correction?.cardIds ?? []), card.id],
      newMark: isCorrected ? undefined : mark,
      isOutside: isBefore || (!isBilled && !isCorrected),
      comment: reason,
    },
  });
  const billed = await readAfter(trx, context, card, after.get(card.id));
  await flagDebt(trx, posting, () => billed.bonus);
  const figures = figuresOf(billed);
  const code = isBilled ? resultCodes.done : resultCodes.beforeBilling;
  await setDocumentReply(trx, documentId, storeReply(operationId, figures, code));
  return accept(operationId, nameDocument(kind, documentId, datedAt), figures, code);
}

/** The figures of a card whose sums are these now. */
function figuresAfter({ status, held }: CardReading, { bonus, accumulation, receipts }: Measures): CardFigures {
  return figuresOf({ status, held, bonus, spendable: bonus, accumulation, receipts });
}

/** The card after the receipt. If only covered bonus may be spent, its rows give that sum. */
async function readAfter(
  trx: Trx,
  { now, settings }: PostingContext,
  card: CardReading,
  after: Measures | undefined,
): Promise<CardReading> {
  if (settings.availability === 'covered') {
    return { ...((await findCardReading(trx, card.number, now, settings)) ?? card), held: card.held };
  }
  return after === undefined ? card : { ...card, ...after, spendable: after.bonus };
}

/** Known only now: a sale may have returns that came before it, and a report posts only the difference. */
async function flagDebt(
  trx: Trx,
  { receiptId, flags, moves }: Posting,
  balanceAfter: (cardId: number) => number,
): Promise<void> {
  const isOwed = moves.some(({ cardId, move }) => move.bonus < 0 && balanceAfter(cardId) < 0);
  if (isOwed && !flags.includes('debt')) await addReceiptFlag(trx, receiptId, 'debt');
}
