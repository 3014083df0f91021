// Exclusive mode (SEED: billing is switched on in it): whether tills are kept out, for which work and since when.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { raiseRevision } from './setting.ts';
import { statement } from '../statement.ts';

export interface ExclusiveMode {
  /** The work that entered it; only the same work leaves it. */
  readonly purpose: 'enabling' | 'disabling';
  /** The infobase's clock. */
  readonly sinceAt: LocalDateTime;
}

const row = statement<Record<string, never>, ExclusiveMode>((knex) =>
  knex('exclusive_mode').select({ purpose: 'purpose', sinceAt: 'since_at' }),
);

const insert = statement<{ purpose: string; sinceAt: string }>((knex, p) =>
  knex('exclusive_mode').insert({ id: 1, purpose: p.purpose, since_at: p.sinceAt }).onConflict('id').ignore(),
);

const remove = statement<Record<string, never>>((knex) => knex('exclusive_mode').delete());

/** Undefined while tills are served. */
export function findExclusiveMode(trx: Trx): Promise<ExclusiveMode | undefined> {
  return trx.first(row, {});
}

/** @returns false if it is on already, for any purpose; that one stays. */
export async function enterExclusiveMode(trx: Trx, mode: ExclusiveMode): Promise<boolean> {
  if ((await trx.change(insert, { ...mode })) === 0) return false;
  await raiseRevision(trx);
  return true;
}

/** @returns false if it was off already. */
export async function leaveExclusiveMode(trx: Trx): Promise<boolean> {
  if ((await trx.change(remove, {})) === 0) return false;
  await raiseRevision(trx);
  return true;
}
