// Settings of the infobase, and the revision by which a running service sees that settings or users were changed.
import { readSettings, type SettingName, type Settings } from '../../ledger/settings.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

const revisionValue = statement<Record<string, never>, number>(
  (knex) => knex('revision').select('value'),
  (values) => values[0] as number,
);
const raise = statement<Record<string, never>>((knex) => knex('revision').update({ value: knex.raw('value + 1') }));
const all = statement<Record<string, never>, { name: string; value: string }>((knex) =>
  knex('setting').select('name', 'value'),
);
const save = statement<{ name: string; value: string }>((knex, p) =>
  knex('setting').insert({ name: p.name, value: p.value }).onConflict('name').merge(),
);

/** A number that every change of settings or users raises. */
export async function getRevision(trx: Trx): Promise<number> {
  const revision = await trx.first(revisionValue, {});
  if (revision === undefined) throw new Error('the revision row is missing');
  return revision;
}

export async function raiseRevision(trx: Trx): Promise<void> {
  await trx.change(raise, {});
}

/** The settings that the infobase has set; a name of another version is left alone. */
export async function listSettings(trx: Trx): Promise<Partial<Settings>> {
  return readSettings(await trx.list(all, {}));
}

export async function saveSetting(trx: Trx, name: SettingName, value: string): Promise<void> {
  await trx.change(save, { name, value });
  await raiseRevision(trx);
}
