// Bodies about one card: what a till reads of it, and its history.
import { z } from 'zod';
import { cardStatuses } from '../../ledger/card.ts';
import { formatSum } from '../../ledger/money.ts';
import { describeResult } from '../../ledger/result.ts';
import type { CardOperation } from '../../operations/cards/list-card-operations.ts';
import type { Card } from '../../operations/cards/list-cards.ts';
import type { CardReply } from '../../operations/cards/read-card.ts';
import type { RowColumn } from '../../tables/row-column.ts';
import { dateOut, formatPercent, momentOut, percentOut, sumOut } from '../scalars.ts';

export const cardInfo = z
  .strictObject({
    code: z.int().meta({ description: '0, или почему карту нельзя обслужить: 2 или 3' }),
    text: z.string(),
    cardNumber: z.string(),
    cardKind: z.string().nullable(),
    holder: z.string().nullable(),
    status: z.enum(cardStatuses).nullable(),
    bonusBalance: sumOut,
    bonusAvailable: sumOut,
    bonusPending: sumOut,
    accumulationSum: sumOut,
    receiptCount: z.int(),
    discountPercent: percentOut,
    maxRedeemPercent: percentOut.nullable(),
    accrualPercent: percentOut.nullable(),
    expiringBonus: sumOut,
    expiringDate: momentOut.nullable(),
    cashierMessage: z.string().nullable(),
    receiptMessage: z.string().nullable(),
  })
  .meta({ id: 'CardInfo' });

export function showCardInfo(reply: CardReply): z.input<typeof cardInfo> {
  const { maxRedeemPercentHundredths: greatest, accrualPercentHundredths: accrual } = reply;
  return {
    code: reply.code,
    text: describeResult(reply.code),
    cardNumber: reply.cardNumber,
    cardKind: reply.kindName,
    holder: reply.holder,
    status: reply.status as z.input<typeof cardInfo>['status'],
    bonusBalance: formatSum(reply.bonusBalance),
    bonusAvailable: formatSum(reply.bonusAvailable),
    bonusPending: formatSum(reply.bonusPending),
    accumulationSum: formatSum(reply.accumulation),
    receiptCount: reply.receipts,
    discountPercent: formatPercent(reply.discountPercentHundredths),
    maxRedeemPercent: greatest === null ? null : formatPercent(greatest),
    accrualPercent: accrual === null ? null : formatPercent(accrual),
    expiringBonus: formatSum(reply.expiringBonus),
    expiringDate: reply.expiringAt,
    cashierMessage: reply.cashierMessage,
    receiptMessage: reply.receiptMessage,
  };
}

export const card = z
  .strictObject({
    number: z.string(),
    kind: z.string(),
    holder: z.string().nullable(),
    status: z.enum(cardStatuses),
    validFrom: dateOut.nullable(),
    validTo: dateOut.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'Card' });

const cardTitles: Readonly<Record<keyof typeof card.shape, string>> = {
  number: 'Номер карты',
  kind: 'Вид карты',
  holder: 'Владелец',
  status: 'Статус',
  validFrom: 'Действует с',
  validTo: 'Действует по',
  note: 'Примечание',
};

export const cardColumns: readonly RowColumn[] = Object.entries(cardTitles).map(([name, title]) => {
  return { name, title, sort: 'text' };
});

export const cardPage = z
  .strictObject({
    cards: z.array(card),
    next: z.string().nullable().meta({ description: 'cursor следующей страницы; null, если эта последняя' }),
  })
  .meta({ id: 'CardPage' });

export function showCard({ number, kindCode, holder, status, validFrom, validTo, note }: Card): z.input<typeof card> {
  return { number, kind: kindCode, holder, status, validFrom, validTo, note };
}

export const cardOperation = z
  .strictObject({
    date: momentOut,
    document: z.string(),
    documentId: z.string().meta({ description: 'Для documents/{id}' }),
    documentKind: z.enum([
      'OpeningAccumulation',
      'OpeningBalance',
      'KkmOperation',
      'TpOperation',
      'Accrual',
      'WriteOff',
    ]),
    kkm: z.string().nullable(),
    receiptNumber: z.int().nullable(),
    bonus: sumOut,
    accumulation: sumOut,
    receipts: z.int(),
    writeOffDate: momentOut.nullable(),
    bonusAfter: sumOut,
    comment: z.string().nullable(),
  })
  .meta({ id: 'CardOperation' });

export const cardOperations = z
  .strictObject({ cardNumber: z.string(), operations: z.array(cardOperation) })
  .meta({ id: 'CardOperations' });

export function showCardOperation(operation: CardOperation): z.input<typeof cardOperation> {
  return {
    date: operation.datedAt,
    document: operation.document,
    documentId: operation.documentId,
    documentKind: operation.documentKind,
    kkm: operation.kkm,
    receiptNumber: operation.receiptNumber,
    bonus: formatSum(operation.bonus),
    accumulation: formatSum(operation.accumulation),
    receipts: operation.receipts,
    writeOffDate: operation.writeOffAt,
    bonusAfter: formatSum(operation.bonusAfter),
    comment: operation.comment,
  };
}
