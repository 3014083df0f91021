// What a check of a database asks of SQLite: whether the file is whole, and how it commits.
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

const integrity = statement<None, { integrity_check: string }>((knex) => knex.raw('pragma integrity_check'));
const foreignKeys = statement<None, { table: string; parent: string }>((knex) => knex.raw('pragma foreign_key_check'));
const journalMode = statement<None, { journal_mode: string }>((knex) => knex.raw('pragma journal_mode'));
const synchronous = statement<None, { synchronous: number }>((knex) => knex.raw('pragma synchronous'));

/** What SQLite finds wrong with the file and its references; empty = whole. Reads the whole file. */
export async function listIntegrityMistakes(trx: Trx): Promise<string[]> {
  const found = (await trx.list(integrity, {})).map((row) => row.integrity_check).filter((text) => text !== 'ok');
  return [...found, ...(await listDanglingRows(trx))];
}

/** Rows that refer to a row that is not there, in words. */
export async function listDanglingRows(trx: Trx): Promise<string[]> {
  const dangling = await trx.list(foreignKeys, {});
  return dangling.map(({ table, parent }) => `a row of ${table} refers to a missing row of ${parent}`);
}

/** How the connections that answer tills commit: "wal", and 2 = FULL. */
export async function getCommitMode(trx: Trx): Promise<{ journalMode: string; synchronous: number }> {
  return {
    journalMode: (await trx.first(journalMode, {}))?.journal_mode ?? '',
    synchronous: (await trx.first(synchronous, {}))?.synchronous ?? -1,
  };
}
