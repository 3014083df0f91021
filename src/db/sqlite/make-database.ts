// Creates the database of an infobase, so that it is either whole under its name or not there at all: a kill in the middle
// leaves nothing that a later start could take for a database, or for a damaged one.
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { syncFile } from './copy-database.ts';
import { runMigrations, withMigrationGuard } from './migrate.ts';
import { openConnection } from './open-connection.ts';
import { listDatabaseFiles } from './sqlite-file.ts';

/**
 * Creates the file where it is missing.
 * @throws where a part of a database is there, and no new one may take its place.
 */
export async function makeDatabaseWhereMissing(file: string): Promise<void> {
  if (isThere(file)) return;
  await withMigrationGuard(file, async () => {
    if (isThere(file)) return;
    const draft = `${file}-new`;
    // A process that was killed may have left them.
    for (const part of listDatabaseFiles(draft)) rmSync(part, { force: true });
    const connection = openConnection(draft);
    try {
      await runMigrations(connection);
    } finally {
      // The last connection writes its log into the file and removes the log.
      connection.close();
    }
    syncFile(draft, 'r+');
    renameSync(draft, file);
    if (process.platform !== 'win32') syncFile(dirname(file), 'r');
  });
}

function isThere(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found?.size === 0) {
    throw new Error(
      'the file is empty (0 bytes): put the database back from a backup, or remove the file to begin a new infobase',
    );
  }
  if (found !== undefined) return true;
  // SQLite would take it for the log of the new database, or remove it.
  if (existsSync(`${file}-wal`)) {
    throw new Error(
      'the file is missing, but its log (-wal) is there: put the file back, or remove the log to begin a new infobase',
    );
  }
  return false;
}
