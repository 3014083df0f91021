// The log of a served infobase is written back by a thread; where that fails, SQLite goes on in its own way.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite from 'better-sqlite3';
import { openDatabase } from '../../../src/db/open-database.ts';
import { Checkpoints, type CheckpointsOptions } from '../../../src/db/sqlite/checkpoints.ts';
import { statement } from '../../../src/db/statement.ts';

const megabyte = 1024 ** 2;

let folder: string;
let file: string;
let connection: BetterSqlite.Database;
let checkpoints: Checkpoints;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-checkpoints-'));
  file = join(folder, 'base.sqlite');
  connection = new BetterSqlite(file);
  connection.pragma('journal_mode = WAL');
  connection.pragma('synchronous = OFF');
  connection.exec('create table page (id integer primary key, content blob not null)');
});
afterEach(async () => {
  await checkpoints.end();
  connection.close();
  rmSync(folder, { recursive: true });
});

function open(options: Partial<CheckpointsOptions> = {}): Checkpoints {
  checkpoints = new Checkpoints({ connection, isMoved: () => false, ...options });
  return checkpoints;
}

/** Commits of fifty pages each, over the same two hundred. */
function commit(times: number): void {
  const write = connection.prepare('insert or replace into page (id, content) values (?, randomblob(4000))');
  for (let index = 0; index < times; index += 1) {
    connection.exec('begin immediate');
    for (let page = 0; page < 50; page += 1) write.run((index * 50 + page) % 200);
    connection.exec('commit');
    checkpoints.afterCommit();
  }
}

/** SQLite leaves WAL only where no other connection is open. */
function isAlone(): boolean {
  try {
    connection.pragma('journal_mode = DELETE');
  } catch {
    return false;
  }
  connection.pragma('journal_mode = WAL');
  return true;
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(1);
}

const look = (): [busy: number, pages: number, writtenBack: number] =>
  connection.prepare('pragma wal_checkpoint(noop)').raw().get() as [number, number, number];
const logBytes = (): number => statSync(`${file}-wal`).size;
const valve = (): unknown => connection.pragma('wal_autocheckpoint', { simple: true });

test('a short log starts no thread', () => {
  open({
    findWorker: () => {
      throw new Error('started');
    },
  });
  commit(16);
  expect(checkpoints).toMatchObject({ done: 0, failed: 0 });
  commit(16);
  expect(checkpoints.failed).toBe(1);
});

test('the thread writes back what is committed, and the commit after begins the log anew', async () => {
  open();
  commit(24);
  await until(() => checkpoints.done === 1);
  const [, pages, writtenBack] = look();
  expect(writtenBack).toBe(pages);
  const bytes = logBytes();
  commit(10);
  expect(logBytes()).toBe(bytes);
  expect(look()).toMatchObject({ 2: 0 });
});

test('a long log begins anew while commits never pause, without its valve', async () => {
  open();
  connection.pragma('wal_autocheckpoint = 0');
  let longest = 0;
  for (let pages = 0; pages >= longest; [, pages] = look()) {
    longest = pages;
    commit(1);
    await nextTurn();
  }
  expect(checkpoints.done).toBeGreaterThan(0);
  expect(checkpoints.failed).toBe(0);
  expect(connection.pragma('integrity_check', { simple: true })).toBe('ok');
});

test('a state that is read for long keeps the log, and what it kept is left to the thread', async () => {
  open();
  const reader = new BetterSqlite(file);
  reader.exec('begin');
  reader.prepare('select count(*) from page').get();
  commit(200);
  await until(() => checkpoints.done === 1);
  expect(look()[2]).toBeLessThan(10);
  reader.close();
  commit(8);
  await until(() => checkpoints.done === 2);
  const [, pages, writtenBack] = look();
  expect(writtenBack).toBe(pages);
});

test('the valve bounds the log where the thread never comes to an end of its pass', () => {
  open();
  // In one turn of the event loop its answer is not heard.
  commit(1_000);
  expect(checkpoints.done).toBe(0);
  expect(logBytes()).toBeLessThan(80 * megabyte);
});

test.each<[string, Partial<CheckpointsOptions>]>([
  ['a thread that ends with an error', { findWorker: () => join(folder, 'missing.js') }],
  ['a file that was moved', { isMoved: () => true }],
])('%s leaves SQLite its own way, and is tried again later', async (_what, options) => {
  open({ ...options, idleMs: 20 });
  expect(valve()).toBe(16_000);
  commit(24);
  await until(() => checkpoints.failed === 1);
  expect(valve()).toBe(1_000);
  commit(100);
  expect(logBytes()).toBeLessThan(8 * megabyte);
  await until(() => {
    commit(1);
    return checkpoints.failed === 2;
  });
});

test('a thread without work ends, and the next pass starts another', async () => {
  open({ idleMs: 20 });
  for (const done of [1, 2]) {
    commit(24);
    await until(() => checkpoints.done === done);
    await until(isAlone);
  }
  expect(checkpoints.failed).toBe(0);
});

test('its end closes the connection of the thread in the middle of a pass', async () => {
  open();
  commit(24);
  await checkpoints.end();
  expect(isAlone()).toBe(true);
});

const save = statement<{ name: string; value: string }>((knex, p) =>
  knex('setting').insert({ name: p.name, value: p.value }),
);

test.each([
  ['has a thread where tills are served', true],
  ['has none for a command', false],
])('an open database %s', async (_what, isServed) => {
  open();
  const db = await openDatabase({ file: join(folder, 'infobase.sqlite'), isServed });
  for (let index = 0; index < 40; index += 1) {
    await db.write((trx) => trx.change(save, { name: `n${index}`, value: 'x'.repeat(50 * 4_000) }));
  }
  if (isServed) while ((await db.measure()).checkpoints.done === 0) await sleep(1);
  const { checkpoints: counted } = await db.measure();
  await db.close();
  expect(counted).toEqual({ done: isServed ? expect.any(Number) : 0, failed: 0 });
  expect(existsSync(join(folder, 'infobase.sqlite-wal'))).toBe(false);
});

test('a thread without a pass does not keep its process', async () => {
  open();
  const script = `${opened}
    open().then(async ({ db, write }) => {
      process.on('exit', () => console.log(db.checkpoints.worker === undefined ? 'its thread had ended before' : 'ends'));
      for (let index = 1; (await db.measure()).checkpoints.done === 0; index += 1) await write(index);
    });`;
  const child = spawn(process.execPath, ['-e', script, join(folder, 'infobase.sqlite')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout)) lines.push(line);
  expect(lines).toEqual(['ends']);
});

test('what was committed is there after a kill while the thread writes back', async () => {
  open();
  const base = join(folder, 'infobase.sqlite');
  const child = spawn(process.execPath, ['-e', killed, base], { stdio: ['ignore', 'pipe', 'inherit'] });
  let committed = '0';
  for await (const line of createInterface(child.stdout)) {
    const [name = '', done] = line.split(' ');
    committed = name;
    // Commits go on meanwhile, and the next pass is due or runs.
    if (Number(done) >= 3) child.kill('SIGKILL');
  }
  const after = new BetterSqlite(base);
  const last = after.prepare('select max(cast(name as integer)) from setting').pluck().get();
  const integrity = after.pragma('integrity_check', { simple: true });
  const count = after.prepare('select count(*) from setting').pluck().get();
  after.close();
  expect(integrity).toBe('ok');
  expect(last).toBeGreaterThanOrEqual(Number(committed));
  expect(count).toBe(last);
});

/** The built database in a process of its own. */
const opened = `
  const { openDatabase } = require('./dist/src/db/open-database.js');
  const { statement } = require('./dist/src/db/statement.js');
  const save = statement((knex, p) => knex('setting').insert({ name: p.name, value: p.value }));
  async function open() {
    const db = await openDatabase({ file: process.argv[1], isServed: true });
    const write = (index) =>
      db.write((trx) => trx.change(save, { name: String(index), value: 'x'.repeat(50 * 4_000) }));
    return { db, write };
  }`;

/** Commits without a pause and prints the number of each commit that was answered, with the passes of the thread. */
const killed = `${opened}
  open().then(async ({ db, write }) => {
    for (let index = 1; ; index += 1) {
      await write(index);
      process.stdout.write(index + ' ' + (await db.measure()).checkpoints.done + '\\n');
    }
  });`;
