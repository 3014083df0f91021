// How the service starts: wrong settings all at once, the port before anything else, the first users, a kill or a signal on
// the way, and through npm.
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import BetterSqlite from 'better-sqlite3';
import { createLogger, transports } from 'winston';
import { systemClock } from '../../../src/clock.ts';
import { ConfigMistakes, readConfig } from '../../../src/config.ts';
import { takeLease } from '../../../src/db/lease.ts';
import { addDays, dateOf, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { serve } from '../../../src/main.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { listServiceUsers } from '../../../src/operations/admin/users.ts';
import { readServeConfig } from '../../../src/read-serve-config.ts';
import {
  get,
  isAlive,
  openWorkshop,
  ping,
  stop,
  waitForStatus,
  waitUntil,
  type BuiltService,
  type Workshop,
} from './built-service.ts';

let workshop: Workshop;
beforeEach(() => {
  workshop = openWorkshop();
});
afterEach(() => workshop.close());

const file = (): string => join(workshop.dataDir, 'trade.sqlite');
const openBase = (hasSubscription = true): Promise<Infobase> =>
  Infobase.open({ name: 'trade', file: file(), hasSubscription });

async function listNames(): Promise<string[]> {
  const infobase = await openBase();
  try {
    return (await listServiceUsers(infobase)).map(({ name }) => name);
  } finally {
    await infobase.close();
  }
}

/** Name to password, of the lines that show them. */
function readShown(lines: readonly string[]): Map<string, string> {
  const shown = new Map<string, string>();
  for (const line of lines) {
    const [, name, password] = /^infobase trade: user (\S+) \(\w+\), password (\S+)$/.exec(line) ?? [];
    if (name !== undefined && password !== undefined) shown.set(name, password);
  }
  return shown;
}

describe('wrong settings', () => {
  test('are reported together, those that name a place too', async () => {
    const data = join('/proc', 'no-such-folder', 'data');
    const settings = {
      PORT: 'high',
      DATA_DIR: data,
      CONTRACT: join(workshop.folder, 'no-contract'),
      ADMIN_USER: 'admin:',
      ADMIN_PASSWORD: 'tab\tin it',
      LOG_FILE: '/dev/null/kkm.log',
      METRICS_FROM: 'monitor.example',
    };
    const service = await workshop.spawn({ settings });
    expect(await service.ended).toEqual([2, null]);
    const text = service.readErrors();
    for (const name of Object.keys(settings)) expect(text).toContain(`  KKM_${name}: expected `);
    expect(text).toContain(`got "${data}": ENOENT`);
    expect(text).not.toContain('in it');
    expect(service.lines).toEqual([]);
  });

  test('a data folder that is a file', async () => {
    writeFileSync(join(workshop.folder, 'file'), '');
    const service = await workshop.spawn({ settings: { DATA_DIR: join(workshop.folder, 'file') } });
    expect(await service.ended).toEqual([2, null]);
    expect(service.readErrors()).toMatch(/KKM_DATA_DIR: expected a folder .*EEXIST/);
  });

  test('a place that does not answer is given up', async () => {
    const given = { DATA_DIR: workshop.dataDir, LOG_FILE: join(workshop.folder, 'log', 'kkm.log') };
    // No process starts in a thousandth of a second: for the one who waits that is a place that hangs.
    const reason = await readServeConfig(given, { patienceMs: 1 }).catch((thrown: unknown) => thrown);
    expect(reason).toBeInstanceOf(ConfigMistakes);
    expect((reason as ConfigMistakes).mistakes).toEqual([
      `KKM_DATA_DIR: expected a place that answers, got "${workshop.dataDir}": no answer in 0.001 s`,
      `KKM_LOG_FILE: expected a place that answers, got "${given.LOG_FILE}": no answer in 0.001 s`,
    ]);
    expect(existsSync(workshop.dataDir)).toBe(false);
    expect((await readServeConfig(given)).config.dataDir).toBe(workshop.dataDir);
  });
});

test('a port in use: nothing is opened, nobody is made, no password is shown', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const service = await workshop.spawn({ settings: { PORT: String(port), ADMIN_PASSWORD: '' } });
  expect(await service.ended).toEqual([1, null]);
  expect([service.lines, service.readErrors()]).toEqual([
    [],
    `kkm serve: cannot start: 127.0.0.1:${port} is in use; give another --port\n`,
  ]);
  expect(readdirSync(workshop.dataDir)).toEqual([]);
  taken.close();
});

/** Starts it with that infobase and a sound one: it ends, and says why. */
async function startDamaged(): Promise<BuiltService> {
  const service = await workshop.spawn({ settings: { INFOBASES: 'other,trade' } });
  expect(await service.ended).toEqual([1, null]);
  expect(service.readErrors()).toContain(`kkm serve: cannot start: infobase "trade" cannot be opened: `);
  expect(service.readErrors()).toContain(`(${file()})`);
  // Nor have the users of its neighbour been shown.
  expect(service.lines).toEqual([]);
  return service;
}

describe('a database that cannot be used is named with its file', () => {
  test('no database at all', async () => {
    mkdirSync(workshop.dataDir);
    writeFileSync(file(), 'a letter, and long enough to be looked at as a database'.repeat(100));
    expect((await startDamaged()).readErrors()).toContain('file is not a database');
  });

  test('one cut short', async () => {
    mkdirSync(workshop.dataDir);
    await (await openBase()).close();
    const bytes = readFileSync(file());
    writeFileSync(file(), bytes.subarray(0, bytes.length / 2));
    await startDamaged();
  });

  test('one of a newer version', async () => {
    mkdirSync(workshop.dataDir);
    await (await openBase()).close();
    const connection = new BetterSqlite(file());
    connection.exec(`insert into knex_migrations (name, batch) values ('9999-later', 9)`);
    connection.close();
    expect((await startDamaged()).readErrors()).toMatch(
      /made by a newer version \(it has 9999-later, .*: run that version, or restore an older backup/,
    );
  });

  test('an empty file is no new base', async () => {
    mkdirSync(workshop.dataDir);
    writeFileSync(file(), '');
    expect((await startDamaged()).readErrors()).toContain(
      'the file is empty (0 bytes): put the database back from a backup',
    );
    expect(readFileSync(file())).toHaveLength(0);
  });

  test('nor is a log without its file', async () => {
    mkdirSync(workshop.dataDir);
    writeFileSync(`${file()}-wal`, 'commits that are nowhere else');
    expect((await startDamaged()).readErrors()).toContain('the file is missing, but its log (-wal) is there');
    expect(readFileSync(`${file()}-wal`, 'utf8')).toBe('commits that are nowhere else');
  });
});

describe('killed in the middle of the first start', () => {
  const moments: readonly (readonly [string, (service: BuiltService) => boolean])[] = [
    ['when the data folder is there', () => existsSync(workshop.dataDir)],
    ['when the database is being made', () => existsSync(`${file()}-migrating`)],
    ['when the database is there', () => existsSync(file())],
    ['when the first password is shown', ({ lines }) => lines.length > 0],
    ['when all has been shown', ({ lines }) => lines.length > 2],
    ['when it is ready', ({ lines }) => lines.some((line) => line.includes('"ready"'))],
  ];
  test.each(moments)('%s: every user that is there has a password that was shown', async (_, isThen) => {
    const killed = await workshop.spawn({ settings: { ADMIN_PASSWORD: '' } });
    while (!isThen(killed)) await sleep(1);
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toEqual([null, 'SIGKILL']);
    // The next start in the test's own process: it is the killed one that has to be a process.
    const lines: string[] = [];
    const config = readConfig({ DATA_DIR: workshop.dataDir, PORT: '0' });
    const log = createLogger({ silent: true, transports: [new transports.Console()] });
    const service = await serve({ config, log, tell: (line) => void lines.push(line) });
    const port = Number(new URL(service.origin).port);
    const first = readShown(killed.lines);
    const second = readShown(lines);
    // Either the killed one had made both, or the next start has.
    const shown = second.size === 0 ? first : second;
    expect([...shown.keys()]).toEqual(['admin', 'till']);
    for (const [name, password] of shown) expect(await ping({ port }, { name, password })).toBe(200);
    await service.stop();
    expect(await listNames()).toEqual(['admin', 'till']);
  });
});

test('a short password of the administrator: nobody is made; where there are users it is of no account', async () => {
  const settings = { ADMIN_PASSWORD: 'kassa' };
  const refused = await workshop.spawn({ settings });
  expect(await refused.ended).toEqual([1, null]);
  expect(refused.readErrors()).toBe(
    'kkm serve: cannot start: KKM_ADMIN_PASSWORD: the password has fewer than 6 characters; ' +
      'give a longer one, or add the user before the start: kkm user add --force\n',
  );
  expect([readShown(refused.lines).size, await listNames()]).toEqual([0, []]);
  // The data folder is the service's own from its first moment, whatever comes of the start.
  expect(statSync(workshop.dataDir).mode & 0o777).toBe(0o700);
  await stop(await workshop.start());
  await stop(await workshop.start({ settings }));
  expect(await listNames()).toEqual(['admin', 'till']);
});

test('while nights are awaited it is alive, not ready, and takes no calls; a signal ends it cleanly', async () => {
  mkdirSync(workshop.dataDir);
  const infobase = await openBase();
  const now = systemClock('Europe/Moscow').now();
  const before = `${addDays(dateOf(now), -3)}T12:00:00` as LocalDateTime;
  await saveSetting(infobase, before, 'stage', 'billing');
  const untilMs = Date.now() + 3_600_000;
  const lease = { name: 'night', holder: 'another machine', nowMs: Date.now(), untilMs };
  expect(await infobase.db.write((trx) => takeLease(trx, lease))).toBe(true);
  await infobase.close();
  const service = await workshop.spawn({ settings: { METRICS_FROM: '127.0.0.1' } });
  await waitUntil(() => service.lines.some((line) => line.includes('"night held"')));
  expect(await get(service, '/healthz')).toEqual({ status: 200, text: 'alive\n' });
  const { status, text } = (await get(service, '/readyz'))!;
  expect([status, text.split('\n').slice(0, 3)]).toEqual([
    503,
    [
      'starting',
      'trade: nights that were missed are being run: the service takes calls after them',
      '  -> wait; the log has `night done` for each, and `night held` where another process runs them',
    ],
  ]);
  expect(text).toContain('trade: nights due and not run: ');
  const metrics = (await get(service, '/metrics'))?.text ?? '';
  expect(metrics).toMatch(/^kkm_not_ready\{infobase="trade",reason="catching_up"\} 1$/m);
  expect(metrics).toMatch(/^kkm_ready\{infobase="trade"\} 0$/m);
  expect(metrics).toMatch(/^kkm_nights_due\{infobase="trade"\} [234]$/m);
  expect(metrics).toMatch(/^nodejs_eventloop_lag_p99_seconds 0\.\d+$/m);
  expect((await get(service, '/trade/ws/KKMTransfer?wsdl'))?.text).toContain('Сервис запускается');
  expect(await ping(service)).toBe(503);
  await stop(service);
  expect(service.lines.map((line) => (JSON.parse(line) as { message: string }).message)).toEqual([
    'night held',
    'stopping',
    'stopped',
  ]);
  expect(await listNames()).toEqual([]);
});

test('SIGTERM to `npm start` ends the service cleanly, and npm after it', async () => {
  // Without its scripts of before and after: the build would be made again under the feet of other tests.
  const service = await workshop.spawn({ command: ['npm', 'start', '--ignore-scripts', '--', '--log-level', 'info'] });
  await waitForStatus(service, '/readyz', 200);
  service.child.kill('SIGTERM');
  expect(await service.ended).toEqual([0, null]);
  expect(isAlive(service)).toBe(false);
  expect(await get(service, '/healthz')).toBeUndefined();
  expect(service.lines.at(-1)).toContain('"stopped"');
});
