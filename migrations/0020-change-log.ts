// Who changed what is no document: settings, users, catalogs, the clock; and who made which document by hand.
import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.ts';

export const name = '0020-change-log';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('change_log', (t) => {
    t.increments('id');
    // By the machine's clock, also where a test clock stands elsewhere.
    t.text('recorded_at').notNullable();
    t.text('actor').notNullable();
    t.text('door').notNullable();
    t.text('subject').notNullable();
    t.text('key').notNullable();
    // The fields that differ, as JSON; null where there was nothing, or is nothing.
    t.text('before');
    t.text('after');
  });
  await makeAppendOnly(knex, 'change_log');
}
