// What an operator asks for: the receipts that carry a flag, few among millions, and what the services that are up run.
import type { Knex } from 'knex';

export const name = '0017-operator-views';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`create index receipt_flagged on receipt (id) where flags <> ''`);
  // A service leaves here what it runs, and says again and again that it is up.
  await knex.schema.createTable('service', (t) => {
    t.text('runner').primary();
    t.text('started_at').notNullable();
    t.text('time_zone').notNullable();
    t.integer('has_subscription').notNullable();
    // By the machine's clock, in milliseconds: after that it is taken for dead.
    t.bigInteger('until_ms').notNullable();
  });
  await knex.schema.createTable('service_job', (t) => {
    t.text('runner').notNullable().references('runner').inTable('service').onDelete('cascade');
    t.text('job').notNullable();
    // A cron line; null where the service does not run the job.
    t.text('schedule');
    // What it works on, where that is a folder.
    t.text('folder');
    t.primary(['runner', 'job']);
  });
}
