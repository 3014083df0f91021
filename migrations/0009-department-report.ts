// «Отчет отдела» with the receipts that it told, what online calls said after a report, and the files of the exchange
// folder that have been loaded.
import type { Knex } from 'knex';

export const name = '0009-department-report';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('department_report', (t) => {
    t.bigIncrements('id');
    t.text('kkm').notNullable();
    t.bigInteger('shift_number').notNullable();
    t.text('report_on').notNullable();
    // The first and the last time that a receipt of it came.
    t.text('received_at').notNullable();
    t.text('changed_at').notNullable();
    t.unique(['kkm', 'shift_number', 'report_on'], { indexName: 'department_report_key' });
  });
  await knex.schema.createTable('department_report_receipt', (t) => {
    t.bigInteger('report_id').notNullable().references('id').inTable('department_report');
    t.text('kind').notNullable();
    t.bigInteger('receipt_number').notNullable();
    // The receipt is found by its natural key, which the report's and these two make: it may come after it was refused.
    t.text('source').notNullable();
    t.text('received_at').notNullable();
    // The result code it was answered with.
    t.integer('code').notNullable();
    // What the report said, where it was refused; else the receipt itself says it.
    t.text('content');
    t.primary(['report_id', 'kind', 'receipt_number']);
    t.check("source in ('upload', 'exchange')", [], 'department_report_receipt_source');
  });
  await knex.schema.createTable('receipt_told_online', (t) => {
    t.bigInteger('receipt_id').primary().references('id').inTable('receipt');
    t.text('told_at').notNullable();
    t.text('content').notNullable();
  });
  await knex.schema.createTable('exchange_file', (t) => {
    t.text('sha256').notNullable();
    t.text('kkm').notNullable();
    t.text('name').notNullable();
    t.text('loaded_at').notNullable();
    for (const count of ['accepted', 'linked', 'rejected']) t.integer(count).notNullable();
    t.primary(['sha256', 'kkm']);
  });
  await knex.schema.createTable('exchange_run', (t) => {
    t.integer('id').primary();
    t.text('started_at').notNullable();
    t.text('finished_at');
    t.text('result').notNullable();
    for (const count of ['loaded', 'repeated', 'failed', 'accepted', 'linked', 'rejected'])
      t.integer(count).notNullable();
    t.check('id = 1', [], 'exchange_run_is_one_row');
  });
  await takeEarlierReports(knex);
}

/** Receipts that came by a report before there were reports to keep; one linked then has left no trace. */
async function takeEarlierReports(knex: Knex): Promise<void> {
  const reported = `receipt.road = 'report' or receipt.online_content is not null`;
  const cameAt = `coalesce((select min(recorded_at) from document where document.receipt_id = receipt.id
                                and document.kind = 'TpOperation'), receipt.receipt_at)`;
  await knex.schema.raw(
    `insert into department_report (kkm, shift_number, report_on, received_at, changed_at)
       select kkm, shift_number, receipt_on, min(came_at), max(came_at)
         from (select kkm, shift_number, receipt_on, ${cameAt} as came_at from receipt where ${reported}) as told
         group by kkm, shift_number, receipt_on`,
  );
  await knex.schema.raw(
    `insert into department_report_receipt
         (report_id, kind, receipt_number, source, received_at, code, content)
       select department_report.id, receipt.kind, receipt.receipt_number, 'upload', ${cameAt}, 0, null
         from receipt join department_report on department_report.kkm = receipt.kkm
           and department_report.shift_number = receipt.shift_number
           and department_report.report_on = receipt.receipt_on
         where ${reported}`,
  );
}
