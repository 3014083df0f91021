// Shops and their tills, the shop on every trade document, and pseudo-online sync: documents, the pages of their packages,
// and how far each till has come.
import type { Knex } from 'knex';

export const name = '0010-shops-and-sync';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('shop', (t) => {
    t.text('code').primary();
    t.text('name').notNullable();
  });
  await knex.schema.createTable('till', (t) => {
    t.text('kkm').primary();
    t.text('shop_code').references('code').inTable('shop').index();
    // Whether it works without a line and is expected to confirm sync packages.
    t.integer('is_synced').notNullable();
  });
  // Stamped when the document is made: a till that moves to another shop does not change what was.
  await knex.schema.raw('alter table document add column shop_code text references shop (code)');
  await knex.schema.createTable('sync_document', (t) => {
    t.bigIncrements('id');
    t.text('dated_at').notNullable();
    t.text('state').notNullable();
    // Whether it is of all cards; a till empties its table before it takes one.
    t.integer('is_full').notNullable();
    t.integer('cards').notNullable();
    t.bigInteger('first_version');
    t.bigInteger('last_version');
    t.check("state in ('making', 'posted')", [], 'sync_document_state');
  });
  await knex.schema.raw(`create index sync_document_full on sync_document (first_version) where is_full = 1`);
  await knex.schema.createTable('sync_page', (t) => {
    t.bigInteger('version').primary();
    t.bigInteger('document_id').notNullable().references('id').inTable('sync_document').index();
  });
  await knex.schema.createTable('sync_card', (t) => {
    t.bigInteger('version').notNullable().references('version').inTable('sync_page');
    t.integer('card_id').notNullable().references('id').inTable('card');
    // As they were when the document was made.
    t.text('status').notNullable();
    for (const measure of ['bonus', 'accumulation', 'receipts']) t.bigInteger(measure).notNullable();
    t.primary(['version', 'card_id']);
  });
  await knex.schema.createTable('sync_till', (t) => {
    t.text('kkm').primary();
    t.bigInteger('fetched_version').notNullable();
    t.text('fetched_at');
    t.bigInteger('confirmed_version').notNullable();
    t.text('confirmed_at');
  });
}
