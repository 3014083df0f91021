// The worker thread of the night: it has its own connections to the base, so that neither a long statement nor the
// calculation of a chunk delays an answer to a till.
import { parentPort, workerData } from 'node:worker_threads';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import { Infobase, type InfobaseOptions } from '../../operations/infobase.ts';
import { toPlainError } from '../plain-error.ts';
import { readNightBonus, type NightBonus } from '../../operations/night/read-night-bonus.ts';
import { catchUpNights, type CatchUp, type NightProgress, type NightRun } from '../../operations/night/run-night.ts';

export interface NightTask {
  readonly infobase: InfobaseOptions;
  /** The infobase's clock when the task was given. */
  readonly now: LocalDateTime;
  /** Nights are run up to this date. */
  readonly dueOn: LocalDate;
  readonly holder: string;
  readonly chunkCards?: number;
  readonly pauseMs?: number;
}

/** What the worker posts; it takes 'stop'. */
export type NightMessage =
  | { readonly what: 'progress'; readonly progress: NightProgress }
  | { readonly what: 'night'; readonly run: NightRun }
  | { readonly what: 'end'; readonly ended: EndedNights };

/** How a catch-up has ended. */
export interface EndedNights extends CatchUp {
  /** Of the last night that it ran. */
  readonly bonus?: NightBonus | undefined;
}

/** Tills' writes come in between two chunks: they try again each millisecond, and without a pause starved for 1.7 s. */
const defaultPauseMs = 3;

async function work(task: NightTask, port: NonNullable<typeof parentPort>): Promise<void> {
  const post = (message: NightMessage): void => port.postMessage(message);
  let isStopping = false;
  port.on('message', () => {
    isStopping = true;
  });
  const { now, dueOn, holder, chunkCards, pauseMs = defaultPauseMs } = task;
  const infobase = await Infobase.open(task.infobase);
  try {
    const catchUp = await catchUpNights(infobase, now, {
      holder,
      dueOn,
      ...(chunkCards === undefined ? {} : { chunkCards }),
      readMs: Date.now,
      pause: () => sleep(pauseMs),
      shouldStop: () => isStopping,
      onProgress: (progress) => post({ what: 'progress', progress }),
      onNight: (run) => post({ what: 'night', run }),
    });
    const last = catchUp.nights.at(-1);
    const bonus = last === undefined ? undefined : await readNightBonus(infobase, last);
    post({ what: 'end', ended: { ...catchUp, bonus } });
  } finally {
    await infobase.close();
    port.close();
  }
}

// What is thrown here ends the thread and reaches the parent as its 'error'.
if (parentPort !== null) {
  void work(workerData as NightTask, parentPort).catch((reason: unknown) => {
    throw toPlainError(reason);
  });
}
