// Removes an infobase: its database with everything in it. Nobody may have it open.
import { rmSync } from 'node:fs';
import { isOpenElsewhere, listDatabaseFiles } from '../../db/sqlite/sqlite-file.ts';

export type RemoveInfobaseOutcome = 'removed' | 'open';

/** @param file the database, closed by the caller. */
export function removeInfobase(file: string, isDryRun = false): RemoveInfobaseOutcome {
  if (isOpenElsewhere(file)) return 'open';
  if (!isDryRun) for (const part of listDatabaseFiles(file)) rmSync(part, { force: true });
  return 'removed';
}
