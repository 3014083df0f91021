// `kkm jobs` beside a service: what the service runs by its own settings, which the command has not; who is at a job; and
// what is left of a service that was killed.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { announceService, type ServiceNotice } from '../../../src/operations/admin/announce-service.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { runNight } from '../../../src/operations/night/run-night.ts';
import {
  addAccounts,
  makeEffects,
  openBillingBase,
  recordedAt,
  startOn,
} from '../../operations/night/testing-night.ts';
import { moment } from '../../operations/testing-infobase.ts';
import { openServingLine } from './serving-line.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

interface Job {
  readonly job: string;
  readonly runner: string | null;
  readonly schedule: string | null;
}

interface Jobs {
  readonly services: readonly { readonly runner: string; readonly isUp: boolean }[];
  readonly jobs: readonly Job[];
}

const ask = async (line: TestingLine): Promise<Jobs> => (await line.runJson('jobs')) as Jobs;

/** The notice is written after the start, which does not wait for it. */
async function askUntilUp(line: TestingLine, count: number): Promise<Jobs> {
  for (;;) {
    const found = await ask(line);
    if (found.services.length === count) return found;
    await setImmediate();
  }
}

test('the schedule, folder, time zone and subscription are those of the service while it is up', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-exchange-'));
  const line = openServingLine('trade', {
    NIGHT_CRON: '0 15 4 * * *',
    EXCHANGE_CRON: '30 */7 * * * *',
    TIMEZONE: 'Asia/Yekaterinburg',
    SUBSCRIPTION: 'none',
    EXCHANGE_DIR: folder,
    BACKUP_DIR: folder,
    BACKUP_CRON: '0 45 4 * * *',
  });
  try {
    await (await openBillingBase({ file: join(line.dataDir, 'trade.sqlite') })).close();
    expect(await ask(line)).toMatchObject({
      services: [],
      jobs: [
        { job: 'night', runner: null, schedule: '0 0 2 * * *', timeZone: 'Europe/Moscow', obstacle: null },
        { job: 'exchange', runner: null, schedule: null, folder: null, obstacle: 'no_folder' },
        { job: 'backup', runner: null, schedule: null, folder: null, nextRunAt: null, obstacle: 'no_folder' },
        { job: 'seal', runner: null, schedule: '0 0 2 * * *', lastRun: null, lastSeal: null },
      ],
    });
    await line.start();
    const { services, jobs } = await askUntilUp(line, 1);
    const [service] = services;
    const runner = service?.runner ?? '';
    expect(runner).toMatch(new RegExp(`^${hostname()} ${process.pid} `));
    expect(services).toMatchObject([{ isUp: true, timeZone: 'Asia/Yekaterinburg' }]);
    expect(jobs).toMatchObject([
      { job: 'night', runner, schedule: '0 15 4 * * *', timeZone: 'Asia/Yekaterinburg', obstacle: 'no_subscription' },
      { job: 'exchange', runner, schedule: '30 */7 * * * *', folder, obstacle: 9 },
      { job: 'backup', runner, schedule: '0 45 4 * * *', folder, lastRun: null, obstacle: null },
      { job: 'seal', runner, schedule: '0 15 4 * * *', daysDue: 1, lastSeal: null },
    ]);
    const { out } = await line.run('jobs');
    expect(out[0]).toMatch(new RegExp(`^service ${hostname()} ${process.pid}: up since .* \\(Asia/Yekaterinburg\\)$`));
    expect(out[2]).toMatch(
      new RegExp(` 0 15 4 .*not run: there is no extended subscription +${hostname()} ${process.pid}$`),
    );
    await line.stop();
    expect(await ask(line)).toMatchObject({ services: [], jobs: [{ runner: null, obstacle: null }, {}, {}, {}] });
  } finally {
    await line.close();
    rmSync(folder, { recursive: true });
  }
});

const later = (): number => Date.now() + 3_600_000;

describe('by notices', () => {
  let line: TestingLine;
  beforeEach(async () => {
    line = openTestingLine();
    mkdirSync(line.dataDir, { recursive: true });
    const infobase = await openBillingBase({ file: join(line.dataDir, 'trade.sqlite') });
    await giveTestClock(infobase, moment('2026-11-02T12:00:00'));
    await infobase.close();
  });
  afterEach(() => line.close());

  const openService = (): Promise<Infobase> =>
    Infobase.open({ name: 'trade', file: join(line.dataDir, 'trade.sqlite'), hasSubscription: true });

  async function announce(runner: string, untilMs: number, terms: Partial<ServiceNotice> = {}): Promise<void> {
    const jobs = [{ job: 'night', schedule: '0 15 4 * * *', folder: null }] as const;
    const startedAt = moment('2026-11-01T09:00:00');
    const notice = { runner, startedAt, timeZone: 'Europe/Moscow', jobs, ...terms };
    const service = await openService();
    await announceService(service, notice, Date.now(), untilMs);
    await service.close();
  }

  test('one that was killed is told apart, and the schedule is that of the command', async () => {
    await announce('old-server 17 x', 1);
    expect(await ask(line)).toMatchObject({
      services: [{ runner: 'old-server 17 x', isUp: false }],
      jobs: [{ runner: null, schedule: '0 0 2 * * *' }, {}, {}, {}],
    });
    expect((await line.run('jobs')).out.slice(0, 2)).toEqual([
      'service old-server 17: gone, was up since 2026-11-01T09:00:00 (Europe/Moscow)',
      'no service is running: the schedule is that of this command, and nothing runs by itself',
    ]);
    // The next one to start takes the notice of a dead one away.
    await announce('new-server 18 y', later());
    expect(await ask(line)).toMatchObject({
      services: [{ runner: 'new-server 18 y', isUp: true }],
      jobs: [{ runner: 'new-server 18 y', schedule: '0 15 4 * * *', nextRunAt: '2026-11-03T04:15:00' }],
    });
  });

  test('each of two has its own lines; said again, a notice stays one', async () => {
    await announce('one 1 x', later());
    await announce('two 2 y', later(), { jobs: [{ job: 'night', schedule: '0 0 5 * * *', folder: null }] });
    await announce('one 1 x', later());
    const { services, jobs } = await ask(line);
    expect(services.map(({ runner }) => runner)).toEqual(['one 1 x', 'two 2 y']);
    expect(jobs.map(({ runner, schedule }) => [runner, schedule])).toEqual([
      ['one 1 x', '0 15 4 * * *'],
      ['two 2 y', '0 0 5 * * *'],
    ]);
  });

  const result = async (): Promise<string | undefined> => {
    return /night of 2026-11-01 (.*?):/.exec((await line.run('jobs')).out.join('\n'))?.[1];
  };

  test("a night without its end is somebody's work, or was stopped", async () => {
    const infobase = await openService();
    await addAccounts(infobase, makeEffects(1, 1));
    let during: string | undefined;
    await runNight(infobase, startOn, recordedAt, {
      holder: 'shop 4711 z',
      readMs: Date.now,
      shouldStop: () => during !== undefined,
      pause: async () => {
        during = await result();
      },
    });
    await infobase.close();
    expect([during, await result()]).toEqual(['runs now (shop 4711)', 'was stopped; the next run goes on']);
  });
});
