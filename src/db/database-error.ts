// What an error of the database means, whichever database threw it. SQLite is the only one in this version.
import { findFailedSqliteCheck, isSqliteTrouble } from './sqlite/sqlite-error.ts';

/** The machine is the cause (disk, file, memory, a lock), not what was to be written: the same work may succeed later. */
export function isMachineTrouble(reason: unknown): boolean {
  return isSqliteTrouble(reason);
}

/** The name of the CHECK that refused a row; undefined = the error is another one. */
export function findFailedCheck(reason: unknown): string | undefined {
  return findFailedSqliteCheck(reason);
}
