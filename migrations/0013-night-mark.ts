// What a night knew when it came to a card: which billing documents there were. With it a line of the night's «Списание»
// names the very rows that had run out, though facts go on arriving while the night runs.
import type { Knex } from 'knex';

export const name = '0013-night-mark';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('night_mark', (t) => {
    t.text('business_on').notNullable();
    // Of the cards with a greater id, up to the next mark of that night.
    t.integer('from_card_id').notNullable();
    t.bigInteger('last_document_id').notNullable();
    t.primary(['business_on', 'from_card_id']);
  });
  // Of nights that were run before marks were kept, all that is known is what stood before their document.
  await knex.schema.raw(
    `insert into night_mark (business_on, from_card_id, last_document_id)
     select business_on, 0, write_off_document_id from night_run where write_off_document_id is not null`,
  );
}
