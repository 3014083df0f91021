// A receipt whose key or operation id is known: a repeat, a correction by the shift's report, or a mistake (domain 6).
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { findAnsweredDocument } from '../../db/receipts/document.ts';
import {
  groupKeyOf,
  listGroupReceipts,
  loadReceiptGroup,
  nameGroup,
  type GroupKey,
} from '../../db/receipts/receipt-group.ts';
import type { ReceiptTraces } from '../../db/receipts/receipt-probe.ts';
import { noteSentOnline } from '../../db/receipts/receipt-sent-online.ts';
import { getReceipt, replaceReceiptContent, type ReceiptFlag, type StoredReceipt } from '../../db/receipts/receipt.ts';
import { isNoEffect } from '../../ledger/account.ts';
import { addMeasures, findOverflow } from '../../ledger/measures.ts';
import { findDifference, nameForPeople, type Receipt } from '../../ledger/receipt.ts';
import { resultCodes } from '../../ledger/result.ts';
import { settleOrphanReturn, settleSale } from '../../ledger/settlement.ts';
import { keepOpeningGroup } from '../billing/keep-opening-group.ts';
import { listOwnEffects } from '../billing/list-own-effects.ts';
import { placeKnownReceipt } from '../billing/place-receipt.ts';
import { nameDocument, receiptOperationId, refuse, repeatReply, type OperationReply } from '../operation-reply.ts';
import { answerPosted, takeOnCard, type PostingContext } from './answer-posted.ts';
import { billingOf, postTrade } from './post-trade.ts';
import { refuseOverflow } from './refuse-overflow.ts';
import { settleGroup } from './settle-group.ts';

/** @param traces what is known of the receipt: its natural key or its operation id. */
export async function handleKnownReceipt(
  trx: Trx,
  context: PostingContext,
  receipt: Receipt,
  traces: ReceiptTraces,
): Promise<OperationReply> {
  const known = await getReceipt(trx, (traces.byNaturalKey ?? traces.byOperationId) as number);
  const isIdOfAnother = traces.byOperationId !== undefined && traces.byOperationId !== known.id;
  if (context.road === 'online' && known.road === 'report' && traces.byNaturalKey !== undefined) {
    await noteSentOnline(trx, known.id, context.now, receipt);
  }
  const difference = isIdOfAnother ? 'operationId' : findDifference(known, receipt);
  const isOnlineAgain =
    !isIdOfAnother &&
    context.road === 'online' &&
    known.onlineContent !== null &&
    findDifference(known.onlineContent, receipt) === undefined;
  // A repeat gets the answer of the call it repeats: a report that won over an online call had its own answer.
  if (isOnlineAgain) return answerAgain(trx, known, 'first');
  if (difference === undefined) return answerAgain(trx, known, 'last');
  // Content cannot correct the natural key: an operation id that names another receipt is refused on both roads.
  const isKeyAtOdds = traces.byNaturalKey === undefined || isIdOfAnother;
  if (context.road === 'online' || isKeyAtOdds) {
    const card = await findCardReading(trx, receipt.cardNumber, context.now, context.settings);
    const trouble = { field: difference, expected: 'то же значение' };
    return refuse(resultCodes.otherContent, receiptOperationId(receipt), card, trouble);
  }
  return letReportWin(trx, context, known, receipt, difference);
}

async function answerAgain(trx: Trx, known: StoredReceipt, which: 'first' | 'last'): Promise<OperationReply> {
  const document = await findAnsweredDocument(trx, known.id, which);
  if (document === undefined) throw new Error(`receipt ${known.id} has no answered document`);
  return repeatReply(document.reply, nameDocument(document.kind, document.id, document.datedAt));
}

async function letReportWin(
  trx: Trx,
  context: PostingContext,
  known: StoredReceipt,
  sent: Receipt,
  difference: keyof Receipt,
): Promise<OperationReply> {
  const card = await findCardReading(trx, sent.cardNumber, context.now, context.settings);
  const operationId = sent.operationId ?? known.operationId;
  const answeredId = operationId ?? receiptOperationId(sent);
  if (card === undefined) return refuse(resultCodes.cardNotFound, answeredId);
  // On the same card it keeps what it was when it came.
  const report = card.id === known.cardId ? { ...sent, isPayment: known.isPayment === true } : takeOnCard(sent, card);
  const mode = context.settings.returnFigures;
  const most = report.kind === 'Sale' ? settleSale(report, [], mode) : settleOrphanReturn(report);
  const overflow = findOverflow(addMeasures(card, most));
  if (overflow !== undefined) return refuseOverflow(report, answeredId, card, overflow);
  const { flags, leftCardIds } = await replaceKnown(trx, context, known, { ...report, operationId }, card);
  const group = await loadReceiptGroup(trx, groupKeyOf(report, known.id));
  const moves = await settleGroup(trx, group, mode);
  const comment = `Отчёт отдела отличается от операции ККМ: ${nameForPeople(difference)}`;
  const figured = (await findCardReading(trx, report.cardNumber, context.now, context.settings)) ?? card;
  const receipt = { ...report, operationId };
  const billing = billingOf(context);
  const hasOtherCard = known.cardId !== card.id;
  const place = { receipt, cardId: card.id };
  const billed =
    billing === undefined
      ? undefined
      : { group, mark: await placeKnownReceipt(trx, billing, known.id, place, hasOtherCard) };
  const correction = { comment, cardIds: [known.cardId, ...leftCardIds] };
  return answerPosted(trx, context, { receipt, receiptId: known.id, moves, flags, billed, correction }, figured);
}

/** Gives the receipt the report's content; if that names another sale, the group it leaves is settled. */
async function replaceKnown(
  trx: Trx,
  context: PostingContext,
  known: StoredReceipt,
  report: Receipt,
  card: CardReading,
): Promise<{ readonly flags: readonly ReceiptFlag[]; readonly leftCardIds: readonly number[] }> {
  const { id, cardId: _card, road, state: _state, flags: oldFlags, onlineContent, ...content } = known;
  const kept = onlineContent ?? (road === 'online' ? content : null);
  const flags = [...new Set<ReceiptFlag>([...oldFlags, 'report_differs'])];
  if (context.billing !== undefined) await keepOpeningGroup(trx, context.billing, known, report);
  await replaceReceiptContent(trx, id, report, card.id, flags, kept);
  const [before, after] = [groupKeyOf(known, id), groupKeyOf(report, id)];
  const leftCardIds = nameGroup(before) === nameGroup(after) ? [] : await settleGroupLeft(trx, context, before, report);
  return { flags, leftCardIds };
}

/**
 * A report has named another sale for a return: what the group it has left must post now is posted on a receipt that stayed
 * there, for a document counts for the group of its receipt. Under billing rows can change while «Накопления» do not: a
 * return that came before its sale had no row to take back.
 * @returns the cards whose billing has changed, for the caller to calculate.
 */
async function settleGroupLeft(
  trx: Trx,
  context: PostingContext,
  left: GroupKey,
  moved: Receipt,
): Promise<readonly number[]> {
  if (left.kind === 'lone_return') return [];
  const group = await loadReceiptGroup(trx, left);
  const receiptId = listGroupReceipts(group)[0]?.id;
  if (receiptId === undefined) return [];
  const moves = await settleGroup(trx, group, context.settings.returnFigures);
  const billing = billingOf(context);
  const cardIds = moves.map(({ cardId }) => cardId);
  const listed = billing === undefined ? [] : await listOwnEffects(trx, billing, { group, cardIds });
  const ownEffects = listed.filter(({ effect }) => !isNoEffect(effect));
  if (moves.length + ownEffects.length === 0) return [];
  const comment = `Отчёт отдела отнёс возврат ${moved.receiptNumber} (касса ${moved.kkm}) к другому чеку`;
  const head = { kind: 'TpOperation', datedAt: moved.receiptAt, kkm: moved.kkm, receiptId, comment } as const;
  await postTrade(trx, context, { ...head, moves, billed: { group, cardIds: [], ownEffects } });
  return ownEffects.map(({ cardId }) => cardId);
}
