// The worker thread of a backup: it has its own connections to the infobase, so that neither the copy nor its check delays an
// answer to a till.
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import type { KeepPolicy } from '../../operations/admin/keep-policy.ts';
import { removeOldBackups } from '../../operations/admin/list-backups.ts';
import { isFileTrouble, makeBackup, type BackupEnd, type BackupRequest } from '../../operations/admin/make-backup.ts';
import { Infobase, type InfobaseOptions } from '../../operations/infobase.ts';
import { toPlainError } from '../plain-error.ts';

export interface BackupTask {
  readonly infobase: InfobaseOptions;
  readonly request: BackupRequest;
  /** Afterwards the scheduled backups beside it are removed that the policy does not keep; left out, none is. */
  readonly keep?: KeepPolicy;
}

export interface BackupDone {
  readonly end: BackupEnd;
  /** The names of old backups that were removed. */
  readonly removed: readonly string[];
  /** Why old ones could not be removed. */
  readonly trouble: string | null;
}

/** What the worker posts; it takes 'stop'. */
export type BackupMessage =
  | { readonly what: 'progress'; readonly done: number; readonly total: number }
  | ({ readonly what: 'end' } & BackupDone);

async function work(
  { infobase: options, request, keep }: BackupTask,
  port: NonNullable<typeof parentPort>,
): Promise<void> {
  const post = (message: BackupMessage): void => port.postMessage(message);
  let isStopping = false;
  port.on('message', () => {
    isStopping = true;
  });
  const infobase = await Infobase.open(options);
  try {
    const end = await makeBackup(infobase, request, {
      onProgress: (done, total) => post({ what: 'progress', done, total }),
      shouldStop: () => isStopping,
    });
    post({ what: 'end', end, ...(await clean(infobase.name, request.file, end.code === 'done' ? keep : undefined)) });
  } finally {
    await infobase.close();
    port.close();
  }
}

/** A folder that is slow or gone keeps this thread waiting, and not the tills. */
async function clean(infobase: string, file: string, keep: KeepPolicy | undefined): Promise<Omit<BackupDone, 'end'>> {
  if (keep === undefined) return { removed: [], trouble: null };
  try {
    return { removed: await removeOldBackups(dirname(file), infobase, keep, Date.now()), trouble: null };
  } catch (reason) {
    if (!isFileTrouble(reason)) throw reason;
    return { removed: [], trouble: (reason as Error).message };
  }
}

// What is thrown here ends the thread and reaches the parent as its 'error'.
if (parentPort !== null) {
  void work(workerData as BackupTask, parentPort).catch((reason: unknown) => {
    throw toPlainError(reason);
  });
}
