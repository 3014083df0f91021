// A connection to the database of an infobase, with what each of them needs set.
import type BetterSqlite from 'better-sqlite3';
import { openPrivate } from './open-private.ts';

export function openConnection(file: string | Buffer): BetterSqlite.Database {
  // No busy time-out inside SQLite: it would block the event loop. The commit queue waits in turns instead.
  const connection = openPrivate(file, { timeout: 0 });
  try {
    setUp(connection);
    return connection;
  } catch (reason) {
    connection.close();
    throw reason;
  }
}

function setUp(connection: BetterSqlite.Database): void {
  connection.pragma('busy_timeout = 5000');
  connection.pragma('journal_mode = WAL');
  connection.pragma('busy_timeout = 0');
  // WAL's default NORMAL may lose acknowledged commits at power loss.
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  // Without it a REPLACE would remove a movement and not fire the trigger that forbids it.
  connection.pragma('recursive_triggers = ON');
  connection.pragma('cache_size = -32000');
}
