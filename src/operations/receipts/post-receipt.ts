// Takes note of one receipt on either road: is it known, may it be, what does it move. The rules are domain 6 and 7.
import type { CardReading } from '../../db/cards/card-reading.ts';
import { findCardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { findAnsweredDocument, setDocumentReply, type DocumentKind } from '../../db/receipts/document.ts';
import { findHoldByOperationId, findStandingHoldOfReceipt, updateHold, type Hold } from '../../db/receipts/hold.ts';
import { endNightHold, takeNightHold } from '../../db/night/night-hold.ts';
import { probeReceipt, type ReceiptTraces } from '../../db/receipts/receipt-probe.ts';
import { noteToldOnline } from '../../db/receipts/receipt-told-online.ts';
import {
  addReceiptFlag,
  getReceipt,
  insertReceipt,
  listReturnsOf,
  replaceReceiptContent,
  type ReceiptFlag,
  type Road,
  type StoredReceipt,
} from '../../db/receipts/receipt.ts';
import { isNoEffect } from '../../ledger/account.ts';
import { judgeCard, judgeRedemption } from '../../ledger/card.ts';
import { countSpendable, isHoldStanding } from '../../ledger/hold.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { addMeasures, findOverflow, type Measures } from '../../ledger/measures.ts';
import { findNightFrom } from '../../ledger/night-moment.ts';
import { findDifference, nameForPeople, naturalKeyOf, type Receipt } from '../../ledger/receipt.ts';
import { resultCodes, type Trouble } from '../../ledger/result.ts';
import { findExcess, settleOrphanReturn, settleSale, type ReturnFigures } from '../../ledger/settlement.ts';
import { keepOpeningGroup } from '../billing/keep-opening-group.ts';
import {
  accept,
  figuresOf,
  nameDocument,
  receiptOperationId,
  refuse,
  repeatReply,
  storeReply,
  type CardFigures,
  type OperationReply,
} from '../operation-reply.ts';
import { isOlder } from '../billing/load-billed-group.ts';
import { placeReceipt } from '../billing/place-receipt.ts';
import { listOwnEffects, postBilling, postOwnEffects } from '../billing/post-billing.ts';
import { postDocument } from './post-document.ts';
import { refuseOverflow } from './refuse-overflow.ts';
import type { Standing } from '../standing.ts';
import { groupOf, isSameGroup, settleGroup, type CardMove, type ReceiptGroup } from './settle-groups.ts';

export interface PostingContext extends Standing {
  /** The infobase's clock at the moment of the call. */
  readonly now: LocalDateTime;
  readonly road: Road;
}

/**
 * Judges and posts a receipt; every branch that refuses leaves the books as they were. What an online call said of a
 * receipt that a report had brought before is written down for the tie-out, whatever it is answered.
 * @throws RegisterOverflow where a sum would leave a register; the transaction is then to be undone, and 11 answered.
 */
export async function postReceipt(trx: Trx, context: PostingContext, receipt: Receipt): Promise<OperationReply> {
  const operationId = receiptOperationId(receipt);
  const key = naturalKeyOf(receipt, receipt.kind);
  const traces = await probeReceipt(trx, receipt.operationId, key, receipt.original);
  if (traces.cancelId !== undefined) return refuse(resultCodes.alreadyCancelled, operationId);
  if (traces.byNaturalKey !== undefined || traces.byOperationId !== undefined) {
    return meetKnown(trx, context, receipt, traces);
  }
  const card = await findCardReading(trx, receipt.cardNumber, context.now, context.settings);
  if (card === undefined) return refuse(resultCodes.cardNotFound, operationId);
  return receipt.kind === 'Sale'
    ? postSale(trx, context, receipt, card, traces)
    : postReturn(trx, context, receipt, card, traces);
}

async function meetKnown(
  trx: Trx,
  context: PostingContext,
  receipt: Receipt,
  traces: ReceiptTraces,
): Promise<OperationReply> {
  const known = await getReceipt(trx, (traces.byNaturalKey ?? traces.byOperationId) as number);
  const isIdOfAnother = traces.byOperationId !== undefined && traces.byOperationId !== known.id;
  if (context.road === 'online' && known.road === 'report' && traces.byNaturalKey !== undefined) {
    await noteToldOnline(trx, known.id, context.now, receipt);
  }
  const difference = isIdOfAnother ? 'operationId' : findDifference(known, receipt);
  const isOnlineAgain =
    !isIdOfAnother &&
    context.road === 'online' &&
    known.onlineContent !== null &&
    findDifference(known.onlineContent, receipt) === undefined;
  // A repeat gets the answer of the call it repeats: a report that won over an online call was answered on its own.
  if (isOnlineAgain) return answerAgain(trx, known, 'first');
  if (difference === undefined) return answerAgain(trx, known, 'last');
  // The natural key cannot be corrected by content: an operation id that names another receipt is refused on both roads.
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

/** The receipt with what its card is. */
function takeOnCard(receipt: Receipt, { purpose }: CardReading): Receipt {
  return purpose === 'payment' ? { ...receipt, isPayment: true } : receipt;
}

async function postSale(
  trx: Trx,
  context: PostingContext,
  told: Receipt,
  card: CardReading,
  traces: ReceiptTraces,
): Promise<OperationReply> {
  const sale = takeOnCard(told, card);
  const operationId = receiptOperationId(sale);
  const saleOn = dateOf(sale.receiptAt);
  const verdict = sale.bonusRedeemedKopecks > 0 ? judgeRedemption(card, saleOn) : judgeCard(card, saleOn);
  if (verdict !== resultCodes.done) return refuse(verdict, operationId, card);
  const mode = context.settings.returnFigures;
  const move = settleSale(sale, [], mode);
  const overflow = findOverflow(addMeasures(card, move));
  if (overflow !== undefined) return refuseOverflow(sale, operationId, card, overflow);
  const hold = card.held > 0 ? await findStandingHold(trx, context, sale, card.id) : undefined;
  const heldByOthers = card.held - (hold?.amount ?? 0);
  // Off the queue the goods are gone: a debt is written down. Online nobody spends what is not there.
  const mayOweBonus = sale.offline || context.road === 'report';
  if (!mayOweBonus && sale.bonusRedeemedKopecks > countSpendable(card, hold?.amount ?? 0)) {
    return refuse(resultCodes.notEnoughBonus, operationId, card);
  }
  const receiptId = await insertReceipt(trx, sale, card.id, context.road, []);
  if (hold !== undefined) await takeHold(trx, hold, receiptId, context.now);
  const moves = traces.hasReturns
    ? (await settleGroup(trx, groupOf(sale, receiptId), mode)).moves
    : [{ cardId: card.id, move }];
  const posting = { receipt: sale, receiptId, flags: [], comment: null, old: undefined };
  return answerPosted(trx, context, posting, moves, { ...card, held: heldByOthers });
}

async function takeHold(trx: Trx, hold: Hold, receiptId: number, now: LocalDateTime): Promise<void> {
  await updateHold(trx, { ...hold, state: 'taken' });
  await endNightHold(trx, hold.id, findNightFrom(now));
  await takeNightHold(trx, hold.id, receiptId);
}

async function findStandingHold(
  trx: Trx,
  context: PostingContext,
  receipt: Receipt,
  cardId: number,
): Promise<Hold | undefined> {
  const { now } = context;
  const byId = receipt.operationId === null ? undefined : await findHoldByOperationId(trx, receipt.operationId);
  if (byId !== undefined && byId.cardId === cardId && isHoldStanding(byId.state, byId.expiresAt, now)) return byId;
  return findStandingHoldOfReceipt(trx, receipt, cardId, now);
}

async function postReturn(
  trx: Trx,
  context: PostingContext,
  told: Receipt,
  card: CardReading,
  traces: ReceiptTraces,
): Promise<OperationReply> {
  const part = takeOnCard(told, card);
  const operationId = receiptOperationId(part);
  if (traces.originalCancelId !== undefined) return refuse(resultCodes.alreadyCancelled, operationId, card);
  const isOnline = context.road === 'online';
  const mode = context.settings.returnFigures;
  const flags: ReceiptFlag[] = [];
  if (traces.originalId === undefined) {
    if (isOnline) return refuse(resultCodes.originalNotFound, operationId, card);
    const overflow = findOverflow(addMeasures(card, settleOrphanReturn(part)));
    if (overflow !== undefined) return refuseOverflow(part, operationId, card, overflow);
    flags.push('original_unknown');
  } else {
    const trouble = await findReturnTrouble(trx, traces.originalId, part, mode);
    if (trouble !== undefined && isOnline) return refuse(resultCodes.badArgument, operationId, card, trouble);
    if (trouble !== undefined) flags.push('over_returned');
  }
  const receiptId = await insertReceipt(trx, part, card.id, context.road, flags);
  const { moves } = await settleGroup(trx, groupOf(part, receiptId), mode);
  return answerPosted(trx, context, { receipt: part, receiptId, flags, comment: null, old: undefined }, moves, card);
}

async function findReturnTrouble(
  trx: Trx,
  saleId: number,
  part: Receipt,
  mode: ReturnFigures,
): Promise<Trouble | undefined> {
  const sale = await getReceipt(trx, saleId);
  if (sale.cardNumber !== part.cardNumber) return { field: 'cardNumber', expected: 'номер карты исходного чека' };
  const earlier = (await listReturnsOf(trx, naturalKeyOf(sale, 'Sale'))).filter(({ state }) => state === 'posted');
  const excess = findExcess(sale, earlier, part, mode);
  return excess === undefined ? undefined : { field: excess, expected: 'не больше остатка исходного чека' };
}

async function letReportWin(
  trx: Trx,
  context: PostingContext,
  known: StoredReceipt,
  told: Receipt,
  difference: keyof Receipt,
): Promise<OperationReply> {
  const card = await findCardReading(trx, told.cardNumber, context.now, context.settings);
  const operationId = told.operationId ?? known.operationId;
  const answeredId = operationId ?? receiptOperationId(told);
  if (card === undefined) return refuse(resultCodes.cardNotFound, answeredId);
  // On the same card it stays what it was when it came.
  const report = card.id === known.cardId ? { ...told, isPayment: known.isPayment === true } : takeOnCard(told, card);
  const mode = context.settings.returnFigures;
  const most = report.kind === 'Sale' ? settleSale(report, [], mode) : settleOrphanReturn(report);
  const overflow = findOverflow(addMeasures(card, most));
  if (overflow !== undefined) return refuseOverflow(report, answeredId, card, overflow);
  const { id, cardId: oldCardId, road, state: _state, flags, onlineContent, ...content } = known;
  const kept = onlineContent ?? (road === 'online' ? content : null);
  const newFlags = [...new Set<ReceiptFlag>([...flags, 'report_differs'])];
  if (context.billing !== undefined) await keepOpeningGroup(trx, context.billing, known, report);
  await replaceReceiptContent(trx, id, { ...report, operationId }, card.id, newFlags, kept);
  const [before, after] = [groupOf(known, id), groupOf(report, id)];
  const leftCardIds = isSameGroup(before, after) ? [] : await settleGroupLeft(trx, context, before, report);
  const { moves } = await settleGroup(trx, after, mode);
  const comment = `Отчёт отдела отличается от операции ККМ: ${nameForPeople(difference)}`;
  const figured = (await findCardReading(trx, report.cardNumber, context.now, context.settings)) ?? card;
  const old = { cardId: oldCardId, leftCardIds };
  const posting = { receipt: { ...report, operationId }, receiptId: id, flags: newFlags, comment, old };
  return answerPosted(trx, context, posting, moves, figured);
}

/**
 * A report has named another sale for a return: what the group it has left owes now is posted on a receipt that stayed
 * there, for a document counts for the group that its receipt is of. Under billing «Накопления» may be even where rows
 * are not: a return that came before its sale had no row to take back.
 * @returns the cards whose billing has moved, for the caller to reckon.
 */
async function settleGroupLeft(
  trx: Trx,
  context: PostingContext,
  left: ReceiptGroup,
  moved: Receipt,
): Promise<readonly number[]> {
  if (left.sort === 'lone_return') return [];
  const { moves, receiptId } = await settleGroup(trx, left, context.settings.returnFigures);
  if (receiptId === undefined) return [];
  const group = { receiptId, cardIds: moves.map(({ cardId }) => cardId), newReceiptId: undefined };
  const billing = context.billing === undefined ? undefined : { ...context, state: context.billing };
  const listed = billing === undefined ? [] : await listOwnEffects(trx, billing, group);
  const owed = listed.filter(({ effect }) => !isNoEffect(effect));
  if (moves.length + owed.length === 0) return [];
  const comment = `Отчёт отдела отнёс возврат ${moved.receiptNumber} (касса ${moved.kkm}) к другому чеку`;
  const head = { kind: 'TpOperation', datedAt: moved.receiptAt, receiptId, comment } as const;
  const { documentId } = await postDocument(
    trx,
    { ...head, recordedAt: context.now, shopCode: context.shops.get(moved.kkm) ?? null },
    moves,
  );
  if (billing !== undefined) await postOwnEffects(trx, billing, { ...head, ...group, documentId }, owed);
  return owed.map(({ cardId }) => cardId);
}

interface Posting {
  readonly receipt: Receipt;
  readonly receiptId: number;
  /** The flags it has already. */
  readonly flags: readonly ReceiptFlag[];
  readonly comment: string | null;
  /** Of a receipt known already and corrected, its card before, and cards of the group it has left; else undefined. */
  readonly old: { readonly cardId: number; readonly leftCardIds: readonly number[] } | undefined;
}

async function answerPosted(
  trx: Trx,
  context: PostingContext,
  posting: Posting,
  moves: readonly CardMove[],
  card: CardReading,
): Promise<OperationReply> {
  const { receipt, receiptId, comment, old } = posting;
  const operationId = receiptOperationId(receipt);
  const kind: DocumentKind = context.road === 'online' ? 'KkmOperation' : 'TpOperation';
  const datedAt = receipt.receiptAt;
  const shopCode = context.shops.get(receipt.kkm) ?? null;
  const document = { kind, datedAt, recordedAt: context.now, receiptId, comment, shopCode };
  let figures: CardFigures = figuresOf(card);
  const { documentId, after } = await postDocument(trx, document, moves, (balances: ReadonlyMap<number, Measures>) => {
    const balance = balances.get(card.id);
    if (balance !== undefined) figures = figuresOf({ ...card, ...balance, spendable: balance.bonus });
    return storeReply(operationId, figures);
  });
  const name = nameDocument(kind, documentId, datedAt);
  if (context.billing === undefined) {
    await flagDebt(trx, posting, moves, (cardId) => after.get(cardId)?.bonus ?? 0);
    return accept(operationId, name, figures);
  }
  const billing = { ...context, state: context.billing };
  const hasOtherCard = old !== undefined && old.cardId !== card.id;
  const isBilled = await placeReceipt(trx, billing, { receiptId, receipt, cardId: card.id, hasOtherCard });
  const oldCardIds = old === undefined ? [] : [old.cardId, ...old.leftCardIds];
  const cardIds = [...oldCardIds, card.id, ...moves.map(({ cardId }) => cardId)];
  const newReceiptId = old === undefined && isBilled ? receiptId : undefined;
  const isOutside = isOlder(receipt, context.billing) || (!isBilled && old === undefined);
  // A sale from before billing moves nothing by itself, but returns that came before it have found what they are of.
  const why =
    comment ?? (isBilled ? null : 'Чек до начала биллинга: возвраты по нему, принятые раньше, в биллинг не входят');
  const event = { kind, datedAt, documentId, receiptId, comment: why, cardIds, newReceiptId, isOutside };
  await postBilling(trx, billing, event);
  const billed = (await findCardReading(trx, receipt.cardNumber, context.now, context.settings)) ?? card;
  await flagDebt(trx, posting, moves, () => billed.bonus);
  figures = figuresOf({ ...billed, held: card.held });
  const code = isBilled ? resultCodes.done : resultCodes.beforeBilling;
  await setDocumentReply(trx, documentId, storeReply(operationId, figures, code));
  return accept(operationId, name, figures, code);
}

/** Known only now: a sale may find returns that came before it, and a report moves the difference alone. */
async function flagDebt(
  trx: Trx,
  { receiptId, flags }: Posting,
  moves: readonly CardMove[],
  balanceAfter: (cardId: number) => number,
): Promise<void> {
  const isOwed = moves.some(({ cardId, move }) => move.bonus < 0 && balanceAfter(cardId) < 0);
  if (isOwed && !flags.includes('debt')) await addReceiptFlag(trx, receiptId, 'debt');
}
