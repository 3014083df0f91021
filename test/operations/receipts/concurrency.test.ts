// Many tills at once, another process at the database's door, and what the schema itself will not let in.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { insertCard } from '../../../src/db/cards/card.ts';
import { DatabaseBusy, type Database, type Trx } from '../../../src/db/db.ts';
import { openDatabase } from '../../../src/db/open-database.ts';
import { statement } from '../../../src/db/statement.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import type { OperationReply } from '../../../src/operations/operation-reply.ts';
import {
  addCard,
  buildCancel,
  buildReserve,
  buildReturn,
  buildSale,
  cancel,
  getBalance,
  listMovements,
  openBalances,
  openTestInfobase,
  register,
  release,
  reserve,
  showCard,
  sumMovements,
  testCard,
  upload,
} from '../testing-infobase.ts';

const tills = Array.from({ length: 64 }, (_, index) => `KKM-${index + 1}`);
const countDone = (replies: readonly OperationReply[]): number => replies.filter(({ code }) => code === 0).length;
const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kkm-concurrency-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
const nextFile = (): string => path.join(folder, `${(files += 1)}.sqlite`);

describe.each(['memory', 'a file'])('64 tills at once, the database in %s', (where) => {
  let infobase: Infobase;
  beforeEach(async () => {
    infobase = await openTestInfobase(where === 'memory' ? {} : { file: nextFile() });
    await addCard(infobase);
  });
  afterEach(() => infobase.close());

  test('redeem one balance: as many as it pays for, and never more', async () => {
    await openBalances(infobase, testCard.number, { bonus: 1_050 });
    const replies = await Promise.all(
      tills.map((kkm) => register(infobase, buildSale({ kkm, bonusRedeemedKopecks: 100 }))),
    );
    expect(countDone(replies)).toBe(10);
    expect(replies.filter(({ code }) => code === 5)).toHaveLength(54);
    expect(await getBalance(infobase)).toEqual({ bonus: 50, accumulation: 100_000, receipts: 10 });
    // Each answer shows the balance at its own place in the queue.
    expect(replies.filter(({ code }) => code === 0).map(({ bonusBalance }) => bonusBalance)).toEqual([
      950, 850, 750, 650, 550, 450, 350, 250, 150, 50,
    ]);
  });

  test('hold one balance, then redeem: only those who hold', async () => {
    await openBalances(infobase, testCard.number, { bonus: 1_050 });
    const sales = tills.map((kkm) => buildSale({ kkm, bonusRedeemedKopecks: 100 }));
    const holds = await Promise.all(sales.map((sale) => reserve(infobase, buildReserve(sale))));
    expect(countDone(holds)).toBe(10);
    expect(await showCard(infobase)).toMatchObject({ bonusBalance: 1_050, bonusAvailable: 50 });
    // Those without a hold come first, and still get nothing of what is set aside.
    const order = sales.map((_, index) => index).toSorted((a, b) => (holds[b]?.code ?? 0) - (holds[a]?.code ?? 0));
    const replies = await Promise.all(order.map((index) => register(infobase, sales[index] as Receipt)));
    expect(replies.map(({ code }) => code)).toEqual(order.map((index) => holds[index]?.code));
    expect(await getBalance(infobase)).toMatchObject({ bonus: 50, receipts: 10 });
    expect((await showCard(infobase)).bonusAvailable).toBe(50);
  });

  test('hold, redeem, free, cancel and return all at once: what is spent was there', async () => {
    await openBalances(infobase, testCard.number, { bonus: 1_000 });
    let spent = 0;
    await Promise.all(
      tills.map(async (kkm, index) => {
        const sale = buildSale({ kkm, bonusRedeemedKopecks: 70 + index });
        if (index % 3 !== 0) await reserve(infobase, buildReserve(sale));
        if (index % 5 === 0) await release(infobase, buildReserve(sale));
        const reply = await register(infobase, sale);
        if (reply.code !== 0) return;
        spent += sale.bonusRedeemedKopecks;
        expect(reply.bonusBalance).toBeGreaterThanOrEqual(0);
        if (index % 4 === 0) {
          expect((await cancel(infobase, buildCancel(sale))).code).toBe(0);
          spent -= sale.bonusRedeemedKopecks;
        } else if (index % 7 === 0) {
          expect((await register(infobase, buildReturn(sale))).code).toBe(0);
          spent -= sale.bonusRedeemedKopecks;
        }
      }),
    );
    const balance = await getBalance(infobase);
    const movements = await listMovements(infobase);
    expect(balance.bonus).toBe(1_000 - spent);
    expect(Math.min(...movements.map(({ bonusAfter }) => bonusAfter))).toBeGreaterThanOrEqual(0);
    expect(sumMovements(movements)).toEqual(balance);
  });

  test.each<[verb: string, call: (till: Infobase, sale: Receipt) => Promise<OperationReply>]>([
    ['a receipt', (till, sale) => register(till, sale)],
    ['a reserve', (till, sale) => reserve(till, buildReserve(sale))],
    ['a release', (till, sale) => release(till, buildReserve(sale))],
    ['a cancel', (till, sale) => cancel(till, buildCancel(sale))],
    ['an uploaded receipt', async (till, sale) => (await upload(till, [sale])).results[0] as OperationReply],
  ])('send %s under one key: one is done, 63 are told the same', async (verb, call) => {
    await openBalances(infobase, testCard.number, { bonus: 500 });
    const sale = buildSale({ operationId: 'one', bonusRedeemedKopecks: 100, bonusAccruedKopecks: 7 });
    if (verb === 'a cancel') await register(infobase, sale);
    const before = await listMovements(infobase);
    const replies = await Promise.all(tills.map(() => call(infobase, sale)));
    const first = replies.filter(({ duplicate }) => !duplicate);
    expect(first).toHaveLength(1);
    for (const reply of replies) expect({ ...reply, duplicate: false }).toEqual(first[0]);
    expect(first[0]?.code).toBe(0);
    const posted = (await listMovements(infobase)).length - before.length;
    expect(posted).toBe(verb === 'a reserve' || verb === 'a release' ? 0 : 1);
  });

  test('an online call and the report of one receipt come together: it is posted once', async () => {
    const sale = buildSale({ bonusAccruedKopecks: 100 });
    const answers = await Promise.all(
      tills.map(async (_, index) =>
        index % 2 === 0 ? register(infobase, sale) : ((await upload(infobase, [sale])).results[0] as OperationReply),
      ),
    );
    expect(answers.filter(({ code, duplicate }) => code === 0 && !duplicate)).toHaveLength(1);
    expect(answers.filter(({ duplicate }) => duplicate)).toHaveLength(63);
    expect(await getBalance(infobase)).toEqual({ bonus: 100, accumulation: 10_000, receipts: 1 });
  });
});

const countCards = statement<Record<string, never>, { count: number }>((knex) => knex('card').count({ count: '*' }));
const howManyCards = async (infobase: Infobase): Promise<number> =>
  (await infobase.db.read((trx) => trx.first(countCards, {})))?.count ?? Number.NaN;

const insert = (number: string) => (trx: Trx) => insertCard(trx, { ...testCard, number });

/** Of a posting, the balance and the document are read back as they are written; the movement is the first mere change. */
const breakChanges = (trx: Trx): Trx => ({
  first: (query, parameters) => trx.first(query, parameters),
  list: (query, parameters) => trx.list(query, parameters),
  change: () => Promise.reject(new Error('the disk is full')),
  insert: (query, parameters) => trx.insert(query, parameters),
});

describe('the commit queue', () => {
  let infobase: Infobase;
  beforeEach(async () => {
    infobase = await openTestInfobase({ file: nextFile() });
  });
  afterEach(() => infobase.close());

  test('a command that fails undoes its own part of the turn and nobody else’s', async () => {
    const ends = await Promise.allSettled([
      infobase.db.write(insert('1')),
      infobase.db.write(async (trx) => {
        await insert('2')(trx);
        throw new Error('no');
      }),
      infobase.db.write(insert('3')),
      infobase.db.write(async (trx) => {
        await insert('4')(trx);
        await insert('1')(trx);
      }),
      infobase.db.write(async () => 'nothing written'),
      infobase.db.write(insert('5')),
    ]);
    expect(ends.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(await howManyCards(infobase)).toBe(3);
  });

  test('a receipt whose posting breaks off leaves nothing of itself', async () => {
    await addCard(infobase);
    const { db } = infobase;
    const breakingDb: Database = {
      write: (work) => db.write((trx) => work(breakChanges(trx))),
      read: (work) => db.read(work),
      copyTo: (file, steps) => db.copyTo(file, steps),
      stage: db.stage.bind(db),
      listTroubles: () => db.listTroubles(),
      measure: () => db.measure(),
      close: () => db.close(),
    };
    const breaking = Object.assign(Object.create(infobase) as Infobase, { db: breakingDb });
    await expect(register(breaking, buildSale())).rejects.toThrow('the disk is full');
    expect(await getBalance(infobase)).toEqual({ bonus: 0, accumulation: 0, receipts: 0 });
    expect(await register(infobase, buildSale())).toMatchObject({ code: 0, duplicate: false, receipts: 1 });
  });

  test('work that waits for anything but its queries is refused alone, and its late queries reach nothing', async () => {
    const neighbour = infobase.db.write(insert('1'));
    let hasWoken!: (end: unknown) => void;
    const late = new Promise((resolve) => {
      hasWoken = resolve;
    });
    const waiting = infobase.db.write(async (trx) => {
      await insert('2')(trx);
      await pause(5);
      await insert('3')(trx).then(hasWoken, hasWoken);
    });
    await expect(waiting).rejects.toThrow('awaited something');
    await neighbour;
    expect(await late).toMatchObject({ message: expect.stringContaining('over') });
    expect(await howManyCards(infobase)).toBe(1);
    await infobase.db.write(insert('4'));
    expect(await howManyCards(infobase)).toBe(2);
  });

  test('a read that waits for anything but its queries gets no second snapshot: its late query is refused', async () => {
    const waiting = infobase.db.read(async (trx) => {
      await trx.first(countCards, {});
      await pause(5);
      return trx.first(countCards, {});
    });
    await expect(waiting).rejects.toThrow('over');
    expect(await howManyCards(infobase)).toBe(0);
  });

  test('a write awaited inside a write is refused, and the queue continues', async () => {
    let inner: Promise<void> | undefined;
    const outer = infobase.db.write(async () => {
      inner = infobase.db.write(insert('1'));
      await inner;
    });
    await expect(outer).rejects.toThrow('awaited something');
    await inner;
    await infobase.db.write(insert('2'));
    expect(await howManyCards(infobase)).toBe(2);
  });

  test('what was answered is there for another process at once, and after closing', async () => {
    const file = nextFile();
    const db = await openDatabase({ file });
    await db.write((trx) => trx.change(sql(`insert into setting (name, value) values ('a', 'b')`), {}));
    const other = new BetterSqlite(file, { readonly: true });
    expect(other.prepare('select name, value from setting').all()).toEqual([{ name: 'a', value: 'b' }]);
    other.close();
    const late = db.write((trx) => trx.change(sql(`insert into setting (name, value) values ('c', 'd')`), {}));
    await db.close();
    await late;
    await expect(db.write(async () => 1)).rejects.toThrow('closed');
    const again = new BetterSqlite(file, { readonly: true });
    expect(again.prepare('select count(*) from setting').pluck().get()).toBe(2);
    again.close();
  });
});

function sql(text: string) {
  return statement<Record<string, never>, Record<string, unknown>>((knex) => knex.raw(text));
}

describe('another process holds the database', () => {
  let file: string;
  let other: BetterSqlite.Database;
  beforeEach(() => {
    file = nextFile();
  });

  test('writes wait without blocking the event loop, reads go on, and after its commit they are done', async () => {
    const infobase = await openTestInfobase({ file });
    await addCard(infobase);
    other = new BetterSqlite(file);
    other.exec('begin immediate');
    other.exec(`insert into setting (name, value) values ('other', 'process')`);
    let isSettled = false;
    const writes = Promise.all(
      tills.map((kkm) =>
        register(infobase, buildSale({ kkm })).finally(() => {
          isSettled = true;
        }),
      ),
    );
    // Timers run and reads are answered in between: the loop is alive.
    for (let turn = 0; turn < 10; turn += 1) {
      await pause(5);
      expect(await showCard(infobase)).toMatchObject({ code: 0, receipts: 0 });
    }
    expect(isSettled).toBe(false);
    other.exec('commit');
    other.close();
    expect(countDone(await writes)).toBe(64);
    expect(await getBalance(infobase)).toMatchObject({ receipts: 64 });
    await infobase.close();
  });

  test('DatabaseBusy after the time-out; nothing is written, and the next turn is served', async () => {
    const db: Database = await openDatabase({ file, busyTimeoutMs: 30 });
    other = new BetterSqlite(file);
    other.exec('begin immediate');
    const add = (name: string) => db.write((trx) => trx.change(sql(`insert into setting values ('${name}', '')`), {}));
    const ends = await Promise.allSettled([add('a'), add('b')]);
    for (const end of ends) expect(end.status === 'rejected' && end.reason instanceof DatabaseBusy).toBe(true);
    other.exec('rollback');
    await add('c');
    expect(other.prepare('select name from setting').pluck().all()).toEqual(['c']);
    other.close();
    await db.close();
  });

  test('two services on one file take turns', async () => {
    const first = await openTestInfobase({ file });
    await addCard(first);
    const second = await openTestInfobase({ file });
    await openBalances(first, testCard.number, { bonus: 1_000 });
    const replies = await Promise.all(
      tills.map((kkm, index) =>
        register(index % 2 === 0 ? first : second, buildSale({ kkm, bonusRedeemedKopecks: 100 })),
      ),
    );
    expect(countDone(replies)).toBe(10);
    expect(await getBalance(second)).toMatchObject({ bonus: 0, receipts: 10 });
    await first.close();
    await second.close();
  });
});

// Statements that no code of ours runs: only the schema protects the register from them.
const receiptOf = (sum: string): string =>
  `insert into receipt (kind, kkm, shift_number, receipt_number, receipt_on, receipt_at, card_id, sum, sum_with_discount,
       bonus_accrued, bonus_redeemed, offline, lines, road, state, flags)
     values ('Sale', 'K', 1, 1, '', '', 1, ${sum}, 0, 0, 0, 0, '[]', 'online', 'posted', '')`;
const holdOf = (amount: string): string =>
  `insert into hold (kkm, shift_number, receipt_number, receipt_on, card_id, amount, state, expires_at)
     values ('K', 1, 1, '', 1, ${amount}, 'active', '')`;
const balanceOf = (bonus: string): string => `update accumulation_balance set bonus = ${bonus}`;
const movementColumns = 'document_id, card_id, bonus, accumulation, receipts, bonus_after';
const movementOf = (bonus: string): string =>
  `insert into accumulation_movement (${movementColumns}) values ((select max(id) from document), 1, ${bonus}, 0, 0, 0)`;

const askPragma = (pragma: string) => (trx: Trx) => trx.first(sql(`pragma ${pragma}`), {});

describe('what the schema itself keeps', () => {
  let infobase: Infobase;
  const run = (text: string): Promise<number> => infobase.db.write((trx) => trx.change(sql(text), {}));
  /** Runs a statement and undoes it, even if the schema accepts it. */
  const undone = (text: string): Promise<void> =>
    infobase.db.write(async (trx) => {
      await trx.change(sql(text), {});
      throw new Error('taken back');
    });
  beforeAll(async () => {
    infobase = await openTestInfobase({ file: nextFile() });
    await addCard(infobase);
    await openBalances(infobase, testCard.number, { bonus: 100 });
    await run(`insert into document (kind, dated_at, recorded_at) values ('KkmOperation', '', '')`);
  });
  afterAll(() => infobase.close());

  test.each([
    ['a balance with a fraction', balanceOf('0.5'), 'CHECK'],
    ['a balance in words', balanceOf(`'many'`), 'CHECK'],
    ['a balance past what is exact', balanceOf('9007199254740992'), 'CHECK'],
    ['a debt past what is exact', balanceOf('-9007199254740992'), 'CHECK'],
    ['a balance out of all bounds', balanceOf('1e300'), 'CHECK'],
    ['no balance', balanceOf('null'), 'NOT NULL'],
    ['a receipt of less than nothing', receiptOf('-1'), 'CHECK'],
    ['a receipt of 10^13 rubles', receiptOf('1000000000000000'), 'CHECK'],
    ['a receipt in words', receiptOf(`'many'`), 'CHECK'],
    ['a receipt of no sum', receiptOf('null'), 'NOT NULL'],
    ['a hold of less than nothing', holdOf('-1'), 'CHECK'],
    ['a hold of 10^13 rubles', holdOf('1000000000000000'), 'CHECK'],
    ['a hold in words', holdOf(`'many'`), 'CHECK'],
    ['a movement of no sum', movementOf('null'), 'NOT NULL'],
    ['a changed movement', 'update accumulation_movement set bonus = 1', 'append-only'],
    ['a deleted movement', 'delete from accumulation_movement', 'append-only'],
    ['a card of no kind', `insert into card (number, kind_code, status) values ('1', 'NONE', 'active')`, 'FOREIGN KEY'],
    ['a balance of no card', `insert into accumulation_balance values (99, 0, 0, 0)`, 'FOREIGN KEY'],
    [
      'a movement of no document',
      `insert into accumulation_movement (${movementColumns}) values (99, 1, 0, 0, 0, 0)`,
      'FOREIGN KEY',
    ],
    ['a deleted card that has moved', 'delete from card', 'FOREIGN KEY'],
    ['a deleted document that has moved', 'delete from document', 'FOREIGN KEY'],
    ['a card without a number', `insert into card (number, kind_code, status) values ('', 'BASE', 'active')`, 'CHECK'],
    ['a status unheard of', `insert into card (number, kind_code, status) values ('1', 'BASE', 'gone')`, 'CHECK'],
    [
      'a number taken',
      `insert into card (number, kind_code, status) select number, kind_code, status from card`,
      'UNIQUE',
    ],
    ['a second revision', `insert into revision values (2, 1)`, 'CHECK'],
  ])('%s is refused', async (_, text, why) => {
    await expect(run(text)).rejects.toMatchObject({ message: expect.stringContaining(why) });
  });

  // A column of SQLite takes what it is given where no CHECK asks for a whole number.
  test.each([
    ['a receipt with a fraction of a kopeck', receiptOf('0.5'), 'CHECK'],
    ['a hold with a fraction of a kopeck', holdOf('0.5'), 'CHECK'],
    ['a movement with a fraction of a kopeck', movementOf('0.5'), 'CHECK'],
    ['a movement in words', movementOf(`'many'`), 'CHECK'],
    ['a movement past what is exact', movementOf('9007199254740992'), 'CHECK'],
    [
      'a replaced movement',
      'insert or replace into accumulation_movement select * from accumulation_movement',
      'append-only',
    ],
  ])('%s is refused', async (_, text, why) => {
    await expect(undone(text)).rejects.toMatchObject({ message: expect.stringContaining(why) });
  });

  test('the same with sums that may be is taken', async () => {
    for (const text of [
      receiptOf('999999999999999'),
      holdOf('0'),
      movementOf('-5'),
      balanceOf('9007199254740991'),
      balanceOf('100'),
    ]) {
      expect(await run(text)).toBe(1);
    }
  });

  test('an acknowledged commit outlives a loss of power; foreign keys are watched, on both connections', async () => {
    for (const connection of ['write', 'read'] as const) {
      // 2 = FULL.
      expect(await infobase.db[connection](askPragma('synchronous'))).toEqual({ synchronous: 2 });
      expect(await infobase.db[connection](askPragma('foreign_keys'))).toEqual({ foreign_keys: 1 });
      expect(await infobase.db[connection](askPragma('journal_mode'))).toEqual({ journal_mode: 'wal' });
    }
    // Never waits inside SQLite, where it would block the event loop.
    expect(await infobase.db.write(askPragma('busy_timeout'))).toEqual({ timeout: 0 });
  });
});
