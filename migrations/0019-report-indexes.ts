// What reports are read by: the receipts of a card, and cards that owe, few among millions.
import type { Knex } from 'knex';

export const name = '0019-report-indexes';

export async function up(knex: Knex): Promise<void> {
  // With the index of receipts that billing counts (receipt_billed_card) it holds every receipt once.
  await knex.schema.raw('create index receipt_unbilled_card on receipt (card_id) where effective_on is null');
  for (const register of ['accumulation', 'billing']) {
    await knex.schema.raw(
      `create index ${register}_debt on ${register}_balance (card_id)
         where bonus < 0 or accumulation < 0 or receipts < 0`,
    );
  }
}
