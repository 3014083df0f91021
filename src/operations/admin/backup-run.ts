// What became of the last scheduled backup, as an operator asks for it.
import { findBackupRun, saveBackupRun, type BackupRunRow } from '../../db/admin/backup-run.ts';
import type { Infobase } from '../infobase.ts';

export type { BackupRunRow } from '../../db/admin/backup-run.ts';

export function readBackupRun(infobase: Infobase): Promise<BackupRunRow | undefined> {
  return infobase.db.read(findBackupRun);
}

export function recordBackupRun(infobase: Infobase, run: BackupRunRow): Promise<void> {
  return infobase.db.write((trx) => saveBackupRun(trx, run));
}
