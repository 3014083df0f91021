// An infobase's database as a file among files, for those who make and remove it.
import BetterSqlite from 'better-sqlite3';
import { isBusy } from './sqlite-error.ts';

/** The file with what is kept beside it: SQLite's own, the lock of those who migrate it, and what a kill may leave. */
export function listDatabaseFiles(file: string): string[] {
  return ['', '-wal', '-shm', '-journal', '-migrating', '-new', '-probe'].map((ending) => file + ending);
}

/** Whether a process has the database open now. Removed under it, the file would go on living for that process alone. */
export function isOpenElsewhere(file: string): boolean {
  const connection = new BetterSqlite(file, { timeout: 0, fileMustExist: true });
  try {
    // Leaving WAL asks for the file alone, so any other connection, idle as it may be, forbids it.
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
