// Every name that the exchange folder can hold: what is a file is loaded once and put away, however it is called; what cannot
// be taken is reported once, stays, and is taken once it can be.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createLogger, transports } from 'winston';
import { countJobs } from '../../../src/job-counts.ts';
import { ExchangeJob } from '../../../src/jobs/exchange/exchange-job.ts';
import { parseExchangeSchedule, type ExchangeSchedule } from '../../../src/schedules.ts';
import { fitName, showName } from '../../../src/jobs/exchange/file-name.ts';
import { readExchangeTroubles } from '../../../src/operations/exchange/exchange-run.ts';
import { buildSale, getBalance, moment, noon } from '../../operations/testing-infobase.ts';
import { fixtures, openTestingExchange, reader, type TestingExchange } from './testing-exchange.ts';
import { writeShift } from './write-shift.ts';

let exchange: TestingExchange;
beforeEach(async () => {
  exchange = await openTestingExchange();
  mkdirSync(join(exchange.root, 'KKM-1'));
});
afterEach(() => exchange.close());

const shift = (shiftNumber: number): string => writeShift('KKM-1', [buildSale({ shiftNumber, offline: true })]);
const till = (...names: readonly string[]): string => join(exchange.root, 'KKM-1', ...names);
const putBytes = (name: Buffer, content: string): void =>
  writeFileSync(Buffer.concat([Buffer.from(`${till()}/`), name]), content);
const listFiles = (end: string): string[] =>
  exchange.list('KKM-1', end).filter((name) => !name.endsWith('.report.json'));

interface Reported {
  readonly place: string;
  readonly why: string;
  readonly isNew: boolean;
}

/** A run, and what it could not take; places are given from the root on. */
async function runOver(options: Parameters<TestingExchange['run']>[0] = {}): Promise<[object, Reported[]]> {
  const reported: Reported[] = [];
  const end = await exchange.run({
    onTrouble: ({ place, why }, isNew) =>
      void reported.push({ place: place.slice(exchange.root.length + 1), why, isNew }),
    ...options,
  });
  return [end, reported];
}

const windows1251 = Buffer.from([0xcf, 0xf0, 0xe8, 0xec, 0xe5, 0xf0]);
const longest = `${'ж'.repeat(125)}.json`;

test.each<[string, Buffer, RegExp]>([
  ['as long as a name can be', Buffer.from(longest), /^ж{112}-[0-9a-f]{8}\.json$/],
  ['one byte too long for its report', Buffer.from(`${'a'.repeat(235)}.json`), /^a{225}-[0-9a-f]{8}\.json$/],
  ['as long as its report lets it be', Buffer.from(`${'a'.repeat(234)}.json`), /^a{234}\.json$/],
  ['in windows-1251', Buffer.concat([windows1251, Buffer.from('.json')]), /^%CF%F0%E8%EC%E5%F0\.json$/],
  ['cut within a character', Buffer.from([0xd0, 0xb6, 0xd0, 0x2e, 0x6a, 0x73, 0x6f, 0x6e]), /^ж%D0\.json$/],
  [
    'of 250 bytes that are not UTF-8',
    Buffer.concat([Buffer.alloc(250, 0xff), Buffer.from('.json')]),
    /^(%FF){75}-[0-9a-f]{8}\.json$/,
  ],
  ['with a line break and a bell', Buffer.from('one\ntwo\u0007.json'), /^one%0Atwo%07\.json$/],
  ['with blanks, quotes and a percent', Buffer.from(' "100%" .JSON'), /^ "100%" \.JSON$/],
])('a file with a name %s is loaded once', async (_, name, expected) => {
  putBytes(name, shift(1));
  expect(await runOver()).toEqual([expect.objectContaining({ code: 'done', loaded: 1, accepted: 1 }), []]);
  const [kept = ''] = listFiles('done');
  expect(kept).toMatch(expected);
  expect(Buffer.byteLength(`${kept}.report.json.tmp`)).toBeLessThanOrEqual(255);
  expect(exchange.readReport('KKM-1', 'done', kept)).toMatchObject({ result: 'loaded', file: showName(name) });
  expect([exchange.list('KKM-1'), exchange.list('KKM-1', 'work')]).toEqual([['done', 'work'], []]);
  expect(await runOver()).toEqual([expect.objectContaining({ code: 'done', loaded: 0, repeated: 0 }), []]);
  expect((await getBalance(exchange.infobase)).receipts).toBe(1);
});

test('a bad file with a name too long for its report is set aside as well', async () => {
  putBytes(Buffer.from(longest), '{');
  expect(await runOver()).toEqual([expect.objectContaining({ failed: 1 }), []]);
  expect(listFiles('failed')).toEqual([expect.stringMatching(/^ж{112}-[0-9a-f]{8}\.json$/)]);
  expect(await runOver()).toEqual([expect.objectContaining({ failed: 0 }), []]);
});

test('names that differ by a little are kept apart when they are put away', async () => {
  const names = [
    ...['1', '2', '3'].map((end) => `${'a'.repeat(245)}${end}.json`),
    'й.json'.normalize('NFC'),
    'й.json'.normalize('NFD'),
    'A.json',
    'a.json',
  ];
  names.forEach((name, index) => putBytes(Buffer.from(name), shift(index + 1)));
  expect(await runOver()).toEqual([expect.objectContaining({ loaded: names.length, accepted: names.length }), []]);
  expect(listFiles('done')).toHaveLength(names.length);
  expect((await getBalance(exchange.infobase)).receipts).toBe(names.length);
});

test('a till that always uses one name loses none of its files', async () => {
  for (let number = 1; number <= 21; number += 1) {
    putBytes(Buffer.from('shift.json'), shift(number));
    expect(await runOver()).toEqual([expect.objectContaining({ loaded: 1 }), []]);
  }
  const numbered = Array.from({ length: 20 }, (_, index) => `shift-${index + 2}.json`);
  expect(listFiles('done')).toEqual(['shift.json', ...numbered].toSorted());
  // Files that lie there already, whatever left them, are not written over.
  rmSync(till('done', 'shift-7.json'));
  putBytes(Buffer.from('shift.json'), shift(30));
  await runOver();
  expect(listFiles('done')).toHaveLength(21);
});

test('a folder so deep that the path of a report is too long takes files all the same', async () => {
  // The path of the file is one that the system takes, and that of work/ before it is not.
  const [pathBytes, nameBytes] = [4_095, 200];
  let folder = exchange.root;
  for (
    let left = pathBytes - nameBytes - 1 - folder.length;
    left > 0;
    left = pathBytes - nameBytes - 1 - folder.length
  ) {
    folder = join(folder, 'd'.repeat(left > 200 ? 100 : left - 1));
    mkdirSync(folder);
  }
  writeFileSync(join(folder, `${'a'.repeat(nameBytes - 5)}.json`), shift(1));
  const tills = [{ kkm: 'KKM-1', folder }];
  expect(await runOver({ tills })).toEqual([expect.objectContaining({ loaded: 1, accepted: 1 }), []]);
  expect(readdirSync(join(folder, 'work'))).toEqual([]);
});

test('what is named like a file but is not one is reported once, and taken when it is a file', async () => {
  mkdirSync(till('folder.xml'));
  symlinkSync(join(process.cwd(), fixtures, 'shift.json'), till('link.json'));
  symlinkSync('nowhere', till('dangling.json'));
  execFileSync('mkfifo', [till('pipe.csv')]);
  mkdirSync(till('work'));
  mkdirSync(till('work', 'left.xml'));
  writeFileSync(join(exchange.root, 'stray.json'), shift(1));
  symlinkSync(till(), join(exchange.root, 'KKM-2'));
  mkdirSync(Buffer.concat([Buffer.from(`${exchange.root}/`), Buffer.from([0xca, 0x31])]));
  const expected = [
    ['%CA1', "the folder's name is not UTF-8 text, so it cannot be the number of a till"],
    ['KKM-2', 'a link, not a folder: files are taken from folders of tills'],
    ['stray.json', 'it lies beside the folders of the tills: files are taken from these'],
    ['KKM-1/work/left.xml', 'a folder, not a file'],
    ['KKM-1/dangling.json', 'a link, not a file of the till'],
    ['KKM-1/folder.xml', 'a folder, not a file'],
    ['KKM-1/link.json', 'a link, not a file of the till'],
    ['KKM-1/pipe.csv', 'neither a file nor a folder'],
  ];
  const asReported = (isNew: boolean) => expected.map(([place, why]) => ({ place, why, isNew }));
  expect(await runOver()).toEqual([
    expect.objectContaining({ code: 'broken', loaded: 0, failed: 0 }),
    asReported(true),
  ]);
  const later = moment('2026-11-22T13:00:00');
  expect((await runOver({ readNow: () => later }))[1]).toEqual(asReported(false));
  expect(await readExchangeTroubles(exchange.infobase)).toEqual(
    expected
      .map(([place = '', why]) => ({ place: join(exchange.root, place), why, sinceAt: noon }))
      .toSorted((a, b) => (a.place < b.place ? -1 : 1)),
  );
  // One becomes a file, one something else; the others go.
  rmSync(till('folder.xml'), { recursive: true });
  copyFileSync(join(fixtures, 'shift-envelope.xml'), till('folder.xml'));
  rmSync(till('link.json'));
  mkdirSync(till('link.json'));
  for (const name of ['dangling.json', 'pipe.csv']) rmSync(till(name));
  rmdirSync(till('work', 'left.xml'));
  rmSync(join(exchange.root, 'KKM-2'));
  rmSync(join(exchange.root, 'stray.json'));
  rmdirSync(Buffer.concat([Buffer.from(`${exchange.root}/`), Buffer.from([0xca, 0x31])]));
  expect(await runOver()).toEqual([
    expect.objectContaining({ code: 'broken', loaded: 1, accepted: 4 }),
    [{ place: 'KKM-1/link.json', why: 'a folder, not a file', isNew: true }],
  ]);
  rmdirSync(till('link.json'));
  expect(await runOver()).toEqual([expect.objectContaining({ code: 'done' }), []]);
  expect(await readExchangeTroubles(exchange.infobase)).toEqual([]);
});

/** Where the tests are run by the superuser, whom no mode keeps out, the work is done as nobody. */
async function asNobody<T>(work: () => Promise<T>): Promise<T> {
  if (process.getuid?.() !== 0) return work();
  const nobody = 65_534;
  execFileSync('chown', ['-R', String(nobody), exchange.root]);
  chownSync(exchange.root, nobody, nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

test('what may not be read is reported once, keeps nobody waiting, and is loaded once it may be', async () => {
  exchange.put('KKM-1', 'a.json', shift(1));
  exchange.put('KKM-1', 'b.json', shift(2));
  exchange.put('KKM-2', 'c.json', shift(3));
  exchange.put('KKM-3', 'd.json', writeShift('KKM-3', [buildSale({ kkm: 'KKM-3', offline: true })]));
  const denied = 'EACCES: permission denied';
  await asNobody(async () => {
    chmodSync(till('a.json'), 0);
    chmodSync(join(exchange.root, 'KKM-2'), 0);
    const expected = (isNew: boolean) => [
      { place: 'KKM-1/work/a.json', why: denied, isNew },
      { place: 'KKM-2', why: denied, isNew },
    ];
    expect(await runOver()).toEqual([expect.objectContaining({ code: 'broken', loaded: 2 }), expected(true)]);
    expect(await runOver()).toEqual([expect.objectContaining({ code: 'broken', loaded: 0 }), expected(false)]);
    chmodSync(till('work', 'a.json'), 0o600);
    chmodSync(join(exchange.root, 'KKM-2'), 0o700);
    expect(await runOver()).toEqual([expect.objectContaining({ code: 'done', loaded: 1, failed: 1 }), []]);
    // A folder that cannot be written: what lies in it stays there.
    exchange.put('KKM-1', 'e.json', shift(5));
    chmodSync(till(), 0o500);
    expect((await runOver())[1]).toEqual([{ place: 'KKM-1/e.json', why: denied, isNew: true }]);
    chmodSync(till(), 0o700);
    expect(await runOver()).toEqual([expect.objectContaining({ code: 'done', loaded: 1 }), []]);
  });
  expect(await readExchangeTroubles(exchange.infobase)).toEqual([]);
});

test('a till whose work folder is a file does not keep the others waiting, and is reported once', async () => {
  exchange.put('KKM-1', 'a.json', shift(1));
  exchange.put('KKM-1', 'work', 'x');
  exchange.put('KKM-3', 'd.json', writeShift('KKM-3', [buildSale({ kkm: 'KKM-3', offline: true })]));
  const reported = { place: 'KKM-1', why: 'ENOTDIR: not a directory' };
  expect(await runOver()).toEqual([
    expect.objectContaining({ code: 'broken', loaded: 1 }),
    [{ ...reported, isNew: true }],
  ]);
  expect(await runOver()).toEqual([
    expect.objectContaining({ code: 'broken', loaded: 0 }),
    [{ ...reported, isNew: false }],
  ]);
  rmSync(till('work'));
  expect(await runOver()).toEqual([expect.objectContaining({ code: 'done', loaded: 1 }), []]);
});

test('a file of the same name in work, which cannot be loaded, does not keep a new one waiting', async () => {
  mkdirSync(till('work'));
  mkdirSync(till('work', 'a.json'));
  exchange.put('KKM-1', 'a.json', shift(1));
  expect(await runOver()).toEqual([
    expect.objectContaining({ loaded: 1 }),
    [{ place: 'KKM-1/work/a.json', why: 'a folder, not a file', isNew: true }],
  ]);
  expect(exchange.readReport('KKM-1', 'done', 'a.json')).toMatchObject({ file: 'a.json', result: 'loaded' });
});

test('what vanishes on the way is no trouble, and no folder of it comes back', async () => {
  exchange.put('KKM-1', 'a.json', shift(1));
  exchange.put('KKM-1', 'b.json', shift(2));
  let asked = 0;
  // Asked before each file is taken: the first vanishes, and then the whole folder.
  const shouldStop = (): boolean => {
    asked += 1;
    if (asked === 1) rmSync(till('a.json'));
    if (asked === 2) renameSync(till(), join(exchange.root, '.gone'));
    return false;
  };
  expect(await runOver({ shouldStop })).toEqual([expect.objectContaining({ code: 'done', loaded: 0 }), []]);
  expect(exchange.list()).toEqual(['.gone']);
  const tills = [{ kkm: 'KKM-1', folder: till() }];
  expect(await runOver({ tills })).toEqual([expect.objectContaining({ code: 'done', loaded: 0 }), []]);
});

test('the service logs what it cannot take once, a root that is not there included', async () => {
  const lines: object[] = [];
  const stream = new Writable({
    write: (line: Buffer, _encoding, next) => {
      const { level, message, place } = JSON.parse(line.toString()) as Record<string, unknown>;
      lines.push({ level, message, place });
      next();
    },
  });
  const counts = countJobs(() => 5);
  const openJob = (folder: string): ExchangeJob =>
    new ExchangeJob({
      bases: [{ infobase: exchange.infobase, clock: { now: () => noon } }],
      infobases: ['test'],
      folder,
      schedule: parseExchangeSchedule('0 */5 * * * *') as ExchangeSchedule,
      timeZone: 'UTC',
      readerOf: () => reader,
      counts,
      log: createLogger({ level: 'error', transports: [new transports.Stream({ stream })] }),
    });
  mkdirSync(till('x.xml'));
  const failed = { level: 'error', message: 'exchange failed' };
  // A service that is started again has nothing new to say.
  for (const job of [openJob(exchange.root), openJob(exchange.root)]) {
    for (let look = 0; look < 3; look += 1) await job.look();
    await job.stop();
  }
  expect(lines).toEqual([{ ...failed, place: till('x.xml') }]);
  // Every look counts, as it goes on to fail.
  expect(counts.find('test', 'exchange')).toEqual({ doneAtMs: undefined, failures: 6 });
  const absent = join(exchange.root, 'absent');
  const job = openJob(absent);
  for (let look = 0; look < 3; look += 1) await job.look();
  expect(lines).toEqual([
    { ...failed, place: till('x.xml') },
    { ...failed, place: absent },
  ]);
  expect(await readExchangeTroubles(exchange.infobase)).toMatchObject([{ place: absent }]);
  mkdirSync(absent);
  await job.look();
  expect(counts.find('test', 'exchange')).toEqual({ doneAtMs: 5, failures: 9 });
  expect(await readExchangeTroubles(exchange.infobase)).toEqual([]);
  await job.stop();
});

test('names are cut between characters, and never to one another', () => {
  expect(fitName('short.xml', 20)).toBe('short.xml');
  expect(fitName('я'.repeat(20), 39)).toMatch(/^я{15}-[0-9a-f]{8}$/);
  const cut = new Set(Array.from({ length: 100 }, (_, index) => fitName(`${'x'.repeat(300)}${index}.xml`, 64)));
  expect(cut.size).toBe(100);
  for (const name of cut) expect(name).toMatch(/^x{51}-[0-9a-f]{8}\.xml$/);
});
