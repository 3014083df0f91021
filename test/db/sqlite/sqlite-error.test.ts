// What SQLite's errors mean, tried with errors that SQLite itself throws.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { findFailedCheck, isMachineTrouble } from '../../../src/db/database-error.ts';
import { isBusy, isStorageFailure } from '../../../src/db/sqlite/sqlite-error.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-sqlite-error-'));
  file = join(folder, 'base.sqlite');
  open().exec('create table t (n integer constraint t_bonus check (n < 10)); create table u (n integer unique)');
});

afterEach(() => {
  for (const connection of opened.splice(0)) connection.close();
  rmSync(folder, { recursive: true, force: true });
});

const opened: BetterSqlite.Database[] = [];

function open(options: BetterSqlite.Options = {}): BetterSqlite.Database {
  const connection = new BetterSqlite(file, { timeout: 0, ...options });
  opened.push(connection);
  return connection;
}

const causes: Readonly<Record<string, () => void>> = {
  'a lock': () => {
    open().exec('begin immediate');
    open().exec('begin immediate');
  },
  'a file that may only be read': () => open({ readonly: true }).exec('insert into t values (1)'),
  'a full disk': () => {
    const connection = open();
    connection.pragma('max_page_count = 3');
    connection.exec('create table v (n); create table w (n)');
  },
  'another file': () => {
    file = join(folder, 'other.sqlite');
    writeFileSync(file, 'this is not a database'.repeat(100));
    chmodSync(file, 0o600);
    open().prepare('select * from t').all();
  },
  'a check': () => open().exec('insert into t values (11)'),
  'a unique key': () => open().exec('insert into u values (1), (1)'),
  'a wrong statement': () => open().exec('select colour from t'),
  'a mistake of our own': () => {
    throw new TypeError('CHECK is not a function');
  },
  'an error of another kind': () => {
    throw Object.assign(new Error('no file'), { code: 'ENOENT' });
  },
};

const storage = { isBusy: false, isStorage: true, isMachine: true, check: undefined };
const work = { isBusy: false, isStorage: false, isMachine: false, check: undefined };

test.each([
  ['a lock', { ...storage, isBusy: true, isStorage: false }],
  ['a file that may only be read', storage],
  ['a full disk', storage],
  ['another file', storage],
  ['a check', { ...work, check: 't_bonus' }],
  ['a unique key', work],
  ['a wrong statement', work],
  ['a mistake of our own', work],
  ['an error of another kind', work],
])('%s', (cause, meaning) => {
  let reason: unknown;
  try {
    causes[cause]?.();
  } catch (thrown) {
    reason = thrown;
  }
  expect(reason).toHaveProperty('message');
  expect({
    isBusy: isBusy(reason),
    isStorage: isStorageFailure(reason),
    isMachine: isMachineTrouble(reason),
    check: findFailedCheck(reason),
  }).toEqual(meaning);
});
