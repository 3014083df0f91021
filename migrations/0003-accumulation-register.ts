// Register «Накопления»: append-only movements and the running balance of each card, kept in the same transaction.
import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.ts';

export const name = '0003-accumulation-register';

const limit = '9007199254740991';

// Within the integers that JavaScript keeps exactly, and whole: a float can never settle in a sum.
const wholeMeasure = (measure: string): string =>
  `${measure} between -${limit} and ${limit} and ${measure} = cast(${measure} as bigint)`;

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('accumulation_movement', (t) => {
    t.bigInteger('document_id').notNullable().references('id').inTable('document');
    t.integer('card_id').notNullable().references('id').inTable('card');
    for (const measure of ['bonus', 'accumulation', 'receipts', 'bonus_after']) {
      t.bigInteger(measure).notNullable();
      t.check(wholeMeasure(measure), [], `accumulation_movement_${measure}`);
    }
    t.primary(['document_id', 'card_id']);
    t.index(['card_id', 'document_id'], 'accumulation_movement_card');
  });
  await knex.schema.createTable('accumulation_balance', (t) => {
    t.integer('card_id').primary().references('id').inTable('card');
    for (const measure of ['bonus', 'accumulation', 'receipts']) {
      t.bigInteger(measure).notNullable();
      t.check(wholeMeasure(measure), [], `accumulation_balance_${measure}`);
    }
  });
  await makeAppendOnly(knex, 'accumulation_movement');
}
