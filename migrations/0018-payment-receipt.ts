// Whether a receipt came on a payment card: then neither the accumulation sum nor the receipt count moves. It is kept with the
// receipt, so that a change of the kind's purpose counts for receipts to come, and no return finds another sale than came.
import type { Knex } from 'knex';

export const name = '0018-payment-receipt';

export async function up(knex: Knex): Promise<void> {
  // Receipts that are there have moved both, whatever their card: what they moved is what their returns take back.
  await knex.schema.raw('alter table receipt add column is_payment integer not null default 0');
}
