// Opening makes, upgrades or refuses a database; what is up to date is left as it is.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import BetterSqlite from 'better-sqlite3';
import { knex as makeKnex } from 'knex';
import { migrations } from '../../../migrations/index.ts';
import { openDatabase } from '../../../src/db/open-database.ts';
import { buildChild } from '../../build-child.ts';

let folder: string;
let file: string;
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kkm-migrate-'));
});
beforeEach(() => {
  file = path.join(folder, `${(files += 1)}.sqlite`);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Looks into the file from beside the service. */
function look<T>(ask: (connection: BetterSqlite.Database) => T): T {
  const connection = new BetterSqlite(file);
  try {
    return ask(connection);
  } finally {
    connection.close();
  }
}

const listAll = (text: string): unknown[] => look((connection) => connection.prepare(text).all());
const schema = 'select type, name, sql from sqlite_master order by type, name';
const applied = 'select name from knex_migrations order by id';

async function open(): Promise<void> {
  await (await openDatabase({ file })).close();
}

/** The database as a version of the product made it that knew the first `count` migrations. */
async function makeOlder(count: number): Promise<void> {
  const knex = makeKnex({ client: 'better-sqlite3', connection: { filename: file }, useNullAsDefault: true });
  await knex.migrate.latest({
    migrationSource: {
      getMigrations: async () => migrations.slice(0, count),
      getMigrationName: ({ name }: (typeof migrations)[number]) => name,
      getMigration: async ({ up }: (typeof migrations)[number]) => ({ up, down: async () => undefined }),
    },
  });
  await knex.destroy();
}

test('migrations are numbered in the order they are listed, each once', () => {
  const names = migrations.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
  expect(new Set(names.map((name) => name.slice(0, 4))).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^\d{4}-[a-z-]+$/);
});

test('a new database gets them all, in order', async () => {
  await open();
  expect(listAll(applied)).toEqual(migrations.map(({ name }) => ({ name })));
  expect(listAll(`pragma foreign_key_check`)).toEqual([]);
  expect(listAll(`pragma integrity_check`)).toEqual([{ integrity_check: 'ok' }]);
});

test('a second opening writes nothing', async () => {
  await open();
  const before = look((connection) => ({
    schema: connection.prepare(schema).all(),
    applied: connection.prepare('select * from knex_migrations').all(),
    version: connection.pragma('schema_version'),
  }));
  await open();
  const after = look((connection) => ({
    schema: connection.prepare(schema).all(),
    applied: connection.prepare('select * from knex_migrations').all(),
    version: connection.pragma('schema_version'),
  }));
  expect(after).toEqual(before);
});

async function bringUp(_: string, count: number): Promise<void> {
  await makeOlder(count);
  look((connection) => {
    connection.exec(`insert into card_kind (code, name, purpose, discount) values ('K', 'Вид', 'discount', '{}')`);
    connection.exec(`insert into card (number, kind_code, status) values ('0042', 'K', 'active')`);
  });
  await open();
  expect(listAll(applied)).toEqual(migrations.map(({ name }) => ({ name })));
  expect(listAll(`select number from card`)).toEqual([{ number: '0042' }]);
  expect(listAll(`pragma foreign_key_check`)).toEqual([]);
  const upgraded = listAll(schema);
  file = `${file}.new`;
  await open();
  expect(upgraded).toEqual(listAll(schema));
}

const versions = migrations.map(({ name }, index) => [name, index + 1] as const);
test.each(versions)('a database that ends with %s is brought up to date, and ends as a new one', bringUp);

const addKind = (code: string): unknown =>
  look((connection) =>
    connection.exec(
      `insert into card_kind (code, name, purpose, discount) values ('${code}', 'Вид', 'discount', '{}')`,
    ),
  );
const remains = (): string[] => readdirSync(folder).filter((name) => name.includes('.part'));

describe('before an upgrade', () => {
  const [old = '', last = ''] = migrations.slice(-2).map(({ name }) => name);
  const nameBackup = (): string => file.replace('.sqlite', `-before-upgrade-from-${old}.backup`);
  beforeEach(() => makeOlder(migrations.length - 1));

  test('the database is copied as it was, for its owner alone; one of an interrupted upgrade gives way', async () => {
    addKind('K');
    writeFileSync(nameBackup(), 'of an upgrade that was interrupted');
    await open();
    expect(listAll(applied).at(-1)).toEqual({ name: last });
    file = nameBackup();
    expect([listAll(applied).at(-1), listAll('select code from card_kind'), remains()]).toEqual([
      { name: old },
      [{ code: 'K' }],
      [],
    ]);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
    // Brought up to date itself, it is an infobase.
    await open();
  });

  test('where no copy can be made the database stays as it is', async () => {
    mkdirSync(path.join(nameBackup(), 'something'), { recursive: true });
    await expect(openDatabase({ file })).rejects.toThrow('the database is not upgraded, because no backup of it');
    expect([listAll(applied).at(-1), remains()]).toEqual([{ name: old }, []]);
  });

  test.each([
    ['as a service leaves it', 'wal'],
    ['as a restore leaves it', 'delete'],
  ])('of four processes that start together one copies and upgrades it, and the others wait: %s', async (_, mode) => {
    addKind('K');
    look((connection) => connection.pragma(`journal_mode = ${mode}`));
    const signal = `${file}.go`;
    const program = buildChild('test/db/sqlite/open-child.ts');
    const children = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [program, file, signal], { stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    const said = children.map(() => '');
    const ends = children.map((child) => once(child, 'close'));
    const isWaiting = children.map(
      (child, index) =>
        new Promise<void>((resolve) => {
          for (const stream of [child.stdout, child.stderr]) {
            stream.setEncoding('utf8').on('data', (text: string) => {
              said[index] += text;
              resolve();
            });
          }
        }),
    );
    await Promise.all(isWaiting);
    writeFileSync(signal, '');
    expect([await Promise.all(ends), said]).toEqual([
      children.map(() => [0, null]),
      children.map(() => 'waits\nopened\n'),
    ]);
    expect(listAll(applied)).toEqual(migrations.map(({ name }) => ({ name })));
    // One that came second would have copied what is upgraded already.
    file = nameBackup();
    expect([listAll(applied).at(-1), listAll('select code from card_kind'), remains()]).toEqual([
      { name: old },
      [{ code: 'K' }],
      [],
    ]);
  });

  test('a copy of another file is not copied again', async () => {
    await (await openDatabase({ file, isCopy: true })).close();
    expect([listAll(applied).at(-1), existsSync(nameBackup())]).toEqual([{ name: last }, false]);
  });
});

/** Billing since 03-01, switched on in the evening of the 5th over receipts 1 to 3; 4 and 5 have come later. */
const billingBefore14 = `
  insert into card_kind (code, name, purpose, discount) values ('K', 'Вид', 'discount', '{}');
  insert into card (id, number, kind_code, status) values (1, '0042', 'K', 'active');
  insert into receipt (id, kind, kkm, shift_number, receipt_number, receipt_on, receipt_at, card_id, sum,
      sum_with_discount, bonus_accrued, bonus_redeemed, offline, lines, road, state, flags, effective_on, bonus_credit_on,
      bonus_write_off_on, accumulation_credit_on, accumulation_write_off_on)
    select id, kind, 'T', 1, id, receipt_on, receipt_on || 'T12:00:00', 1, 100, 100, 0, 0, 0, '[]', 'online', 'posted', '',
      effective_on, effective_on, case when effective_on is null then null else '2026-09-01' end, effective_on,
      case when effective_on is null then null else '2026-09-01' end
    from (select 1 as id, 'Sale' as kind, '2026-02-20' as receipt_on, '2026-02-20' as effective_on
      union all select 2, 'Sale', '2026-02-21', null
      union all select 3, 'Sale', '2026-03-04', '2026-03-04'
      union all select 4, 'Sale', '2026-02-22', '2026-02-22'
      union all select 5, 'Return', '2026-02-23', '2026-02-23'
      union all select 6, 'Return', '2026-03-06', '2026-03-06');
  insert into document (id, kind, dated_at, recorded_at, receipt_id)
    select id, 'KkmOperation', receipt_at, case when id <= 3 then receipt_at else '2026-03-06T09:00:00' end, id from receipt;
  insert into billing_state (id, start_on, last_night_on) values (1, '2026-03-01', '2026-03-05');
  insert into billing_document (id, kind, dated_at, recorded_at, origin, effective_on)
    values (8, 'OpeningBalance', '2026-02-28T23:59:59', '2026-03-05T20:00:00', 'opening', '2026-02-28');
  insert into enabling (id, start_on, phase, is_paused, documents, opening_document_id, began_at, run_began_ms,
      run_turned_ms, run_posted)
    values (1, '2026-03-01', 'done', 0, 1, 8, '2026-03-05T20:00:00', 0, 0, 1);
  insert into enabling_item (position, receipt_id, document_id, receipt_at, state)
    values (1, 3, 3, '2026-03-04T12:00:00', 'posted')`;

test('of an infobase in stage billing it is found out what was there when billing began', async () => {
  await makeOlder(migrations.findIndex(({ name }) => name.startsWith('0014-')));
  look((connection) => connection.exec(billingBefore14));
  await open();
  expect(listAll('select last_receipt_id from billing_state')).toEqual([{ last_receipt_id: 3 }]);
  // The sale that a return has named is in the opening; what came late from before the start is not in billing.
  const marks = 'select id, effective_on, bonus_write_off_on, last_opening_id from receipt order by id';
  expect(look((connection) => connection.prepare(marks).raw().all())).toEqual([
    [1, '2026-02-20', '2026-09-01', 8],
    [2, null, null, null],
    [3, '2026-03-04', '2026-09-01', null],
    [4, null, null, null],
    [5, null, null, null],
    [6, '2026-03-06', '2026-09-01', null],
  ]);
});

test('a database of a newer version is refused, and left alone', async () => {
  await open();
  look((connection) => connection.exec(`insert into knex_migrations (name, batch) values ('9999-later', 9)`));
  const before = listAll(schema);
  await expect(openDatabase({ file })).rejects.toThrow(
    `the database was made by a newer version (it has 9999-later, and this version ends with ${migrations.at(-1)?.name})`,
  );
  expect(listAll(schema)).toEqual(before);
  expect(listAll(applied)).toHaveLength(migrations.length + 1);
});

test('an empty file is refused, and left alone', async () => {
  writeFileSync(file, '');
  await expect(openDatabase({ file })).rejects.toThrow('the file is empty (0 bytes)');
  expect(statSync(file).size).toBe(0);
});

test('a log without its file is refused, and left alone', async () => {
  writeFileSync(`${file}-wal`, 'commits that are nowhere else');
  await expect(openDatabase({ file })).rejects.toThrow('the file is missing, but its log (-wal) is there');
  expect(readFileSync(`${file}-wal`, 'utf8')).toBe('commits that are nowhere else');
  expect(existsSync(file)).toBe(false);
});

test('the database of another program is refused, and left alone', async () => {
  look((connection) => connection.exec('create table goods (code text)'));
  const before = listAll(schema);
  await expect(openDatabase({ file })).rejects.toThrow('the database is not an infobase: it has a table "goods"');
  expect(listAll(schema)).toEqual(before);
});

test('what a kill left of a database in the making is begun again', async () => {
  writeFileSync(`${file}-new`, 'half of a database');
  writeFileSync(`${file}-new-wal`, 'and of its log');
  await open();
  expect(listAll(applied)).toHaveLength(migrations.length);
  const left = readdirSync(folder).filter((name) => name.startsWith(path.basename(file)));
  expect(left.toSorted()).toEqual(['', '-migrating', '-open'].map((ending) => path.basename(file) + ending));
});

test('a file that is not a database is refused', async () => {
  writeFileSync(file, 'this is a letter, not a database, and it is long enough to be looked at as one');
  await expect(openDatabase({ file })).rejects.toMatchObject({ code: 'SQLITE_NOTADB' });
});

test('movements get the dates of their documents, and the accruals of a card are the same as before', async () => {
  await makeOlder(migrations.findIndex(({ name }) => name.startsWith('0021-')));
  look((connection) =>
    connection.exec(`
      insert into card_kind (code, name, purpose, discount) values ('K', 'Вид', 'discount', '{}');
      insert into card (id, number, kind_code, status) values (1, '0042', 'K', 'active'), (2, '0043', 'K', 'active');
      insert into document (id, kind, dated_at, recorded_at) values (3, 'OpeningAccumulation', '2026-02-28T23:59:59', '');
      insert into accumulation_movement (document_id, card_id, bonus, accumulation, receipts, bonus_after)
        values (3, 1, 5, 0, 0, 5);
      insert into billing_document (id, kind, dated_at, recorded_at, origin)
        values (8, 'OpeningBalance', '2026-03-01T00:00:00', '', 'opening'), (9, 'Accrual', '2026-03-02T02:00:00', '', 'night');
      insert into billing_movement (document_id, card_id, line, bonus, accumulation, receipts, bonus_after)
        values (8, 1, 1, 5, 0, 0, 5), (9, 2, 1, 7, 0, 0, 7);
      insert into accrual_turnover (card_id, write_off_on, bonus, accumulation, receipts)
        values (2, '2026-05-01', 7, 0, 0), (1, '3999-12-31', 0, 8, 1), (1, '2026-04-01', 5, 0, 0)`),
  );
  await open();
  const ask = (text: string) => look((connection) => connection.prepare(text).raw().all());
  expect(ask('select document_id, dated_at from accumulation_movement')).toEqual([[3, '2026-02-28T23:59:59']]);
  expect(ask('select document_id, dated_at from billing_movement order by document_id')).toEqual([
    [8, '2026-03-01T00:00:00'],
    [9, '2026-03-02T02:00:00'],
  ]);
  expect(ask('select * from accrual_turnover order by card_id, write_off_on')).toEqual([
    [1, '2026-04-01', 5, 0, 0],
    [1, '3999-12-31', 0, 8, 1],
    [2, '2026-05-01', 7, 0, 0],
  ]);
  for (const table of ['accumulation_movement', 'billing_movement']) {
    expect(() => ask(`delete from ${table} returning 1`)).toThrow('append-only');
  }
});
