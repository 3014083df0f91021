// One receipt on either road: whether it is a repeat, whether it is allowed, and what it changes (domain 6 and 7).
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { endNightHold, takeNightHold } from '../../db/night/night-hold.ts';
import { findHoldByOperationId, findActiveHoldOfReceipt, updateHold, type Hold } from '../../db/receipts/hold.ts';
import { groupWithNew } from '../../db/receipts/receipt-group.ts';
import { probeReceipt, type ReceiptTraces } from '../../db/receipts/receipt-probe.ts';
import {
  asStored,
  getReceipt,
  insertReceipt,
  listReturnsOf,
  type ReceiptFlag,
  type StoredReceipt,
} from '../../db/receipts/receipt.ts';
import { judgeCard, judgeRedemption } from '../../ledger/card.ts';
import { countSpendable, isHoldActive } from '../../ledger/hold.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { addMeasures, findOverflow } from '../../ledger/measures.ts';
import { findNightFrom } from '../../ledger/night-moment.ts';
import { naturalKeyOf, type Receipt } from '../../ledger/receipt.ts';
import { resultCodes, type Trouble } from '../../ledger/result.ts';
import { findExcess, settleOrphanReturn, settleSale, type ReturnFigures } from '../../ledger/settlement.ts';
import { placeNewReceipt } from '../billing/place-receipt.ts';
import { receiptOperationId, refuse, type OperationReply } from '../operation-reply.ts';
import { answerPosted, takeOnCard, type PostingContext } from './answer-posted.ts';
import { handleKnownReceipt } from './handle-known-receipt.ts';
import { billingOf } from './post-trade.ts';
import { refuseOverflow } from './refuse-overflow.ts';
import { settleGroup } from './settle-group.ts';

/**
 * Judges and posts a receipt; every branch that refuses leaves the books as they were. An online call about
 * a receipt that a report had brought before is recorded for the tie-out, whatever the answer.
 * @throws RegisterOverflow if a sum would be beyond a register; the transaction must then be undone, and 11 answered.
 */
export async function postReceipt(trx: Trx, context: PostingContext, receipt: Receipt): Promise<OperationReply> {
  const operationId = receiptOperationId(receipt);
  const key = naturalKeyOf(receipt, receipt.kind);
  const traces = await probeReceipt(trx, receipt.operationId, key, receipt.original);
  if (traces.cancelId !== undefined) return refuse(resultCodes.alreadyCancelled, operationId);
  if (traces.byNaturalKey !== undefined || traces.byOperationId !== undefined) {
    return handleKnownReceipt(trx, context, receipt, traces);
  }
  const card = await findCardReading(trx, receipt.cardNumber, context.now, context.settings);
  if (card === undefined) return refuse(resultCodes.cardNotFound, operationId);
  return receipt.kind === 'Sale'
    ? postSale(trx, context, receipt, card, traces)
    : postReturn(trx, context, receipt, card, traces);
}

async function postSale(
  trx: Trx,
  context: PostingContext,
  sent: Receipt,
  card: CardReading,
  traces: ReceiptTraces,
): Promise<OperationReply> {
  const sale = takeOnCard(sent, card);
  const operationId = receiptOperationId(sale);
  const saleOn = dateOf(sale.receiptAt);
  const verdict = sale.bonusRedeemedKopecks > 0 ? judgeRedemption(card, saleOn) : judgeCard(card, saleOn);
  if (verdict !== resultCodes.done) return refuse(verdict, operationId, card);
  const mode = context.settings.returnFigures;
  const move = settleSale(sale, [], mode);
  const overflow = findOverflow(addMeasures(card, move));
  if (overflow !== undefined) return refuseOverflow(sale, operationId, card, overflow);
  const hold = card.held > 0 ? await findActiveHold(trx, context, sale, card.id) : undefined;
  const heldByOthers = card.held - (hold?.amount ?? 0);
  // In a queued receipt the goods are gone: a debt is recorded. Online nobody spends more than there is.
  const mayOweBonus = sale.offline || context.road === 'report';
  if (!mayOweBonus && sale.bonusRedeemedKopecks > countSpendable(card, hold?.amount ?? 0)) {
    return refuse(resultCodes.notEnoughBonus, operationId, card);
  }
  const billing = billingOf(context);
  const mark =
    billing === undefined ? undefined : await placeNewReceipt(trx, billing, { receipt: sale, cardId: card.id });
  const receiptId = await insertReceipt(trx, sale, card.id, context.road, [], mark);
  if (hold !== undefined) await takeHold(trx, hold, receiptId, context.now);
  const freed = hold === undefined ? card : { ...card, held: heldByOthers };
  if (billing === undefined && !traces.hasReturns) {
    const moves = [{ cardId: card.id, move }];
    return answerPosted(trx, context, { receipt: sale, receiptId, moves, flags: [], billed: undefined }, freed);
  }
  const returns = traces.hasReturns ? await listReturnsOf(trx, naturalKeyOf(sale, 'Sale')) : [];
  const stored = asStored(sale, receiptId, card.id, context.road, []);
  const group = groupWithNew(stored, stored, returns);
  const moves = await settleGroup(trx, group, mode);
  const billed = billing === undefined ? undefined : { group, mark };
  return answerPosted(trx, context, { receipt: sale, receiptId, moves, flags: [], billed }, freed);
}

async function takeHold(trx: Trx, hold: Hold, receiptId: number, now: LocalDateTime): Promise<void> {
  await updateHold(trx, { ...hold, state: 'taken' });
  await endNightHold(trx, hold.id, findNightFrom(now));
  await takeNightHold(trx, hold.id, receiptId);
}

async function findActiveHold(
  trx: Trx,
  context: PostingContext,
  receipt: Receipt,
  cardId: number,
): Promise<Hold | undefined> {
  const { now } = context;
  const byId = receipt.operationId === null ? undefined : await findHoldByOperationId(trx, receipt.operationId);
  if (byId !== undefined && byId.cardId === cardId && isHoldActive(byId.state, byId.expiresAt, now)) return byId;
  return findActiveHoldOfReceipt(trx, receipt, cardId, now);
}

async function postReturn(
  trx: Trx,
  context: PostingContext,
  sent: Receipt,
  card: CardReading,
  traces: ReceiptTraces,
): Promise<OperationReply> {
  const part = takeOnCard(sent, card);
  const operationId = receiptOperationId(part);
  if (traces.originalCancelId !== undefined) return refuse(resultCodes.alreadyCancelled, operationId, card);
  const isOnline = context.road === 'online';
  const mode = context.settings.returnFigures;
  const flags: ReceiptFlag[] = [];
  const sale = traces.originalId === undefined ? undefined : await getReceipt(trx, traces.originalId);
  if (sale === undefined && isOnline) return refuse(resultCodes.originalNotFound, operationId, card);
  const earlier = part.original === null ? [] : await listReturnsOf(trx, naturalKeyOf(part.original, 'Sale'));
  if (sale === undefined) {
    const overflow = findOverflow(addMeasures(card, settleOrphanReturn(part)));
    if (overflow !== undefined) return refuseOverflow(part, operationId, card, overflow);
    flags.push('original_unknown');
  } else {
    const trouble = findReturnTrouble(sale, earlier, part, mode);
    if (trouble !== undefined && isOnline) return refuse(resultCodes.badArgument, operationId, card, trouble);
    if (trouble !== undefined) flags.push('over_returned');
  }
  const billing = billingOf(context);
  const mark =
    billing === undefined ? undefined : await placeNewReceipt(trx, billing, { receipt: part, cardId: card.id });
  const receiptId = await insertReceipt(trx, part, card.id, context.road, flags, mark);
  const stored = asStored(part, receiptId, card.id, context.road, flags);
  const group = groupWithNew(stored, sale, [...earlier, stored]);
  const moves = await settleGroup(trx, group, mode);
  const billed = billing === undefined ? undefined : { group, mark };
  return answerPosted(trx, context, { receipt: part, receiptId, moves, flags, billed }, card);
}

function findReturnTrouble(
  sale: StoredReceipt,
  returns: readonly StoredReceipt[],
  part: Receipt,
  mode: ReturnFigures,
): Trouble | undefined {
  if (sale.cardNumber !== part.cardNumber) return { field: 'cardNumber', expected: 'номер карты исходного чека' };
  const earlier = returns.filter(({ state }) => state === 'posted');
  const excess = findExcess(sale, earlier, part, mode);
  return excess === undefined ? undefined : { field: excess, expected: 'не больше остатка исходного чека' };
}
