// Triggers that refuse every change and removal of a register's movements, in either dialect. Frozen like the migrations
// that use it: a later need gets a file of its own.
import type { Knex } from 'knex';

export async function makeAppendOnly(knex: Knex, table: string): Promise<void> {
  if (knex.client.config.client === 'pg') {
    await knex.schema.raw(
      `create function ${table}_is_append_only() returns trigger language plpgsql as
         $$ begin raise exception '${table} is append-only'; end $$`,
    );
    await knex.schema.raw(
      `create trigger ${table}_append_only before update or delete on ${table}
         for each statement execute function ${table}_is_append_only()`,
    );
    return;
  }
  for (const change of ['update', 'delete']) {
    await knex.schema.raw(
      `create trigger ${table}_no_${change} before ${change} on ${table}
         begin select raise(abort, '${table} is append-only'); end`,
    );
  }
}
