// Opens the database of an infobase. Which database that is, is decided here alone; SQLite is the only one in this version.
import type { Database } from './db.ts';
import { openSqlite, type SqliteOptions } from './sqlite/sqlite-database.ts';

export type DatabaseOptions = SqliteOptions;

/**
 * Opens the database, creates it where it is missing, and brings it to the current schema.
 * @throws where the file is not the database of an infobase, or only a part of one.
 */
export function openDatabase(options: DatabaseOptions): Promise<Database> {
  return openSqlite(options);
}
