// Rules of life and the card kinds' choice of them.
import type { Knex } from 'knex';

export const name = '0004-life-rules';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('life_rule', (t) => {
    t.text('code').primary();
    t.text('name').notNullable();
    t.text('register').notNullable();
    t.text('delay').notNullable();
    t.text('life').notNullable();
    t.text('life_from').notNullable();
    t.check("register in ('bonus', 'accumulation')", [], 'life_rule_register');
    t.check("life_from in ('credit', 'operation')", [], 'life_rule_life_from');
  });
  // Written out: Knex would make the column by rebuilding the table, which the cards that refer to it forbid.
  for (const column of ['bonus_rule_code', 'accumulation_rule_code']) {
    await knex.schema.raw(`alter table card_kind add column ${column} text references life_rule (code)`);
  }
}
