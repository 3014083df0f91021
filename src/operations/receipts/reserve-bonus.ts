// ReserveBonus and ReleaseBonus: bonus set aside while a receipt is rung up, so that two tills cannot spend it.
import { lastNightOfCard, type BillingState } from '../../db/billing/billing-state.ts';
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import {
  expireHolds,
  findHoldByOperationId,
  findActiveHoldOfReceipt,
  insertHold,
  updateHold,
  type Hold,
} from '../../db/receipts/hold.ts';
import { endNightHold, insertNightHold } from '../../db/night/night-hold.ts';
import { probeReceipt } from '../../db/receipts/receipt-probe.ts';
import { judgeRedemption } from '../../ledger/card.ts';
import { countAvailable, findNightOver, isHoldActive, type HoldRequest } from '../../ledger/hold.ts';
import { addSeconds, dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { findNightFrom } from '../../ledger/night-moment.ts';
import { naturalKeyOf } from '../../ledger/receipt.ts';
import { resultCodes, type ResultCode } from '../../ledger/result.ts';
import type { Settings } from '../../ledger/settings.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import {
  accept,
  figuresOf,
  makeOperationId,
  refuse,
  repeatReply,
  storeReply,
  type OperationReply,
} from '../operation-reply.ts';
import { changeServed, gateOfCards, type Standing } from '../standing.ts';

/** Order of refusals: 8, 9, 10, 11, 1, 6, 14, 2, 3, 4, 5. */
export function reserveBonus(
  infobase: Infobase,
  now: LocalDateTime,
  request: Checked<HoldRequest>,
): Promise<OperationReply> {
  return handleRequest(infobase, now, request, placeHold, gateOfCards);
}

/** Order of refusals: 8, 9, 10, 11, 1, 6. If nothing is held any more, the answer is done. */
export function releaseBonus(
  infobase: Infobase,
  now: LocalDateTime,
  request: Checked<HoldRequest>,
): Promise<OperationReply> {
  return handleRequest(infobase, now, request, freeHold, ({ gate }) => gate);
}

interface HoldCall {
  readonly settings: Settings;
  readonly billing: BillingState | undefined;
  readonly now: LocalDateTime;
  readonly request: HoldRequest;
  readonly operationId: string;
  readonly card: CardReading;
  readonly known: Hold | undefined;
}

function handleRequest(
  infobase: Infobase,
  now: LocalDateTime,
  sent: Checked<HoldRequest>,
  act: (trx: Trx, call: HoldCall) => Promise<OperationReply>,
  judgeGate: (standing: Standing) => ResultCode,
): Promise<OperationReply> {
  const request = boundTexts(sent, ['operationId', 'kkm', 'cardNumber']);
  const operationId = holdOperationId(request.ok ? request.value : request.partial);
  const change = async (trx: Trx, { settings, billing }: Standing): Promise<OperationReply> => {
    if (!request.ok) return refuse(resultCodes.badArgument, operationId, undefined, request.trouble);
    // A release frees the whole hold, whatever sum it names.
    if (act === placeHold && request.value.amountKopecks === 0) {
      return refuse(resultCodes.badArgument, operationId, undefined, nothingAsked);
    }
    const card = await findCardReading(trx, request.value.cardNumber, now, settings);
    if (card === undefined) return refuse(resultCodes.cardNotFound, operationId);
    const known = await findKnownHold(trx, request.value, card.id, now);
    if (known !== undefined) {
      const field = findHoldDifference(known, request.value, card.id, act === freeHold);
      if (field !== undefined) {
        return refuse(resultCodes.otherContent, operationId, card, { field, expected: 'то же значение' });
      }
    }
    return act(trx, { settings, billing, now, request: request.value, operationId, card, known });
  };
  return changeServed(infobase, (gate) => refuse(gate, operationId), change, judgeGate);
}

const nothingAsked = { field: 'amountKopecks', expected: 'сумма больше нуля' };

/** By operation id in any state; by receipt only while the hold is active, for a receipt may get a new hold. */
async function findKnownHold(
  trx: Trx,
  request: HoldRequest,
  cardId: number,
  now: LocalDateTime,
): Promise<Hold | undefined> {
  const byId = request.operationId === null ? undefined : await findHoldByOperationId(trx, request.operationId);
  return byId ?? findActiveHoldOfReceipt(trx, request, cardId, now);
}

/** A release frees the whole hold: the sum it names is not compared, also if it came before the ReserveBonus. */
function findHoldDifference(
  hold: Hold,
  request: HoldRequest,
  cardId: number,
  isRelease: boolean,
): keyof HoldRequest | undefined {
  if (hold.cardId !== cardId) return 'cardNumber';
  if (hold.kkm !== request.kkm) return 'kkm';
  if (hold.shiftNumber !== request.shiftNumber) return 'shiftNumber';
  if (hold.receiptNumber !== request.receiptNumber) return 'receiptNumber';
  if (hold.receiptOn !== dateOf(request.receiptAt)) return 'receiptAt';
  const hasNoSum = isRelease || hold.reply === null;
  return hasNoSum || hold.amount === request.amountKopecks ? undefined : 'amountKopecks';
}

async function placeHold(trx: Trx, call: HoldCall): Promise<OperationReply> {
  const { settings, now, request, operationId, card, known } = call;
  // A repeat after the receipt has taken the hold is a repeat like any other; nothing is held by it.
  if (known !== undefined && known.state === 'taken' && known.reply !== null) return repeatReply(known.reply, null);
  // The receipt is here already: a late ReserveBonus would hold what nobody will take.
  const isLate = known?.state === 'released' || (await isReceiptPosted(trx, request));
  if (isLate) return refuse(resultCodes.alreadyCancelled, operationId, card);
  if (known !== undefined && known.reply !== null && isHoldActive(known.state, known.expiresAt, now)) {
    return repeatReply(known.reply, null);
  }
  const verdict: ResultCode = judgeRedemption(card, dateOf(request.receiptAt));
  if (verdict !== resultCodes.done) return refuse(verdict, operationId, card);
  if (request.amountKopecks > countAvailable(card.spendable, card.held)) {
    return refuse(resultCodes.notEnoughBonus, operationId, card);
  }
  const figures = figuresOf({ ...card, held: card.held + request.amountKopecks });
  const reply = storeReply(operationId, figures);
  const expiresAt = addSeconds(now, Number(settings.holdTimeout));
  await expireHolds(trx, card.id, now);
  const hold = newHold(call, { state: 'active', expiresAt, reply });
  const holdId = known === undefined ? await insertHold(trx, hold) : known.id;
  if (known !== undefined) await updateHold(trx, { ...known, state: 'active', expiresAt, reply });
  await keepOverNight(trx, call, holdId, hold);
  return accept(operationId, null, figures);
}

/** If the hold will be active at 02:00, the night of that date leaves its sum, now and when it is calculated again. */
async function keepOverNight(
  trx: Trx,
  { now, billing }: HoldCall,
  holdId: number,
  { cardId, amount, expiresAt }: Omit<Hold, 'id'>,
): Promise<void> {
  const businessOn = findNightOver(now, expiresAt);
  if (businessOn === undefined) return;
  // An operator may have run that night before its time.
  const lastNightOn = billing === undefined ? undefined : lastNightOfCard(billing, cardId);
  if (lastNightOn !== undefined && lastNightOn >= businessOn) return;
  await insertNightHold(trx, { holdId, businessOn, cardId, amount });
}

async function isReceiptPosted(trx: Trx, request: HoldRequest): Promise<boolean> {
  return (await probeReceipt(trx, null, naturalKeyOf(request, 'Sale'), null)).byNaturalKey !== undefined;
}

async function freeHold(trx: Trx, call: HoldCall): Promise<OperationReply> {
  const { now, operationId, card, known } = call;
  if (known !== undefined && known.releaseReply !== null) return repeatReply(known.releaseReply, null);
  const wasHeld = known !== undefined && isHoldActive(known.state, known.expiresAt, now);
  const figures = figuresOf({ ...card, held: card.held - (wasHeld ? known.amount : 0) });
  const releaseReply = storeReply(operationId, figures);
  if (known !== undefined) {
    const state = known.state === 'taken' ? 'taken' : 'released';
    await updateHold(trx, { ...known, state, releaseReply });
    if (wasHeld) await endNightHold(trx, known.id, findNightFrom(now));
  } else if (call.request.operationId !== null) {
    // A release that came before its ReserveBonus: the late call must not hold what nobody will free.
    await insertHold(trx, newHold(call, { state: 'released', expiresAt: now, releaseReply }));
  }
  return accept(operationId, null, figures);
}

function newHold(
  call: HoldCall,
  rest: Pick<Hold, 'state' | 'expiresAt'> & Partial<Pick<Hold, 'reply' | 'releaseReply'>>,
): Omit<Hold, 'id'> {
  const { operationId, kkm, shiftNumber, receiptNumber, receiptAt, amountKopecks } = call.request;
  const key = { operationId, kkm, shiftNumber, receiptNumber, receiptOn: dateOf(receiptAt) };
  return { ...key, cardId: call.card.id, amount: amountKopecks, reply: null, releaseReply: null, ...rest };
}

/** The id of a refused request, from what could be read of it. */
function holdOperationId(request: Partial<HoldRequest>): string {
  const { operationId = null, kkm, shiftNumber, receiptNumber, receiptAt, cardNumber } = request;
  if (operationId !== null) return operationId;
  const receiptOn = receiptAt === undefined ? undefined : dateOf(receiptAt);
  return makeOperationId('Hold', kkm, shiftNumber, receiptNumber, receiptOn, cardNumber);
}
