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
  await knex.schema.alterTable('card_kind', (t) => {
    t.text('bonus_rule_code').references('code').inTable('life_rule');
    t.text('accumulation_rule_code').references('code').inTable('life_rule');
  });
}
