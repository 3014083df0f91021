// Bodies of the operations that a till posts, and what they are answered with.
import { z } from 'zod';
import { formatSum } from '../../ledger/money.ts';
import { receiptKinds, type Receipt } from '../../ledger/receipt.ts';
import { describeResult, type ResultCode, type Trouble } from '../../ledger/result.ts';
import type { Checked } from '../../operations/checked.ts';
import type { OperationReply } from '../../operations/operation-reply.ts';
import type { UploadReply } from '../../operations/receipts/upload-receipts.ts';
import { nameField, renameChecked, toCommandNames } from '../field-names.ts';
import { readInput } from '../read-input.ts';
import {
  amount,
  boundedText,
  count,
  moment,
  nullable,
  oneOf,
  optionalKey,
  optionalText,
  requiredText,
  sum,
  sumOut,
  truth,
} from '../scalars.ts';

/** The receipt that an operation belongs to. */
export const receiptPlace = {
  kkm: requiredText('kkm').meta({ description: 'Имя кассы' }),
  shiftNumber: count,
  receiptNumber: count,
  receiptDate: moment,
};
export const operationId = optionalKey('operationId').meta({
  description: 'Ключ операции; пустой сервис заменит своим. То же, что заголовок Idempotency-Key',
});
const cardNumber = requiredText('cardNumber');
const kind = oneOf(receiptKinds).meta({ description: 'Продажа или возврат' });

export const receiptKey = z.strictObject(receiptPlace).meta({ id: 'ReceiptKey' });

export const receiptLine = z
  .strictObject({
    number: count,
    code: boundedText('code'),
    name: optionalText('name'),
    quantity: amount,
    price: amount,
    sum,
    discount: sum,
  })
  .meta({ id: 'ReceiptLine' });

export const receipt = z
  .strictObject({
    operationId,
    kind,
    ...receiptPlace,
    cardNumber,
    sum,
    sumWithDiscount: sum,
    bonusAccrued: sum,
    bonusRedeemed: sum,
    accumulationDelta: nullable(sum),
    receiptCountDelta: nullable(count),
    offline: truth.meta({ description: 'Пробит без связи с сервисом' }),
    cashier: optionalText('cashier'),
    fn: optionalText('fn'),
    fd: optionalText('fd'),
    fp: optionalText('fp'),
    original: nullable(receiptKey.transform(toCommandNames)).meta({ description: 'Чек продажи, который возвращают' }),
    lines: z.array(receiptLine.transform(toCommandNames), { error: 'список строк чека' }).default([]),
  })
  .meta({ id: 'Receipt' });

export const receiptCancel = z
  .strictObject({
    operationId,
    kind,
    ...receiptPlace,
    cardNumber: optionalKey('cardNumber'),
    reason: optionalText('reason'),
  })
  .meta({ id: 'ReceiptCancel' });

export const bonusReserve = z
  .strictObject({ operationId, ...receiptPlace, cardNumber, amount: sum })
  .meta({ id: 'BonusReserve' });

export const operationResult = z
  .strictObject({
    code: z.int().meta({ description: 'Код результата, тот же, что у SOAP' }),
    text: z.string(),
    field: z.string().optional().meta({ description: 'Поле, о котором говорит код 6 или 11' }),
    operationId: z.string(),
    duplicate: z.boolean(),
    document: z.string().nullable(),
    bonusBalance: sumOut,
    bonusAvailable: sumOut,
    accumulationSum: sumOut,
    receiptCount: z.int(),
    cashierMessage: z.string().nullable(),
    receiptMessage: z.string().nullable(),
  })
  .meta({ id: 'OperationResult' });

export function showOperationResult(reply: OperationReply): z.input<typeof operationResult> {
  return {
    ...showCode(reply.code, reply.trouble),
    operationId: reply.operationId,
    duplicate: reply.duplicate,
    document: reply.document,
    bonusBalance: formatSum(reply.bonusBalance),
    bonusAvailable: formatSum(reply.bonusAvailable),
    accumulationSum: formatSum(reply.accumulation),
    receiptCount: reply.receipts,
    cashierMessage: reply.cashierMessage,
    receiptMessage: reply.receiptMessage,
  };
}

export function showCode(code: ResultCode, trouble?: Trouble): { code: number; text: string; field?: string } {
  const named = trouble === undefined ? undefined : { ...trouble, field: nameField(trouble.field) };
  const text = describeResult(code, named);
  return named === undefined ? { code, text } : { code, text, field: named.field };
}

/** Of a list each receipt is judged alone: a bad one does not keep the others out. */
const checkedReceipt = z.unknown().transform(readReceipt).meta({ $ref: '#/components/schemas/Receipt' });

function readReceipt(given: unknown): Checked<Receipt> {
  return renameChecked(readInput(receipt, given));
}

export const receiptUpload = z
  .strictObject({
    kkm: requiredText('kkm').meta({ description: 'Касса, которая передаёт чеки' }),
    receipts: z.array(checkedReceipt, { error: 'список чеков' }),
  })
  .meta({ id: 'ReceiptUpload' });

export const uploadResult = z
  .strictObject({
    code: z.int(),
    text: z.string(),
    accepted: z.int(),
    linked: z.int().meta({ description: 'Уже были известны' }),
    rejected: z.int(),
    results: z.array(operationResult),
  })
  .meta({ id: 'UploadResult' });

export function showUploadResult(reply: UploadReply): z.input<typeof uploadResult> {
  const { accepted, linked, rejected, results } = reply;
  return { ...showCode(reply.code), accepted, linked, rejected, results: results.map(showOperationResult) };
}
