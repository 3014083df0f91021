// What SQLite's errors mean. Its codes and the words of its messages stand here alone.

/** SQLite's own name of an error, such as "SQLITE_BUSY_SNAPSHOT"; '' = the error is not SQLite's. */
export function codeOf(reason: unknown): string {
  const code = typeof reason === 'object' && reason !== null && 'code' in reason ? reason.code : undefined;
  return typeof code === 'string' ? code : '';
}

/** Another connection holds a lock. */
export function isBusy(reason: unknown): boolean {
  return codeOf(reason).startsWith('SQLITE_BUSY');
}

/** The disk or the file is the cause, not what was to be written. */
export function isStorageFailure(reason: unknown): boolean {
  return /^SQLITE_(?:FULL|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|PERM)/.test(codeOf(reason));
}

/** The file is no database, or a page of it is not what it should be. */
export function isDamaged(reason: unknown): boolean {
  return /^SQLITE_(?:CORRUPT|NOTADB)/.test(codeOf(reason));
}

/** The disk, the file, the memory or a lock is the cause: the same write may succeed later. */
export function isSqliteTrouble(reason: unknown): boolean {
  return isStorageFailure(reason) || /^SQLITE_(?:BUSY|LOCKED|NOMEM)/.test(codeOf(reason));
}

/** The name of the CHECK that refused a row; undefined = the error is another one. */
export function findFailedSqliteCheck(reason: unknown): string | undefined {
  // Not `instanceof Error`: the driver makes its errors in the realm that loaded it first.
  if (codeOf(reason) !== 'SQLITE_CONSTRAINT_CHECK') return undefined;
  return /CHECK constraint failed: (\w+)/.exec((reason as Error).message)?.[1];
}
