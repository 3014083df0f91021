// Lifts the triggers that refuse every change and removal of a register's movements (migrations/append-only.ts).
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

/**
 * Makes a function that runs work during which the movements of these tables may be removed. It runs in the caller's
 * transaction, which is undone where the work throws: then the triggers have never been away.
 */
export function makeAppendOnlyLift(tables: readonly string[]): (trx: Trx, work: () => Promise<void>) => Promise<void> {
  const triggers = tables.flatMap((table) =>
    (['update', 'delete'] as const).map((change) => ({
      drop: statement<None>((knex) => knex.raw(`drop trigger ${table}_no_${change}`)),
      // In the words of the migration, so that the schema is the same afterwards; a test compares it.
      create: statement<None>((knex) =>
        knex.raw(
          `create trigger ${table}_no_${change} before ${change} on ${table}
         begin select raise(abort, '${table} is append-only'); end`,
        ),
      ),
    })),
  );
  return async (trx, work) => {
    for (const { drop } of triggers) await trx.change(drop, {});
    await work();
    for (const { create } of triggers) await trx.change(create, {});
  };
}
