// The worker thread of a report over all cards: it has its own connection to the base, so that tills do not wait for its reading.
// It gives a piece of rows for each time it is asked.
import { parentPort, workerData } from 'node:worker_threads';
import { Infobase, type InfobaseOptions } from '../../operations/infobase.ts';
import { openReport, type ReportName, type ReportRequest } from '../../operations/reports/open-report.ts';
import { toPlainError } from '../plain-error.ts';

export interface ReportTask {
  readonly infobase: InfobaseOptions;
  readonly name: ReportName;
  readonly request: ReportRequest;
}

/** What is asked of it: the next piece, or the end. */
export type ReportQuestion = 'next' | 'stop';

/** Undefined after the last piece. */
export type ReportPiece = readonly object[] | undefined;

async function work(
  { infobase: options, name, request }: ReportTask,
  port: NonNullable<typeof parentPort>,
): Promise<void> {
  let ask: ((question: ReportQuestion) => void) | undefined;
  const asked: ReportQuestion[] = [];
  port.on('message', (question: ReportQuestion) => {
    if (ask === undefined) asked.push(question);
    else ask(question);
  });
  const nextQuestion = (): Promise<ReportQuestion> =>
    new Promise((resolve) => {
      const waiting = asked.shift();
      if (waiting !== undefined) {
        resolve(waiting);
        return;
      }
      ask = (question) => {
        ask = undefined;
        resolve(question);
      };
    });
  const infobase = await Infobase.open(options);
  try {
    const report = await openReport(infobase, name, request);
    // Judged before the thread was started; the base may have left its stage since.
    if (!report.ok) throw new Error(report.why);
    for await (const rows of report.read()) {
      if (rows.length === 0) continue;
      if ((await nextQuestion()) === 'stop') return;
      port.postMessage(rows.map(({ row }) => row));
    }
    if ((await nextQuestion()) === 'next') port.postMessage(undefined);
  } finally {
    await infobase.close();
    port.close();
  }
}

// What is thrown here ends the thread and reaches the parent as its 'error'.
if (parentPort !== null) {
  void work(workerData as ReportTask, parentPort).catch((reason: unknown) => {
    throw toPlainError(reason);
  });
}
