// A whole copy of a database in one file of its own, taken while others go on writing to it: either it is there, complete
// and on the disk, or it is not there.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { privateMode } from './open-private.ts';

/**
 * `vacuum into` reads one snapshot, so tills that ring meanwhile neither disturb it nor are disturbed; SQLite's backup
 * API would begin anew with every commit of another process.
 * @param tidy changes the copy before it is given its name.
 * @throws where the file is there already, or cannot be written.
 */
export async function copyDatabase(
  connection: BetterSqlite.Database,
  file: string,
  tidy?: (copy: BetterSqlite.Database) => Promise<void>,
): Promise<void> {
  if (existsSync(file)) throw new Error(`${file} is there already`);
  // Of a process that was killed at it.
  const part = `${file}.part`;
  rmSync(part, { force: true });
  try {
    // Made beforehand, and empty, as `vacuum into` takes it: what it makes itself everybody could read meanwhile.
    closeSync(openSync(part, 'wx', privateMode));
    connection.prepare('vacuum into ?').run(part);
    const copy = new BetterSqlite(part);
    try {
      await tidy?.(copy);
    } finally {
      copy.close();
    }
    syncFile(part, 'r+');
    renameSync(part, file);
  } catch (reason) {
    rmSync(part, { force: true });
    throw reason;
  }
  // Windows keeps the name by itself, and opens no folder.
  if (process.platform !== 'win32') syncFile(dirname(file), 'r');
}

/** Waits until it is on the disk: a file ('r+'), or the names in a folder ('r'). */
export function syncFile(path: string, mode: 'r' | 'r+'): void {
  const descriptor = openSync(path, mode);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
