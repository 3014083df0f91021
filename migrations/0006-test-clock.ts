// The clock of a test infobase: the moment it stands at. An ordinary infobase has no row and keeps the machine's time.
import type { Knex } from 'knex';

export const name = '0006-test-clock';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('test_clock', (t) => {
    t.integer('id').primary();
    t.text('stands_at').notNullable();
    t.check('id = 1', [], 'test_clock_is_one_row');
  });
}
