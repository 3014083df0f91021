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
  // A reversal is listed like an import, with sums below zero. Each import has one at most.
  await knex.schema.raw('alter table import_run add column reverses_id integer references import_run (id)');
  await knex.schema.raw('alter table import_run add column made_by text');
  await knex.schema.raw('create unique index import_run_reversal on import_run (reverses_id)');
  await knex.schema.createTable('document_file', (t) => {
    // Switching billing off removes both.
    t.bigInteger('billing_document_id').primary().references('id').inTable('billing_document');
    t.text('file_name').notNullable();
    // Of the rows that were read from it, whatever the form of the file.
    t.text('rows_sha256').notNullable().index();
  });
}
