// Failures of SQLite for which the disk or the file is at fault, not what was to be written.
import type BetterSqlite from 'better-sqlite3';

export function isStorageFailure(reason: unknown): boolean {
  return /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|PERM)/.test(codeOf(reason));
}

/** "SQLITE_FULL: database or disk is full" */
export function describeFailure(reason: unknown): string {
  return `${codeOf(reason)}: ${(reason as Error).message}`;
}

/** Writes a page of the database and changes nothing: the number is there for programs, and ours is always 0. */
export const touchSql = 'pragma user_version = 0';

/**
 * SQLite opens a file that may only be read without a word, and refuses the first write.
 * @returns what it would say then; undefined = it can be written, or is being written by another just now.
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

/** SQLite's own name of an error, such as "SQLITE_BUSY_SNAPSHOT"; '' = the error is not SQLite's. */
export function codeOf(reason: unknown): string {
  const code = typeof reason === 'object' && reason !== null && 'code' in reason ? reason.code : undefined;
  return typeof code === 'string' ? code : '';
}
