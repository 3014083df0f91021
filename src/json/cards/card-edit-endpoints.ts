// The catalog of cards as an administrator changes it: ranges of new cards, one card, many at once.
import { z } from 'zod';
import { cardStatuses } from '../../ledger/card.ts';
import { resultCodes } from '../../ledger/result.ts';
import { addCards, addCardsLimit } from '../../operations/cards/add-cards.ts';
import { createCardRange } from '../../operations/cards/create-card-range.ts';
import { editCards } from '../../operations/cards/edit-cards.ts';
import { listCardPage } from '../../operations/cards/list-cards.ts';
import * as examples from './card-edit-examples.ts';
import { card, showCard } from './card-schemas.ts';
import { defineEndpoint, type Circumstances, type Endpoint } from '../endpoint.ts';
import { JsonRefusal, refuseHttp, refuseOperation, refuseResult, refuseRows } from '../json-refusal.ts';
import { date, notEmpty, nullable, oneOf, requiredText } from '../scalars.ts';

const shared = { tag: 'Карты', roles: ['admin'], gate: 'door' } as const;

const digits = z.string({ error: 'текст из цифр' }).regex(/^\d{1,50}$/, { error: 'текст из цифр' });
/** Numbers to make things of: cards, or certificates. */
export const numberRange = (id: string, kindDescription: string) =>
  z
    .strictObject({
      prefix: z.string({ error: 'текст' }).default(''),
      from: digits.meta({ description: 'Первый номер, без prefix', examples: ['1'] }),
      to: digits.meta({ description: 'Последний номер, без prefix', examples: ['1000'] }),
      width: z
        .int({ error: 'целое число от 1 до 50' })
        .min(1, { error: 'целое число от 1 до 50' })
        .max(50, { error: 'целое число от 1 до 50' })
        .optional()
        .meta({ description: 'Цифр после prefix; иначе сколько у to' }),
      kind: notEmpty.meta({ description: kindDescription }),
    })
    .meta({ id });

const cardRange = numberRange('CardRange', 'Код вида карт');

export const createdNumbers = z
  .strictObject({
    first: z.string(),
    last: z.string(),
    created: z.int(),
    skipped: z.int().meta({ description: 'Номера, которые уже были' }),
  })
  .meta({ id: 'CreatedNumbers' });

const text = z.string({ error: 'текст или null' }).nullable();
const day = date.nullable();
const cardChange = z
  .strictObject({
    kind: notEmpty.optional(),
    holder: text.optional(),
    status: oneOf(cardStatuses).optional(),
    validFrom: day.optional(),
    validTo: day.optional(),
    note: text.optional(),
  })
  .meta({ id: 'CardChange', description: 'Чего нет, остаётся как было; null очищает' });

const cardBulk = z
  .strictObject({
    where: z.array(notEmpty, { error: 'список условий' }).meta({
      description: 'Условия как у kkm cards set: kind=A|B, status=active, number=29001..29099; ни одного — все карты',
    }),
    set: cardChange,
  })
  .meta({ id: 'CardBulk' });

const bulkResult = z.strictObject({ matched: z.int(), changed: z.int() }).meta({ id: 'CardBulkResult' });

const newCard = z
  .strictObject({
    number: notEmpty,
    kind: notEmpty.meta({ description: 'Код вида карт' }),
    holder: nullable(z.string({ error: 'текст или null' })),
    status: oneOf(cardStatuses).default('active'),
    validFrom: nullable(date),
    validTo: nullable(date),
    note: nullable(z.string({ error: 'текст или null' })),
  })
  .meta({ id: 'NewCard' });

const newCards = z
  .strictObject({
    cards: z
      .array(newCard, { error: 'список карт' })
      .min(1, { error: 'хотя бы одна карта' })
      .max(addCardsLimit, { error: `не больше ${addCardsLimit} карт` }),
  })
  .meta({ id: 'NewCards' });

const addedCards = z.strictObject({ added: z.int() }).meta({ id: 'AddedCards' });

export const cardEditEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...shared,
    name: 'addCards',
    method: 'POST',
    path: 'cards',
    summary: 'Создать карты по списку',
    description: 'Все или ни одной; номер, который уже есть, — ошибка.',
    statuses: [201],
    input: { body: newCards },
    reply: addedCards,
    examples: examples.addCards,
    answer: async ({ infobase }, { cards }) => {
      const wanted = cards.map(({ kind: kindCode, ...rest }) => ({ ...rest, kindCode }));
      const outcome = await addCards(infobase, wanted);
      if (!outcome.ok) {
        throw refuseRows(
          outcome.mistakes.map(({ field, ...mistake }) => ({
            ...mistake,
            column: field === 'kindCode' ? 'kind' : field,
          })),
        );
      }
      return { status: 201, body: { added: outcome.added } };
    },
  }),
  defineEndpoint({
    ...shared,
    name: 'createCardRange',
    method: 'POST',
    path: 'cards/range',
    summary: 'Создать карты диапазоном номеров',
    description: 'Номера, которые уже есть, не меняются.',
    statuses: [],
    input: { body: cardRange },
    reply: createdNumbers,
    examples: examples.createCardRange,
    answer: async ({ infobase }, { kind: kindCode, width, ...range }) => {
      const request = { ...range, kindCode, width: width === undefined ? undefined : String(width) };
      const outcome = await createCardRange(infobase, request);
      if (!outcome.ok) throw refuseOperation(outcome, { kindCode: 'kind' });
      const { first, last, created, skipped } = outcome;
      return { body: { first, last, created, skipped } };
    },
  }),
  defineEndpoint({
    ...shared,
    name: 'changeCards',
    method: 'POST',
    path: 'cards/bulk',
    summary: 'Изменить много карт сразу',
    statuses: [409],
    input: { body: cardBulk },
    reply: bulkResult,
    examples: examples.changeCards,
    answer: async (at, { where, set }) => {
      const { matched, changed } = await edit(at, where, set);
      return { body: { matched, changed } };
    },
  }),
  defineEndpoint({
    ...shared,
    name: 'changeCard',
    method: 'PATCH',
    path: 'cards/{cardNumber}',
    summary: 'Изменить карту',
    statuses: [404, 409],
    input: { path: z.strictObject({ cardNumber: requiredText('cardNumber') }), body: cardChange },
    reply: card,
    examples: examples.changeCard,
    answer: async (at, { cardNumber, ...set }) => {
      // In a condition these would name other cards.
      if (/\||\.\./.test(cardNumber)) throw refuseHttp(409, 'Карту с «|» или «..» в номере здесь изменить нельзя');
      const filter = { prefix: cardNumber, kindCode: null, status: null, after: '' };
      const find = async () =>
        (await listCardPage(at.infobase, filter, 1)).cards.find((one) => one.number === cardNumber);
      if ((await find()) === undefined) throw refuseResult(resultCodes.cardNotFound);
      await edit(at, [`number=${cardNumber.replaceAll(',', '\\,')}`], set);
      const changed = await find();
      if (changed === undefined) throw refuseResult(resultCodes.cardNotFound);
      return { body: showCard(changed) };
    },
  }),
];

/** @throws JsonRefusal with what is wrong, in the words of the command line. */
async function edit({ infobase }: Circumstances, where: readonly string[], set: z.output<typeof cardChange>) {
  const change = Object.entries(set).flatMap(([field, value]) =>
    value === undefined ? [] : [`${field}=${value ?? ''}`],
  );
  const outcome = await editCards(infobase, { where, set: change });
  if (outcome.ok) return outcome;
  const why = outcome.mistakes.join('; ');
  if (outcome.sort === 'cards') throw refuseHttp(409, why);
  throw new JsonRefusal(400, { code: resultCodes.badArgument, text: why });
}
