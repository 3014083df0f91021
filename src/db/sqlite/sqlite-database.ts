// The only holder of connections. Reads have their own connection; every write goes through one commit queue: what arrives
// in a turn of the event loop becomes one BEGIN IMMEDIATE with a SAVEPOINT each where they are several, and is answered after
// COMMIT (synchronous=FULL).
import { realpathSync } from 'node:fs';
import type BetterSqlite from 'better-sqlite3';
import { copyDatabase } from './copy-database.ts';
import { identifyFiles, inspectFiles, type OpenFile, type StorageTrouble } from './inspect-files.ts';
import { makeDatabaseWhereMissing } from './make-database.ts';
import { migrateDatabase } from './migrate.ts';
import { openPrivate } from './open-private.ts';
import { codeOf, describeFailure, findReadOnly, isStorageFailure, touchSql } from './storage-failure.ts';
import type { CompiledStatement, Parameters, Statement } from '../statement.ts';

/** What a query function is lent: statements run on one connection, inside its transaction where there is one. */
export interface Trx {
  /** The first row, or undefined. */
  first<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R | undefined>;
  /** Every row. */
  list<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R[]>;
  /** Runs a change; the number of rows it touched. */
  change<P extends Parameters>(statement: Statement<P, unknown>, parameters: P): Promise<number>;
  /** Runs an insert of one row that returns its id. */
  insert<P extends Parameters>(statement: Statement<P, { id: number }>, parameters: P): Promise<number>;
}

export interface Database {
  /**
   * Runs `work` in a transaction of its own within the turn's commit; resolves once it is durable. Whatever `work`
   * throws undoes its own part alone. `work` may await queries only: nothing that waits for another turn.
   */
  write<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /**
   * Runs `work` on the connection for reads, in one snapshot. `work` may await queries only: a query that comes in a later
   * turn of the event loop is refused.
   */
  read<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /**
   * Writes all that is committed to a file of its own, whole and on the disk once it resolves; `tidy` may change the copy.
   * Others may go on writing meanwhile, but not this process: it blocks the event loop, a second for 100 to 160 MB.
   * @throws where the file is there already, or cannot be written.
   */
  backup(file: string, tidy?: (copy: Trx) => Promise<void>): Promise<void>;
  /**
   * Runs `work` on the connection of the writes in a transaction that may change temporary tables alone, and so takes no
   * lock of the infobase. They are there for `write` too. `work` may await queries only.
   */
  stage<T>(work: (trx: Trx) => Promise<T>): Promise<T>;
  /**
   * What keeps it from being written now; empty = nothing. It looks at the files without touching the database, and writes
   * to it only where the last write failed.
   */
  listTroubles(): Promise<readonly StorageTrouble[]>;
  /** Waits for the writes in the queue, takes no more, and closes the connections. */
  close(): Promise<void>;
}

/** The database stayed locked by another process for the whole time-out. */
export class DatabaseBusy extends Error {}

export interface SqliteOptions {
  /** A file's path, or ":memory:" (tests: reads then share the connection of the writes, and their queue). */
  readonly file: string;
  /** For ":memory:": the bytes of a migrated database to start from, which saves running every migration. */
  readonly image?: Buffer | undefined;
  /** How long a turn's writes wait for another process's transaction, without blocking the event loop. */
  readonly busyTimeoutMs?: number;
  /** For a command that writes to pages all over the database while no till does. */
  readonly isBulk?: boolean;
}

/**
 * A page that is changed again and again is written back once for many transactions, not behind each: with 200,000 cards
 * half as many documents again are posted a second. Whoever commits next writes it all back, half a second's work.
 */
const bulkPragmas = ['wal_autocheckpoint = 20000', 'cache_size = -64000'] as const;

const memory = ':memory:';

/**
 * Opens (and makes, and migrates) an infobase's SQLite database.
 * @throws where the file is not the database of an infobase, or only what is left of one.
 */
export async function openSqlite(options: SqliteOptions): Promise<Database> {
  if (options.file !== memory) await makeDatabaseWhereMissing(options.file, openConnection);
  const connection = openConnection(options.image ?? options.file);
  try {
    await migrateDatabase(connection);
    if (options.isBulk === true) for (const pragma of bulkPragmas) connection.pragma(pragma);
    return new SqliteDatabase(connection, options);
  } catch (reason) {
    connection.close();
    throw reason;
  }
}

function openConnection(file: string | Buffer): BetterSqlite.Database {
  // No busy time-out inside SQLite: it would block the event loop. The commit queue waits in turns instead.
  const connection = openPrivate(file, { timeout: 0 });
  connection.pragma('busy_timeout = 5000');
  connection.pragma('journal_mode = WAL');
  connection.pragma('busy_timeout = 0');
  // WAL's default NORMAL may lose acknowledged commits at power loss.
  connection.pragma('synchronous = FULL');
  connection.pragma('foreign_keys = ON');
  // Else a REPLACE would take a movement away past the trigger that forbids it.
  connection.pragma('recursive_triggers = ON');
  connection.pragma('cache_size = -32000');
  return connection;
}

interface Prepared {
  /** Without parameters: within one snapshot it gives one row. */
  readonly isConstant: boolean;
  readonly statement: BetterSqlite.Statement;
  readonly bind: (parameters: Parameters) => unknown[];
}

/** better-sqlite3 copies what is bound at once, so one array serves every call. */
function compileBind(places: CompiledStatement['places']): (parameters: Parameters) => unknown[] {
  const names = places.map((place) => (typeof place === 'string' ? place : undefined));
  const bound: unknown[] = places.map((place) => (typeof place === 'string' ? null : place.constant));
  return (parameters) => {
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index];
      if (name !== undefined) bound[index] = parameters[name];
    }
    return bound;
  };
}

class SqliteTrx implements Trx {
  readonly connection: BetterSqlite.Database;
  private readonly prepared = new Map<unknown, Prepared>();

  constructor(connection: BetterSqlite.Database) {
    this.connection = connection;
  }

  protected prepare<P extends Parameters, R>(statement: Statement<P, R>): Prepared {
    let prepared = this.prepared.get(statement);
    if (prepared === undefined) {
      const { sql, places } = statement.compile('better-sqlite3');
      prepared = {
        statement: this.connection.prepare(sql),
        bind: compileBind(places),
        isConstant: places.length === 0,
      };
      this.prepared.set(statement, prepared);
    }
    return prepared;
  }

  async first<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R | undefined> {
    const { statement: native, bind } = this.prepare(statement);
    return native.get(bind(parameters)) as R | undefined;
  }

  async list<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R[]> {
    const { statement: native, bind } = this.prepare(statement);
    return native.all(bind(parameters)) as R[];
  }

  async change<P extends Parameters>(statement: Statement<P, unknown>, parameters: P): Promise<number> {
    const { statement: native, bind } = this.prepare(statement);
    return native.run(bind(parameters)).changes;
  }

  async insert<P extends Parameters>(statement: Statement<P, { id: number }>, parameters: P): Promise<number> {
    const { statement: native, bind } = this.prepare(statement);
    const row = native.get(bind(parameters)) as { readonly id: number } | undefined;
    if (row === undefined) throw new Error(`an insert gave no id: ${native.source}`);
    return row.id;
  }
}

/**
 * The connection for reads. What is read in one turn of the event loop shares one snapshot, so that the turn takes the
 * database's locks once (each costs two system calls); a statement without parameters is run once in it.
 */
class SqliteReader extends SqliteTrx {
  private readonly begin: BetterSqlite.Statement;
  private readonly end: BetterSqlite.Statement;
  private readonly constants = new Map<unknown, unknown>();
  private guard: NodeJS.Immediate | undefined;
  private loan: Loan | undefined;

  constructor(connection: BetterSqlite.Database) {
    super(connection);
    this.begin = connection.prepare('begin');
    this.end = connection.prepare('commit');
  }

  /** Opens the turn's snapshot, unless it is open. What is lent is of no use once the turn is over. */
  open(): Trx {
    if (this.loan !== undefined) return this.loan;
    this.begin.run();
    this.guard = setImmediate(() => this.shut());
    this.loan = new Loan(this);
    return this.loan;
  }

  /** Ends the snapshot: at the turn's end, and where this process has committed something that a reader must see. */
  shut(): void {
    if (this.loan === undefined) return;
    clearImmediate(this.guard);
    this.loan.end();
    this.loan = undefined;
    this.constants.clear();
    this.end.run();
  }

  override async first<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R | undefined> {
    const { statement: native, bind, isConstant } = this.prepare(statement);
    if (!isConstant || this.loan === undefined) return native.get(bind(parameters)) as R | undefined;
    if (!this.constants.has(statement)) this.constants.set(statement, native.get());
    return this.constants.get(statement) as R | undefined;
  }
}

/**
 * A connection as one command has it: of no use once its transaction is over, however late the command wakes up. A late
 * write would join somebody else's transaction, a late read would see another snapshot than the reads before it.
 */
class Loan implements Trx {
  private readonly trx: Trx;
  private isOver = false;

  constructor(trx: Trx) {
    this.trx = trx;
  }

  first<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R | undefined> {
    return this.isOver ? refuseLateQuery() : this.trx.first(statement, parameters);
  }

  list<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R[]> {
    return this.isOver ? refuseLateQuery() : this.trx.list(statement, parameters);
  }

  change<P extends Parameters>(statement: Statement<P, unknown>, parameters: P): Promise<number> {
    return this.isOver ? refuseLateQuery() : this.trx.change(statement, parameters);
  }

  insert<P extends Parameters>(statement: Statement<P, { id: number }>, parameters: P): Promise<number> {
    return this.isOver ? refuseLateQuery() : this.trx.insert(statement, parameters);
  }

  end(): void {
    this.isOver = true;
  }
}

function refuseLateQuery(): Promise<never> {
  return Promise.reject(new Error('a query came after its transaction was over'));
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
  private queue: QueuedWrite[] = [];
  private draining: Promise<void> | undefined;
  private isClosed = false;

  constructor(connection: BetterSqlite.Database, options: SqliteOptions) {
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

  async backup(file: string, tidy?: (copy: Trx) => Promise<void>): Promise<void> {
    await this.draining;
    const tidyCopy = tidy === undefined ? undefined : (copy: BetterSqlite.Database) => tidy(new SqliteTrx(copy));
    if (this.reader === undefined) return copyDatabase(this.writer.connection, file, tidyCopy);
    // A connection of its own: that for reads may have a snapshot open.
    const connection = openConnection(this.writer.connection.name);
    try {
      await copyDatabase(connection, file, tidyCopy);
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
    // The disk may be well again, and nobody has written since.
    await this.write(async () => void this.touch.run()).catch(() => undefined);
    return this.failure === undefined ? [] : [{ code: 'write_failed', why: describeFailure(this.failure) }];
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.draining;
    this.reader?.shut();
    this.reader?.connection.close();
    this.writer.connection.close();
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
      for (const { reject } of batch) reject(reason);
      return;
    }
    this.failure = undefined;
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
 * Rejects once the turn of the event loop is left: whoever awaits anything but queries would hold the write lock over
 * other turns (or, awaiting a write of the same queue, for ever).
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
  // Where nobody runs any more there is nobody to tell.
  left.catch(() => undefined);
  return { left, isLeft: () => isLeft, stop: () => clearImmediate(guard) };
}

export function isBusy(reason: unknown): boolean {
  return codeOf(reason).startsWith('SQLITE_BUSY');
}
