// Whether a database can be written, found out by a write that changes nothing.
import type BetterSqlite from 'better-sqlite3';
import { codeOf, isStorageFailure } from './sqlite-error.ts';

/** "SQLITE_FULL: database or disk is full" */
export function describeFailure(reason: unknown): string {
  return `${codeOf(reason)}: ${(reason as Error).message}`;
}

/** Writes a page of the database and changes nothing: the number is there for programs, and ours is always 0. */
export const touchSql = 'pragma user_version = 0';

/**
 * SQLite opens a file that may only be read, and refuses the first write.
 * @returns the error of that write; undefined = it can be written, or another process is writing to it at this moment.
 */
export function findReadOnly(connection: BetterSqlite.Database): unknown {
  try {
    connection.exec('begin immediate');
    connection.exec(touchSql);
    return undefined;
  } catch (reason) {
    return isStorageFailure(reason) ? reason : undefined;
  } finally {
    if (connection.inTransaction) connection.exec('rollback');
  }
}
