// Receipts and their cancels as facts reported by tills, the documents they make, and bonus set aside for receipts.
import type { Knex } from 'knex';

export const name = '0002-trade-documents';

const kopecks = (t: Knex.CreateTableBuilder, column: string) => t.specificType(column, 'bigint');

// A column of SQLite takes whatever it is given: that a sum is whole must be asked for.
const wholeSum = (column: string): string =>
  `${column} between 0 and 999999999999999 and ${column} = cast(${column} as bigint)`;

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('receipt', (t) => {
    t.bigIncrements('id');
    // Null where the till sent none: the id answered to it is then made from the natural key.
    t.text('operation_id').unique();
    t.text('kind').notNullable();
    t.text('kkm').notNullable();
    t.bigInteger('shift_number').notNullable();
    t.bigInteger('receipt_number').notNullable();
    t.text('receipt_on').notNullable();
    t.text('receipt_at').notNullable();
    t.integer('card_id').notNullable().references('id').inTable('card');
    for (const column of ['sum', 'sum_with_discount', 'bonus_accrued', 'bonus_redeemed']) {
      kopecks(t, column).notNullable();
      t.check(wholeSum(column), [], `receipt_${column}`);
    }
    kopecks(t, 'accumulation_delta');
    t.bigInteger('receipt_count_delta');
    t.integer('offline').notNullable();
    t.text('cashier');
    t.text('fn');
    t.text('fd');
    t.text('fp');
    t.text('original_kkm');
    t.bigInteger('original_shift_number');
    t.bigInteger('original_receipt_number');
    t.text('original_receipt_on');
    t.text('original_receipt_at');
    t.text('lines').notNullable();
    t.text('road').notNullable();
    t.text('state').notNullable();
    t.text('flags').notNullable();
    // What the online call said, kept once the report has won over it: its repeat still gets its own answer.
    t.text('online_content');
    t.check("kind in ('Sale', 'Return')", [], 'receipt_kind');
    t.check("road in ('online', 'report')", [], 'receipt_road');
    t.check("state in ('posted', 'cancelled')", [], 'receipt_state');
    t.unique(['kkm', 'shift_number', 'receipt_number', 'receipt_on', 'kind'], { indexName: 'receipt_natural_key' });
  });
  await knex.schema.raw(
    `create index receipt_original on receipt
       (original_kkm, original_shift_number, original_receipt_number, original_receipt_on)
       where original_kkm is not null`,
  );

  await knex.schema.createTable('document', (t) => {
    t.bigIncrements('id');
    t.text('kind').notNullable();
    t.text('dated_at').notNullable();
    t.text('recorded_at').notNullable();
    t.bigInteger('receipt_id').references('id').inTable('receipt').index();
    // The answer given to the call that made this document; null where no call did.
    t.text('reply');
    t.text('comment');
    t.check("kind in ('OpeningAccumulation', 'KkmOperation', 'TpOperation')", [], 'document_kind');
  });

  await knex.schema.createTable('receipt_cancel', (t) => {
    t.bigIncrements('id');
    t.text('operation_id').unique();
    t.text('kind').notNullable();
    t.text('kkm').notNullable();
    t.bigInteger('shift_number').notNullable();
    t.bigInteger('receipt_number').notNullable();
    t.text('receipt_on').notNullable();
    t.text('receipt_at').notNullable();
    t.text('card_number');
    t.text('reason');
    t.text('cancelled_at').notNullable();
    t.bigInteger('document_id').references('id').inTable('document');
    // Written right after the row, in the same transaction.
    t.text('reply');
    t.unique(['kkm', 'shift_number', 'receipt_number', 'receipt_on', 'kind'], { indexName: 'cancel_natural_key' });
  });

  await knex.schema.createTable('hold', (t) => {
    t.bigIncrements('id');
    t.text('operation_id').unique();
    t.text('kkm').notNullable();
    t.bigInteger('shift_number').notNullable();
    t.bigInteger('receipt_number').notNullable();
    t.text('receipt_on').notNullable();
    t.integer('card_id').notNullable().references('id').inTable('card');
    kopecks(t, 'amount').notNullable();
    t.text('state').notNullable();
    t.text('expires_at').notNullable();
    t.text('reply');
    t.text('release_reply');
    t.check("state in ('active', 'taken', 'released', 'expired')", [], 'hold_state');
    t.check(wholeSum('amount'), [], 'hold_amount');
    t.index(['kkm', 'shift_number', 'receipt_number', 'receipt_on', 'card_id'], 'hold_receipt');
  });
  // Only what is set aside now is ever summed, so the index stays as small as the shop's open receipts.
  await knex.schema.raw(`create index hold_active on hold (card_id) where state = 'active'`);
}
