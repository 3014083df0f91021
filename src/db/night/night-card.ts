// The cards that a night goes through, in a temporary table of the runner's own connection: choosing them takes no lock of the
// infobase, and a runner that is killed leaves nothing.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';

type None = Record<string, never>;
type ChoiceParameters = { businessOn: string; nightBefore: string; knownDocumentId: number };

// The table is never dropped, so "if not exists" compiled into nothing stays right.
const make = statement<None>((knex) =>
  knex.raw('create temporary table if not exists night_card (card_id integer primary key)'),
);

const clear = statement<None>((knex) => knex.raw('delete from night_card'));

const addAll = statement<None>((knex) => knex.raw('insert into night_card (card_id) select id from card order by id'));

// A cross join is done in the order it is written: the documents are few, the movements are all there ever were.
const addPosted = statement<{ knownDocumentId: number; fromCardId: number }>((knex, p) =>
  knex.raw(
    `insert into night_card (card_id)
     select distinct m.card_id from billing_document d cross join billing_movement m
       where m.document_id = d.id and d.id > ? and d.origin <> 'night' and m.card_id > ?
     on conflict (card_id) do nothing`,
    [p.knownDocumentId, p.fromCardId],
  ),
);

const choices = [
  // Rows that run out at this night.
  statement<ChoiceParameters>((knex, p) =>
    knex.raw(
      `insert into night_card (card_id)
       select distinct card_id from accrual_turnover where write_off_on > ? and write_off_on <= ? order by card_id
       on conflict (card_id) do nothing`,
      [p.nightBefore, p.businessOn],
    ),
  ),
  statement<ChoiceParameters>((knex, p) =>
    knex.raw(
      `insert into night_card (card_id) select distinct card_id from pending_credit where credit_on <= ?
       on conflict (card_id) do nothing`,
      [p.businessOn],
    ),
  ),
  // What the night before has left to a hold, whatever has become of it.
  statement<ChoiceParameters>((knex, p) =>
    knex.raw(
      `insert into night_card (card_id) select distinct card_id from night_hold where business_on = ?
       on conflict (card_id) do nothing`,
      [p.nightBefore],
    ),
  ),
  // What the night before has credited although its date had passed: a fixed date may come before the credit.
  statement<ChoiceParameters>((knex, p) =>
    knex.raw(
      `insert into night_card (card_id)
       select distinct m.card_id from night_run r cross join accrual_movement m
         where m.document_id = r.accrual_document_id and r.business_on = ? and m.write_off_on <= ?
       on conflict (card_id) do nothing`,
      [p.nightBefore, p.nightBefore],
    ),
  ),
];

/** Undefined where that night has not been done to its end, or has no mark: its cards may be in any state. */
const marked = statement<{ nightBefore: string }, { id: number }>((knex, p) =>
  knex('night_run')
    .join('night_mark', 'night_mark.business_on', 'night_run.business_on')
    .where('night_run.business_on', p.nightBefore)
    .whereNotNull('night_run.finished_at')
    .groupBy('night_run.business_on')
    .min({ id: 'night_mark.last_document_id' }),
);

const lastDocument = statement<None, { id: number | null }>((knex) => knex('billing_document').max({ id: 'id' }));

const nextCards = statement<{ fromCardId: number; limit: number }, { last: number | null; cards: number }>((knex, p) =>
  knex
    .from(
      knex('night_card')
        .select('card_id')
        .where('card_id', '>', p.fromCardId)
        .orderBy('card_id')
        .limit(limitMark)
        .as('chunk'),
    )
    .max({ last: 'card_id' })
    .count({ cards: '*' }),
);

/** Empties the table, and makes it if it is not there. */
export async function openNightCards(trx: Trx): Promise<void> {
  await trx.change(make, {});
  await trx.change(clear, {});
}

export async function addAllCards(trx: Trx): Promise<void> {
  await trx.change(addAll, {});
}

/**
 * Adds the cards that the night can change, if the one before it has left every card with B <= S(T) but for holds.
 * @param knownDocumentId the last document that the night before knew at its first card.
 */
export async function addChangeableCards(trx: Trx, choice: ChoiceParameters): Promise<void> {
  for (const add of choices) await trx.change(add, choice);
  await addPostedCards(trx, choice.knownDocumentId, 0);
}

/** Adds the cards with an id above `fromCardId` that documents after that one are of, but for documents of nights. */
export async function addPostedCards(trx: Trx, knownDocumentId: number, fromCardId: number): Promise<void> {
  await trx.change(addPosted, { knownDocumentId, fromCardId });
}

/** The last document that the night of that date knew at its first card; undefined if it cannot be relied on. */
export async function findKnownDocument(trx: Trx, nightBefore: LocalDate): Promise<number | undefined> {
  return (await trx.first(marked, { nightBefore }))?.id;
}

/** 0 where there is none. */
export async function findLastDocumentId(trx: Trx): Promise<number> {
  return (await trx.first(lastDocument, {}))?.id ?? 0;
}

/** The id of the last of the next `limit` cards of the table; undefined where there are not so many. */
export async function findNightChunkEnd(trx: Trx, fromCardId: number, limit: number): Promise<number | undefined> {
  const found = await trx.first(nextCards, { fromCardId, limit });
  return found === undefined || found.cards < limit ? undefined : (found.last ?? undefined);
}
