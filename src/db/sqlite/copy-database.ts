// A copy of a whole database in a file of its own, made while others go on writing: it is either there, complete and on the
// disk, or not there at all.
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { privateMode } from './open-private.ts';

/**
 * `vacuum into` reads one snapshot, so it and the tills' calls do not disturb each other; SQLite's backup API would
 * begin again with every commit of another process.
 * @param tidy changes the copy before it is given its name.
 * @throws where the file is there already, or cannot be written.
 */
export async function copyDatabase(
  connection: BetterSqlite.Database,
  file: string,
  tidy?: (copy: BetterSqlite.Database) => Promise<void>,
): Promise<void> {
  if (existsSync(file)) throw new Error(`${file} is there already`);
  // A process that was killed may have left it.
  const part = `${file}.part`;
  rmSync(part, { force: true });
  try {
    // Created here, and empty, as `vacuum into` accepts it: a file of its own making could be read by everybody meanwhile.
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
