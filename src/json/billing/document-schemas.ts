// Bodies about documents of both registers, their lines, and why a card has its balance.
import { z } from 'zod';
import { formatSum } from '../../ledger/money.ts';
import type { Measures } from '../../ledger/measures.ts';
import { documentRegisters } from '../../operations/billing/document-id.ts';
import { documentKinds, type DocumentHead, type DocumentInList } from '../../operations/billing/list-documents.ts';
import type { ReadDocument, ReadDocumentLine } from '../../operations/billing/read-document.ts';
import type { CardExplanation } from '../../operations/cards/explain-card.ts';
import type { ShownCard } from '../../operations/cards/show-card.ts';
import type { RowColumn } from '../../tables/row-column.ts';
import { cardOperation, showCardOperation } from '../cards/card-schemas.ts';
import { dateOut, formatPercent, momentOut, percentOut, sumOut } from '../scalars.ts';

/** The three measures as bodies have them. */
export const measuresOut = { bonus: sumOut, accumulation: sumOut, receipts: z.int() };

export function showMeasures({ bonus, accumulation, receipts }: Measures) {
  return { bonus: formatSum(bonus), accumulation: formatSum(accumulation), receipts };
}

const documentId = z.string().meta({ description: 'Для documents/{id}', examples: ['billing-42'] });

const head = {
  id: documentId,
  register: z.enum(documentRegisters).meta({ description: 'Накопления или биллинг' }),
  kind: z.enum(documentKinds),
  name: z.string().meta({ description: 'Как документ называют люди' }),
  date: momentOut,
  recordedAt: momentOut.meta({ description: 'Когда записан' }),
  origin: z
    .enum(['receipt', 'manual', 'opening', 'night', 'compensation'])
    .nullable()
    .meta({ description: 'Из чего сделан документ биллинга' }),
  comment: z.string().nullable(),
  receiptId: z.int().nullable(),
  kkm: z.string().nullable(),
  shiftNumber: z.int().nullable(),
  receiptNumber: z.int().nullable(),
  cashier: z.string().nullable(),
  shop: z.string().nullable(),
  tradeDocumentId: documentId.nullable().meta({ description: 'Торговый документ, за которым стоит документ биллинга' }),
};

function showHead(document: DocumentHead) {
  const { documentId: id, datedAt: date, shopCode: shop, ...rest } = document;
  const { register, kind, name, recordedAt, origin, comment, receiptId, tradeDocumentId } = rest;
  const { kkm, shiftNumber, receiptNumber, cashier } = rest;
  const receipt = { receiptId, kkm, shiftNumber, receiptNumber, cashier, shop };
  return { id, register, kind, name, date, recordedAt, origin, comment, ...receipt, tradeDocumentId };
}

const listedDocument = z
  .strictObject({
    ...head,
    line: z
      .strictObject({ cardNumber: z.string(), ...measuresOut })
      .nullable()
      .meta({ description: 'Если строка одна' }),
    hasMoreLines: z.boolean(),
  })
  .meta({ id: 'ListedDocument' });

export const documentColumns: readonly RowColumn[] = [
  { name: 'id', title: 'Номер записи', sort: 'text' },
  { name: 'register', title: 'Регистр', sort: 'text' },
  { name: 'kind', title: 'Вид', sort: 'text' },
  { name: 'name', title: 'Документ', sort: 'text' },
  { name: 'date', title: 'Дата', sort: 'text' },
  { name: 'recordedAt', title: 'Записан', sort: 'text' },
  { name: 'kkm', title: 'Касса', sort: 'text' },
  { name: 'receiptNumber', title: 'Чек', sort: 'count' },
  { name: 'shop', title: 'Магазин', sort: 'text' },
  { name: 'cardNumber', title: 'Карта', sort: 'text', path: ['line', 'cardNumber'] },
  { name: 'bonus', title: 'Бонусы', sort: 'sum', path: ['line', 'bonus'] },
  { name: 'accumulation', title: 'Накопление', sort: 'sum', path: ['line', 'accumulation'] },
  { name: 'receipts', title: 'Чеков', sort: 'count', path: ['line', 'receipts'] },
  { name: 'comment', title: 'Комментарий', sort: 'text' },
];

export const documentPage = z
  .strictObject({
    documents: z.array(listedDocument),
    next: z.string().nullable().meta({ description: 'cursor следующей страницы; null, если эта последняя' }),
  })
  .meta({ id: 'DocumentPage' });

export function showListedDocument({ onlyLine, hasMoreLines, ...own }: DocumentInList): z.input<typeof listedDocument> {
  const line = onlyLine === null ? null : { cardNumber: onlyLine.cardNumber, ...showMeasures(onlyLine) };
  return { ...showHead(own), line, hasMoreLines };
}

const documentLine = z
  .strictObject({
    cardNumber: z.string(),
    ...measuresOut,
    bonusAfter: sumOut,
    reason: z.string().nullable(),
    accruals: z
      .array(z.strictObject({ writeOffDate: dateOut, ...measuresOut }))
      .meta({ description: 'Строки «Оборотов начислений»' }),
    delayed: z
      .array(z.strictObject({ creditDate: dateOut, writeOffDate: dateOut, ...measuresOut }))
      .meta({ description: 'Отложенные начисления' }),
  })
  .meta({ id: 'DocumentLine' });

export const document = z
  .strictObject({
    ...head,
    fileName: z.string().nullable(),
    madeBy: z.string().nullable(),
    total: z.strictObject({ lines: z.int(), ...measuresOut }),
    lines: z.array(documentLine),
    next: z.string().nullable().meta({ description: 'cursor следующих строк; null, если эти последние' }),
  })
  .meta({ id: 'Document' });

export function showDocument(found: ReadDocument): z.input<typeof document> {
  const { fileName, madeBy, total, lines, next } = found;
  return {
    ...showHead(found),
    fileName,
    madeBy,
    total: { lines: total.count, ...showMeasures(total) },
    lines: lines.map(showLine),
    next: next === null ? null : `${next.cardId}.${next.line}`,
  };
}

function showLine(line: ReadDocumentLine): z.input<typeof documentLine> {
  const { cardNumber, bonusAfter, reason, accruals, delayed } = line;
  return {
    cardNumber,
    ...showMeasures(line),
    bonusAfter: formatSum(bonusAfter),
    reason,
    accruals: accruals.map((row) => ({ writeOffDate: row.writeOffOn, ...showMeasures(row) })),
    delayed: delayed.map((row) => ({
      creditDate: row.creditOn,
      writeOffDate: row.writeOffOn,
      ...showMeasures(row),
    })),
  };
}

export const cardExplanation = z
  .strictObject({
    cardNumber: z.string(),
    register: z.enum(documentRegisters),
    at: momentOut.nullable(),
    ...measuresOut,
    available: sumOut.nullable(),
    addsUp: z.boolean().meta({ description: 'Сходится ли сохранённый остаток с суммой всех движений карты' }),
    rows: z.array(cardOperation).meta({ description: 'Движения, из которых сложился остаток, от новых к старым' }),
    earlier: z
      .strictObject({ count: z.int(), ...measuresOut })
      .nullable()
      .meta({ description: 'Сумма движений, которые старше показанных' }),
    accruals: z
      .array(z.strictObject({ writeOffDate: dateOut, ...measuresOut }))
      .meta({ description: '«Обороты начислений» вперёд: что начислено с этим сроком, сколько бы ни потратили' }),
    burning: z
      .array(z.strictObject({ date: dateOut, ...measuresOut }))
      .meta({ description: 'Что сгорит и когда, если больше ничего не случится' }),
    hasMoreBurning: z.boolean(),
    pending: z
      .array(z.strictObject({ creditDate: dateOut, writeOffDate: dateOut, ...measuresOut }))
      .meta({ description: 'Что ещё будет начислено' }),
    holds: z
      .array(
        z.strictObject({
          kkm: z.string(),
          shiftNumber: z.int(),
          receiptNumber: z.int(),
          amount: sumOut,
          until: momentOut,
        }),
      )
      .meta({ description: 'Отложено под чеки' }),
  })
  .meta({ id: 'CardExplanation' });

export function showExplanation(found: CardExplanation): z.input<typeof cardExplanation> {
  const { cardNumber, register, at, balances, available, addsUp, rows, earlier, ahead, holds } = found;
  return {
    cardNumber,
    register,
    at,
    ...showMeasures(balances),
    available: available === null ? null : formatSum(available),
    addsUp,
    rows: rows.map(showCardOperation),
    earlier: earlier === null ? null : { count: earlier.count, ...showMeasures(earlier) },
    accruals: (ahead?.accruals ?? []).map((row) => ({ writeOffDate: row.writeOffOn, ...showMeasures(row) })),
    burning: (ahead?.burning ?? []).map((row) => ({ date: row.on, ...showMeasures(row) })),
    hasMoreBurning: ahead?.hasMore ?? false,
    pending: (ahead?.pending ?? []).map((row) => ({
      creditDate: row.creditOn,
      writeOffDate: row.writeOffOn,
      ...showMeasures(row),
    })),
    holds: holds.map(({ kkm, shiftNumber, receiptNumber, amount, expiresAt }) => {
      return { kkm, shiftNumber, receiptNumber, amount: formatSum(amount), until: expiresAt };
    }),
  };
}

/** A card as it was at a moment, by the dates of its documents. */
export const cardAt = z
  .strictObject({
    cardNumber: z.string(),
    cardKind: z.string(),
    holder: z.string().nullable(),
    at: momentOut,
    bonusBalance: sumOut,
    accumulationSum: sumOut,
    receiptCount: z.int(),
    discountPercent: percentOut.meta({ description: 'По этим остаткам и сегодняшнему виду карты' }),
  })
  .meta({ id: 'CardAt' });

export function showCardAt(shown: ShownCard): z.input<typeof cardAt> {
  const { card, kind, at, balances, discountPercentHundredths } = shown;
  return {
    cardNumber: card.number,
    cardKind: kind.name,
    holder: card.holder,
    at: at as string,
    bonusBalance: formatSum(balances.bonus),
    accumulationSum: formatSum(balances.accumulation),
    receiptCount: balances.receipts,
    discountPercent: formatPercent(discountPercentHundredths),
  };
}
