// Starts the worker thread of a sealing and follows it.
import { Worker } from 'node:worker_threads';
import type { SealEnd } from '../../operations/seals/make-seal.ts';
import { findWorkerFile } from '../../find-worker-file.ts';
import type { SealTask } from './seal-worker.ts';

export interface StartedSeal {
  /** Rejects with what the worker threw. */
  readonly ended: Promise<SealEnd>;
  /** Stops it; the next one begins the day again. */
  stop(): void;
}

/** Seals a day somewhere: in a worker thread, or in a test's own. */
export type StartSeal = (task: SealTask) => StartedSeal;

export const startSealWorker: StartSeal = (task) => {
  const worker = new Worker(findWorkerFile(__dirname, 'seal-worker.js'), { workerData: task });
  const ended = new Promise<SealEnd>((resolve, reject) => {
    let end: SealEnd | undefined;
    worker.on('message', (message: SealEnd) => {
      end = message;
    });
    worker.once('error', reject);
    // Not before it is gone: its connections are closed then.
    worker.once('exit', (code) => {
      if (end === undefined) reject(new Error(`the sealing's worker ended with ${code} and without a word`));
      else resolve(end);
    });
  });
  return { ended, stop: () => worker.postMessage('stop', []) };
};
