// A copy of a whole database, made in steps while others go on writing.
import { closeSync, openSync, writeFileSync } from 'node:fs';
import type BetterSqlite from 'better-sqlite3';
import type { CopySteps } from '../db.ts';
import { privateMode } from './open-private.ts';

/** 4 MB: a step takes about 20 ms, and the event loop turns between two of them. */
const stepPages = 1000;

export class CopyStopped extends Error {}

/**
 * SQLite's backup interface inside a read transaction: all steps see one snapshot. Without the transaction every commit of
 * another process begins the copy again: it never ended while tills were served. `vacuum into` takes as long (5 s for 1 GB),
 * but is one statement that cannot be stopped, and writes new indexes, which hides damage of the old ones.
 * @param file must not exist.
 * @throws CopyStopped; where the file is there already or cannot be written. What was written stays.
 */
export async function copyDatabase(
  connection: BetterSqlite.Database,
  file: string,
  { onPages, shouldStop }: CopySteps,
): Promise<void> {
  // Created here: a file of SQLite's own making could be read by everybody meanwhile.
  closeSync(openSync(file, 'wx', privateMode));
  if (connection.memory) {
    writeFileSync(file, connection.serialize());
    return;
  }
  connection.exec('begin');
  try {
    // The snapshot begins with the first read.
    connection.prepare('select count(*) from sqlite_master').get();
    await connection.backup(file, {
      progress({ totalPages, remainingPages }) {
        if (shouldStop?.() === true) throw new CopyStopped('the copy was stopped');
        onPages?.(totalPages - remainingPages, totalPages);
        return stepPages;
      },
    });
  } finally {
    connection.exec('rollback');
  }
}
