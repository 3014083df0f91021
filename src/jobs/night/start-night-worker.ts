// Starts the worker thread of the night and follows it.
import { Worker } from 'node:worker_threads';
import type { NightProgress, NightRun } from '../../operations/night/run-night.ts';
import { findWorkerFile } from '../../find-worker-file.ts';
import type { EndedNights, NightMessage, NightTask } from './night-worker.ts';

export interface NightEvents {
  onProgress?(progress: NightProgress): void;
  onNight?(run: NightRun): void;
}

export interface StartedNight {
  /** Rejects with what the worker threw. */
  readonly ended: Promise<EndedNights>;
  /** Stops it after the current chunk. */
  stop(): void;
}

/** Runs nights somewhere: in a worker thread, or in a test's own. */
export type StartNight = (task: NightTask, events: NightEvents) => StartedNight;

export const startNightWorker: StartNight = (task, events) => {
  const worker = new Worker(findWorkerFile(__dirname, 'night-worker.js'), { workerData: task });
  const ended = new Promise<EndedNights>((resolve, reject) => {
    let end: EndedNights | undefined;
    worker.on('message', (message: NightMessage) => {
      if (message.what === 'progress') events.onProgress?.(message.progress);
      else if (message.what === 'night') events.onNight?.(message.run);
      else end = message.ended;
    });
    worker.once('error', reject);
    // Not before it is gone: its connections are closed then.
    worker.once('exit', (code) => {
      if (end === undefined) reject(new Error(`the night's worker ended with ${code} and without a word`));
      else resolve(end);
    });
  });
  return { ended, stop: () => worker.postMessage('stop', []) };
};
