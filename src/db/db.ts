// What operations may ask of a database, whichever it is. What is SQLite's own stands in sqlite/.
import type { Parameters, Statement } from './statement.ts';

/** What a query function is given: statements run on one connection, inside its transaction where there is one. */
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

/** Why what a till sends would not be stored. */
export type StorageTroubleCode =
  /** The file, or the log beside it (-wal), is not the one that was opened: moved, removed or replaced. */
  | 'moved'
  | 'read_only'
  /** The folder cannot be written or entered. */
  | 'folder'
  | 'no_room'
  /** The last write failed, though nothing is wrong with the files. */
  | 'write_failed';

export interface StorageTrouble {
  readonly code: StorageTroubleCode;
  /** The system's words. */
  readonly why: string;
}

/** What may be asked between the steps of a copy. */
export interface CopySteps {
  readonly onPages?: (done: number, total: number) => void;
  readonly shouldStop?: () => boolean;
}

/** Groups of writes that shared one commit, since the database was opened. */
export interface CommitCounts {
  /** Greatest sizes of the groups that are counted together. */
  readonly groupSizes: readonly number[];
  /** By `groupSizes`, and one more for greater groups. */
  readonly groups: Float64Array;
  /** In all groups. */
  writes: number;
  /** Groups that were not committed: the disk, or a lock of another process. */
  failed: number;
}

/** What a database measures of itself. */
export interface DatabaseMeasures {
  readonly commits: CommitCounts;
  /** Writes that wait for the next commit. */
  readonly queuedWrites: number;
  /** How often a thread wrote the log back into the file, and how often that failed. */
  readonly checkpoints: { readonly done: number; readonly failed: number };
  /** Undefined where it lies in no file. */
  readonly files:
    | {
        readonly bytes: number;
        /** Of the log that commits go to first. */
        readonly logBytes: number;
        /** Free on the disk of the file. */
        readonly freeBytes: number;
      }
    | undefined;
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
   * Copies all that is committed at one moment into a new file, which is not yet on the disk. Others go on writing meanwhile,
   * this process too: the copy is made in steps of some 20 ms, between which the event loop turns.
   * @throws where the file is there already or cannot be written, or where it was stopped; what was written stays.
   */
  copyTo(file: string, steps: CopySteps): Promise<void>;
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
  /** Touches no lock and reads no row. @throws where the files cannot be looked at. */
  measure(): Promise<DatabaseMeasures>;
  /** Waits for the writes in the queue, takes no more, and closes the connections. */
  close(): Promise<void>;
}

/** The database stayed locked by another process for the whole time-out. */
export class DatabaseBusy extends Error {}
