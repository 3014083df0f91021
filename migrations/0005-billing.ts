// Billing: its documents, registers «Остатки» (B) and «Обороты начислений» (A) with their running sums, pending credits,
// night runs and the lease of the one who runs them. Movements are append-only; only switching billing off removes them.
import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.ts';

export const name = '0005-billing';

const limit = '9007199254740991';

const addMeasures = (t: Knex.CreateTableBuilder, table: string): void => {
  for (const measure of ['bonus', 'accumulation', 'receipts']) {
    t.specificType(measure, 'bigint').notNullable();
    t.check(
      `${measure} between -${limit} and ${limit} and ${measure} = cast(${measure} as bigint)`,
      [],
      `${table}_${measure}`,
    );
  }
};

const addPendingKey = (t: Knex.CreateTableBuilder): void => {
  t.integer('card_id').notNullable().references('id').inTable('card');
  // The sale's natural key, or the document made by hand: a return takes from its own sale's credit first.
  t.text('source').notNullable();
  t.text('credit_on').notNullable();
  t.text('write_off_on').notNullable();
};

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('billing_state', (t) => {
    t.integer('id').primary();
    // The first business date whose facts move the billing registers, and the last date whose night is done.
    t.text('start_on').notNullable();
    t.text('last_night_on').notNullable();
    t.check('id = 1', [], 'billing_state_is_one_row');
  });
  await knex.schema.alterTable('receipt', (t) => {
    // Set while billing is on: the date the receipt is reckoned at, and the terms that its card's rules gave then.
    t.text('effective_on');
    t.text('bonus_credit_on');
    t.text('bonus_write_off_on');
    t.text('accumulation_credit_on');
    t.text('accumulation_write_off_on');
  });
  await knex.schema.raw('create index receipt_billed_card on receipt (card_id) where effective_on is not null');
  await createDocuments(knex);
  await createRegisters(knex);
  await createNightRuns(knex);
  for (const table of ['billing_movement', 'accrual_movement', 'pending_movement']) await makeAppendOnly(knex, table);
}

async function createDocuments(knex: Knex): Promise<void> {
  await knex.schema.createTable('billing_document', (t) => {
    t.bigIncrements('id');
    t.text('kind').notNullable();
    t.text('dated_at').notNullable();
    t.text('recorded_at').notNullable();
    t.bigInteger('receipt_id').references('id').inTable('receipt').index();
    // The trade document («Чек», «Отчет отдела») that this one stands behind; the link is cleared with billing.
    t.bigInteger('document_id').references('id').inTable('document').index();
    // What made it: facts are reckoned anew when a late one comes; nights and compensations follow from them.
    t.text('origin').notNullable();
    // The date a fact is reckoned at; null for what follows from facts.
    t.text('effective_on');
    t.text('comment');
    t.check("origin in ('receipt', 'manual', 'opening', 'night', 'compensation')", [], 'billing_document_origin');
    t.check(
      "kind in ('OpeningBalance', 'KkmOperation', 'TpOperation', 'Accrual', 'WriteOff')",
      [],
      'billing_document_kind',
    );
  });
}

async function createRegisters(knex: Knex): Promise<void> {
  await knex.schema.createTable('billing_movement', (t) => {
    t.bigInteger('document_id').notNullable().references('id').inTable('billing_document');
    t.integer('card_id').notNullable().references('id').inTable('card');
    t.integer('line').notNullable();
    addMeasures(t, 'billing_movement');
    t.bigInteger('bonus_after').notNullable();
    // S(T) of each measure, where the night took something: with B before it says why.
    t.bigInteger('covered_bonus');
    t.bigInteger('covered_accumulation');
    t.bigInteger('covered_receipts');
    t.text('reason');
    t.primary(['document_id', 'card_id', 'line']);
    t.index(['card_id', 'document_id'], 'billing_movement_card');
  });
  await knex.schema.createTable('billing_balance', (t) => {
    t.integer('card_id').primary().references('id').inTable('card');
    addMeasures(t, 'billing_balance');
  });
  await knex.schema.createTable('accrual_movement', (t) => {
    t.bigInteger('document_id').notNullable().references('id').inTable('billing_document');
    t.integer('card_id').notNullable().references('id').inTable('card');
    t.text('write_off_on').notNullable();
    addMeasures(t, 'accrual_movement');
    t.primary(['document_id', 'card_id', 'write_off_on']);
    t.index(['card_id', 'write_off_on'], 'accrual_movement_card');
  });
  await knex.schema.createTable('accrual_turnover', (t) => {
    t.integer('card_id').notNullable().references('id').inTable('card');
    t.text('write_off_on').notNullable();
    addMeasures(t, 'accrual_turnover');
    t.primary(['card_id', 'write_off_on']);
  });
  await knex.schema.createTable('pending_movement', (t) => {
    t.bigInteger('document_id').notNullable().references('id').inTable('billing_document');
    addPendingKey(t);
    addMeasures(t, 'pending_movement');
    t.primary(['document_id', 'card_id', 'source', 'credit_on', 'write_off_on']);
    t.index(['card_id'], 'pending_movement_card');
  });
  await knex.schema.createTable('pending_credit', (t) => {
    addPendingKey(t);
    addMeasures(t, 'pending_credit');
    t.primary(['card_id', 'source', 'credit_on', 'write_off_on']);
    t.index(['credit_on'], 'pending_credit_due');
  });
}

async function createNightRuns(knex: Knex): Promise<void> {
  await knex.schema.createTable('night_run', (t) => {
    t.text('business_on').primary();
    t.text('started_at').notNullable();
    t.text('finished_at');
    // The last card whose chunk is committed: a killed run goes on behind it.
    t.integer('done_card_id').notNullable();
    t.bigInteger('write_off_document_id').references('id').inTable('billing_document');
    t.bigInteger('accrual_document_id').references('id').inTable('billing_document');
    // Kept for a «Списание» that comes after the run's «Начисление»: a card's write-off stands before its credit.
    t.bigInteger('reserved_document_id');
    t.integer('write_off_lines').notNullable();
    t.integer('accrual_lines').notNullable();
  });
  await knex.schema.createTable('lease', (t) => {
    t.text('name').primary();
    t.text('holder').notNullable();
    // Milliseconds of the machine's clock, not of the infobase's: a test clock must not end a lease.
    t.bigInteger('until_ms').notNullable();
  });
}
