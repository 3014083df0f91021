// The doctor on what /readyz is asked: whatever would keep tills from being served fails, with what to do.
import { once } from 'node:events';
import { chmodSync, existsSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { enterExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { openNightRun } from '../../../src/db/night/night-run.ts';
import type { LocalDate } from '../../../src/ledger/local-date-time.ts';
import { makeCertificate } from '../../http/testing-certificates.ts';
import { noon } from '../../operations/testing-infobase.ts';
import { startService } from '../../soap/testing-service.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

interface Findings {
  readonly findings: readonly {
    readonly check: string;
    readonly verdict: string;
    readonly found: string;
    readonly remedy: string | null;
  }[];
}

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine();
});
afterEach(() => line.close());

/** The findings that fail; they alone decide the exit code. */
async function failures(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const other = openTestingLine({ DATA_DIR: line.dataDir, ...environment });
  const { findings } = (await other.runJson('doctor', ...args)) as Findings;
  const { code } = await other.run('doctor', ...args);
  await other.close();
  const failed = findings.filter(({ verdict }) => verdict === 'fail');
  expect(code).toBe(failed.length === 0 ? 0 : 1);
  return failed.map(({ check, found, remedy }) => `${check}: ${found} -> ${remedy}`);
}

const file = (): string => join(line.dataDir, 'trade.sqlite');

/** What is found of the service under that port. */
async function findService(port: number, settings: Readonly<Record<string, string>> = {}): Promise<string | undefined> {
  const other = openTestingLine({ DATA_DIR: line.dataDir, PORT: String(port), ...settings });
  const { findings } = (await other.runJson('doctor')) as Findings;
  await other.close();
  const found = findings.find((finding) => finding.check === 'service');
  return found === undefined ? undefined : `${found.verdict}: ${found.found}`;
}

describe('what keeps tills from being served fails, with what to do', () => {
  beforeEach(() => line.run('kinds', 'set', 'BASE', '--name', 'Базовая'));

  test('nothing, where all is well', async () => {
    expect(await failures([])).toEqual([]);
  });

  test('stage cards, acceptCards', async () => {
    await line.run('settings', 'set', 'acceptCards', 'false');
    expect(await failures([])).toEqual([
      'tills: acceptCards is false: card reads, new holds and online receipts are answered 10 -> kkm settings set acceptCards true',
    ]);
    await line.run('settings', 'set', 'stage', 'cards');
    expect(await failures([])).toEqual(['tills: stage cards: tills are answered 8 -> kkm settings set stage online']);
  });

  test('exclusive mode', async () => {
    const infobase = await line.open();
    await infobase.db.write((trx) => enterExclusiveMode(trx, { purpose: 'disabling', sinceAt: noon }));
    expect(await failures([])).toEqual([
      expect.stringContaining('tills: exclusive mode: billing is being switched off since 2026-11-22T12:00:00'),
      expect.stringContaining('switching: switching billing off was interrupted, since 2026-11-22T12:00:00'),
    ]);
  });

  test('stage billing: nights due, without the subscription, the clock before the last night', async () => {
    const base = ['--infobase', 'try'];
    await line.run('infobase', 'create', 'try', '--test', '--at', '2026-11-22T12:00:00');
    await line.run('settings', 'set', 'stage', 'billing', ...base);
    expect(await failures(base)).toEqual([
      expect.stringMatching(/^nights: nights due and not run: 1, the first of 2026-11-22 -> the service runs them/),
    ]);
    expect(await failures(base, { SUBSCRIPTION: 'none' })).toEqual([
      expect.stringMatching(
        /^tills: stage billing without the extended subscription.* -> start the service with KKM_SUB/,
      ),
    ]);
    expect((await line.run('night', 'run', ...base)).code).toBe(0);
    expect(await failures(base)).toEqual([]);
    const infobase = await line.open('try');
    await infobase.db.write((trx) => openNightRun(trx, '2026-11-23' as LocalDate, noon));
    expect(await failures(base)).toEqual([
      expect.stringMatching(
        /^clock: the clock shows 2026-11-22T12:00:00, before the night of 2026-11-23 .* -> correct the/,
      ),
    ]);
  });

  test('a file that is read-only, a folder without rights', async () => {
    chmodSync(file(), 0o444);
    expect(await failures([])).toContainEqual(
      expect.stringMatching(/^database file: the database file is read-only: .*trade\.sqlite.* -> give the account/),
    );
    chmodSync(file(), 0o600);
    chmodSync(line.dataDir, 0o000);
    const found = await failures([]);
    chmodSync(line.dataDir, 0o700);
    expect(found[0]).toMatch(/^data folder: .* cannot be written: its mode is 000 -> give the account/);
  });

  test('a full disk', async () => {
    // The device stands for the disk.
    symlinkSync('/dev/full', `${file()}-probe`);
    expect((await line.run('doctor')).out.join('\n')).toMatch(
      /^fail database file {2}the disk is full: ENOSPC.*\n +-> make room: no receipt can be recorded$/m,
    );
  });

  test('an empty file, and a log without its file', async () => {
    renameSync(file(), `${file()}.away`);
    writeFileSync(file(), '');
    expect(await failures([])).toEqual([expect.stringMatching(/^database: .*the file is empty \(0 bytes\)/)]);
    rmSync(file());
    writeFileSync(`${file()}-wal`, 'commits');
    expect(await failures([])).toEqual([expect.stringMatching(/^database: .*trade\.sqlite is missing, but its log/)]);
    expect(existsSync(file())).toBe(false);
  });
});

describe('the service that runs', () => {
  test('is asked as well: it alone knows which file it has open', async () => {
    const service = await startService();
    expect(await findService(service.port)).toMatch(/^ok: the one at http:\/\/127\.0\.0\.1:\d+ is ready$/);
    renameSync(join(service.dataDir, 'trade.sqlite'), join(service.dataDir, 'away'));
    let said = await findService(service.port);
    // It may have looked a moment ago.
    for (let time = 0; time < 100 && said?.startsWith('ok') === true; time += 1) said = await findService(service.port);
    expect(said).toMatch(/^fail: the one at .* is not ready: the database file, or its log \(-wal\), was moved/);
    await service.stop();
    expect(await findService(service.port)).toMatch(/^ok: none runs at/);
  });

  test('over TLS, whatever name its certificate has', async () => {
    const { cert, key } = await makeCertificate('shop.example');
    const settings = { TLS_CERT: join(line.dataDir, 'cert.pem'), TLS_KEY: join(line.dataDir, 'key.pem') };
    writeFileSync(settings.TLS_CERT, cert);
    writeFileSync(settings.TLS_KEY, key);
    const service = await startService({ settings });
    expect(await findService(service.port, settings)).toMatch(/^ok: the one at https:\/\/127\.0\.0\.1:\d+ is ready$/);
    await service.stop();
  });

  test('another program under its address', async () => {
    const server = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    expect(await findService((server.address() as AddressInfo).port)).toMatch(/^warn: another program answers at/);
    server.closeAllConnections();
    server.close();
  });
});
