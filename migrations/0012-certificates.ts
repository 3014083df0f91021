// Gift certificates: kinds, certificates with their running rest, what tills did with them, and documents with append-only
// movements.
import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.ts';

export const name = '0012-certificates';

const wholeSum = (column: string): string =>
  `${column} between 0 and 999999999999999 and ${column} = cast(${column} as bigint)`;

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('certificate_kind', (t) => {
    t.text('code').primary();
    t.text('name').notNullable();
    // Null where it is what the buyer pays.
    t.bigInteger('nominal');
    t.text('life').notNullable();
  });
  await knex.schema.createTable('certificate', (t) => {
    t.increments('id');
    t.text('number').notNullable().unique();
    t.text('kind_code').notNullable().references('code').inTable('certificate_kind').index();
    t.text('state').notNullable();
    // Null until it is sold; then the date whose night takes what is left.
    t.text('sold_at');
    t.text('write_off_on');
    t.bigInteger('nominal').notNullable();
    t.bigInteger('balance').notNullable();
    t.check("state in ('issued', 'pre_redeemed', 'redeemed', 'annulled')", [], 'certificate_state');
    t.check(wholeSum('nominal'), [], 'certificate_nominal');
    t.check(`${wholeSum('balance')} and balance <= nominal`, [], 'certificate_balance');
  });
  await knex.schema.raw('create index certificate_due on certificate (write_off_on) where balance > 0');
  await knex.schema.createTable('certificate_operation', (t) => {
    t.bigIncrements('id');
    t.text('sort').notNullable();
    t.text('operation_id');
    t.text('kkm').notNullable();
    t.bigInteger('shift_number').notNullable();
    t.bigInteger('receipt_number').notNullable();
    t.text('receipt_on').notNullable();
    t.text('certificate_number').notNullable();
    t.bigInteger('amount').notNullable();
    // What it took or gave, with what burned at it; an undoing moves the same back.
    t.bigInteger('moved').notNullable();
    t.text('state').notNullable();
    t.text('reply').notNullable();
    t.unique(['sort', 'kkm', 'shift_number', 'receipt_number', 'receipt_on', 'certificate_number'], {
      indexName: 'certificate_operation_key',
    });
    t.unique(['sort', 'operation_id'], { indexName: 'certificate_operation_id' });
    t.check("sort in ('sale', 'redemption', 'cancel')", [], 'certificate_operation_sort');
    t.check("state in ('posted', 'cancelled')", [], 'certificate_operation_state');
  });
  await knex.schema.createTable('certificate_document', (t) => {
    t.bigIncrements('id');
    t.text('kind').notNullable();
    t.text('dated_at').notNullable();
    t.text('recorded_at').notNullable();
    t.bigInteger('operation_id').references('id').inTable('certificate_operation');
    t.text('comment');
    t.check(
      "kind in ('CertificateSale', 'CertificateRedemption', 'CertificateCancel', 'CertificateExpiry')",
      [],
      'certificate_document_kind',
    );
  });
  await knex.schema.createTable('certificate_movement', (t) => {
    t.bigInteger('document_id').notNullable().references('id').inTable('certificate_document');
    t.integer('certificate_id').notNullable().references('id').inTable('certificate');
    t.bigInteger('amount').notNullable();
    t.bigInteger('balance_after').notNullable();
    t.primary(['document_id', 'certificate_id']);
    t.index(['certificate_id', 'document_id'], 'certificate_movement_certificate');
  });
  await makeAppendOnly(knex, 'certificate_movement');
}
