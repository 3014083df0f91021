// /metrics over a running service: what each kind of call is counted as, who may read it, and what is missing when a part of the
// service does not answer.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite from 'better-sqlite3';
import { Registry } from 'prom-client';
import { enterExclusiveMode, leaveExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { statement } from '../../../src/db/statement.ts';
import { declareFamilies } from '../../../src/http/metrics/families.ts';
import { fillNights } from '../../../src/http/metrics/fill-nights.ts';
import { countJobs } from '../../../src/job-counts.ts';
import { makeBackup } from '../../../src/operations/admin/make-backup.ts';
import { sealDay } from '../../../src/operations/seals/make-seal.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { catchUpNights } from '../../../src/operations/night/run-night.ts';
import { moment, noon, setSetting } from '../../operations/testing-infobase.ts';
import {
  admin,
  auditor,
  callOnce,
  startService,
  till,
  type Call,
  type StartOptions,
  type TestingService,
} from '../../soap/testing-service.ts';
import { readExposition, type ReadFamily } from './exposition.ts';

let service: TestingService;
afterEach(() => service.stop());

async function start(options: StartOptions = {}): Promise<void> {
  service = await startService({ before: { cards: [{ number: '2900000001', bonus: '100' }] }, ...options });
}

async function ask(call: Partial<Call> = {}): Promise<{ status: number; text: string }> {
  const { status, body } = await callOnce(service, { method: 'GET', path: '/metrics', user: admin, ...call });
  return { status, text: body.toString() };
}

async function scrape(): Promise<Map<string, ReadFamily>> {
  const { status, text } = await ask();
  expect(status).toBe(200);
  return readExposition(text);
}

/** The value of the series that has these labels; undefined where there is none. */
function find(
  families: Map<string, ReadFamily>,
  name: string,
  labels: Record<string, string> = {},
): number | undefined {
  const base = name.replace(/_(?:bucket|sum|count)$/, '');
  const samples = (families.get(name) ?? families.get(base))?.samples ?? [];
  return samples.find(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;
}

/** What /readyz finds is kept for a second: tried until it holds, or has had every time to. */
async function waitFor(check: () => Promise<void>): Promise<void> {
  for (let time = 0; time < 600; time += 1) {
    try {
      return await check();
    } catch {
      await sleep(100);
    }
  }
  await check();
}

const envelope = (body: string): string =>
  `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${body}</s:Body></s:Envelope>`;
const namespace = 'xmlns="http://www.kkm.solutions/KKMTransfer"';
const ping = envelope(`<Ping ${namespace}/>`);
const getCard = (card: string): string =>
  envelope(
    `<GetCardInfo ${namespace}><Request><KKM>Касса 7</KKM><CardNumber>${card}</CardNumber></Request></GetCardInfo>`,
  );
const send = async (call: Call): Promise<number> => (await callOnce(service, call)).status;
const json = (path: string): Call => ({ method: 'GET', path: `/trade/hs/discount/v1/${path}`, user: admin });

describe('calls', () => {
  test('each kind over HTTP is counted where it belongs', async () => {
    await start();
    const statuses = [
      await send({ body: ping }),
      await send({ body: getCard('2900000001') }),
      await send({ body: getCard('2900000001') }),
      await send({ body: getCard('2900009999') }),
      await send({ body: envelope(`<Nothing ${namespace}/>`) }),
      await send({ body: 'no XML' }),
      await send({ body: ping, user: null }),
      await send({ body: ping, user: { name: 'admin', password: 'wrong' } }),
      await send({ body: ping, user: auditor }),
      await send(json('cards/2900000001')),
      await send(json('cards/2900009999')),
      await send(json('nothing')),
      await send({ method: 'GET', path: '/console/trade/login', user: null }),
    ];
    expect(statuses).toEqual([200, 200, 200, 200, 500, 500, 401, 401, 403, 200, 404, 404, 200]);
    const found = await scrape();
    const soap = { infobase: 'trade', door: 'soap' };
    const card = { ...soap, operation: 'GetCardInfo' };
    expect([
      find(found, 'kkm_calls_total', { ...card, code: '0' }),
      find(found, 'kkm_calls_total', { ...card, code: '1' }),
      find(found, 'kkm_faults_total', { ...soap, operation: 'none', kind: 'fault' }),
      find(found, 'kkm_http_refusals_total', { ...soap, status: '401' }),
      find(found, 'kkm_http_refusals_total', { ...soap, status: '403' }),
      find(found, 'kkm_calls_total', { door: 'json', operation: 'readCard', code: '1' }),
      find(found, 'kkm_http_refusals_total', { door: 'json', status: '404' }),
      find(found, 'kkm_call_duration_seconds_count', { door: 'console' }),
      find(found, 'kkm_call_duration_seconds_count', card),
      find(found, 'kkm_call_duration_seconds_bucket', { ...card, le: '+Inf' }),
      find(found, 'kkm_failed_logins_total', { infobase: 'trade', checked: 'yes' }),
    ]).toEqual([2, 1, 2, 2, 1, 1, 1, 1, 3, 3, 1]);
    expect(find(found, 'kkm_call_duration_seconds_sum', card)).toBeGreaterThan(0);
    const age = Date.now() / 1000 - (find(found, 'kkm_till_last_call_timestamp_seconds', { kkm: 'Касса 7' }) ?? 0);
    expect(Math.abs(age)).toBeLessThan(60);
  });

  test('the same calls again: numbers go on, they do not start again with each scrape', async () => {
    await start();
    await send({ body: ping });
    await scrape();
    await send({ body: ping });
    expect(find(await scrape(), 'kkm_calls_total', { operation: 'Ping' })).toBe(2);
    const both = await Promise.all([ask(), ask()]);
    for (const { text } of both) expect(find(readExposition(text), 'kkm_calls_total', { operation: 'Ping' })).toBe(2);
  });

  test('no card, user or path is shown', async () => {
    await start();
    await send({ body: getCard('2900000001') });
    await send(json('cards/2900000001'));
    await send({ body: ping, user: { name: 'secret-name', password: 'x' } });
    expect((await ask()).text).not.toMatch(/2900000001|secret-name|127\.0\.0\.1|\/tmp/);
  });
});

describe('who may read them', () => {
  test.each([
    ['an administrator', admin, 200],
    ['an auditor', auditor, 200],
    ['a till', till, 403],
    ['nobody', null, 401],
    ['a wrong password', { name: 'admin', password: 'wrong' }, 401],
  ])('%s', async (_who, user, status) => {
    await start();
    const answer = await ask({ user });
    expect(answer.status).toBe(status);
    expect(answer.text.includes('kkm_')).toBe(status === 200);
  });

  test('the addresses of KKM_METRICS_FROM need no login; what a header says of the address counts for nothing', async () => {
    await start({ settings: { METRICS_FROM: '::1, 127.0.0.0/8' } });
    expect((await ask({ user: null })).status).toBe(200);
    await service.stop();
    await start({ settings: { METRICS_FROM: '10.0.0.0/8' } });
    expect((await ask({ user: null, headers: { 'x-forwarded-for': '10.0.0.1' } })).status).toBe(401);
  });

  test('of several infobases the first is asked, or the one that is named', async () => {
    await start({ settings: { INFOBASES: 'trade,branch' } });
    expect((await ask({ path: '/metrics?infobase=branch' })).status).toBe(200);
    expect((await ask({ path: '/metrics?infobase=other' })).status).toBe(404);
    await ask({ user: { name: 'admin', password: 'wrong' } });
    const found = await scrape();
    expect(find(found, 'kkm_failed_logins_total', { infobase: 'trade', checked: 'yes' })).toBe(1);
    expect(find(found, 'kkm_failed_logins_total', { infobase: 'branch', checked: 'yes' })).toBe(0);
  });
});

test('commits, the files of the database and the connections', async () => {
  await start();
  const { db } = service.infobase();
  const before = await scrape();
  await Promise.all(Array.from({ length: 5 }, () => db.write(async () => undefined)));
  await expect(db.write(async () => Promise.reject(new Error('of one command')))).rejects.toThrow('of one command');
  const found = await scrape();
  const grown = (name: string, labels: Record<string, string>): number =>
    (find(found, name, labels) ?? 0) - (find(before, name, labels) ?? 0);
  expect(grown('kkm_commit_group_writes_sum', { infobase: 'trade' })).toBeGreaterThanOrEqual(5);
  // Five that came in one turn were one commit.
  expect(grown('kkm_commit_group_writes_bucket', { le: '8' })).toBeGreaterThan(
    grown('kkm_commit_group_writes_bucket', { le: '4' }),
  );
  expect(find(found, 'kkm_write_queue')).toBe(0);
  for (const name of ['kkm_database_bytes', 'kkm_database_wal_bytes', 'kkm_disk_free_bytes', 'kkm_connections']) {
    expect([name, (find(found, name) ?? 0) > 0]).toEqual([name, true]);
  }
});

/** Whether the infobase is ready, and why not. */
async function reasons(): Promise<unknown[]> {
  const found = await scrape();
  const named = found.get('kkm_not_ready')?.samples.map(({ labels }) => labels.reason);
  return [find(found, 'kkm_ready', { infobase: 'trade' }), named];
}

describe('readiness', () => {
  test('exclusive mode, and its end', async () => {
    await start();
    expect(await reasons()).toEqual([1, []]);
    const { db } = service.infobase();
    await db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
    await waitFor(async () => expect(await reasons()).toEqual([0, ['exclusive_mode']]));
    await db.write((trx) => leaveExclusiveMode(trx));
    await waitFor(async () => expect(await reasons()).toEqual([1, []]));
  });

  test('a write that failed', async () => {
    await start();
    const { db } = service.infobase();
    const pragma = statement<Record<string, never>>((knex) => knex.raw('pragma query_only = 1'));
    await db.stage((trx) => trx.change(pragma, {}));
    await expect(setSetting(service.infobase(), 'lineEnds', 'lf')).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
    await waitFor(async () => expect(await reasons()).toEqual([0, ['write_failed']]));
    expect((await db.measure()).commits.failed).toBeGreaterThan(0);
  });

  test('an area that cannot be read is missing and counted; the others are there', async () => {
    // The database that the login would be looked up in is the one that does not answer.
    await start({ settings: { METRICS_FROM: '127.0.0.1' } });
    const other = new BetterSqlite(join(service.dataDir, 'trade.sqlite'));
    other.exec('delete from revision');
    other.close();
    await waitFor(async () => {
      const found = readExposition((await ask({ user: null })).text);
      expect(find(found, 'kkm_not_ready', { reason: 'no_answer' })).toBe(1);
      expect(found.get('kkm_nights_due')?.samples).toEqual([]);
      expect(find(found, 'kkm_metrics_failures_total', { area: 'nights' })).toBeGreaterThan(0);
      expect(find(found, 'kkm_metrics_failures_total', { area: 'calls' })).toBe(0);
      expect(find(found, 'kkm_database_bytes')).toBeGreaterThan(0);
    });
  });
});

describe('nights, jobs and backups', () => {
  test('the last night and those that are due', async () => {
    await start({ before: {} });
    const infobase = service.infobase();
    expect(await saveSetting(infobase, noon, 'stage', 'billing')).toMatchObject({ ok: true });
    await catchUpNights(infobase, noon, { holder: 'test', readMs: Date.now });
    service.clock.at = moment('2026-11-25T01:59:59');
    const found = await scrape();
    expect([
      find(found, 'kkm_nights_due'),
      find(found, 'kkm_night_last_date_timestamp_seconds'),
      find(found, 'kkm_night_duration_seconds'),
    ]).toEqual([2, Date.parse('2026-11-22T00:00:00Z') / 1000, undefined]);
  });

  test('a night that this service has run: how long it took and what it moved', async () => {
    await start({ before: {} });
    const jobs = countJobs(() => 0);
    jobs.noteNight('trade', { seconds: 1.5, writtenOffKopecks: 1_744_10, creditedKopecks: 300 });
    const registry = new Registry();
    const bases = [{ infobase: service.infobase(), clock: service.clock }];
    const source = { bases, nightTime: '02:00:00', isNightAtWork: () => true, jobs };
    await fillNights(declareFamilies(registry).nights, source);
    const found = readExposition(await registry.metrics());
    expect([
      find(found, 'kkm_night_running'),
      find(found, 'kkm_night_duration_seconds'),
      find(found, 'kkm_night_bonus_kopecks', { document: 'write_off' }),
      find(found, 'kkm_night_bonus_kopecks', { document: 'accrual' }),
    ]).toEqual([1, 1.5, 174_410, 300]);
  });

  test('the last day sealed and those that are due', async () => {
    await start({ before: {} });
    const days = async (at: string) => {
      service.clock.at = moment(at);
      const found = await scrape();
      return [find(found, 'kkm_seal_days_due'), find(found, 'kkm_seal_last_date_timestamp_seconds')];
    };
    expect(await days('2026-11-23T02:00:00')).toEqual([1, undefined]);
    const runner = { holder: 'test', readMs: () => 0, nightTime: '02:00:00' };
    expect(await sealDay(service.infobase(), service.clock.at, runner)).toMatchObject({ code: 'sealed' });
    const sealed = Date.parse('2026-11-22T00:00:00Z') / 1000;
    expect(await days('2026-11-24T01:59:59')).toEqual([0, sealed]);
    expect(await days('2026-11-25T02:00:00')).toEqual([2, sealed]);
    expect(find(await scrape(), 'kkm_job_failures_total', { job: 'seal' })).toBe(0);
  });

  test('jobs that the service runs, and the newest good backup', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kkm-metrics-'));
    await start({ settings: { BACKUP_DIR: folder } });
    const none = await scrape();
    expect(none.get('kkm_backup_last_timestamp_seconds')?.samples).toEqual([]);
    expect(find(none, 'kkm_job_failures_total', { job: 'backup' })).toBe(0);
    expect(find(none, 'kkm_job_failures_total', { job: 'exchange' })).toBeUndefined();
    await waitFor(async () =>
      expect(find(await scrape(), 'kkm_job_last_success_timestamp_seconds', { job: 'night' })).toBeGreaterThan(1.7e9),
    );
    const request = { file: join(folder, 'one.backup'), madeAt: noon, productVersion: '0', origin: 'hand' } as const;
    expect(await makeBackup(service.infobase(), request)).toMatchObject({ code: 'done' });
    writeFileSync(join(folder, 'two.backup'), 'no manifest');
    const found = await scrape();
    // Noon of Moscow.
    expect(find(found, 'kkm_backup_last_timestamp_seconds')).toBe(Date.parse('2026-11-22T09:00:00Z') / 1000);
    expect(find(found, 'kkm_backup_last_bytes')).toBeGreaterThan(100_000);
    rmSync(folder, { recursive: true });
  });
});
