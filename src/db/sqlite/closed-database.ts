// A database file that nobody serves, such as a copy: it is opened as it is, neither migrated nor given a log of its own.
import BetterSqlite from 'better-sqlite3';
import type { Trx } from '../db.ts';
import { SqliteTrx } from './sqlite-trx.ts';

/** The file is not changed, and no file is made beside it. */
export function readClosedDatabase<T>(file: string, work: (trx: Trx) => Promise<T>): Promise<T> {
  return withConnection(new BetterSqlite(file, { readonly: true, fileMustExist: true }), (connection) =>
    work(new SqliteTrx(connection)),
  );
}

/** In one transaction; afterwards everything is in the one file. */
export function changeClosedDatabase<T>(file: string, work: (trx: Trx) => Promise<T>): Promise<T> {
  return withConnection(new BetterSqlite(file, { fileMustExist: true }), async (connection) => {
    // A copy inherits WAL, and whoever opened it would make a log beside it.
    connection.pragma('journal_mode = DELETE');
    connection.pragma('foreign_keys = ON');
    connection.exec('begin immediate');
    try {
      const value = await work(new SqliteTrx(connection));
      connection.exec('commit');
      return value;
    } finally {
      if (connection.inTransaction) connection.exec('rollback');
    }
  });
}

async function withConnection<T>(
  connection: BetterSqlite.Database,
  work: (connection: BetterSqlite.Database) => Promise<T>,
): Promise<T> {
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
