// Who has an infobase open. Each connection holds a lock beside the database as long as it is open, which the system frees
// when its process dies; whoever puts another file in its place must have the lock alone. SQLite's own locks would not do:
// they are of a file, and a file that is damaged cannot be asked, nor one that was removed while a service went on with it.
import type BetterSqlite from 'better-sqlite3';
import { openPrivate } from './open-private.ts';
import { isBusy } from './sqlite-error.ts';

/** How long an opening waits for a restore to put its file in place. */
const patienceMs = 5_000;

export interface Presence {
  end(): void;
}

/** @throws if the database is being replaced now. */
export function announcePresence(file: string): Presence {
  let lock: BetterSqlite.Database;
  try {
    lock = openPrivate(nameLock(file), { timeout: patienceMs });
  } catch {
    // Where no file can be made in the folder, no database can be put there either.
    return { end: () => undefined };
  }
  try {
    // A reader's lock of an empty database: it stays until the transaction ends.
    lock.exec('begin');
    lock.prepare('select count(*) from sqlite_master').get();
    return { end: () => void lock.close() };
  } catch (reason) {
    lock.close();
    if (!isBusy(reason)) throw reason;
    throw new Error('the database is being replaced by another process', { cause: reason });
  }
}

/** Runs `work` while no process has the infobase open, and none can open it; undefined where one has. */
export async function whileAbsent<T>(file: string, work: () => Promise<T>): Promise<T | undefined> {
  const lock = openPrivate(nameLock(file), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
    return await work();
  } catch (reason) {
    if (isBusy(reason)) return undefined;
    throw reason;
  } finally {
    lock.close();
  }
}

function nameLock(file: string): string {
  return `${file}-open`;
}
