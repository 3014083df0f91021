// What is asked about one card.
import { z } from 'zod';
import { cardNumberLimit, cardStatuses } from '../../ledger/card.ts';
import { resultCodes } from '../../ledger/result.ts';
import { describeService } from '../../operations/admin/describe-service.ts';
import { explainCard } from '../../operations/cards/explain-card.ts';
import { listCardOperations, operationsLimit } from '../../operations/cards/list-card-operations.ts';
import { listCardPage, listCards, type Card, type CardListFilter } from '../../operations/cards/list-cards.ts';
import { readCard } from '../../operations/cards/read-card.ts';
import { showCard } from '../../operations/cards/show-card.ts';
import * as examples from './card-examples.ts';
import {
  cardColumns,
  cardInfo,
  cardOperations,
  cardPage,
  showCard as showListedCard,
  showCardInfo,
  showCardOperation,
} from './card-schemas.ts';
import { cardAt, cardExplanation, showCardAt, showExplanation } from '../billing/document-schemas.ts';
import { defineEndpoint, defineOperation, type Endpoint } from '../endpoint.ts';
import { renameChecked } from '../field-names.ts';
import { refuseResult } from '../json-refusal.ts';
import { refuseAtGate } from '../receipts/receipt-endpoints.ts';
import { countText, listFormat, moment, notEmpty, nullable, oneOf, requiredText } from '../scalars.ts';
import type { Checked } from '../../operations/checked.ts';

const card = z.strictObject({ cardNumber: requiredText('cardNumber').meta({ description: 'Номер карты' }) });
const shared = { tag: 'Карты', roles: ['till', 'admin', 'auditor'], gate: 'operation', statuses: [404] } as const;

const listLimit = 1_000;
const cardList = z.strictObject({
  query: z.string().max(cardNumberLimit).default('').meta({ description: 'Начало номера' }),
  kind: nullable(notEmpty).meta({ description: 'Код вида карт' }),
  status: nullable(oneOf(cardStatuses)),
  limit: countText(1, listLimit).default(100).meta({ description: 'Карт на странице' }),
  cursor: z.string().max(cardNumberLimit).default('').meta({ description: 'next прошлой страницы' }),
  format: listFormat,
});

function toFilter({ query, kind, status, cursor }: z.output<typeof cardList>): CardListFilter {
  return { prefix: query, kindCode: kind, status, after: cursor };
}

async function* showPieces(pieces: AsyncIterable<readonly Card[]>): AsyncGenerator<readonly object[]> {
  for await (const cards of pieces) yield cards.map(showListedCard);
}

export const cardEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    tag: 'Карты',
    roles: ['admin', 'auditor'],
    gate: 'door',
    statuses: [],
    name: 'listCards',
    method: 'GET',
    path: 'cards',
    summary: 'Список карт',
    description:
      'По номерам, страницами. Весь список сразу: NDJSON, CSV или XLSX, без limit; сервис отдаёт его по мере чтения.',
    input: { query: cardList },
    reply: cardPage,
    rows: {
      name: 'cards',
      open: ({ infobase }, input: z.output<typeof cardList>) => ({
        columns: cardColumns,
        pieces: showPieces(listCards(infobase, toFilter(input))),
      }),
    },
    examples: examples.listCards,
    answer: async ({ infobase }, input) => {
      const { cards, next } = await listCardPage(infobase, toFilter(input), input.limit);
      return { body: { cards: cards.map(showListedCard), next } };
    },
  }),
  defineOperation({
    ...shared,
    name: 'readCard',
    method: 'GET',
    path: 'cards/{cardNumber}',
    summary: 'Прочитать карту',
    description: 'Как по SOAP. Карта заблокирована или вышел её срок: ответ 200 с кодом 2 или 3.',
    input: {
      path: card,
      query: z.strictObject({
        operationDate: nullable(moment).meta({ description: 'Когда карту читают; иначе часы базы' }),
        at: nullable(moment).meta({ description: 'Остатки на этот прошлый момент, по датам документов' }),
      }),
    },
    reply: z.union([cardInfo, cardAt]).meta({ id: 'CardReading' }),
    examples: examples.readCard,
    answer: async ({ infobase, now, serviceVersion }, input) => {
      const { at = null, ...rest } = input.ok ? input.value : input.partial;
      if (input.ok && at !== null) {
        refuseAtGate((await describeService(infobase, now, serviceVersion)).code);
        const { cardNumber } = input.value;
        const shown = await showCard(infobase, now, cardNumber, { at, movements: 0, nights: 0 });
        if (shown === undefined) throw refuseResult(resultCodes.cardNotFound);
        return { body: showCardAt(shown) };
      }
      const asked = (input.ok ? { ok: true, value: rest } : { ...input, partial: rest }) as typeof input;
      const reply = await readCard(infobase, now, withoutTill(renameChecked(asked)));
      refuseAtGate(reply.code, reply.trouble);
      if (reply.code === resultCodes.cardNotFound) throw refuseResult(reply.code);
      return { body: showCardInfo(reply), code: reply.code };
    },
  }),
  defineEndpoint({
    tag: 'Карты',
    roles: ['admin', 'auditor'],
    gate: 'door',
    statuses: [404],
    name: 'explainCard',
    method: 'GET',
    path: 'cards/{cardNumber}/explain',
    summary: 'Почему такой остаток',
    description: 'Движения, из которых он сложился, с проверкой; что и когда сгорит, что будет начислено и отложено.',
    input: {
      path: card,
      query: z.strictObject({
        at: nullable(moment).meta({ description: 'На этот прошлый момент; иначе сейчас' }),
        limit: countText(1, operationsLimit).default(200).meta({ description: 'Сколько движений показать по одному' }),
        nights: countText(1, 1_000).default(200).meta({ description: 'На сколько ночей вперёд смотреть' }),
      }),
    },
    reply: cardExplanation,
    examples: examples.explainCard,
    answer: async ({ infobase, now }, { cardNumber, at, limit, nights }) => {
      const options = { rows: limit, nights, ...(at === null ? {} : { at }) };
      const found = await explainCard(infobase, now, cardNumber, options);
      if (found === undefined) throw refuseResult(resultCodes.cardNotFound);
      return { body: showExplanation(found) };
    },
  }),
  defineOperation({
    ...shared,
    name: 'listCardOperations',
    method: 'GET',
    path: 'cards/{cardNumber}/operations',
    summary: 'История карты',
    description: 'Как по SOAP: последние движения за период, от старых к новым.',
    input: {
      path: card,
      query: z.strictObject({
        from: nullable(moment).meta({ description: 'С этого момента включительно' }),
        to: nullable(moment).meta({ description: 'По этот момент включительно' }),
        limit: nullable(countText(1, operationsLimit)).meta({ description: 'Сколько последних движений' }),
      }),
    },
    reply: cardOperations,
    examples: examples.listCardOperations,
    answer: async ({ infobase }, input) => {
      const reply = await listCardOperations(infobase, input);
      refuseAtGate(reply.code, reply.trouble);
      if (reply.code === resultCodes.cardNotFound) throw refuseResult(reply.code);
      const { cardNumber, operations } = reply;
      return { body: { cardNumber, operations: operations.map(showCardOperation) }, code: reply.code };
    },
  }),
];

/** Who reads a card or a certificate here need not be a till. */
export function withoutTill<T extends object>(input: Checked<T>): Checked<T & { readonly kkm: string }> {
  if (input.ok) return { ok: true, value: { ...input.value, kkm: '' } };
  return { ...input, partial: { ...input.partial, kkm: '' } as Partial<T & { readonly kkm: string }> };
}
