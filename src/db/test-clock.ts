// The clock of a test infobase, kept in its database: every process that has the infobase open goes by the same moment.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Trx } from './db.ts';
import { raiseRevision } from './setting.ts';
import { statement } from './statement.ts';

const row = statement<Record<string, never>, { standsAt: LocalDateTime }>((knex) =>
  knex('test_clock').select({ standsAt: 'stands_at' }),
);

const save = statement<{ standsAt: string }>((knex, p) =>
  knex('test_clock').insert({ id: 1, stands_at: p.standsAt }).onConflict('id').merge(),
);

/** The moment that the clock stands at; undefined for an ordinary infobase. */
export async function findTestClock(trx: Trx): Promise<LocalDateTime | undefined> {
  return (await trx.first(row, {}))?.standsAt;
}

/** Sets the clock; an infobase that had none is a test infobase from now on. A running service sees it at its next call. */
export async function saveTestClock(trx: Trx, standsAt: LocalDateTime): Promise<void> {
  await trx.change(save, { standsAt });
  await raiseRevision(trx);
}
