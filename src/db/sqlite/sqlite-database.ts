// The connections to an infobase's SQLite file: one for reads and one for writes. Every write goes through one commit queue:
// what arrives in a turn of the event loop becomes one BEGIN IMMEDIATE, with a SAVEPOINT for each write where there are
// several, and is answered after COMMIT (synchronous=FULL).
import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type BetterSqlite from 'better-sqlite3';
import {
  DatabaseBusy,
  type CopySteps,
  type Database,
  type DatabaseMeasures,
  type StorageTrouble,
  type Trx,
} from '../db.ts';
import { Checkpoints } from './checkpoints.ts';
import { countCommit, openCommitCounts } from './commit-counts.ts';
import { copyDatabase } from './copy-database.ts';
import { areMoved, identifyFiles, inspectFiles, measureFiles, type OpenFile } from './inspect-files.ts';
import { makeDatabaseWhereMissing } from './make-database.ts';
import { migrateDatabase } from './migrate.ts';
import { openConnection } from './open-connection.ts';
import { announcePresence, type Presence } from './presence.ts';
import { isBusy, isStorageFailure } from './sqlite-error.ts';
import { Loan, SqliteReader, SqliteTrx } from './sqlite-trx.ts';
import { describeFailure, findReadOnly, touchSql } from './storage-failure.ts';

export interface SqliteOptions {
  /** A file's path, or ":memory:" (tests: reads then share the connection of the writes, and their queue). */
  readonly file: string;
  /** For ":memory:": the bytes of a migrated database to start from, which saves running every migration. */
  readonly image?: Buffer | undefined;
  /** How long a turn's writes wait for another process's transaction, without blocking the event loop. */
  readonly busyTimeoutMs?: number;
  /** For a command that writes to pages all over the database while no till does. */
  readonly isBulk?: boolean;
  /** The file is a copy, whose original stays: it is brought up to date without a backup before. */
  readonly isCopy?: boolean;
  /** It is open to answer tills: a thread of its own writes the log back, so that they do not wait for that. */
  readonly isServed?: boolean;
}

/**
 * A page that is changed again and again is written back once for many transactions, not after each: with 200,000 cards,
 * 1.5 times as many documents are posted in a second. The next commit of another process writes it all back, which takes half a second.
 */
const bulkPragmas = ['wal_autocheckpoint = 20000', 'cache_size = -64000'] as const;

const memory = ':memory:';

/**
 * Opens (and makes, and migrates) an infobase's SQLite database.
 * @throws where the file is not the database of an infobase, or only a part of one.
 */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  const presence = options.file === memory ? undefined : announcePresence(options.file);
  try {
    if (options.file !== memory) await makeDatabaseWhereMissing(options.file);
    return await openPresent(options, presence);
  } catch (reason) {
    presence?.end();
    throw reason;
  }
}

/** 20 ms each: five seconds. */
const openingTries = 250;

/** A copy that was put in place is switched to WAL by its first opening, and SQLite does not wait for that as for other locks. */
async function openPatiently(file: string | Buffer): Promise<BetterSqlite.Database> {
  for (let tries = 1; ; tries += 1) {
    try {
      return openConnection(file);
    } catch (reason) {
      if (!isBusy(reason) || tries === openingTries) throw reason;
    }
    await sleep(20);
  }
}

async function openPresent(options: SqliteOptions, presence: Presence | undefined): Promise<Database> {
  const connection = await openPatiently(options.image ?? options.file);
  try {
    await migrateDatabase(connection, options.isCopy);
    if (options.isBulk === true) for (const pragma of bulkPragmas) connection.pragma(pragma);
    return new SqliteDatabase(connection, options, presence);
  } catch (reason) {
    connection.close();
    throw reason;
  }
}

interface QueuedWrite {
  readonly work: (trx: Trx) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

type WriteEnd = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: unknown };

class SqliteDatabase implements Database {
  private readonly writer: SqliteTrx;
  /** Undefined in memory, where there is one connection. */
  private readonly reader: SqliteReader | undefined;
  private readonly busyTimeoutMs: number;
  private readonly begin: BetterSqlite.Statement;
  private readonly beginStage: BetterSqlite.Statement;
  private readonly commit: BetterSqlite.Statement;
  private readonly savepoint: BetterSqlite.Statement;
  private readonly release: BetterSqlite.Statement;
  private readonly undo: BetterSqlite.Statement;
  private readonly touch: BetterSqlite.Statement;
  /** What they were when they were opened; empty in memory. */
  private readonly files: readonly OpenFile[];
  /** Why the last write did not reach the disk; undefined = it did. */
  private failure: unknown;
  private readonly commits = openCommitCounts();
  /** Undefined where SQLite writes the log back in its own way. */
  private readonly checkpoints: Checkpoints | undefined;
  private queue: QueuedWrite[] = [];
  private draining: Promise<void> | undefined;
  private isClosed = false;

  /** Undefined in memory. */
  private readonly presence: Presence | undefined;

  constructor(connection: BetterSqlite.Database, options: SqliteOptions, presence: Presence | undefined) {
    this.presence = presence;
    this.writer = new SqliteTrx(connection);
    this.reader = connection.memory ? undefined : new SqliteReader(openConnection(options.file));
    this.busyTimeoutMs = options.busyTimeoutMs ?? 10_000;
    this.begin = connection.prepare('begin immediate');
    this.beginStage = connection.prepare('begin');
    this.commit = connection.prepare('commit');
    this.savepoint = connection.prepare('savepoint command');
    this.release = connection.prepare('release command');
    this.undo = connection.prepare('rollback to command');
    this.touch = connection.prepare(touchSql);
    this.reader?.connection.pragma('busy_timeout = 5000');
    this.files = connection.memory ? [] : identifyFiles(realpathSync(options.file));
    this.failure = findReadOnly(connection);
    const isServed = options.isServed === true && !connection.memory;
    this.checkpoints = isServed ? new Checkpoints({ connection, isMoved: () => areMoved(this.files) }) : undefined;
  }

  write<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    if (this.isClosed) return Promise.reject(new Error('the database is closed'));
    return new Promise<T>((resolve, reject) => {
      this.queue.push({ work, resolve: resolve as (value: unknown) => void, reject });
      this.draining ??= this.drain();
    });
  }

  read<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    // In memory there is one connection: a read must not see a neighbour's unfinished transaction, so it queues up.
    if (this.reader === undefined) return this.write(work);
    return work(this.reader.open());
  }

  async copyTo(file: string, steps: CopySteps): Promise<void> {
    await this.draining;
    if (this.reader === undefined) return copyDatabase(this.writer.connection, file, steps);
    // A connection of its own: that for reads begins a snapshot each turn.
    const connection = openConnection(this.writer.connection.name);
    try {
      await copyDatabase(connection, file, steps);
    } finally {
      connection.close();
    }
  }

  async stage<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    if (this.isClosed) throw new Error('the database is closed');
    while (this.draining !== undefined) await this.draining;
    // A write that comes meanwhile begins in a later turn of the event loop, when this one is over.
    const turn = watchTurn();
    const loan = new Loan(this.writer);
    this.beginStage.run();
    try {
      const value = await Promise.race([work(loan), turn.left]);
      this.commit.run();
      return value;
    } catch (reason) {
      if (this.writer.connection.inTransaction) this.writer.connection.exec('rollback');
      throw reason;
    } finally {
      turn.stop();
      loan.end();
    }
  }

  async listTroubles(): Promise<readonly StorageTrouble[]> {
    const troubles = await inspectFiles(this.files);
    if (this.failure === undefined || troubles.length > 0) return troubles;
    // The disk may be in order again, and nobody has written since.
    await this.write(async () => void this.touch.run()).catch(() => undefined);
    return this.failure === undefined ? [] : [{ code: 'write_failed', why: describeFailure(this.failure) }];
  }

  async measure(): Promise<DatabaseMeasures> {
    const files = await measureFiles(this.files);
    const { done = 0, failed = 0 } = this.checkpoints ?? {};
    return { commits: this.commits, queuedWrites: this.queue.length, checkpoints: { done, failed }, files };
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.draining;
    await this.checkpoints?.end();
    this.reader?.shut();
    this.reader?.connection.close();
    this.writer.connection.close();
    this.presence?.end();
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      // Everything that arrives in this turn of the event loop shares one commit.
      await new Promise<void>((resolve) => void setImmediate(resolve));
      const batch = this.queue;
      this.queue = [];
      await this.commitBatch(batch);
    }
    this.draining = undefined;
  }

  private async commitBatch(batch: readonly QueuedWrite[]): Promise<void> {
    const ends: WriteEnd[] = [];
    // One that is alone is undone with the transaction: a savepoint would copy every page before it is changed.
    const run = batch.length === 1 ? this.lend.bind(this) : this.runCommand.bind(this);
    try {
      await this.beginWhenFree();
      let turn = watchTurn();
      for (const { work } of batch) {
        ends.push(await run(work, turn.left));
        if (turn.isLeft()) turn = watchTurn();
      }
      turn.stop();
      this.commit.run();
      this.reader?.shut();
    } catch (reason) {
      if (this.writer.connection.inTransaction) this.writer.connection.exec('rollback');
      if (isStorageFailure(reason)) this.failure = reason;
      this.commits.failed += 1;
      for (const { reject } of batch) reject(reason);
      return;
    }
    this.failure = undefined;
    countCommit(this.commits, batch.length);
    this.checkpoints?.afterCommit();
    batch.forEach(({ resolve, reject }, index) => {
      const end = ends[index] as WriteEnd;
      if (end.ok) resolve(end.value);
      else {
        if (isStorageFailure(end.reason)) this.failure = end.reason;
        reject(end.reason);
      }
    });
  }

  private async runCommand(work: (trx: Trx) => Promise<unknown>, left: Promise<never>): Promise<WriteEnd> {
    this.savepoint.run();
    try {
      const end = await this.lend(work, left);
      this.release.run();
      return end;
    } catch (reason) {
      // Some errors (disk full, I/O) end the whole transaction: then nobody's part may be answered as done.
      if (!this.writer.connection.inTransaction) throw reason;
      this.undo.run();
      this.release.run();
      return { ok: false, reason };
    }
  }

  private async lend(work: (trx: Trx) => Promise<unknown>, left: Promise<never>): Promise<WriteEnd> {
    const loan = new Loan(this.writer);
    try {
      return { ok: true, value: await Promise.race([work(loan), left]) };
    } finally {
      loan.end();
    }
  }

  private async beginWhenFree(): Promise<void> {
    for (let waitedMs = 0; ;) {
      try {
        this.begin.run();
        return;
      } catch (reason) {
        if (!isBusy(reason)) throw reason;
        if (waitedMs >= this.busyTimeoutMs) {
          throw new DatabaseBusy('the database stayed locked by another process', { cause: reason });
        }
        const pauseMs = waitedMs < 20 ? 1 : 2;
        await new Promise<void>((resolve) => void setTimeout(resolve, pauseMs));
        waitedMs += pauseMs;
      }
    }
  }
}

/**
 * Rejects once the turn of the event loop is left: work that awaits anything but queries would keep the write lock during
 * other turns (or without end, where it awaits a write of the same queue).
 */
function watchTurn(): { readonly left: Promise<never>; isLeft(): boolean; stop(): void } {
  let guard: NodeJS.Immediate | undefined;
  let isLeft = false;
  const left = new Promise<never>((_resolve, reject) => {
    guard = setImmediate(() => {
      isLeft = true;
      reject(new Error('a transaction awaited something other than its own queries'));
    });
  });
  // Where nobody awaits it any more, nobody handles it.
  left.catch(() => undefined);
  return { left, isLeft: () => isLeft, stop: () => clearImmediate(guard) };
}
