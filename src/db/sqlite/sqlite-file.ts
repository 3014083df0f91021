// The files of an infobase's database, for those who create and remove it.
import BetterSqlite from 'better-sqlite3';
import { isBusy } from './sqlite-error.ts';

/** SQLite's own files, the locks of those who migrate it and who have it open, and what a kill may leave. */
const endings = ['-wal', '-shm', '-journal', '-migrating', '-open', '-new', '-probe', '-restoring'];

/** The file with what is kept beside it. */
export function listDatabaseFiles(file: string): string[] {
  return ['', ...endings].map((ending) => file + ending);
}

/** A database that is being restored: whole and checked before it takes the place of `file`. */
export function nameRestoreDraft(file: string): string {
  return `${file}-restoring`;
}

/** Whether a process has the database open now. Were the file removed, it would go on existing for that process alone. */
export function isOpenElsewhere(file: string): boolean {
  const connection = new BetterSqlite(file, { timeout: 0, fileMustExist: true });
  try {
    // SQLite leaves WAL only where no other connection is open, not even an idle one.
    connection.pragma('journal_mode = DELETE');
    connection.pragma('journal_mode = WAL');
    return false;
  } catch (reason) {
    if (isBusy(reason)) return true;
    throw reason;
  } finally {
    connection.close();
  }
}
