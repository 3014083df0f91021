// The catalog of cards: finding, adding and editing them. What a till reads of a card is in card-reading.ts.
import type { CardStatus } from '../../ledger/card.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';

export interface Card {
  readonly id: number;
  readonly number: string;
  readonly kindCode: string;
  readonly holder: string | null;
  readonly status: CardStatus;
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
  readonly note: string | null;
}

export type NewCard = Omit<Card, 'id'>;

const columns = {
  id: 'id',
  number: 'number',
  kindCode: 'kind_code',
  holder: 'holder',
  status: 'status',
  validFrom: 'valid_from',
  validTo: 'valid_to',
  note: 'note',
};

const byNumber = statement<{ number: string }, Card>((knex, p) =>
  knex('card').select(columns).where('number', p.number),
);

type CardParameters = {
  number: string;
  kindCode: string;
  holder: string | null;
  status: string;
  validFrom: string | null;
  validTo: string | null;
  note: string | null;
};

const insert = statement<CardParameters>((knex, p) =>
  knex('card').insert({
    number: p.number,
    kind_code: p.kindCode,
    holder: p.holder,
    status: p.status,
    valid_from: p.validFrom,
    valid_to: p.validTo,
    note: p.note,
  }),
);

const update = statement<CardParameters & { id: number }>((knex, p) =>
  knex('card').where('id', p.id).update({
    number: p.number,
    kind_code: p.kindCode,
    holder: p.holder,
    status: p.status,
    valid_from: p.validFrom,
    valid_to: p.validTo,
    note: p.note,
  }),
);

const page = statement<{ afterId: number; limit: number }, Card>((knex, p) =>
  knex('card').select(columns).where('id', '>', p.afterId).orderBy('id').limit(limitMark),
);

const numberPage = statement<{ from: string; before: string; limit: number }, Card>((knex, p) =>
  knex('card')
    .select(columns)
    .where('number', '>=', p.from)
    .where('number', '<', p.before)
    .orderBy('number')
    .limit(limitMark),
);

const count = statement<Record<string, never>, { count: number }>((knex) => knex('card').count({ count: '*' }));

export function findCard(trx: Trx, number: string): Promise<Card | undefined> {
  return trx.first(byNumber, { number });
}

export async function insertCard(trx: Trx, card: NewCard): Promise<void> {
  await trx.change(insert, { ...card });
}

export async function updateCard(trx: Trx, card: Card): Promise<void> {
  await trx.change(update, { ...card });
}

/** The next cards after `afterId`, in the order they were added. */
export function listCardPage(trx: Trx, afterId: number, limit: number): Promise<Card[]> {
  return trx.list(page, { afterId, limit });
}

/** The first cards from a number on, up to another that is left out, in the order of their numbers. */
export function listCardsByNumber(trx: Trx, from: string, before: string, limit: number): Promise<Card[]> {
  return trx.list(numberPage, { from, before, limit });
}

export async function countCards(trx: Trx): Promise<number> {
  return (await trx.first(count, {}))?.count ?? 0;
}
