// Opening makes, upgrades or refuses a database; what is up to date is left as it is.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { knex as makeKnex } from 'knex';
import { migrations } from '../../migrations/index.ts';
import { openSqlite } from '../../src/db/db.ts';

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
  await (await openSqlite({ file })).close();
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

test('a database of a newer version is refused, and left alone', async () => {
  await open();
  look((connection) => connection.exec(`insert into knex_migrations (name, batch) values ('9999-later', 9)`));
  const before = listAll(schema);
  await expect(openSqlite({ file })).rejects.toThrow('made by a newer version (it has 9999-later)');
  expect(listAll(schema)).toEqual(before);
  expect(listAll(applied)).toHaveLength(migrations.length + 1);
});

test('an empty file is refused, and left alone', async () => {
  writeFileSync(file, '');
  await expect(openSqlite({ file })).rejects.toThrow('the file is empty (0 bytes)');
  expect(statSync(file).size).toBe(0);
});

test('a log without its file is refused, and left alone', async () => {
  writeFileSync(`${file}-wal`, 'commits that are nowhere else');
  await expect(openSqlite({ file })).rejects.toThrow('the file is missing, but its log (-wal) is there');
  expect(readFileSync(`${file}-wal`, 'utf8')).toBe('commits that are nowhere else');
  expect(existsSync(file)).toBe(false);
});

test('the database of another program is refused, and left alone', async () => {
  look((connection) => connection.exec('create table goods (code text)'));
  const before = listAll(schema);
  await expect(openSqlite({ file })).rejects.toThrow('the database is not an infobase: it has a table "goods"');
  expect(listAll(schema)).toEqual(before);
});

test('what a kill left of a database in the making is begun again', async () => {
  writeFileSync(`${file}-new`, 'half of a database');
  writeFileSync(`${file}-new-wal`, 'and of its log');
  await open();
  expect(listAll(applied)).toHaveLength(migrations.length);
  const left = readdirSync(folder).filter((name) => name.startsWith(path.basename(file)));
  expect(left.toSorted()).toEqual([path.basename(file), `${path.basename(file)}-migrating`]);
});

test('a file that is no database is refused', async () => {
  writeFileSync(file, 'this is a letter, not a database, and it is long enough to be looked at as one');
  await expect(openSqlite({ file })).rejects.toMatchObject({ code: 'SQLITE_NOTADB' });
});
