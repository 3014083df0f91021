// By what a night finds the cards that it can change: accruals by the date whose night takes them, and what holds had set
// aside by the night that left it.
import type { Knex } from 'knex';

export const name = '0023-night-choice';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw('create index accrual_turnover_due on accrual_turnover (write_off_on, card_id)');
  await knex.schema.raw('create index night_hold_night on night_hold (business_on, card_id)');
}
