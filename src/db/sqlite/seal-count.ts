// How many seals the database has ever numbered: SQLite keeps that beside the rows, so a seal that was removed is missed.
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

const sequence = statement<Record<string, never>, { seq: number }>((knex) =>
  knex.raw(`select seq from sqlite_sequence where name = 'seal'`),
);

export async function countSealsEver(trx: Trx): Promise<number> {
  return (await trx.first(sequence, {}))?.seq ?? 0;
}
