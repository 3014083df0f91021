// CancelReceipt: undoes a receipt by its key with a new document; for a receipt that never came it leaves a tombstone.
import { findCardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { groupKeyOf, listGroupReceipts, loadReceiptGroup } from '../../db/receipts/receipt-group.ts';
import { probeReceipt } from '../../db/receipts/receipt-probe.ts';
import {
  answerReceiptCancel,
  findReceiptCancel,
  getReceiptCancel,
  insertReceiptCancel,
} from '../../db/receipts/receipt-cancel.ts';
import { getReceipt, setReceiptState, type StoredReceipt } from '../../db/receipts/receipt.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { naturalKeyOf, type ReceiptKey, type ReceiptKind } from '../../ledger/receipt.ts';
import { resultCodes } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import { keepOpeningGroup } from '../billing/keep-opening-group.ts';
import { isOlder } from '../billing/count-group.ts';
import {
  accept,
  figuresOf,
  makeOperationId,
  nameDocument,
  refuse,
  repeatReply,
  noFigures,
  storeReply,
  type OperationReply,
} from '../operation-reply.ts';
import { isOutsideBilling } from '../billing/place-receipt.ts';
import { postTrade, type TradeContext } from './post-trade.ts';
import { answeringOverflow, describeCancelOverflow } from './refuse-overflow.ts';
import { settleGroup } from './settle-group.ts';
import { changeServed, type Standing } from '../standing.ts';

export interface CancelRequest extends ReceiptKey {
  readonly operationId: string | null;
  readonly kind: ReceiptKind;
  readonly cardNumber: string | null;
  readonly reason: string | null;
}

/**
 * Order of refusals: 8, 9, 10, 11, 6, 11. A cancel of an unknown receipt is done: its tombstone stays. A cancel of a
 * receipt dated before the start of billing is recorded, and answered 12.
 */
export function cancelReceipt(
  infobase: Infobase,
  now: LocalDateTime,
  sent: Checked<CancelRequest>,
): Promise<OperationReply> {
  const cancel = boundTexts(sent, ['operationId', 'kkm', 'cardNumber', 'reason']);
  const operationId = cancelOperationId(cancel.ok ? cancel.value : cancel.partial);
  const answer = changeServed(
    infobase,
    (gate) => refuse(gate, operationId),
    async (trx, standing) =>
      cancel.ok
        ? postCancel(trx, standing, now, cancel.value)
        : refuse(resultCodes.badArgument, operationId, undefined, cancel.trouble),
  );
  return answeringOverflow(answer, async (overflow) =>
    refuse(resultCodes.badArgument, operationId, undefined, describeCancelOverflow(overflow)),
  );
}

async function postCancel(
  trx: Trx,
  standing: Standing,
  now: LocalDateTime,
  request: CancelRequest,
): Promise<OperationReply> {
  const key = naturalKeyOf(request, request.kind);
  const operationId = cancelOperationId(request);
  const traces = await probeReceipt(trx, request.operationId, key, null);
  if (traces.cancelId !== undefined) return handleKnownCancel(trx, traces.cancelId, request);
  // An operation id given here names the cancelled receipt or this cancel; the id of another receipt or cancel is a mistake.
  const isIdOfAnother =
    (traces.byOperationId !== undefined && traces.byOperationId !== traces.byNaturalKey) ||
    (request.operationId !== null && (await findReceiptCancel(trx, request.operationId)) !== undefined);
  if (isIdOfAnother) return refuseOther(operationId, 'operationId');
  const receipt = traces.byNaturalKey === undefined ? undefined : await getReceipt(trx, traces.byNaturalKey);
  if (receipt !== undefined && request.cardNumber !== null && request.cardNumber !== receipt.cardNumber) {
    return refuseOther(operationId, 'cardNumber');
  }
  const { cardNumber, reason, receiptAt } = request;
  const cancel = { ...key, operationId: request.operationId, receiptAt, cardNumber, reason, cancelledAt: now };
  const cancelId = await insertReceiptCancel(trx, cancel);
  if (receipt !== undefined) {
    if (standing.billing !== undefined) await keepOpeningGroup(trx, standing.billing, receipt);
    await setReceiptState(trx, receipt.id, 'cancelled');
  }
  const documentId = await postCancelled(trx, { ...standing, now }, request, receipt);
  const knownNumber = receipt?.cardNumber ?? cardNumber;
  const card = knownNumber === null ? undefined : await findCardReading(trx, knownNumber, now, standing.settings);
  const figures = card === undefined ? noFigures : figuresOf(card);
  // The same answer as on every road to a fact from before the start of billing (SEED).
  const cancelled = receipt ?? { kind: request.kind, receiptAt, original: null };
  const isOutside = standing.billing !== undefined && (await isOutsideBilling(trx, standing.billing, cancelled));
  const code = isOutside ? resultCodes.beforeBilling : resultCodes.done;
  await answerReceiptCancel(trx, cancelId, documentId, storeReply(operationId, figures, code));
  return accept(operationId, documentId === null ? null : nameDocument('KkmOperation', documentId, now), figures, code);
}

async function handleKnownCancel(trx: Trx, cancelId: number, request: CancelRequest): Promise<OperationReply> {
  const known = await getReceiptCancel(trx, cancelId);
  if (known.cardNumber !== null && request.cardNumber !== null && known.cardNumber !== request.cardNumber) {
    return refuseOther(cancelOperationId(request), 'cardNumber');
  }
  const { documentId, reply, cancelledAt } = known;
  return repeatReply(reply, documentId === null ? null : nameDocument('KkmOperation', documentId, cancelledAt));
}

/**
 * @param receipt undefined if it never came. A sale that never came may have returns that did; a return that never came has
 *   no group.
 * @returns the document; null if nothing is undone.
 */
async function postCancelled(
  trx: Trx,
  context: TradeContext,
  request: CancelRequest,
  receipt: StoredReceipt | undefined,
): Promise<number | null> {
  if (receipt === undefined && request.kind === 'Return') return null;
  const key = naturalKeyOf(request, 'Sale');
  const groupKey = receipt === undefined ? ({ kind: 'sale', key } as const) : groupKeyOf(receipt, receipt.id);
  const group = await loadReceiptGroup(trx, groupKey);
  const moves = await settleGroup(trx, group, context.settings.returnFigures);
  const receiptId = receipt?.id ?? listGroupReceipts(group)[0]?.id ?? null;
  const { billing } = context;
  // Under billing rows can change while «Накопления» do not: bonus given back with a new life has a row of its own.
  if (moves.length === 0 && (billing === undefined || receiptId === null)) return null;
  const { kkm, shiftNumber, receiptNumber, reason } = request;
  const why = reason === null || reason === '' ? '' : `: ${reason}`;
  const comment = `Отмена чека ${receiptNumber}, смена ${shiftNumber}, касса ${kkm}${why}`;
  const cardIds = receipt === undefined ? [] : [receipt.cardId];
  const billed = billing === undefined ? undefined : { group, cardIds, isOutside: isOlder(request, billing) };
  const head = { kind: 'KkmOperation', datedAt: context.now, kkm, receiptId, comment } as const;
  return (await postTrade(trx, context, { ...head, moves, billed })).documentId;
}

function refuseOther(operationId: string, field: string): OperationReply {
  return refuse(resultCodes.otherContent, operationId, undefined, { field, expected: 'то же значение' });
}

/** The id of a refused request, from what could be read of it. */
function cancelOperationId(request: Partial<CancelRequest>): string {
  const { operationId = null, kind, kkm, shiftNumber, receiptNumber, receiptAt } = request;
  if (operationId !== null) return operationId;
  const receiptOn = receiptAt === undefined ? undefined : dateOf(receiptAt);
  return makeOperationId('Cancel', kind, kkm, shiftNumber, receiptNumber, receiptOn);
}
