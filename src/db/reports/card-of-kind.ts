// The cards of a kind, by the index of kinds, and the kinds of a range of cards.
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';

type IdParameters = { kindCode: string; afterId: number; toId: number; limit: number };

const idsOfKind = statement<IdParameters, { id: number }>((knex, p) =>
  knex('card')
    .where('kind_code', p.kindCode)
    .where('id', '>', p.afterId)
    .where('id', '<=', p.toId)
    .orderBy('id')
    .limit(limitMark)
    .select('id'),
);

/** The first cards of a kind with an id above `afterId`, up to `toId`. */
export async function listCardIdsOfKind(
  trx: Trx,
  kindCode: string,
  afterId: number,
  toId: number,
  limit: number,
): Promise<number[]> {
  return (await trx.list(idsOfKind, { kindCode, afterId, toId, limit })).map(({ id }) => id);
}

const kindsOfCards = statement<{ fromCardId: number; toCardId: number }, { id: number; kindCode: string }>((knex, p) =>
  knex('card').where('id', '>', p.fromCardId).where('id', '<=', p.toCardId).select({ id: 'id', kindCode: 'kind_code' }),
);

/** By the cards' ids. */
export async function listKindsOfCards(
  trx: Trx,
  fromCardId: number,
  toCardId: number,
): Promise<ReadonlyMap<number, string>> {
  const found = await trx.list(kindsOfCards, { fromCardId, toCardId });
  return new Map(found.map(({ id, kindCode }) => [id, kindCode]));
}
