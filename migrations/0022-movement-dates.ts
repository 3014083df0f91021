// A card's movements of a period are found by the card and the date, so that a day in a history of years costs a day. The
// date is that of the movement's document, which never changes.
import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.ts';

export const name = '0022-movement-dates';

const registers = [
  { table: 'accumulation_movement', documents: 'document', order: 'document_id' },
  { table: 'billing_movement', documents: 'billing_document', order: 'document_id, line' },
] as const;

const limit = '9007199254740991';
const limited = ['bonus', 'accumulation', 'receipts', 'bonus_after'];

export async function up(knex: Knex): Promise<void> {
  const isPostgres = knex.client.config.client === 'pg';
  for (const { table, documents, order } of registers) {
    if (table === 'accumulation_movement' && !isPostgres) await putTogether(knex);
    else await addDate(knex, table, documents);
    // All that chooses the latest of a period.
    await knex.schema.raw(`create index ${table}_dated on ${table} (card_id, dated_at, ${order})`);
  }
}

async function addDate(knex: Knex, table: string, documents: string): Promise<void> {
  await knex.schema.raw(`alter table ${table} add column dated_at text not null default ''`);
  await withoutTriggers(knex, table, () =>
    knex.schema.raw(
      `update ${table} set dated_at = (select dated_at from ${documents} where ${documents}.id = ${table}.document_id)`,
    ),
  );
}

/**
 * In SQLite the movements of a card lie together, in a table that is its own index: with the index of the date a receipt writes
 * into three trees, where a table with row ids would have four. «Остатки» keep their row ids: a night writes in one document
 * for hours, and only these say in which order its lines and others' came.
 */
async function putTogether(knex: Knex): Promise<void> {
  const checks = limited.map(
    (measure) =>
      `constraint accumulation_movement_${measure} check (${measure} between -${limit} and ${limit} and ${measure} = cast(${measure} as bigint))`,
  );
  await knex.schema.raw('alter table accumulation_movement rename to accumulation_movement_apart');
  await knex.schema.raw(
    `create table accumulation_movement (document_id bigint not null, card_id integer not null,
       ${limited.map((measure) => `${measure} bigint not null`).join(', ')}, dated_at text not null default '',
       foreign key (document_id) references document (id), foreign key (card_id) references card (id),
       primary key (card_id, document_id), ${checks.join(', ')}) without rowid`,
  );
  const columns = ['document_id', 'card_id', ...limited];
  await knex.schema.raw(
    `insert into accumulation_movement (${columns.join(', ')}, dated_at)
     select ${columns.map((column) => `m.${column}`).join(', ')}, d.dated_at
     from accumulation_movement_apart m join document d on d.id = m.document_id order by m.card_id, m.document_id`,
  );
  // With it go its index by card, which the new key replaces, and its triggers.
  await knex.schema.raw('drop table accumulation_movement_apart');
  await knex.schema.raw('create index accumulation_movement_document on accumulation_movement (document_id)');
  await makeAppendOnly(knex, 'accumulation_movement');
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
