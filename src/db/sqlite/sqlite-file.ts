// The files of an infobase's database, for those who create and remove it.
import BetterSqlite from 'better-sqlite3';
import { isBusy } from './sqlite-error.ts';

/** The file with what is kept beside it: SQLite's own, the lock of those who migrate it, and what a kill may leave. */
export function listDatabaseFiles(file: string): string[] {
  return ['', '-wal', '-shm', '-journal', '-migrating', '-new', '-probe'].map((ending) => file + ending);
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
