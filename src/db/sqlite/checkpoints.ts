// Writes the log of a served infobase back into its file (SQLite's checkpoint). SQLite would do it inside the commit that makes
// the log a thousand pages long: some megabytes are copied and forced to the disk on the event loop, and every till waits.
// So a thread does it, which is there while the service is busy. It never gets the last pages of a log that is being
// written; once the log is long, this connection writes those back, and the next commit begins the log again.
import { Worker } from 'node:worker_threads';
import type BetterSqlite from 'better-sqlite3';
import { findWorkerFile } from '../../find-worker-file.ts';

/** What is posted to the thread. */
export type CheckpointOrder = 'write back' | 'end';

/** What `pragma wal_checkpoint` tells: whether another connection was at it, the pages in the log, those written back of them. */
export type LogState = readonly [busy: number, pages: number, writtenBack: number];

/** Never throws for a lock: where another connection is writing the log back, it does nothing. */
export const writeBackSql = 'pragma wal_checkpoint(passive)';

/** So many pages are written back at a time; SQLite's own measure. */
const passPages = 1_000;
/** 32 MB: above it the log is begun again as soon as the thread has left few pages. */
const longPages = 8_000;
/** 64 MB: the commit that makes the log longer writes it back itself, whatever the thread does. */
const valvePages = 16_000;
/** The log is looked at after so many commits: it takes 3 us. */
const commitsBetweenLooks = 8;
/** A thread without work ends, for its memory; after one that failed, the next is not tried earlier. */
const idleMs = 30_000;

export interface CheckpointsOptions {
  /** The connection of the writes. */
  readonly connection: BetterSqlite.Database;
  /** Whether another file stands under the name now: the thread opens it by that name. */
  readonly isMoved: () => boolean;
  readonly findWorker?: () => string;
  readonly idleMs?: number;
}

export class Checkpoints {
  /** Passes of the thread. */
  done = 0;
  /** Passes and threads that failed. */
  failed = 0;
  private readonly options: CheckpointsOptions;
  private readonly look: BetterSqlite.Statement<[], LogState>;
  private readonly writeBack: BetterSqlite.Statement<[], LogState>;
  private commits = 0;
  private worker: Worker | undefined;
  /** A pass runs, or has just failed, or the database is being closed. */
  private isHeld = false;
  private timer: NodeJS.Timeout | undefined;
  /** Resolves when no thread of this database is left. */
  private gone: Promise<unknown> = Promise.resolve();

  constructor(options: CheckpointsOptions) {
    this.options = options;
    const { connection } = options;
    this.look = connection.prepare<[], LogState>('pragma wal_checkpoint(noop)').raw();
    this.writeBack = connection.prepare<[], LogState>(writeBackSql).raw();
    this.setValve(valvePages);
  }

  afterCommit(): void {
    this.commits += 1;
    if (this.isHeld || this.commits % commitsBetweenLooks !== 0) return;
    // Its commit is done: nothing that fails here may keep the tills from their answers.
    try {
      const [, pages, writtenBack] = this.look.get() as LogState;
      if (pages - writtenBack < passPages) return;
      this.isHeld = true;
      this.worker ??= this.start();
      this.worker.postMessage('write back' satisfies CheckpointOrder, []);
    } catch {
      this.fail();
    }
  }

  /** Waits until the thread has closed its connection. */
  async end(): Promise<void> {
    this.isHeld = true;
    this.dismiss();
    await this.gone;
  }

  private start(): Worker {
    const { connection, isMoved, findWorker = () => findWorkerFile(__dirname, 'checkpoint-worker.js') } = this.options;
    if (isMoved()) throw new Error('the database was moved');
    const worker = new Worker(findWorker(), { workerData: connection.name });
    worker.on('message', (state: LogState) => {
      if (worker === this.worker) this.pass(state);
    });
    worker.once('error', () => {
      if (worker === this.worker) this.fail();
    });
    // A process that has nothing else to do may end. Last: listening for messages holds it again.
    worker.unref();
    this.gone = Promise.all([this.gone, new Promise((resolve) => void worker.once('exit', resolve))]);
    return worker;
  }

  private pass([, pages, writtenBack]: LogState): void {
    const { connection } = this.options;
    this.done += 1;
    // Where a copy or a report still reads an old state, the thread was kept from many pages: they are left to its next pass.
    const areFewLeft = pages - writtenBack < passPages;
    try {
      if (pages >= longPages && areFewLeft && !connection.inTransaction) this.writeBack.get();
    } catch {
      // What keeps it from being written back keeps commits from being written too, and is told then.
      this.failed += 1;
    }
    this.isHeld = false;
    this.wait(() => this.dismiss());
  }

  /** For a while SQLite goes on in its own way, which delays tills but is safe. */
  private fail(): void {
    this.failed += 1;
    this.isHeld = true;
    this.dismiss();
    this.setValve(passPages);
    this.wait(() => {
      this.setValve(valvePages);
      this.isHeld = false;
    });
  }

  private dismiss(): void {
    clearTimeout(this.timer);
    // Somebody may wait for its end, and nothing else keep the process alive.
    this.worker?.ref();
    this.worker?.postMessage('end' satisfies CheckpointOrder, []);
    this.worker = undefined;
  }

  private wait(then: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(then, this.options.idleMs ?? idleMs).unref();
  }

  private setValve(pages: number): void {
    this.options.connection.pragma(`wal_autocheckpoint = ${pages}`);
  }
}
