// Reads the rows of a report in a thread of its own, piece by piece as they are taken.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { findWorkerFile } from '../../find-worker-file.ts';
import type { ReportPiece, ReportQuestion, ReportTask } from './report-worker.ts';

/** The thread ends with the reading, also where that is given up. Throws what the thread threw. */
export async function* readInThread(task: ReportTask): AsyncGenerator<readonly object[]> {
  const worker = new Worker(findWorkerFile(__dirname, 'report-worker.js'), { workerData: task });
  const ask = (question: ReportQuestion): void => worker.postMessage(question, []);
  const gone = once(worker, 'exit');
  try {
    for (;;) {
      // Its `error` rejects what waits for a message.
      const answered = once(worker, 'message');
      ask('next');
      const [piece] = (await answered) as [ReportPiece];
      if (piece === undefined) return;
      yield piece;
    }
  } finally {
    ask('stop');
    await gone.catch(() => undefined);
  }
}
