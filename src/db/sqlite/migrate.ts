// Brings a database to this version's schema. Knex runs the migrations on a connection lent to it, so that a file
// and a database in memory are migrated alike; a database that is up to date costs two queries.
import { renameSync, rmSync } from 'node:fs';
import type BetterSqlite from 'better-sqlite3';
import { knex as makeKnex, type Knex } from 'knex';
import { migrations, type Migration } from '../../../migrations/index.ts';
import { changeClosedDatabase } from './closed-database.ts';
import { copyDatabase } from './copy-database.ts';
import { openPrivate } from './open-private.ts';
import { syncFile, syncFolderOf } from './sync-file.ts';

const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({ up: migration.up, down: async () => undefined }),
};

/**
 * A file that has been in use gets a backup beside it first.
 * @param isCopy the file is a copy itself, whose original stays.
 * @throws where the database was made by a newer version of the product, or is of another program, or where that backup
 * cannot be made.
 */
export async function migrateDatabase(connection: BetterSqlite.Database, isCopy = false): Promise<void> {
  if (isUpToDate(connection)) return;
  if (connection.memory) return runMigrations(connection);
  await withMigrationGuard(connection.name, async () => {
    if (isUpToDate(connection)) return;
    if (!isCopy) await backUpBefore(connection);
    await runMigrations(connection);
  });
}

/** "trade-before-upgrade-from-0020-change-log.backup": there is one of each schema that was left. */
async function backUpBefore(connection: BetterSqlite.Database): Promise<void> {
  const schema = listDone(connection).toSorted().at(-1);
  // A start that was killed before its first migration has left nothing to keep.
  if (schema === undefined) return;
  const file = `${connection.name.replace(/\.sqlite$/, '')}-before-upgrade-from-${schema}.backup`;
  const draft = `${file}.part`;
  const removeDraft = (): void => {
    for (const ending of ['', '-journal']) rmSync(draft + ending, { force: true });
  };
  removeDraft();
  try {
    await copyDatabase(connection, draft, {});
    await changeClosedDatabase(draft, () => Promise.resolve());
    syncFile(draft);
    // One that is there is of an upgrade that was interrupted at this schema; the service may have written since.
    renameSync(draft, file);
    syncFolderOf(file);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new Error(`the database is not upgraded, because no backup of it can be made before: ${why}`, { cause });
  } finally {
    removeDraft();
  }
}

/**
 * Processes that start together take turns, by a lock that the system frees when its holder dies; so a lock of
 * Knex's own in the database is of a process that was killed.
 */
export async function withMigrationGuard(file: string, work: () => Promise<void>): Promise<void> {
  // The lock's file stays, empty: those who wait for it have it open.
  const guard = openPrivate(`${file}-migrating`, { timeout: guardTimeoutMs });
  try {
    guard.exec('begin exclusive');
    await work();
  } finally {
    guard.close();
  }
}

const guardTimeoutMs = 30_000;

function isUpToDate(connection: BetterSqlite.Database): boolean {
  const done = listDone(connection);
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = done.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    const last = migrations.at(-1)?.name;
    const why = `it has ${unknown.join(', ')}, and this version ends with ${last}`;
    throw new Error(`the database was made by a newer version (${why}): run that version, or restore an older backup`);
  }
  return done.length === migrations.length;
}

/** Brings it up to date; the caller keeps others away. */
export async function runMigrations(connection: BetterSqlite.Database): Promise<void> {
  // Knex makes a pool only where a connection is configured; the lent one stands in for whatever is named.
  const lent = { client: lendConnection(connection), connection: { filename: 'lent' }, useNullAsDefault: true };
  // Errors are thrown; Knex would print them as well.
  const silent = { warn: () => undefined, error: () => undefined, debug: () => undefined, deprecate: () => undefined };
  const knex = makeKnex({ ...lent, log: silent });
  try {
    await knex.migrate.forceFreeMigrationsLock({ migrationSource });
    await knex.migrate.latest({ migrationSource });
  } finally {
    await knex.destroy();
  }
}

function listDone(connection: BetterSqlite.Database): string[] {
  const tables = connection.prepare(`select name from sqlite_master where type = 'table'`).pluck().all() as string[];
  if (!tables.includes('knex_migrations')) {
    // Without tables it was left by a start that was killed, and is treated as new.
    const [table] = tables;
    if (table === undefined) return [];
    throw new Error(`the database is not an infobase: it has a table "${table}" and none of the product's migrations`);
  }
  return connection.prepare('select name from knex_migrations').pluck().all() as string[];
}

/** Knex's own dialect over a connection that is already open and stays open afterwards. */
function lendConnection(connection: BetterSqlite.Database): typeof Knex.Client {
  const probe = makeKnex({ client: 'better-sqlite3', useNullAsDefault: true });
  const Dialect = probe.client.constructor as typeof Knex.Client;
  return class extends Dialect {
    override acquireRawConnection(): Promise<unknown> {
      return Promise.resolve(connection);
    }
    override destroyRawConnection(): Promise<void> {
      return Promise.resolve();
    }
  };
}
