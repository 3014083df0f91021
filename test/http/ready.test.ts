// /readyz over a running service: everything that keeps a till's call from being recorded or answered is reported, with what
// to do, and is no longer reported when it has been corrected.
import { chmodSync, copyFileSync, existsSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite from 'better-sqlite3';
import { enterExclusiveMode, leaveExclusiveMode } from '../../src/db/admin/exclusive-mode.ts';
import { releaseLease, takeLease } from '../../src/db/lease.ts';
import { statement } from '../../src/db/statement.ts';
import { watchReadiness } from '../../src/http/readiness.ts';
import { catchUpNights } from '../../src/operations/night/run-night.ts';
import { moment, noon, setSetting } from '../operations/testing-infobase.ts';
import { saveSetting } from '../../src/operations/admin/save-setting.ts';
import { startService, type StartOptions, type TestingService } from '../soap/testing-service.ts';

interface Answer {
  readonly status: number;
  readonly text: string;
}

let service: TestingService;
afterEach(() => service.stop());

const file = (name = 'trade'): string => join(service.dataDir, `${name}.sqlite`);

async function start(options?: StartOptions): Promise<void> {
  service = await startService(options);
}

async function ask(query = ''): Promise<Answer> {
  const answer = await fetch(`${service.running.origin}/readyz${query}`);
  return { status: answer.status, text: await answer.text() };
}

/** An answer is kept for a second: asked until it is the one that is waited for, or has had every time to be. */
async function expectAnswer(status: number, text: string): Promise<void> {
  let answer = await ask();
  for (let time = 0; time < 600 && !(answer.status === status && answer.text === text); time += 1) {
    await sleep(100);
    answer = await ask();
  }
  expect(answer).toEqual({ status, text });
}

const expectReady = (): Promise<void> => expectAnswer(200, 'ready\n');
const expectNotReady = (what: string, remedy: string): Promise<void> =>
  expectAnswer(503, `not ready\ntrade: ${what}\n  -> ${remedy}\n`);

test('a service at work is ready', async () => {
  await start();
  expect(await ask()).toEqual({ status: 200, text: 'ready\n' });
  const answer = await fetch(`${service.running.origin}/readyz`, { headers: { accept: 'application/json' } });
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(await answer.json()).toEqual({ state: 'ready', infobases: [{ infobase: 'trade', reasons: [] }] });
  expect(readdirSync(service.dataDir).filter((name) => name.endsWith('-probe'))).toEqual([]);
});

describe('files', () => {
  const moved = 'the database file, or its log (-wal), was moved, removed or replaced while the service ran';
  const putBack = 'put the files back under their names before the service is stopped; then start it again';

  test('the database is moved away, and back', async () => {
    await start();
    renameSync(file(), `${file()}.away`);
    await expectNotReady(moved, putBack);
    renameSync(`${file()}.away`, file());
    await expectReady();
  });

  test('another file has its name', async () => {
    await start();
    copyFileSync(file(), `${file()}.copy`);
    renameSync(file(), `${file()}.away`);
    renameSync(`${file()}.copy`, file());
    await expectNotReady(moved, putBack);
    renameSync(`${file()}.away`, file());
  });

  test('its log is removed: what it holds is nowhere else', async () => {
    await start();
    renameSync(`${file()}-wal`, `${file()}.away`);
    await expectNotReady(moved, putBack);
    renameSync(`${file()}.away`, `${file()}-wal`);
    await expectReady();
  });

  test('the whole folder is removed', async () => {
    await start();
    rmSync(service.dataDir, { recursive: true });
    const { status, text } = await ask();
    expect([status, text]).toEqual([503, expect.stringContaining(moved)]);
  });

  test('the file is read-only', async () => {
    await start();
    chmodSync(file(), 0o444);
    await expectNotReady(
      'the database file is read-only',
      'give the account of the service the right to write it, or mount its disk for writing; then start it again',
    );
    chmodSync(file(), 0o600);
    await expectReady();
  });

  test('the folder has no rights', async () => {
    await start();
    chmodSync(service.dataDir, 0o000);
    const { status, text } = await ask();
    chmodSync(service.dataDir, 0o700);
    expect(status).toBe(503);
    expect(text).toContain('the data folder cannot be written or entered');
    await expectReady();
  });

  test('the disk is full', async () => {
    await start();
    // The device plays the disk: nothing written to it finds room. The look takes the name away.
    symlinkSync('/dev/full', `${file()}-probe`);
    const { status, text } = await ask();
    expect([status, text]).toEqual([
      503,
      'not ready\ntrade: the disk is full\n  -> make room: no receipt can be recorded\n',
    ]);
    expect(existsSync(`${file()}-probe`)).toBe(false);
    await expectReady();
  });

  test('the last write failed: it is tried again until one is kept', async () => {
    await start();
    const { db } = service.infobase();
    const forbid = (isForbidden: 0 | 1): Promise<unknown> => {
      const pragma = statement<Record<string, never>>((knex) => knex.raw(`pragma query_only = ${isForbidden}`));
      return db.stage((trx) => trx.change(pragma, {}));
    };
    await forbid(1);
    // Nobody has found out yet.
    expect((await ask()).status).toBe(200);
    await expect(setSetting(service.infobase(), 'lineEnds', 'lf')).rejects.toMatchObject({ code: 'SQLITE_READONLY' });
    await expectNotReady(
      'the last write to the database failed',
      'look at `defect` in the log and at the disk; if the file was read-only at the start, start the service again',
    );
    const [trouble] = await db.listTroubles();
    expect(trouble?.why).toBe('SQLITE_READONLY: attempt to write a readonly database');
    await forbid(0);
    await expectReady();
  });

  test('a lock that another process holds keeps nobody waiting', async () => {
    await start();
    const other = new BetterSqlite(file());
    other.exec('begin immediate');
    expect(await ask()).toEqual({ status: 200, text: 'ready\n' });
    other.exec('rollback');
    other.close();
  });

  test('a database that does not answer', async () => {
    await start();
    const other = new BetterSqlite(file());
    other.exec('delete from revision');
    other.close();
    await expectNotReady(
      'the database, or the disk under it, does not answer',
      'look at the disk and at the log of the service; kkm doctor reads the file',
    );
    expect(service.log).toContainEqual(
      expect.objectContaining({
        message: 'not ready',
        reasons: ['no_answer'],
        details: ['the revision row is missing'],
      }),
    );
  });
});

describe('settings', () => {
  test('stage cards', async () => {
    await start();
    await setSetting(service.infobase(), 'stage', 'cards');
    await expectNotReady('stage cards: tills are answered 8', 'kkm settings set stage online');
    await setSetting(service.infobase(), 'stage', 'online');
    await expectReady();
    // Those who ask are not in the log, so what they were answered is; each once.
    const told = service.log.filter(({ message }) => message.endsWith('ready') || message === 'ready again');
    expect(told.map(({ level, message, reasons }) => [level, message, reasons])).toEqual([
      ['info', 'ready', undefined],
      ['warn', 'not ready', ['stage_cards']],
      ['info', 'ready again', undefined],
    ]);
  });

  test('acceptCards', async () => {
    await start();
    await setSetting(service.infobase(), 'acceptCards', 'false');
    await expectNotReady(
      'acceptCards is false: card reads, new holds and online receipts are answered 10',
      'kkm settings set acceptCards true',
    );
    await setSetting(service.infobase(), 'acceptCards', 'true');
    await expectReady();
  });

  test('exclusive mode', async () => {
    await start();
    const { db } = service.infobase();
    await db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
    await expectNotReady(
      'exclusive mode: billing is being switched on since 2026-11-22T12:00:00, tills are answered 10',
      'wait for its end; kkm billing status shows how far it is, kkm billing continue goes on with it',
    );
    await db.write((trx) => leaveExclusiveMode(trx));
    await expectReady();
  });

  test('stage billing without the extended subscription', async () => {
    await start({ settings: { SUBSCRIPTION: 'none' } });
    expect(await saveSetting(service.infobase(), noon, 'stage', 'billing')).toMatchObject({ ok: true });
    await expectNotReady(
      'stage billing without the extended subscription: tills are answered 9',
      'start the service with KKM_SUBSCRIPTION=extended, or switch billing off: kkm billing disable',
    );
  });
});

const nights = (count: number, on: string) =>
  [
    `nights due and not run: ${count}, the first of ${on}`,
    'the service runs them; if they stay due, look at `night failed` in the log, or run kkm night run',
  ] as const;

describe('nights and the clock', () => {
  const nightHolder = { holder: 'test', readMs: Date.now };
  const startBilling = async (): Promise<void> => {
    await start();
    const infobase = service.infobase();
    expect(await saveSetting(infobase, noon, 'stage', 'billing')).toMatchObject({ ok: true });
    await catchUpNights(infobase, noon, nightHolder);
    await expectReady();
  };

  test('nights due, until they are run', async () => {
    await startBilling();
    service.clock.at = moment('2026-11-25T01:59:59');
    await expectNotReady(...nights(2, '2026-11-23'));
    service.clock.at = moment('2026-11-25T02:00:00');
    await expectNotReady(...nights(3, '2026-11-23'));
    await catchUpNights(service.infobase(), service.clock.at, nightHolder);
    await expectReady();
  });

  test("tonight's is no obstacle while somebody is at it, one that was missed is", async () => {
    await startBilling();
    const { db } = service.infobase();
    const lease = { name: 'night', holder: 'another', nowMs: Date.now(), untilMs: Date.now() + 3_600_000 };
    await db.write((trx) => takeLease(trx, lease));
    service.clock.at = moment('2026-11-23T02:00:00');
    await sleep(1_100);
    expect(await ask()).toEqual({ status: 200, text: 'ready\n' });
    service.clock.at = moment('2026-11-24T02:00:00');
    await expectNotReady(...nights(2, '2026-11-23'));
    await db.write((trx) => releaseLease(trx, 'night', 'another'));
  });

  test('a clock that is before the last night', async () => {
    await startBilling();
    service.clock.at = moment('2026-11-21T23:59:59');
    await expectNotReady(
      'the clock shows 2026-11-21T23:59:59, before the night of 2026-11-22 that was run',
      'correct the clock of the machine, and check KKM_TIMEZONE',
    );
    service.clock.at = moment('2026-11-22T00:00:00');
    await expectReady();
  });
});

test('of several infobases each has its own answer; one that is not served has none', async () => {
  await start({ settings: { INFOBASES: 'trade,branch' } });
  await setSetting(service.infobase('branch'), 'stage', 'cards');
  const { status, text } = await ask();
  expect([status, text]).toEqual([503, expect.stringContaining('branch: stage cards')]);
  expect(await ask('?infobase=trade')).toEqual({ status: 200, text: 'ready\n' });
  expect((await ask('?infobase=branch')).status).toBe(503);
  expect((await ask('?infobase=other')).status).toBe(404);
});

test('however often it is asked, it looks once a second', async () => {
  await start();
  let looks = 0;
  let nowMs = 0;
  const clock = {
    now: () => {
      looks += 1;
      return noon;
    },
  };
  const readiness = watchReadiness({
    bases: [{ infobase: service.infobase(), clock }],
    nightTime: '02:00:00',
    isNightAtWork: () => false,
    findCatchingUp: () => undefined,
    readWallMs: Date.now,
    readMs: () => nowMs,
    report: () => undefined,
  });
  await Promise.all(Array.from({ length: 50 }, () => readiness.ask()));
  expect(looks).toBe(1);
  nowMs = 999;
  await readiness.ask();
  expect(looks).toBe(1);
  nowMs = 1_000;
  await Promise.all([readiness.ask(), readiness.ask()]);
  expect(looks).toBe(2);
});

test('the catch-up is a reason while it lasts; what was found before the start is not said of a service that has started', async () => {
  await start();
  const told: string[] = [];
  let catchingUp: string | undefined = 'trade';
  const readiness = watchReadiness({
    bases: [{ infobase: service.infobase(), clock: { now: () => noon } }],
    nightTime: '02:00:00',
    isNightAtWork: () => false,
    findCatchingUp: () => catchingUp,
    readWallMs: Date.now,
    // Time stands still: nothing that is found goes stale.
    readMs: () => 0,
    report: ({ reasons }) => void told.push(...reasons.map(({ code }) => code), '.'),
  });
  expect(await readiness.ask()).toMatchObject([{ infobase: 'trade', reasons: [{ code: 'catching_up' }] }]);
  catchingUp = undefined;
  readiness.state = 'serving';
  expect(await readiness.ask()).toEqual([{ infobase: 'trade', reasons: [] }]);
  expect(told).toEqual([]);
});
