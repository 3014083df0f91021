// Statements on one SQLite connection: prepared once, run with an array of values that is kept for the next call.
import type BetterSqlite from 'better-sqlite3';
import type { Trx } from '../db.ts';
import type { CompiledStatement, Parameters, ReadRow, Scalar, Statement } from '../statement.ts';

interface Prepared {
  /** Without parameters: within one snapshot it gives one row. */
  readonly isConstant: boolean;
  readonly statement: BetterSqlite.Statement;
  /** Undefined where the statement gives rows as they are. */
  readonly readRow: ReadRow<unknown> | undefined;
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

function getRow({ statement, bind, readRow }: Prepared, parameters: Parameters): unknown {
  const row = statement.get(bind(parameters));
  return row === undefined || readRow === undefined ? row : readRow(row as Scalar[]);
}

export class SqliteTrx implements Trx {
  readonly connection: BetterSqlite.Database;
  private readonly prepared = new Map<unknown, Prepared>();

  constructor(connection: BetterSqlite.Database) {
    this.connection = connection;
  }

  protected prepare<P extends Parameters, R>(statement: Statement<P, R>): Prepared {
    let prepared = this.prepared.get(statement);
    if (prepared === undefined) {
      const { sql, places } = statement.compile('better-sqlite3');
      const native = this.connection.prepare(sql);
      const { readRow } = statement;
      if (readRow !== undefined) native.raw();
      prepared = { statement: native, readRow, bind: compileBind(places), isConstant: places.length === 0 };
      this.prepared.set(statement, prepared);
    }
    return prepared;
  }

  async first<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R | undefined> {
    return getRow(this.prepare(statement), parameters) as R | undefined;
  }

  async list<P extends Parameters, R>(statement: Statement<P, R>, parameters: P): Promise<R[]> {
    const { statement: native, bind, readRow } = this.prepare(statement);
    const rows = native.all(bind(parameters));
    return (readRow === undefined ? rows : (rows as Scalar[][]).map(readRow)) as R[];
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
export class SqliteReader extends SqliteTrx {
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

  /** Opens the turn's snapshot, unless it is open. What it returns refuses queries once the turn is over. */
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
    const prepared = this.prepare(statement);
    if (!prepared.isConstant || this.loan === undefined) return getRow(prepared, parameters) as R | undefined;
    if (!this.constants.has(statement)) this.constants.set(statement, getRow(prepared, parameters));
    return this.constants.get(statement) as R | undefined;
  }
}

/**
 * A connection as one command has it: it refuses queries once the command's transaction is over. A late write would join
 * the transaction of another command, and a late read would see another snapshot than the reads before it.
 */
export class Loan implements Trx {
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
