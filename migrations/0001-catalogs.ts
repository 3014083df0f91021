// Catalogs: card kinds, cards, users of the service, and the infobase's settings.
import type { Knex } from 'knex';

export const name = '0001-catalogs';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('setting', (t) => {
    t.text('name').primary();
    t.text('value').notNullable();
  });
  // One number that every change of settings or users raises: a running service compares it instead of reading them all.
  await knex.schema.createTable('revision', (t) => {
    t.integer('id').primary();
    t.bigInteger('value').notNullable();
    t.check('id = 1', [], 'revision_is_one_row');
  });
  await knex('revision').insert({ id: 1, value: 1 });

  await knex.schema.createTable('service_user', (t) => {
    t.text('name').primary();
    t.text('role').notNullable();
    t.text('password_hash').notNullable();
    t.text('made_at').notNullable();
    t.check("role in ('till', 'admin', 'auditor')", [], 'service_user_role');
  });

  await knex.schema.createTable('card_kind', (t) => {
    t.text('code').primary();
    t.text('name').notNullable();
    t.text('purpose').notNullable();
    t.text('discount').notNullable();
    t.integer('max_redeem_percent_hundredths');
    t.integer('accrual_percent_hundredths');
    t.check("purpose in ('discount', 'payment')", [], 'card_kind_purpose');
    t.check('max_redeem_percent_hundredths between 0 and 10000', [], 'card_kind_max_redeem');
    t.check('accrual_percent_hundredths between 0 and 10000', [], 'card_kind_accrual');
  });

  await knex.schema.createTable('card', (t) => {
    t.increments('id');
    t.text('number').notNullable().unique();
    t.text('kind_code').notNullable().references('code').inTable('card_kind').index();
    t.text('holder');
    t.text('status').notNullable();
    t.text('valid_from');
    t.text('valid_to');
    t.text('note');
    t.check("status in ('active', 'accrue_only', 'blocked')", [], 'card_status');
    t.check('length(number) between 1 and 50', [], 'card_number_length');
    t.check('valid_from <= valid_to', [], 'card_dates');
  });
}
