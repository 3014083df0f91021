// The worker thread of the night on a base in a file: it does what the night does, tells how far it is, stops when told,
// says why it fails; a process killed outright loses nothing; and a service begins no work before its nights are done.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import type { Logger } from 'winston';
import { readConfig } from '../../../src/config.ts';
import type { NightTask } from '../../../src/jobs/night/night-worker.ts';
import { startNightWorker } from '../../../src/jobs/night/start-night-worker.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import { serve } from '../../../src/main.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { readNightRuns } from '../../../src/operations/night/read-night-runs.ts';
import { catchUpNights } from '../../../src/operations/night/run-night.ts';
import { packageRoot } from '../../../src/paths.ts';
import {
  addAccounts,
  dayAfterStart,
  hashBase,
  makeEffects,
  nightBefore,
  nightOptions,
  openBillingBase,
  startOn,
} from '../../operations/night/testing-night.ts';
import { moment } from '../../operations/testing-infobase.ts';

const folder = mkdtempSync(join(tmpdir(), 'kkm-night-'));
const template = join(folder, 'template.sqlite');
const cards = 300;
/** The base's clock stands here, in every process. */
const now = moment('2026-12-10T12:00:00');
const dueOn = '2026-12-10' as LocalDate;
const due = Array.from({ length: 40 }, (_, day) => dayAfterStart(day));
let unbroken = '';

const openFile = (file: string): Promise<Infobase> => Infobase.open({ name: 'trade', file, hasSubscription: true });

let made = 0;
function copyBase(): string {
  made += 1;
  const file = join(folder, `base-${made}.sqlite`);
  copyFileSync(template, file);
  return file;
}

async function hashFile(file: string): Promise<string> {
  const infobase = await openFile(file);
  const hash = await hashBase(infobase);
  await infobase.close();
  return hash;
}

async function runHere(file: string): Promise<void> {
  const infobase = await openFile(file);
  // Hours later by the machine's clock: a dead runner's lease has run out.
  const { end } = await catchUpNights(infobase, now, nightOptions({ readMs: () => Date.now() + 3_600_000 }));
  expect(end).toEqual({ code: 'up_to_date' });
  await infobase.close();
}

beforeAll(async () => {
  const infobase = await openBillingBase({ file: template });
  await addAccounts(infobase, makeEffects(77, cards, { days: 45 }));
  await giveTestClock(infobase, now);
  await infobase.close();
  const file = copyBase();
  await runHere(file);
  unbroken = await hashFile(file);
});

afterAll(() => rmSync(folder, { recursive: true }));

function taskOf(file: string, chunkCards: number): NightTask {
  const infobase = { name: 'trade', file, hasSubscription: true };
  return { infobase, now, dueOn, holder: 'worker', chunkCards, pauseMs: 1 };
}

/** What the documents of the last night have moved, asked of the file itself. */
function sumBonus(file: string): object {
  const connection = new BetterSqlite(file, { readonly: true });
  const sum = (column: string): unknown =>
    connection
      .prepare(
        `select coalesce(sum(abs(bonus)), 0) from billing_movement where document_id =
           (select ${column} from night_run order by business_on desc limit 1)`,
      )
      .pluck()
      .get();
  try {
    return { writtenOffKopecks: sum('write_off_document_id'), creditedKopecks: sum('accrual_document_id') };
  } finally {
    connection.close();
  }
}

test('does what the night does, and tells how far it is', async () => {
  const file = copyBase();
  const told: string[] = [];
  const { ended } = startNightWorker(taskOf(file, 100), {
    onProgress: ({ businessOn, doneCardId, lastCardId }) => told.push(`${businessOn} ${doneCardId}/${lastCardId}`),
    onNight: ({ businessOn }) => told.push(`${businessOn} done`),
  });
  const { nights, end, bonus } = await ended;
  expect(end).toEqual({ code: 'up_to_date' });
  expect(bonus).toEqual(sumBonus(file));
  expect(nights.map(({ businessOn }) => businessOn)).toEqual(due);
  expect(told.slice(0, 4)).toEqual([
    `${startOn} 100/300`,
    `${startOn} 200/300`,
    `${startOn} 300/300`,
    `${startOn} done`,
  ]);
  // The first night goes through all cards; what each of the 39 others can change is one chunk.
  expect(told).toHaveLength(4 + 39 * 2);
  expect(await hashFile(file)).toBe(unbroken);
});

test('stops behind the chunk it is at, and the next one goes on there', async () => {
  const file = copyBase();
  let progress = 0;
  const first = startNightWorker(taskOf(file, 10), {
    onProgress: () => {
      progress += 1;
      if (progress === 5) first.stop();
    },
  });
  expect((await first.ended).end).toEqual({ code: 'stopped', businessOn: startOn });
  const infobase = await openFile(file);
  const { lastNightOn, runs } = await readNightRuns(infobase, 5);
  expect([lastNightOn, runs.length]).toEqual([nightBefore, 1]);
  expect(runs[0]!.doneCardId).toBeGreaterThanOrEqual(50);
  expect(runs[0]!.doneCardId).toBeLessThan(300);
  await infobase.close();
  expect((await startNightWorker(taskOf(file, 100), {}).ended).end).toEqual({ code: 'up_to_date' });
  expect(await hashFile(file)).toBe(unbroken);
});

test('says why it fails', async () => {
  const file = join(folder, 'no-database.sqlite');
  writeFileSync(file, 'this is no database, and long enough to be read as one '.repeat(200));
  await expect(startNightWorker(taskOf(file, 100), {}).ended).rejects.toMatchObject({
    message: expect.stringContaining('not a database'),
  });
});

test('a process killed outright in the middle loses nothing and doubles nothing', async () => {
  for (const lines of [1, 3, 12]) {
    const dataDir = join(folder, `killed-${lines}`);
    mkdirSync(dataDir);
    const file = join(dataDir, 'trade.sqlite');
    copyFileSync(template, file);
    const child = spawn(
      process.execPath,
      [join(packageRoot, 'dist/src/cli.js'), 'night', 'run', '--data-dir', dataDir, '--infobase', 'trade'],
      { env: { ...process.env, KKM_INFOBASES: 'trade' }, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let told = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        told += chunk.toString();
        if (told.split('\n').length > lines) child.kill('SIGKILL');
      });
      child.once('exit', () => resolve());
    });
    expect(child.signalCode).toBe('SIGKILL');
    const infobase = await openFile(file);
    const { runs } = await readNightRuns(infobase, 100);
    expect(runs.length).toBeGreaterThanOrEqual(lines);
    await infobase.close();
    await runHere(file);
    expect([lines, await hashFile(file)]).toEqual([lines, unbroken]);
  }
});

/** What /metrics says of the last night is what its documents have. */
async function expectNightMetrics(origin: string, file: string): Promise<void> {
  const text = await (await fetch(`${origin}/metrics`, { headers: { connection: 'close' } })).text();
  const read = (series: string): number =>
    Number(
      text
        .split('\n')
        .find((line) => line.startsWith(series))
        ?.split(' ')[1],
    );
  const bonus = 'kkm_night_bonus_kopecks{infobase="trade",document=';
  expect({
    writtenOffKopecks: read(`${bonus}"write_off"}`),
    creditedKopecks: read(`${bonus}"accrual"}`),
  }).toEqual(sumBonus(file));
  expect(read('kkm_night_duration_seconds{infobase="trade"}')).toBeGreaterThan(0);
  expect(read('kkm_night_last_date_timestamp_seconds{infobase="trade"}')).toBe(Date.parse(dueOn) / 1000);
  expect(read('kkm_nights_due{infobase="trade"}')).toBe(0);
}

test('a service is ready when the nights that were missed are done', async () => {
  const dataDir = join(folder, 'served');
  mkdirSync(dataDir);
  copyFileSync(template, join(dataDir, 'trade.sqlite'));
  const told: string[] = [];
  const tell = (message: string, fields?: { readonly businessOn?: string }): void =>
    void told.push([message, fields?.businessOn ?? ''].join(' ').trim());
  const log = { info: tell, error: tell, warn: tell } as unknown as Logger;
  const config = readConfig({ PORT: '0', DATA_DIR: dataDir, INFOBASES: 'trade', METRICS_FROM: '127.0.0.1' });
  const service = await serve({ config, log, tell: () => undefined });
  const [infobase] = service.infobases;
  expect(await readNightRuns(infobase!, 1)).toMatchObject({ lastNightOn: dueOn, runs: [{ businessOn: dueOn }] });
  expect(await hashBase(infobase!)).toBe(unbroken);
  await expectNightMetrics(service.origin, join(dataDir, 'trade.sqlite'));
  await service.stop();
  expect(told).toEqual([...due.map((on) => `night done ${on}`), 'ready', 'stopping', 'stopped']);
});
