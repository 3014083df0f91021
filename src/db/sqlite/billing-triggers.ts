// Lifts the triggers that refuse every change and removal of the movements of billing (migrations/append-only.ts).
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

const triggers = ['billing_movement', 'accrual_movement', 'pending_movement'].flatMap((table) =>
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

/**
 * Runs work during which movements of billing may be removed. It runs in the caller's transaction, which is undone where the
 * work throws: then the triggers have never been away.
 */
export async function withoutBillingTriggers(trx: Trx, work: () => Promise<void>): Promise<void> {
  for (const { drop } of triggers) await trx.change(drop, {});
  await work();
  for (const { create } of triggers) await trx.change(create, {});
}
