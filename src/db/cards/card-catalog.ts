// The catalog of cards for work on many cards at once: adding a card unless its number is taken, and counts.
import type { NewCard } from './card.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

type CardParameters = {
  number: string;
  kindCode: string;
  holder: string | null;
  status: string;
  validFrom: string | null;
  validTo: string | null;
  note: string | null;
};

const insertIfNew = statement<CardParameters>((knex, p) =>
  knex('card')
    .insert({
      number: p.number,
      kind_code: p.kindCode,
      holder: p.holder,
      status: p.status,
      valid_from: p.validFrom,
      valid_to: p.validTo,
      note: p.note,
    })
    .onConflict('number')
    .ignore(),
);

const countsByKind = statement<Record<string, never>, { kindCode: string; count: number }>((knex) =>
  knex('card').select({ kindCode: 'kind_code' }).count({ count: '*' }).groupBy('kind_code').orderBy('kind_code'),
);

const countOfKind = statement<{ kindCode: string }, { count: number }>((knex, p) =>
  knex('card').where('kind_code', p.kindCode).count({ count: '*' }),
);

/** @returns whether the card was added; false if its number is taken: that card stays unchanged. */
export async function insertCardIfNew(trx: Trx, card: NewCard): Promise<boolean> {
  return (await trx.change(insertIfNew, { ...card })) > 0;
}

/** Kinds without a card are not among them. */
export function countCardsByKind(trx: Trx): Promise<{ kindCode: string; count: number }[]> {
  return trx.list(countsByKind, {});
}

export async function countCardsOfKind(trx: Trx, kindCode: string): Promise<number> {
  return (await trx.first(countOfKind, { kindCode }))?.count ?? 0;
}
