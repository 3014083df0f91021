// What an operator asks of files that came in: what of the exchange folder cannot be taken, which import a reversal undoes
// and who made either, and the file that a document made by hand was read from.
import type { Knex } from 'knex';

export const name = '0016-incoming-files';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('exchange_trouble', (t) => {
    t.text('place').primary();
    t.text('why').notNullable();
    t.text('since_at').notNullable();
  });
}
