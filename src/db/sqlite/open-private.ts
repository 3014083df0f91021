// Files of a database are for the account of the service alone: cards, their holders and hashes of passwords are in them.
import { chmodSync, existsSync } from 'node:fs';
import BetterSqlite from 'better-sqlite3';

export const privateMode = 0o600;

/**
 * Opens a database file, or the bytes of one in memory. A file that it creates gets its mode while it is still empty; SQLite
 * gives the same mode to the files beside it. A file that was there keeps the mode that its owner has given it.
 */
export function openPrivate(file: string | Buffer, options?: BetterSqlite.Options): BetterSqlite.Database {
  const made = typeof file === 'string' && file !== ':memory:' && !existsSync(file) ? file : undefined;
  const connection = new BetterSqlite(file, options);
  if (made !== undefined) chmodSync(made, privateMode);
  return connection;
}
