// Bonus that a hold had set aside when a night ran. A night is calculated again when a late fact comes, so what stood then is
// kept for good: the hold itself may be released, taken, or made again under its operation id since.
import type { Knex } from 'knex';

export const name = '0015-night-hold';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('night_hold', (t) => {
    t.bigInteger('hold_id').notNullable();
    // The night's date; written when the hold is made, so that a night to come can be foreseen.
    t.text('business_on').notNullable();
    t.integer('card_id').notNullable().references('id').inTable('card');
    t.specificType('amount', 'bigint').notNullable();
    // What took the hold: where it is placed before the night, its redemption is no longer set aside there.
    t.bigInteger('receipt_id').references('id').inTable('receipt');
    // Set as the night comes to the card: what stayed there for its holds alone. It says why a later night takes it.
    t.specificType('kept', 'bigint');
    t.check('amount between 0 and 999999999999999 and amount = cast(amount as bigint)', [], 'night_hold_amount');
    t.primary(['hold_id', 'business_on']);
    t.index(['card_id', 'business_on'], 'night_hold_card');
  });
}
