// Commits, the queue before them and the files of each infobase's database.
import type { Infobase } from '../../operations/infobase.ts';
import type { Families } from './families.ts';

export async function fillDatabases(families: Families['databases'], infobases: readonly Infobase[]): Promise<void> {
  for (const { name: infobase, db } of infobases) {
    const { commits, queuedWrites, checkpoints, files } = await db.measure();
    families.groups.set({ infobase }, { bounds: commits.groupSizes, counts: commits.groups, sum: commits.writes });
    families.failedGroups.inc({ infobase }, commits.failed);
    families.failedCheckpoints.inc({ infobase }, checkpoints.failed);
    families.queue.set({ infobase }, queuedWrites);
    if (files === undefined) continue;
    families.bytes.set({ infobase }, files.bytes);
    families.logBytes.set({ infobase }, files.logBytes);
    families.freeBytes.set({ infobase }, files.freeBytes);
  }
}
