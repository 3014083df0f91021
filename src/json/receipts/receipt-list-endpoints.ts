// Receipts as they are kept.
import { z } from 'zod';
import type { Infobase } from '../../operations/infobase.ts';
import { listReceipts, type ReceiptListFilter } from '../../operations/receipts/list-receipts.ts';
import { readReceipt } from '../../operations/receipts/read-receipt.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { refuseHttp } from '../json-refusal.ts';
import * as examples from './receipt-list-examples.ts';
import {
  receiptColumns,
  receiptDetail,
  receiptPage,
  showKeptReceipt,
  showReceiptDetail,
} from './receipt-list-schemas.ts';
import { countText, date, idText, listFormat, notEmpty, nullable } from '../scalars.ts';

const read = { tag: 'Чеки', roles: ['admin', 'auditor'], gate: 'door' } as const;

const receiptList = z.strictObject({
  card: nullable(notEmpty).meta({ description: 'Номер карты' }),
  kkm: nullable(notEmpty).meta({ description: 'Имя кассы' }),
  shift: nullable(countText(0, 999_999_999)).meta({ description: 'Номер смены' }),
  from: nullable(date).meta({ description: 'Дата чека с, включительно' }),
  to: nullable(date).meta({ description: 'Дата чека по, включительно' }),
  limit: countText(1, 1_000).default(100).meta({ description: 'Чеков на странице' }),
  cursor: nullable(idText).meta({ description: 'next прошлой страницы' }),
  format: listFormat,
});
type Query = z.output<typeof receiptList>;

function toFilter({
  card: cardNumber,
  shift: shiftNumber,
  kkm,
  from,
  to,
}: Omit<Query, 'cursor' | 'limit'>): ReceiptListFilter {
  return { cardNumber, shiftNumber, kkm, from, to };
}

/** Read in one turn, as a page. */
const piece = 1_000;

async function* readPieces(infobase: Infobase, { cursor, ...query }: Query): AsyncGenerator<readonly object[]> {
  for (let before = cursor; ;) {
    const { rows, next } = await listReceipts(infobase, toFilter(query), { limit: piece, before });
    yield rows.map(showKeptReceipt);
    if (next === null) return;
    before = next;
  }
}

export const receiptListEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...read,
    statuses: [],
    name: 'listReceipts',
    method: 'GET',
    path: 'receipts',
    summary: 'Список чеков',
    description:
      'От новых к старым в том порядке, в каком они пришли. Страница может быть короче limit и не последней, если ' +
      'подходит мало чеков. Весь список сразу: NDJSON, CSV или XLSX, без limit; сервис отдаёт его по мере чтения.',
    input: { query: receiptList },
    reply: receiptPage,
    rows: {
      name: 'receipts',
      open: ({ infobase }, query: Query) => ({
        columns: receiptColumns,
        pieces: readPieces(infobase, query),
      }),
    },
    examples: examples.listReceipts,
    answer: async ({ infobase }, { limit, cursor, ...query }) => {
      const { rows, next } = await listReceipts(infobase, toFilter(query), { limit, before: cursor });
      return { body: { receipts: rows.map(showKeptReceipt), next: next === null ? null : String(next) } };
    },
  }),
  defineEndpoint({
    ...read,
    statuses: [404],
    name: 'readReceipt',
    method: 'GET',
    path: 'receipts/{id}',
    summary: 'Прочитать чек',
    description: 'Со строками, документами и движениями, отменой, исходным чеком и возвратами.',
    input: { path: z.strictObject({ id: idText.meta({ description: 'id из списка' }) }) },
    reply: receiptDetail,
    examples: examples.readReceipt,
    answer: async ({ infobase }, { id }) => {
      const found = await readReceipt(infobase, id);
      if (found === undefined) throw refuseHttp(404, `Чека ${id} нет`);
      return { body: showReceiptDetail(found) };
    },
  }),
];
