// What became of the last scheduled backup: the folder of the backups cannot hold it, for it may be what is gone.
import type { Knex } from 'knex';

export const name = '0024-backup-run';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('backup_run', (t) => {
    t.integer('id').primary();
    // By the machine's clock, in the time zone of the service.
    t.text('started_at').notNullable();
    t.text('finished_at').notNullable();
    // Null where no backup was made.
    t.text('file');
    t.bigInteger('bytes');
    // Null where one was.
    t.text('why');
    t.check('id = 1', [], 'backup_run_one');
  });
}
