// `kkm receipts`: loading folders and files, the reports of shifts with their documents, the tie-out, and the job as
// `kkm jobs` tells it.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { addFixtureCards, fixtures } from '../../jobs/exchange/testing-exchange.ts';
import { buildSale, getBalance, moment, noon, register } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let folder: string;
let line: TestingLine;
let infobase: Infobase;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-receipts-'));
  line = openTestingLine({ EXCHANGE_DIR: folder, INFOBASES: 'trade,second' });
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  infobase = await line.open();
  await addFixtureCards(infobase);
});
afterEach(async () => {
  await line.close();
  rmSync(folder, { recursive: true });
});

function put(fixture: string, ...place: readonly string[]): string {
  const own = join(folder, ...place);
  mkdirSync(own, { recursive: true });
  copyFileSync(join(fixtures, fixture), join(own, fixture));
  return join(own, fixture);
}

test('load takes the files of every till from the configured folder', async () => {
  put('shift.json', 'KKM-1');
  put('bad-truncated.xml', 'KKM-2');
  const { code, out, err } = await line.run('receipts', 'load');
  expect([code, out]).toEqual([1, ['KKM-1/shift.json: receipts accepted 4, linked 0, rejected 0']]);
  expect(err).toEqual([
    expect.stringMatching(/^KKM-2\/bad-truncated.xml: XML не разобран .*; nothing of it was loaded$/),
    'kkm receipts load: 1 bad file',
  ]);
  expect(await line.run('receipts', 'load')).toEqual({ code: 0, out: ['no file is ready to be loaded'], err: [] });
  expect(await line.runJson('jobs')).toMatchObject({
    jobs: [
      {},
      { name: 'Оперативное снятие текущих продаж с ККМ', obstacle: null, lastRun: { result: 'done', loaded: 0 } },
      {},
      {},
    ],
  });
});

test('what cannot be taken is listed at every load by hand, and by jobs; the rest is loaded', async () => {
  put('shift.json', 'KKM-1');
  const strange = join(folder, 'KKM-1', 'x.xml');
  mkdirSync(strange);
  const trouble = `${strange}: a folder, not a file; it is left there and tried again`;
  const last = 'kkm receipts load: not loaded: 1';
  const loaded = 'KKM-1/shift.json: receipts would be accepted 4, linked 0, rejected 0';
  expect(await line.run('receipts', 'load', '--dry-run')).toEqual({ code: 1, out: [loaded], err: [trouble, last] });
  expect(await line.run('receipts', 'load')).toMatchObject({ code: 1, err: [trouble, last] });
  expect(await line.run('receipts', 'load')).toEqual({
    code: 1,
    out: ['no file is ready to be loaded'],
    err: [trouble, last],
  });
  expect(await line.runJson('receipts', 'load')).toMatchObject({ files: [], troubles: [{ place: strange }] });
  const { out } = await line.run('jobs');
  expect(out[3]).toContain('some files or folders could not be loaded');
  expect(out).toContainEqual(
    expect.stringMatching(/x\.xml: a folder, not a file \(since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)$/),
  );
  // A look at another folder says nothing of this one.
  mkdirSync(join(folder, 'empty', 'usb'), { recursive: true });
  expect((await line.run('receipts', 'load', join(folder, 'empty'))).code).toBe(0);
  rmSync(join(folder, 'empty'), { recursive: true });
  expect(await line.runJson('jobs')).toMatchObject({
    jobs: [{}, { troubles: [{ why: 'a folder, not a file' }] }, {}, {}],
  });
  rmSync(strange, { recursive: true });
  expect((await line.run('receipts', 'load')).code).toBe(0);
  expect((await line.run('jobs')).out).toHaveLength(6);
});

test('another infobase has its tills in a folder of its own, which is no till of the first', async () => {
  put('shift.json', 'second', 'KKM-1');
  expect((await line.run('receipts', 'load')).out).toEqual(['no file is ready to be loaded']);
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая', '--infobase', 'second');
  const second = await line.open('second');
  await addFixtureCards(second);
  expect(await line.runJson('receipts', 'load', '--infobase', 'second')).toMatchObject({ files: [{ accepted: 4 }] });
  expect((await getBalance(second, '2900000001')).receipts).toBe(2);
  expect((await getBalance(infobase, '2900000001')).receipts).toBe(0);
});

test('a folder of one till is named after it; a file lies anywhere and stays there', async () => {
  const tillFolder = join(folder, 'usb', 'KKM-1');
  put('shift-envelope.xml', 'usb', 'KKM-1');
  expect((await line.run('receipts', 'load', tillFolder)).out).toEqual([
    'KKM-1/shift-envelope.xml: receipts accepted 4, linked 0, rejected 0',
  ]);
  expect(readdirSync(join(tillFolder, 'done'))).toContain('shift-envelope.xml');
  const file = put('shift-ru-windows-1251.csv', 'usb');
  // A table without the till's column must be told whose it is.
  expect((await line.run('receipts', 'load', file)).code).toBe(1);
  expect((await line.run('receipts', 'load', file, '--kkm', 'KKM-1')).out).toEqual([
    'KKM-1/shift-ru-windows-1251.csv: receipts accepted 0, linked 4, rejected 0',
  ]);
  expect((await line.run('receipts', 'load', file, '--kkm', 'KKM-1')).out[0]).toMatch(
    /loaded before .*nothing changes$/,
  );
  expect(existsSync(file)).toBe(true);
  expect((await line.run('receipts', 'load', join(folder, 'nothing'))).code).toBe(1);
});

test('a dry run tells what would be, and changes nothing', async () => {
  const file = put('shift.json', 'KKM-1');
  const { out } = await line.run('receipts', 'load', '--dry-run');
  expect(out).toEqual(['KKM-1/shift.json: receipts would be accepted 4, linked 0, rejected 0']);
  expect(existsSync(file)).toBe(true);
  expect((await getBalance(infobase, '2900000001')).receipts).toBe(0);
  expect(await line.runJson('receipts', 'reports')).toMatchObject({ reports: [] });
});

test('in exclusive mode nothing is loaded, and the reason is told', async () => {
  put('shift.json', 'KKM-1');
  await infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
  const { code, err } = await line.run('receipts', 'load');
  expect([code, err[0]]).toEqual([1, expect.stringContaining('exclusive mode is on')]);
});

test('a report shows its receipts with their documents', async () => {
  put('shift.json', 'KKM-1');
  await line.run('receipts', 'load');
  expect(await line.runJson('receipts', 'reports', '--kkm', 'KKM-1')).toMatchObject({
    reports: [
      {
        kkm: 'KKM-1',
        shiftNumber: 7,
        reportOn: '2026-11-22',
        receipts: 4,
        refused: 0,
        sum: '1749.99',
        sources: ['exchange'],
      },
    ],
  });
  expect(await line.runJson('receipts', 'report', '--kkm', 'KKM-1', '--shift', '7')).toMatchObject({
    reports: [
      {
        lines: [
          { receiptNumber: 1, documents: ['Операция ТП 000000001 от 22.11.2026 09:05:00'], billingDocuments: [] },
          { receiptNumber: 2 },
          { receiptNumber: 3, sum: '500.00' },
          { receiptNumber: 4, kind: 'Return' },
        ],
      },
    ],
  });
  expect((await line.run('receipts', 'report', '--kkm', 'KKM-1', '--shift', '8')).code).toBe(1);
  expect((await line.run('receipts', 'report', '--kkm', 'KKM-1')).code).toBe(2);
  expect((await line.run('receipts', 'reports', '--from', '2026-11-23', '--to', '2026-11-22')).code).toBe(2);
});

test('the tie-out tells what came by one road only, and what differs', async () => {
  const sale = buildSale({
    shiftNumber: 7,
    cardNumber: '2900000001',
    receiptAt: moment('2026-11-22T09:05:00'),
    sumKopecks: 123_450,
    sumWithDiscountKopecks: 120_000,
    bonusAccruedKopecks: 6100,
  });
  await register(infobase, sale);
  await register(infobase, { ...sale, receiptNumber: 9 });
  put('shift.json', 'KKM-1');
  await line.run('receipts', 'load');
  const { out } = await line.run('receipts', 'tie-out', '--kkm', 'KKM-1', '--shift', '7');
  expect(out).toHaveLength(7);
  expect(out).toContain(
    'different: till KKM-1, shift 7, receipt 1 of 2026-11-22 (Sale): bonusAccruedKopecks online 61, report 60',
  );
  expect(out).toContain(
    'only online: till KKM-1, shift 7, receipt 9 of 2026-11-22 (Sale): card 2900000001, sum 1200.00',
  );
  expect(out.slice(-2)).toEqual([
    'online 2, reported 4: the same 0, different 1',
    'only online 1, only in the report 3',
  ]);
  expect(await line.runJson('receipts', 'tie-out')).toMatchObject({
    total: { onlyOnline: 1, onlyReport: 3, different: 1, equal: 0 },
    different: [{ differences: [{ field: 'bonusAccruedKopecks', online: '61', report: '60' }] }],
  });
});
