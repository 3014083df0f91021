// What was brought in from files: which file, when, into which document, and its control totals, so that the same file is
// not counted twice and a total can be held against the old system's later.
import type { Knex } from 'knex';

export const name = '0011-import-run';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('import_run', (t) => {
    t.increments('id');
    t.text('kind').notNullable();
    t.text('file_name').notNullable();
    t.text('file_sha256').notNullable().index();
    t.text('dated_on').notNullable();
    t.text('recorded_at').notNullable();
    // One of the two, by the kind; no references: switching billing off removes its documents, not what was imported.
    t.bigInteger('document_id');
    t.bigInteger('billing_document_id');
    for (const figure of ['rows', 'bad_rows', 'cards', 'created', 'bonus', 'accumulation', 'receipts']) {
      t.bigInteger(figure).notNullable();
    }
    t.check("kind in ('opening-accumulation', 'opening-balance')", [], 'import_run_kind');
  });
}
