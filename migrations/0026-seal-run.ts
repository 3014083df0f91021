// What became of the last look of the service at a day to be sealed: a sealing that fails leaves no seal that could say so.
import type { Knex } from 'knex';

export const name = '0026-seal-run';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('seal_run', (t) => {
    t.integer('id').primary();
    // By the infobase's clock.
    t.text('started_at').notNullable();
    t.text('finished_at').notNullable();
    // The day that was sealed; null where none was.
    t.text('business_on');
    // Null where one was.
    t.text('why');
    t.check('id = 1', [], 'seal_run_one');
  });
}
