// Starts the worker thread of a backup and follows it.
import { Worker } from 'node:worker_threads';
import { findWorkerFile } from '../../find-worker-file.ts';
import type { BackupDone, BackupMessage, BackupTask } from './backup-worker.ts';

export interface StartedBackup {
  /** Rejects with what the worker threw. */
  readonly ended: Promise<BackupDone>;
  /** Stops the copy; once that is made, the backup is finished. */
  stop(): void;
}

/** Makes a backup somewhere: in a worker thread, or in a test's own. */
export type StartBackup = (task: BackupTask, onProgress?: (done: number, total: number) => void) => StartedBackup;

export const startBackupWorker: StartBackup = (task, onProgress) => {
  const worker = new Worker(findWorkerFile(__dirname, 'backup-worker.js'), { workerData: task });
  const ended = new Promise<BackupDone>((resolve, reject) => {
    let done: BackupDone | undefined;
    worker.on('message', (message: BackupMessage) => {
      if (message.what === 'progress') onProgress?.(message.done, message.total);
      else {
        const { end, removed, trouble } = message;
        done = { end, removed, trouble };
      }
    });
    worker.once('error', reject);
    // Not before it is gone: its connections are closed then.
    worker.once('exit', (code) => {
      if (done === undefined) reject(new Error(`the backup's worker ended with ${code} and without a word`));
      else resolve(done);
    });
  });
  return { ended, stop: () => worker.postMessage('stop', []) };
};
