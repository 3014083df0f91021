// The clock of a test infobase, kept in its database: every process that has the infobase open uses the same moment.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { raiseRevision } from './setting.ts';
import { statement } from '../statement.ts';

const row = statement<Record<string, never>, { standsAt: LocalDateTime }>((knex) =>
  knex('test_clock').select({ standsAt: 'stands_at' }),
);

const insert = statement<{ standsAt: string }>((knex, p) =>
  knex('test_clock').insert({ id: 1, stands_at: p.standsAt }),
);

const move = statement<{ standsAt: string }>((knex, p) => knex('test_clock').update({ stands_at: p.standsAt }));

/** The moment of the clock; undefined for an ordinary infobase. */
export async function findTestClock(trx: Trx): Promise<LocalDateTime | undefined> {
  return (await trx.first(row, {}))?.standsAt;
}

/** Makes the infobase a test one; a process that has it open sees it by the revision. */
export async function openTestClock(trx: Trx, standsAt: LocalDateTime): Promise<void> {
  await trx.change(insert, { standsAt });
  await raiseRevision(trx);
}

/** A process that knows that the infobase is a test one reads its clock at every look. */
export async function moveTestClock(trx: Trx, standsAt: LocalDateTime): Promise<void> {
  await trx.change(move, { standsAt });
}
