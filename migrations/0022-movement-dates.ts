// A card's movements of a period are found by the card and the date, so that a day in a history of years costs a day. The
// date is that of the movement's document, which never changes.
import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.ts';

export const name = '0022-movement-dates';

const registers = [
  { table: 'accumulation_movement', documents: 'document', order: 'document_id' },
  { table: 'billing_movement', documents: 'billing_document', order: 'document_id, line' },
] as const;

export async function up(knex: Knex): Promise<void> {
  for (const { table, documents, order } of registers) {
    await knex.schema.raw(`alter table ${table} add column dated_at text not null default ''`);
    await withoutTriggers(knex, table, () =>
      knex.schema.raw(
        `update ${table} set dated_at = (select dated_at from ${documents} where ${documents}.id = ${table}.document_id)`,
      ),
    );
    // All that chooses the latest of a period.
    await knex.schema.raw(`create index ${table}_dated on ${table} (card_id, dated_at, ${order})`);
  }
}

/** The triggers refuse every change of a movement; they are made again in the words of the migrations before. */
async function withoutTriggers(knex: Knex, table: string, change: () => Promise<unknown>): Promise<void> {
  if (knex.client.config.client === 'pg') {
    await knex.schema.raw(`drop trigger ${table}_append_only on ${table}`);
    await knex.schema.raw(`drop function ${table}_is_append_only()`);
  } else {
    for (const what of ['update', 'delete']) await knex.schema.raw(`drop trigger ${table}_no_${what}`);
  }
  await change();
  await makeAppendOnly(knex, table);
}
