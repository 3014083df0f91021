// Exclusive mode: while the row is there, tills get 10 and the exchange leaves its files. It outlives the process that
// entered it, for work that was cut half way must be finished before tills are served.
import type { Knex } from 'knex';

export const name = '0007-exclusive-mode';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('exclusive_mode', (t) => {
    t.integer('id').primary();
    // For whose sake: the work that entered it is the one that leaves it.
    t.text('purpose').notNullable();
    t.text('since_at').notNullable();
    t.check('id = 1', [], 'exclusive_mode_is_one_row');
    t.check("purpose in ('enabling', 'disabling')", [], 'exclusive_mode_purpose');
  });
}
