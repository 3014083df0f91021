// What can be said of an infobase's database from inside: whether it is whole and whether its balances add up.
import { countCards } from '../../db/cards/card.ts';
import { listCardKinds } from '../../db/catalogs/card-kind.ts';
import { findBalanceDifference, listMigrationsDone, type BalanceDifference } from '../../db/admin/integrity.ts';
import { listUsers } from '../../db/admin/service-user.ts';
import { getCommitMode, listIntegrityMistakes } from '../../db/sqlite/file-check.ts';
import type { Infobase } from '../infobase.ts';

export interface InfobaseCheck {
  /** What the database itself finds wrong with its file; empty = nothing. */
  readonly integrityMistakes: readonly string[];
  readonly journalMode: string;
  /** SQLite's number: 2 = FULL. */
  readonly synchronous: number;
  /** Migrations done, oldest first. */
  readonly migrations: readonly string[];
  readonly users: number;
  readonly admins: number;
  readonly kinds: number;
  readonly cards: number;
  /** The first card found whose running sums, in any register, are not the sums of its movements. */
  readonly difference: BalanceDifference | null;
}

/** Reads the whole database: seconds for a million cards. A running service goes on meanwhile. */
export function checkInfobase(infobase: Infobase): Promise<InfobaseCheck> {
  return infobase.db.read(async (trx) => {
    const users = await listUsers(trx);
    return {
      integrityMistakes: await listIntegrityMistakes(trx),
      ...(await getCommitMode(trx)),
      migrations: await listMigrationsDone(trx),
      users: users.length,
      admins: users.filter(({ role }) => role === 'admin').length,
      kinds: (await listCardKinds(trx)).length,
      cards: await countCards(trx),
      difference: (await findBalanceDifference(trx)) ?? null,
    };
  });
}
