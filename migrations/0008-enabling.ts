// Switching billing on over live history: how far it has come, the documents to re-post with their state, and what the
// settlement of groups that straddle the start changes of the opening sums.
import type { Knex } from 'knex';

export const name = '0008-enabling';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('enabling', (t) => {
    t.integer('id').primary();
    t.text('start_on').notNullable();
    t.text('phase').notNullable();
    // Asked of the runner, in whatever process it is: it stops after the turn that it is at.
    t.integer('is_paused').notNullable();
    t.bigInteger('documents').notNullable();
    t.bigInteger('opening_document_id').references('id').inTable('billing_document');
    t.text('began_at').notNullable();
    t.text('finished_at');
    // Of the latest run, by the machine's clock: when it began and had its last turn, and what it has posted.
    t.bigInteger('run_began_ms').notNullable();
    t.bigInteger('run_turned_ms').notNullable();
    t.bigInteger('run_posted').notNullable();
    t.check('id = 1', [], 'enabling_is_one_row');
    t.check("phase in ('opening', 'posting', 'done')", [], 'enabling_phase');
  });
  await knex.schema.createTable('enabling_item', (t) => {
    // The order of re-posting.
    t.bigInteger('position').primary();
    t.bigInteger('receipt_id').notNullable().unique().references('id').inTable('receipt');
    // The receipt's own trade document, which the billing document will stand behind.
    t.bigInteger('document_id').notNullable().references('id').inTable('document');
    t.text('receipt_at').notNullable();
    t.text('state').notNullable();
    t.text('why');
    t.check("state in ('waiting', 'posted', 'failed')", [], 'enabling_item_state');
  });
  // Both shrink as the work goes on, so what comes next is found at once behind a million posted ones.
  for (const state of ['waiting', 'failed']) {
    await knex.schema.raw(`create index enabling_item_${state} on enabling_item (position) where state = '${state}'`);
  }
  // Filled and emptied within the transaction of the opening.
  await knex.schema.createTable('opening_correction', (t) => {
    t.integer('card_id').primary().references('id').inTable('card');
    for (const measure of ['bonus', 'accumulation', 'receipts']) t.bigInteger(measure).notNullable();
  });
}
