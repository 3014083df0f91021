// Bodies about receipts as they are kept: in a list, and one with all that belongs to it.
import { z } from 'zod';
import { formatSum } from '../../ledger/money.ts';
import { documentRegisters } from '../../operations/billing/document-id.ts';
import { documentKinds } from '../../operations/billing/list-documents.ts';
import { receiptFlags } from '../../operations/receipts/list-flagged-receipts.ts';
import type { ListedReceipt } from '../../operations/receipts/list-receipts.ts';
import type { ReadReceipt, RelatedReceipt } from '../../operations/receipts/read-receipt.ts';
import type { RowColumn } from '../../tables/row-column.ts';
import { measuresOut, showMeasures } from '../billing/document-schemas.ts';
import { momentOut, sumOut } from '../scalars.ts';

const place = { kkm: z.string(), shiftNumber: z.int(), receiptNumber: z.int(), receiptDate: momentOut };

const kept = {
  id: z.int(),
  kind: z.enum(['Sale', 'Return']),
  ...place,
  cardNumber: z.string(),
  sum: sumOut,
  sumWithDiscount: sumOut,
  bonusAccrued: sumOut,
  bonusRedeemed: sumOut,
  cashier: z.string().nullable(),
  offline: z.boolean(),
  road: z.enum(['online', 'report']).meta({ description: 'Пришёл вызовом кассы или в отчёте за смену' }),
  state: z.enum(['posted', 'cancelled']),
  flags: z.array(z.enum(receiptFlags)).meta({ description: 'На что посмотреть' }),
};

const keptReceipt = z.strictObject(kept).meta({ id: 'KeptReceipt' });

export const receiptColumns: readonly RowColumn[] = [
  { name: 'id', title: 'Номер записи', sort: 'count' },
  { name: 'kind', title: 'Вид', sort: 'text' },
  { name: 'kkm', title: 'Касса', sort: 'text' },
  { name: 'shiftNumber', title: 'Смена', sort: 'count' },
  { name: 'receiptNumber', title: 'Чек', sort: 'count' },
  { name: 'receiptDate', title: 'Дата', sort: 'text' },
  { name: 'cardNumber', title: 'Карта', sort: 'text' },
  { name: 'sum', title: 'Сумма', sort: 'sum' },
  { name: 'sumWithDiscount', title: 'Сумма со скидкой', sort: 'sum' },
  { name: 'bonusAccrued', title: 'Начислено бонусов', sort: 'sum' },
  { name: 'bonusRedeemed', title: 'Списано бонусов', sort: 'sum' },
  { name: 'cashier', title: 'Кассир', sort: 'text' },
  { name: 'road', title: 'Откуда', sort: 'text' },
  { name: 'state', title: 'Состояние', sort: 'text' },
  { name: 'flags', title: 'Пометки', sort: 'text' },
];

export const receiptPage = z
  .strictObject({
    receipts: z.array(keptReceipt),
    next: z.string().nullable().meta({ description: 'cursor следующей страницы; null, если эта последняя' }),
  })
  .meta({ id: 'ReceiptPage' });

export function showKeptReceipt(receipt: ListedReceipt): z.input<typeof keptReceipt> {
  const { id, kind, kkm, shiftNumber, receiptNumber, cardNumber, cashier, offline, road, state, flags } = receipt;
  return {
    id,
    kind,
    kkm,
    shiftNumber,
    receiptNumber,
    receiptDate: receipt.receiptAt,
    cardNumber,
    sum: formatSum(receipt.sumKopecks),
    sumWithDiscount: formatSum(receipt.sumWithDiscountKopecks),
    bonusAccrued: formatSum(receipt.bonusAccruedKopecks),
    bonusRedeemed: formatSum(receipt.bonusRedeemedKopecks),
    cashier,
    offline,
    road,
    state,
    flags: [...flags],
  };
}

const related = z
  .strictObject({
    id: z.int().nullable().meta({ description: 'null, если чек не приходил' }),
    ...place,
    state: z.enum(['posted', 'cancelled']).nullable(),
  })
  .meta({ id: 'RelatedReceipt' });

export const receiptDetail = z
  .strictObject({
    ...kept,
    operationId: z.string().nullable(),
    fn: z.string().nullable(),
    fd: z.string().nullable(),
    fp: z.string().nullable(),
    shop: z.string().nullable(),
    lines: z.array(
      z.strictObject({
        number: z.int(),
        code: z.string(),
        name: z.string().nullable(),
        quantity: z.string(),
        price: z.string(),
        sum: sumOut,
        discount: sumOut,
      }),
    ),
    documents: z
      .array(
        z.strictObject({
          id: z.string(),
          register: z.enum(documentRegisters),
          kind: z.enum(documentKinds),
          name: z.string(),
          date: momentOut,
          comment: z.string().nullable(),
          movements: z.array(z.strictObject({ cardNumber: z.string(), ...measuresOut })),
        }),
      )
      .meta({ description: 'Что сделал чек: документы с движениями' }),
    cancel: z
      .strictObject({ date: momentOut, reason: z.string().nullable(), documentId: z.string().nullable() })
      .nullable(),
    original: related.nullable().meta({ description: 'Чек продажи, который возвращают' }),
    returns: z.array(related).meta({ description: 'Возвраты этой продажи' }),
  })
  .meta({ id: 'ReceiptDetail' });

export function showReceiptDetail(found: ReadReceipt): z.input<typeof receiptDetail> {
  const { receipt, shopCode, documents, cancel, original, returns } = found;
  const { operationId, fn, fd, fp, lines } = receipt;
  return {
    ...showKeptReceipt(receipt),
    operationId,
    fn,
    fd,
    fp,
    shop: shopCode,
    lines: lines.map(({ number, code, name, quantity, price, sumKopecks, discountKopecks }) => {
      return { number, code, name, quantity, price, sum: formatSum(sumKopecks), discount: formatSum(discountKopecks) };
    }),
    documents: documents.map(({ documentId: id, register, kind, name, datedAt: date, comment, lines: moved }) => {
      const movements = moved.map((line) => ({ cardNumber: line.cardNumber, ...showMeasures(line) }));
      return { id, register, kind, name, date, comment, movements };
    }),
    cancel: cancel === null ? null : { date: cancel.cancelledAt, reason: cancel.reason, documentId: cancel.documentId },
    original: original === null ? null : showRelated(original),
    returns: returns.map(showRelated),
  };
}

function showRelated({ id, kkm, shiftNumber, receiptNumber, receiptAt, state }: RelatedReceipt) {
  return { id, kkm, shiftNumber, receiptNumber, receiptDate: receiptAt, state };
}
