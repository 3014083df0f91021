// Brings a database to this version's schema. Knex runs the migrations on a connection lent to it, so that a file
// and an in-memory database take the same road; a database that is up to date costs one query.
import type BetterSqlite from 'better-sqlite3';
import { knex as makeKnex, type Knex } from 'knex';
import { migrations, type Migration } from '../../migrations/index.ts';

const migrationSource: Knex.MigrationSource<Migration> = {
  getMigrations: async () => [...migrations],
  getMigrationName: (migration) => migration.name,
  getMigration: async (migration) => ({ up: migration.up, down: async () => undefined }),
};

/** @throws where the database was made by a newer version of the product. */
export async function migrateDatabase(connection: BetterSqlite.Database): Promise<void> {
  const done = listDone(connection);
  const known = new Set(migrations.map((migration) => migration.name));
  const unknown = done.filter((name) => !known.has(name));
  if (unknown.length > 0) {
    throw new Error(`the database was made by a newer version (it has ${unknown.join(', ')})`);
  }
  if (done.length === migrations.length) return;
  // Knex makes a pool only where a connection is configured; the lent one stands in for whatever is named.
  const lent = { client: lendConnection(connection), connection: { filename: 'lent' }, useNullAsDefault: true };
  const knex = makeKnex(lent);
  connection.pragma('busy_timeout = 10000');
  try {
    await knex.migrate.latest({ migrationSource });
  } finally {
    connection.pragma('busy_timeout = 0');
    await knex.destroy();
  }
}

function listDone(connection: BetterSqlite.Database): string[] {
  const hasTable = connection.prepare(`select 1 from sqlite_master where name = 'knex_migrations'`).get() !== undefined;
  if (!hasTable) return [];
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
