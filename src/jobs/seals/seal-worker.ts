// The worker thread of a sealing: it has its own connections to the infobase, so that neither the reading nor the digests delay
// an answer to a till.
import { parentPort, workerData } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { Infobase, type InfobaseOptions } from '../../operations/infobase.ts';
import { sealDay, type SealEnd } from '../../operations/seals/make-seal.ts';
import { toPlainError } from '../plain-error.ts';

export interface SealTask {
  readonly infobase: InfobaseOptions;
  /** The infobase's clock when the task was given. */
  readonly now: LocalDateTime;
  readonly nightTime: string;
  readonly holder: string;
}

/** Tills' writes come in between two transactions. */
const pauseMs = 3;
/** The pieces between two renewals are read without a transaction of its own. */
const leaseMs = 60_000;

async function work(task: SealTask, port: NonNullable<typeof parentPort>): Promise<void> {
  let isStopping = false;
  port.on('message', () => {
    isStopping = true;
  });
  const { now, nightTime, holder } = task;
  const infobase = await Infobase.open(task.infobase);
  try {
    const end: SealEnd = await sealDay(infobase, now, {
      holder,
      readMs: Date.now,
      leaseMs,
      nightTime,
      pause: () => sleep(pauseMs),
      shouldStop: () => isStopping,
    });
    port.postMessage(end);
  } finally {
    await infobase.close();
    port.close();
  }
}

// What is thrown here ends the thread and reaches the parent as its 'error'.
if (parentPort !== null) {
  void work(workerData as SealTask, parentPort).catch((reason: unknown) => {
    throw toPlainError(reason);
  });
}
