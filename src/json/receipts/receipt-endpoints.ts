// What a till posts: receipts as they are closed, cancels, holds, and the shift's receipts together (the report road).
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import type { OperationReply } from '../../operations/operation-reply.ts';
import { cancelReceipt } from '../../operations/receipts/cancel-receipt.ts';
import { registerReceipt } from '../../operations/receipts/register-receipt.ts';
import { releaseBonus, reserveBonus } from '../../operations/receipts/reserve-bonus.ts';
import { uploadReceipts } from '../../operations/receipts/upload-receipts.ts';
import { defineOperation, type Endpoint } from '../endpoint.ts';
import { renameChecked } from '../field-names.ts';
import { refuseResult } from '../json-refusal.ts';
import * as examples from './receipt-examples.ts';
import {
  bonusReserve,
  operationResult,
  receipt,
  receiptCancel,
  receiptUpload,
  showOperationResult,
  showUploadResult,
  uploadResult,
} from './receipt-schemas.ts';

const shared = { tag: 'Чеки', roles: ['till', 'admin'], gate: 'operation', statuses: [] } as const;

export const receiptEndpoints: readonly Endpoint[] = [
  defineOperation({
    ...shared,
    name: 'registerReceipt',
    method: 'POST',
    path: 'receipts/register',
    summary: 'Провести чек',
    description: 'Как по SOAP: чек закрыт сейчас, касса на связи.',
    input: { body: receipt },
    reply: operationResult,
    takeKey: takeOperationId,
    examples: examples.register,
    answer: async ({ infobase, now }, input) =>
      answerOperation(await registerReceipt(infobase, now, renameChecked(input))),
  }),
  defineOperation({
    ...shared,
    name: 'cancelReceipt',
    method: 'POST',
    path: 'receipts/cancel',
    summary: 'Отменить чек',
    description: 'Как по SOAP. Отмена чека, который ещё не пришёл, запоминается.',
    input: { body: receiptCancel },
    reply: operationResult,
    takeKey: takeOperationId,
    examples: examples.cancel,
    answer: async ({ infobase, now }, input) =>
      answerOperation(await cancelReceipt(infobase, now, renameChecked(input))),
  }),
  defineOperation({
    ...shared,
    name: 'uploadReceipts',
    method: 'POST',
    path: 'receipts',
    summary: 'Передать чеки смены',
    description:
      'Как по SOAP: чеки, пробитые без связи. О каждом судят отдельно, ответы идут в том же порядке. ' +
      'Idempotency-Key принимается, если чек один.',
    input: { body: receiptUpload },
    reply: uploadResult,
    takeKey: (input, key) => {
      const [first] = input.receipts;
      if (input.receipts.length !== 1 || first === undefined) return undefined;
      const keyed = first.ok ? takeOperationId(first.value, key) : takeOperationId(first.partial, key);
      if (keyed === undefined) return undefined;
      const only = first.ok ? { ok: true as const, value: { ...first.value, ...keyed } } : { ...first, partial: keyed };
      return { ...input, receipts: [only] };
    },
    examples: examples.upload,
    answer: async ({ infobase, now }, input) => {
      const reply = await uploadReceipts(infobase, now, input);
      refuseAtGate(reply.code, reply.trouble);
      return { body: showUploadResult(reply), code: reply.code };
    },
  }),
  defineOperation({
    ...shared,
    name: 'reserveBonus',
    method: 'POST',
    path: 'bonus/reserve',
    summary: 'Отложить бонусы под чек',
    description: 'Как по SOAP: бонусы отложены под чек, пока не выйдет время.',
    input: { body: bonusReserve },
    reply: operationResult,
    takeKey: takeOperationId,
    examples: examples.reserve,
    answer: async ({ infobase, now }, input) =>
      answerOperation(await reserveBonus(infobase, now, renameChecked(input))),
  }),
  defineOperation({
    ...shared,
    name: 'releaseBonus',
    method: 'POST',
    path: 'bonus/release',
    summary: 'Вернуть отложенные бонусы',
    description: 'Как по SOAP: освобождает всё, что отложено под чек.',
    input: { body: bonusReserve },
    reply: operationResult,
    takeKey: takeOperationId,
    examples: examples.release,
    answer: async ({ infobase, now }, input) =>
      answerOperation(await releaseBonus(infobase, now, renameChecked(input))),
  }),
];

/** @returns undefined where the body has another operation id already. */
export function takeOperationId<T extends { readonly operationId?: string | null }>(
  input: T,
  key: string,
): T | undefined {
  const { operationId = null } = input;
  return operationId === null || operationId === key ? { ...input, operationId: key } : undefined;
}

/**
 * A refusal of the business is an answer like any other, as it is for SOAP: the till must not take it for a broken line.
 * What keeps the operation from being judged at all is an error.
 */
function answerOperation(reply: OperationReply) {
  refuseAtGate(reply.code, reply.trouble);
  return { body: showOperationResult(reply), code: reply.code };
}

const gates: readonly ResultCode[] = [
  resultCodes.moduleOff,
  resultCodes.noSubscription,
  resultCodes.exclusiveMode,
  resultCodes.badArgument,
];

/** @throws JsonRefusal where the operation was not judged. */
export function refuseAtGate(code: ResultCode, trouble?: Trouble): void {
  if (gates.includes(code)) throw refuseResult(code, trouble);
}
