// CancelReceipt: undoes a receipt by its key as a new document; of a receipt that never came it leaves a tombstone.
import { findCardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { probeReceipt } from '../../db/receipts/receipt-probe.ts';
import {
  answerReceiptCancel,
  findReceiptCancel,
  getReceiptCancel,
  insertReceiptCancel,
} from '../../db/receipts/receipt-cancel.ts';
import { getReceipt, setReceiptState } from '../../db/receipts/receipt.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { naturalKeyOf, type NaturalKey, type ReceiptKey, type ReceiptKind } from '../../ledger/receipt.ts';
import { resultCodes } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import { keepOpeningGroup } from '../billing/keep-opening-group.ts';
import { isOlder } from '../billing/load-billed-group.ts';
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
import { postBilling } from '../billing/post-billing.ts';
import { postDocument } from './post-document.ts';
import { answeringOverflow, describeCancelOverflow } from './refuse-overflow.ts';
import { groupOf, nothingOwed, settleGroup, type CardMove, type ReceiptGroup } from './settle-groups.ts';
import { changeServed, type Standing } from '../standing.ts';

export interface CancelRequest extends ReceiptKey {
  readonly operationId: string | null;
  readonly kind: ReceiptKind;
  readonly cardNumber: string | null;
  readonly reason: string | null;
}

/**
 * Order of refusals: 8, 9, 10, 11, 6, 11. A cancel of an unknown receipt is done: its tombstone stands. One of a receipt dated
 * before the start of billing is recorded, and answered 12.
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
  if (traces.cancelId !== undefined) return meetKnownCancel(trx, traces.cancelId, request);
  // An operation id given here names the cancelled receipt or this cancel; of another receipt or cancel it is a mistake.
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
  const group = receipt === undefined ? groupOfUnknown(key) : groupOf(receipt, receipt.id);
  const { moves, receiptId } =
    group === undefined ? nothingOwed : await settleGroup(trx, group, standing.settings.returnFigures);
  const tiedTo = receipt?.id ?? receiptId ?? null;
  const undone = { receiptId: tiedTo, cardIds: receipt === undefined ? [] : [receipt.cardId], moves };
  // Under billing «Накопления» may be even where rows are not: a bonus given back with a new life has one of its own.
  const mayMove = moves.length > 0 || (standing.billing !== undefined && tiedTo !== null);
  const documentId = mayMove ? await postUndoing(trx, standing, now, request, undone) : null;
  const knownNumber = receipt?.cardNumber ?? cardNumber;
  const card = knownNumber === null ? undefined : await findCardReading(trx, knownNumber, now, standing.settings);
  const figures = card === undefined ? noFigures : figuresOf(card);
  // As every road answers a fact from before the start of billing (SEED).
  const cancelled = receipt ?? { kind: request.kind, receiptAt, original: null };
  const isOutside = standing.billing !== undefined && (await isOutsideBilling(trx, standing.billing, cancelled));
  const code = isOutside ? resultCodes.beforeBilling : resultCodes.done;
  await answerReceiptCancel(trx, cancelId, documentId, storeReply(operationId, figures, code));
  return accept(operationId, documentId === null ? null : nameDocument('KkmOperation', documentId, now), figures, code);
}

/** A sale that never came may have returns that did; a return that never came has nothing round it. */
function groupOfUnknown(key: NaturalKey): ReceiptGroup | undefined {
  return key.kind === 'Sale' ? { sort: 'sale', key } : undefined;
}

async function meetKnownCancel(trx: Trx, cancelId: number, request: CancelRequest): Promise<OperationReply> {
  const known = await getReceiptCancel(trx, cancelId);
  if (known.cardNumber !== null && request.cardNumber !== null && known.cardNumber !== request.cardNumber) {
    return refuseOther(cancelOperationId(request), 'cardNumber');
  }
  const { documentId, reply, cancelledAt } = known;
  return repeatReply(reply, documentId === null ? null : nameDocument('KkmOperation', documentId, cancelledAt));
}

interface Undone {
  readonly receiptId: number | null;
  readonly cardIds: readonly number[];
  readonly moves: readonly CardMove[];
}

async function postUndoing(
  trx: Trx,
  standing: Standing,
  now: LocalDateTime,
  request: CancelRequest,
  { receiptId, cardIds, moves }: Undone,
): Promise<number> {
  const { kkm, shiftNumber, receiptNumber, reason } = request;
  const why = reason === null || reason === '' ? '' : `: ${reason}`;
  const comment = `Отмена чека ${receiptNumber}, смена ${shiftNumber}, касса ${kkm}${why}`;
  const head = { kind: 'KkmOperation', datedAt: now, receiptId, comment } as const;
  const { documentId } = await postDocument(
    trx,
    { ...head, recordedAt: now, shopCode: standing.shops.get(kkm) ?? null },
    moves,
  );
  if (standing.billing !== undefined) {
    const all = [...cardIds, ...moves.map(({ cardId }) => cardId)];
    const isOutside = isOlder(request, standing.billing);
    const event = { ...head, documentId, cardIds: all, newReceiptId: undefined, isOutside };
    await postBilling(trx, { ...standing, state: standing.billing, now }, event);
  }
  return documentId;
}

function refuseOther(operationId: string, field: string): OperationReply {
  return refuse(resultCodes.otherContent, operationId, undefined, { field, expected: 'то же значение' });
}

/** Of a request refused, what of it could be read. */
function cancelOperationId(request: Partial<CancelRequest>): string {
  const { operationId = null, kind, kkm, shiftNumber, receiptNumber, receiptAt } = request;
  if (operationId !== null) return operationId;
  const receiptOn = receiptAt === undefined ? undefined : dateOf(receiptAt);
  return makeOperationId('Cancel', kind, kkm, shiftNumber, receiptNumber, receiptOn);
}
