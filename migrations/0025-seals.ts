// Sealed days: a digest over all that was recorded since the seal before, chained to that, and the digests of single documents
// from which it is made, so that a check names the document.
import type { Knex } from 'knex';
import { makeAppendOnly } from './append-only.ts';

export const name = '0025-seals';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('seal', (t) => {
    t.bigIncrements('id');
    // The last business day that it closes.
    t.text('business_on').notNullable().unique();
    t.text('sealed_at').notNullable();
    // Which columns are read, and how: a later version goes on checking what an earlier one has sealed.
    t.integer('form').notNullable();
    // Units that were recorded, and units of earlier seals that have changed since.
    t.bigInteger('units').notNullable();
    t.bigInteger('changed').notNullable();
    // The digest of the seal before; empty for the first.
    t.text('previous').notNullable();
    t.text('digest').notNullable();
  });
  await makeAppendOnly(knex, 'seal');
  await knex.schema.createTable('seal_part', (t) => {
    // Written before its seal, which closes it: so it refers to none.
    t.bigInteger('seal_id').notNullable();
    t.integer('number').notNullable();
    // What it is of; empty for the part that says how far each source had come.
    t.text('source').notNullable();
    // Whether its units were sealed before, and have changed.
    t.integer('is_again').notNullable();
    // JSON: the first and the last of consecutive numbers, or the list of keys.
    t.text('keys').notNullable();
    // 16 bytes a unit, in Base64.
    t.text('digests').notNullable();
    t.primary(['seal_id', 'number']);
    t.index(['source', 'seal_id', 'number'], 'seal_part_source');
  });
  await knex.schema.createTable('seal_break', (t) => {
    t.bigIncrements('id');
    // What was sealed of billing up to this seal is gone: billing was switched on or off.
    t.bigInteger('after_seal_id').notNullable();
    t.text('why').notNullable();
    t.check("why in ('enabling', 'disabling')", [], 'seal_break_why');
  });
  await makeAppendOnly(knex, 'seal_break');
}
