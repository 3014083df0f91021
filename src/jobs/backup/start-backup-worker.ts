// Starts the worker thread of a backup and follows it.
import { Worker } from 'node:worker_threads';
import type { BackupEnd } from '../../operations/admin/make-backup.ts';
import { findWorkerFile } from '../find-worker-file.ts';
import type { BackupMessage, BackupTask } from './backup-worker.ts';

export interface StartedBackup {
  /** Rejects with what the worker threw. */
  readonly ended: Promise<BackupEnd>;
  /** Stops the copy; once that is made, the backup is finished. */
  stop(): void;
}

/** Makes a backup somewhere: in a worker thread, or in a test's own. */
export type StartBackup = (task: BackupTask, onProgress?: (done: number, total: number) => void) => StartedBackup;

export const startBackupWorker: StartBackup = (task, onProgress) => {
  const worker = new Worker(findWorkerFile(__dirname, 'backup-worker.js'), { workerData: task });
  const ended = new Promise<BackupEnd>((resolve, reject) => {
    let end: BackupEnd | undefined;
    worker.on('message', (message: BackupMessage) => {
      if (message.what === 'progress') onProgress?.(message.done, message.total);
      else end = message.end;
    });
    worker.once('error', reject);
    // Not before it is gone: its connections are closed then.
    worker.once('exit', (code) => {
      if (end === undefined) reject(new Error(`the backup's worker ended with ${code} and without a word`));
      else resolve(end);
    });
  });
  return { ended, stop: () => worker.postMessage('stop', []) };
};
