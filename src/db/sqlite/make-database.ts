// Creates the database of an infobase, so that it is either whole under its name or not there at all: a kill in the middle
// leaves nothing that a later start could take for a database, or for a damaged one.
import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { runMigrations, withMigrationGuard } from './migrate.ts';
import { openConnection } from './open-connection.ts';
import { listDatabaseFiles, nameRestoreDraft } from './sqlite-file.ts';
import { syncFile, syncFolderOf } from './sync-file.ts';

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
    syncFile(draft);
    renameSync(draft, file);
    syncFolderOf(file);
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
  // An empty infobase must not take the place of the one that somebody was about to put back.
  if (existsSync(nameRestoreDraft(file))) {
    const draft = nameRestoreDraft(file);
    throw new Error(`a restore was interrupted: run it again, or remove ${draft} to begin a new infobase`);
  }
  return false;
}
