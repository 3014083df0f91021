// The service while its log cannot be written, and while its log file is rotated: calls are answered as ever, and it ends
// only when it is asked to.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { admin, copyTemplate, type Credentials } from '../../soap/testing-service.ts';
import {
  admin as firstAdmin,
  cli,
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
let logFile: string;
beforeEach(() => {
  workshop = openWorkshop();
  logFile = join(workshop.folder, 'kkm.log');
});
afterEach(() => workshop.close());

const readLog = (file = logFile): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');

/** Gives the service the database of an earlier start, with its users: a first start takes half as long again. */
async function copyDatabase(): Promise<void> {
  mkdirSync(workshop.dataDir);
  await copyTemplate(join(workshop.dataDir, 'trade.sqlite'));
}

async function expectServed(service: BuiltService, calls = 3, user: Credentials = admin): Promise<void> {
  for (let call = 0; call < calls; call += 1) expect(await ping(service, user)).toBe(200);
  expect((await get(service, '/healthz'))?.text).toBe('alive\n');
  expect(isAlive(service)).toBe(true);
}

describe('standard output', () => {
  test('on a full disk, at the first start', async () => {
    const full = openSync('/dev/full', 'w');
    const service = await workshop.start({ stdio: ['ignore', full, full], settings: { LOG_FILE: logFile } });
    closeSync(full);
    await expectServed(service, 3, firstAdmin);
    await stop(service);
    // The other place has every line, and why the till's user is missing: nobody could have read its password.
    const lines = readLog()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ message }) => message)).toEqual([
      'first users not made',
      'ready',
      'request',
      'request',
      'request',
      'stopping',
      'stopped',
      'log lines lost',
    ]);
    expect(lines[0]).toMatchObject({ level: 'error', infobase: 'trade', users: ['till (till)'] });
  });

  test('a pipe whose reader has gone', async () => {
    await copyDatabase();
    const service = await workshop.start({ stdio: ['ignore', 'pipe', 'pipe'] });
    service.child.stdout?.destroy();
    service.child.stderr?.destroy();
    await expectServed(service);
    await stop(service);
  });

  test('a pipe whose reader has stopped reading', async () => {
    await copyDatabase();
    const settings = { LOG_FILE: logFile };
    const service = await workshop.start({ stdio: ['ignore', 'pipe', 'ignore'], settings });
    // A pipe holds 64 KB, and the test's end of it as much again; a line is a few hundred bytes.
    await expectServed(service, 1_500);
    service.child.kill('SIGTERM');
    await new Promise((resolve) => service.child.once('exit', resolve));
    expect(service.child.exitCode).toBe(0);
    // The other place has every line, and says what is missing in this one.
    const lines = readLog().trimEnd().split('\n');
    expect(lines.filter((line) => line.includes('"request"'))).toHaveLength(1_500);
    const last = JSON.parse(lines.at(-1) ?? '') as { readonly lines: number };
    expect(last).toMatchObject({ message: 'log lines lost', output: 'stdout' });
    expect(last.lines).toBeGreaterThan(100);
  });
});

describe('the log file', () => {
  beforeEach(copyDatabase);

  test('on a full disk', async () => {
    const service = await workshop.start({ settings: { LOG_FILE: '/dev/full' } });
    await expectServed(service);
    await stop(service);
    expect(service.lines.filter((line) => line.includes('"request"'))).toHaveLength(3);
  });

  test('that has no room for a while goes on where it stopped', async () => {
    // The limit stands for a disk: 4 MB, of which the log has all but a few bytes.
    const limitBytes = 4 * 1024 ** 2;
    writeFileSync(logFile, `${'x'.repeat(limitBytes - 101)}\n`);
    const command = ['sh', '-c', `ulimit -f ${limitBytes / 512}; exec "$0" ${cli} serve`, process.execPath];
    const service = await workshop.start({ command, settings: { LOG_FILE: logFile } });
    await expectServed(service);
    expect(readLog()).toHaveLength(limitBytes);
    truncateSync(logFile, 0);
    await waitUntil(() => readLog().includes('"request"'));
    await expectServed(service);
    await stop(service);
    // The line that was cut ends in what was cleared away.
    const [, ...lines] = readLog().trimEnd().split('\n');
    const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message);
    expect(messages).toEqual(['request', 'request', 'request', 'request', 'request', 'request', 'stopping', 'stopped']);
  });

  test('a pipe that nobody reads', async () => {
    execFileSync('mkfifo', [logFile]);
    const service = await workshop.start({ settings: { LOG_FILE: logFile } });
    await expectServed(service);
    await stop(service);
  });
});

describe('a signal', () => {
  beforeEach(copyDatabase);

  test.each(['SIGHUP', 'SIGUSR2'] as const)('%s opens the log file again', async (signal) => {
    const service = await workshop.start({ settings: { LOG_FILE: logFile } });
    await expectServed(service, 1);
    await waitUntil(() => readLog().includes('"request"'));
    renameSync(logFile, `${logFile}.1`);
    service.child.kill(signal);
    await waitUntil(() => readLog().includes('"log reopened"'));
    await expectServed(service, 1);
    await stop(service);
    expect(readLog(`${logFile}.1`)).not.toContain('stopping');
    expect(readLog().match(/"message":"([^"]+)"/g)).toEqual(
      ['log reopened', 'request', 'stopping', 'stopped'].map((message) => `"message":"${message}"`),
    );
  });

  test('SIGHUP that cannot open it goes on with the one that is open', async () => {
    const service = await workshop.start({ settings: { LOG_FILE: logFile } });
    await waitUntil(() => readLog().includes('"ready"'));
    renameSync(logFile, `${logFile}.1`);
    execFileSync('mkdir', [logFile]);
    service.child.kill('SIGHUP');
    await waitUntil(() => readLog(`${logFile}.1`).includes('"log not reopened"'));
    await expectServed(service);
    await stop(service);
    expect(readLog(`${logFile}.1`)).toContain('"stopped"');
  });

  test('SIGHUP without a log file does nothing, however early and often it comes', async () => {
    const service = await workshop.spawn();
    // As soon as its own code runs; before that a signal is the system's.
    await waitForStatus(service, '/healthz', 200);
    for (let time = 0; time < 5; time += 1) service.child.kill('SIGHUP');
    await waitForStatus(service, '/readyz', 200);
    service.child.kill('SIGHUP');
    await expectServed(service);
    await stop(service);
  });
});

test('as text, and rotated by the service itself: every line is in one of the files', async () => {
  await copyDatabase();
  const settings = { LOG_FILE: logFile, LOG_FORMAT: 'text', LOG_ROTATE: 'daily,1kb', LOG_KEEP: '100' };
  const service = await workshop.start({ settings });
  await expectServed(service, 20);
  await stop(service);
  const files = readdirSync(workshop.folder).filter((name) => name.startsWith('kkm.log'));
  expect(files.length).toBeGreaterThan(2);
  const lines = files.flatMap((name) => readLog(join(workshop.folder, name)).trimEnd().split('\n'));
  expect(lines.filter((line) => !/^\d{4}-\d\d-\d\dT[\d:.]{12}Z (?:info|warn) \S/.test(line))).toEqual([]);
  expect(lines.filter((line) => line.includes(' info request infobase=trade '))).toHaveLength(20);
  expect(service.lines.at(-1)).toMatch(/ info stopped$/);
});

test('a stop that is asked for twice is one', async () => {
  await copyDatabase();
  const service = await workshop.start();
  service.child.kill('SIGINT');
  service.child.kill('SIGINT');
  service.child.kill('SIGTERM');
  expect(await service.ended).toEqual([0, null]);
  expect(service.lines.at(-1)).toContain('"stopped"');
});
