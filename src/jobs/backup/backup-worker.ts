// The worker thread of a backup: it has its own connections to the infobase, so that neither the copy nor its check delays an
// answer to a till.
import { parentPort, workerData } from 'node:worker_threads';
import { makeBackup, type BackupEnd, type BackupRequest } from '../../operations/admin/make-backup.ts';
import { Infobase, type InfobaseOptions } from '../../operations/infobase.ts';
import { toPlainError } from '../plain-error.ts';

export interface BackupTask {
  readonly infobase: InfobaseOptions;
  readonly request: BackupRequest;
}

/** What the worker posts; it takes 'stop'. */
export type BackupMessage =
  | { readonly what: 'progress'; readonly done: number; readonly total: number }
  | { readonly what: 'end'; readonly end: BackupEnd };

async function work({ infobase: options, request }: BackupTask, port: NonNullable<typeof parentPort>): Promise<void> {
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
    post({ what: 'end', end });
  } finally {
    await infobase.close();
    port.close();
  }
}

// What is thrown here ends the thread and reaches the parent as its 'error'.
if (parentPort !== null) {
  void work(workerData as BackupTask, parentPort).catch((reason: unknown) => {
    throw toPlainError(reason);
  });
}
