// Starts a backup. Broken off by a restart it has made none.
import { basename, join } from 'node:path';
import { WorkEnded, type BackgroundWork, type NoteProgress } from '../background-work.ts';
import type { BackupManifest } from '../operations/admin/backup-manifest.ts';
import { explainBackup, nameBackup } from '../operations/admin/make-backup.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export interface BackupResult {
  /** Without its folder. */
  readonly name: string;
  readonly manifest: BackupManifest;
}

export function startBackup(tools: WorkTools, place: WorkPlace): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'backup',
    title: 'Резервная копия',
    run: (progress, signal) => run(tools, place, progress, signal),
  });
}

async function run(
  { backUp, backupDir, readMachineNow }: WorkTools,
  { infobase }: WorkPlace,
  onProgress: NoteProgress,
  signal: AbortSignal,
): Promise<BackupResult> {
  const madeAt = readMachineNow();
  const file = join(backupDir, nameBackup(infobase.name, madeAt));
  const end = await backUp(infobase, { file, madeAt, origin: 'hand' }, { onProgress, signal });
  if (end.code === 'done') return { name: basename(end.file), manifest: end.manifest };
  if (end.code === 'stopped') throw new WorkEnded('stopped', 'Остановлено: копии нет');
  throw new WorkEnded('failed', `Копия не сделана: ${explainBackup(end)}`);
}
