// What is older than billing: which receipts were there when it opened, what the returns of an old sale come off, and how
// the opening has a sale with its returns that were changed after it.
import type { Knex } from 'knex';

export const name = '0014-older-than-billing';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('billing_state', (t) => {
    // A receipt dated before the start is in the opening balance where its id is not greater.
    t.bigInteger('last_receipt_id').notNullable().defaultTo(0);
  });
  await knex.schema.alterTable('receipt', (t) => {
    // Of an old sale that a return has named: the opening documents up to this one are what its returns come off.
    t.bigInteger('last_opening_id');
  });
  await knex.schema.createTable('opening_group', (t) => {
    // The sale, and the card it was of when billing opened.
    t.bigInteger('receipt_id').primary().references('id').inTable('receipt');
    t.integer('card_id').notNullable().references('id').inTable('card').index();
    // The sale and its returns dated before the start, as JSON: written before the first of them is changed.
    t.text('content').notNullable();
  });
  await fillIn(knex);
}

/** What an infobase in stage billing has known only by the order of its records. */
async function fillIn(knex: Knex): Promise<void> {
  // Tills are kept out while billing opens: what had been recorded by then was there.
  await knex.schema.raw(
    `update billing_state set last_receipt_id = coalesce((select max(id) from (
       select receipt_id as id from enabling_item
       union all
       select document.receipt_id from document join enabling on document.recorded_at <= enabling.began_at
         where document.receipt_id is not null) known), 0)`,
  );
  await knex.schema.raw(
    `update receipt set last_opening_id = coalesce((select opening_document_id from enabling), 0)
     where effective_on is not null and kind = 'Sale'
       and receipt_on < (select start_on from billing_state) and id <= (select last_receipt_id from billing_state)`,
  );
  // Others that are dated before the start are not in billing.
  await knex.schema.raw(
    `update receipt set effective_on = null, bonus_credit_on = null, bonus_write_off_on = null,
       accumulation_credit_on = null, accumulation_write_off_on = null
     where effective_on is not null and last_opening_id is null
       and receipt_on < (select start_on from billing_state)`,
  );
}
