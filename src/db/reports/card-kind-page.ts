// The kinds of a range of cards.
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

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
