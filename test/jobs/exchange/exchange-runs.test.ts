// Runs over the exchange folder: two nodes on one folder, one that is killed, one that is stopped, and an infobase that
// takes no files now. Whatever comes between, the books are those of one unbroken run.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, transports } from 'winston';
import { enterExclusiveMode, leaveExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { ExchangeJob } from '../../../src/jobs/exchange/exchange-job.ts';
import { parseExchangeSchedule, type ExchangeSchedule } from '../../../src/schedules.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import { resultCodes } from '../../../src/ledger/result.ts';
import { takeExchange } from '../../../src/operations/exchange/exchange-lease.ts';
import { readExchangeRun } from '../../../src/operations/exchange/exchange-run.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { receiptsPerTurn } from '../../../src/operations/receipts/upload-receipts.ts';
import { openBilling } from '../../operations/billing/testing-billing.ts';
import {
  addCard,
  addKind,
  buildSale,
  getBalance,
  noon,
  register,
  setSetting,
  upload,
} from '../../operations/testing-infobase.ts';
import { addFixtureCards, openTestingExchange, reader, readBooks, type TestingExchange } from './testing-exchange.ts';
import { writeShift } from './write-shift.ts';

let exchange: TestingExchange;
beforeEach(async () => {
  exchange = await openTestingExchange();
});
afterEach(() => exchange.close());

const card = '2900000001';

function buildShift(count: number, fields: Partial<Receipt> = {}): Receipt[] {
  return Array.from({ length: count }, (_, index) =>
    buildSale({ receiptNumber: index + 1, bonusAccruedKopecks: 100, offline: true, ...fields }),
  );
}

const expected = (count: number): object => ({ bonus: count * 100, accumulation: count * 10_000, receipts: count });

test('in exclusive mode files stay where they are, and are loaded behind it', async () => {
  exchange.put('KKM-1', 'a.xml', { fixture: 'shift-envelope.xml' });
  await exchange.infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
  expect(await exchange.run()).toEqual({ code: 'waiting', gate: resultCodes.exclusiveMode });
  expect(exchange.list('KKM-1')).toEqual(['a.xml']);
  await exchange.infobase.db.write(leaveExclusiveMode);
  expect(await exchange.run()).toMatchObject({ loaded: 1, accepted: 4 });
});

test('exclusive mode that begins amid a file keeps the rest for the next run', async () => {
  exchange.put('KKM-1', 'a.json', writeShift('KKM-1', buildShift(250)));
  let asked = 0;
  const end = await exchange.run({
    readNow: () => {
      // The run and the file have asked; then each turn does.
      asked += 1;
      if (asked === 3) {
        void exchange.infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
      }
      return noon;
    },
  });
  expect(end).toEqual({ code: 'waiting', gate: resultCodes.exclusiveMode });
  expect(exchange.list('KKM-1', 'work')).toEqual(['a.json']);
  expect((await getBalance(exchange.infobase)).receipts).toBe(receiptsPerTurn);
  await exchange.infobase.db.write(leaveExclusiveMode);
  expect(await exchange.run()).toMatchObject({ loaded: 1, accepted: 250 - receiptsPerTurn, linked: receiptsPerTurn });
  expect(await getBalance(exchange.infobase)).toEqual(expected(250));
});

test('in stage cards receipts reach the base by the exchange, though tills are answered 8', async () => {
  await setSetting(exchange.infobase, 'stage', 'cards');
  expect((await upload(exchange.infobase, [buildSale()])).code).toBe(resultCodes.moduleOff);
  exchange.put('KKM-1', 'a.xml', { fixture: 'shift-envelope.xml' });
  expect(await exchange.run()).toMatchObject({ code: 'done', accepted: 4 });
  expect((await getBalance(exchange.infobase, card)).receipts).toBe(2);
});

test('in stage billing a file posts to both registers; without the subscription it waits', async () => {
  const billing = await openBilling({ kinds: { BASE: { bonus: 'months:6', accumulation: 'years:1' } } });
  await addFixtureCards(billing);
  const billed = await openTestingExchange(billing);
  try {
    billed.put('KKM-1', 'a.xml', { fixture: 'shift-envelope.xml' });
    expect(await billed.run()).toMatchObject({ accepted: 4 });
    expect(await readBooks(billing)).toMatchObject({
      billing: [{ bonus: 1000, accumulation: 165_000, receipts: 2 }, { accumulation: 4999 }],
    });
  } finally {
    await billed.close();
    await billing.close();
  }
});

test('a run that is stopped goes on, and one that another holds leaves the folder alone', async () => {
  exchange.put('KKM-1', 'a.json', writeShift('KKM-1', buildShift(250)));
  let asked = 0;
  expect(await exchange.run({ shouldStop: () => (asked += 1) > 2 })).toMatchObject({ code: 'stopped' });
  expect((await getBalance(exchange.infobase)).receipts).toBe(receiptsPerTurn);
  expect((await readExchangeRun(exchange.infobase))?.result).toBe('stopped');
  await takeExchange(exchange.infobase, { holder: 'other', readMs: Date.now });
  expect(await exchange.run()).toEqual({ code: 'held', holder: 'other' });
  // The other one has died: its lease runs out.
  const later = { holder: 'test', readMs: () => Date.now() + 61_000 };
  expect(await exchange.run({ holder: later })).toMatchObject({
    code: 'done',
    accepted: 250 - receiptsPerTurn,
    linked: receiptsPerTurn,
  });
  expect(await getBalance(exchange.infobase)).toEqual(expected(250));
});

test('who has lost the lease amid a file writes nothing more', async () => {
  exchange.put('KKM-1', 'a.json', writeShift('KKM-1', buildShift(250)));
  let asked = 0;
  const end = await exchange.run({
    shouldStop: () => {
      asked += 1;
      if (asked === 3) {
        void takeExchange(exchange.infobase, { holder: 'other', readMs: () => Date.now() + 3_600_000 });
      }
      return false;
    },
  });
  expect(end).toEqual({ code: 'lost' });
  expect((await getBalance(exchange.infobase)).receipts).toBe(receiptsPerTurn);
  expect(exchange.list('KKM-1', 'work')).toEqual(['a.json']);
});

test('a till that rings online and reports its shift: what agrees is linked, what differs is corrected', async () => {
  const shift = buildShift(20);
  for (const sale of shift.slice(0, 15)) await register(exchange.infobase, { ...sale, offline: false });
  const reported = shift.map((sale, index) =>
    index === 3 ? { ...sale, sumKopecks: 20_000, sumWithDiscountKopecks: 20_000 } : sale,
  );
  exchange.put('KKM-1', 'a.json', writeShift('KKM-1', reported));
  expect(await exchange.run()).toMatchObject({ accepted: 6, linked: 14, rejected: 0 });
  expect((await getBalance(exchange.infobase)).accumulation).toBe(21 * 10_000);
});

describe('on a file of its own', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kkm-nodes-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const openBase = (name: string): Promise<Infobase> =>
    Infobase.open({ name, file: join(folder, 'data', 'trade.sqlite'), hasSubscription: false });

  async function makeBase(): Promise<Infobase> {
    mkdirSync(join(folder, 'data'));
    const infobase = await openBase('trade');
    await addKind(infobase);
    await addCard(infobase);
    return infobase;
  }

  test('two nodes on one folder load each file once', async () => {
    const infobase = await makeBase();
    const second = await openBase('trade');
    const schedule = parseExchangeSchedule('0 */5 * * * *') as ExchangeSchedule;
    const log = createLogger({ silent: true, transports: [new transports.Console()] });
    const head = {
      infobases: ['trade'],
      folder: exchange.root,
      schedule,
      timeZone: 'UTC',
      readerOf: () => reader,
      log,
    };
    const jobs = [infobase, second].map(
      (base) => new ExchangeJob({ ...head, bases: [{ infobase: base, clock: { now: () => noon } }] }),
    );
    for (let shift = 1; shift <= 12; shift += 1) {
      exchange.put('KKM-1', `${shift}.tmp`, writeShift('KKM-1', buildShift(40, { shiftNumber: shift })));
      renameSync(join(exchange.root, 'KKM-1', `${shift}.tmp`), join(exchange.root, 'KKM-1', `${shift}.json`));
      void jobs[shift % 2]?.look();
      await sleep(5);
    }
    // Who found the folder held looks again.
    for (let round = 0; round < 3; round += 1) await Promise.all(jobs.map((job) => job.look()));
    expect(await getBalance(infobase)).toEqual(expected(12 * 40));
    const reports = exchange.list('KKM-1', 'done').filter((name) => name.endsWith('.report.json'));
    expect(reports).toHaveLength(12);
    for (const name of reports) {
      const report = exchange.readReport('KKM-1', 'done', name.replace('.report.json', ''));
      expect(report).toMatchObject({ result: 'loaded', accepted: 40, linked: 0 });
    }
    for (const job of jobs) await job.stop();
    await second.close();
    await infobase.close();
  });

  test.each([1, 2, 3])(
    'killed amid a file, the next run comes to the state of an unbroken one (kill %s)',
    async (kill) => {
      const infobase = await makeBase();
      const count = 1500;
      mkdirSync(join(folder, 'exchange', 'KKM-1'), { recursive: true });
      writeFileSync(join(folder, 'exchange', 'KKM-1', 'a.json'), writeShift('KKM-1', buildShift(count)));
      const child = spawn(
        process.execPath,
        ['dist/src/cli.js', 'receipts', 'load', join(folder, 'exchange'), '--data-dir', join(folder, 'data')],
        { stdio: 'ignore' },
      );
      const ended = new Promise<NodeJS.Signals | null>((resolve) => {
        child.once('exit', (_code, signal) => resolve(signal));
      });
      // Killed once some of it is in the books, and not all.
      while ((await getBalance(infobase)).receipts < kill * 300 && child.exitCode === null) await sleep(1);
      child.kill('SIGKILL');
      expect(await ended).toBe('SIGKILL');
      const { receipts } = await getBalance(infobase);
      expect(receipts).toBeLessThan(count);
      expect(readdirSync(join(folder, 'exchange', 'KKM-1', 'work'))).toEqual(['a.json']);
      const rest = await openTestingExchange(infobase);
      try {
        const tills = [{ kkm: 'KKM-1', folder: join(folder, 'exchange', 'KKM-1') }];
        const later = { holder: 'next', readMs: () => Date.now() + 61_000 };
        const end = await rest.run({ tills, holder: later });
        expect(end).toMatchObject({ code: 'done', loaded: 1, accepted: count - receipts, linked: receipts });
        const model = await openTestingExchange();
        model.put('KKM-1', 'a.json', writeShift('KKM-1', buildShift(count)));
        await model.run();
        expect(await getBalance(infobase)).toEqual(await getBalance(model.infobase));
        await model.close();
      } finally {
        await rest.close();
        await infobase.close();
      }
    },
  );
});
