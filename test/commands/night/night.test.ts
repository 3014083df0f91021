// `kkm night` and `kkm jobs`: nights run by hand and foreseen, what is refused, and what is told of them.
import { join } from 'node:path';
import type { BillingEffect } from '../../../src/ledger/account.ts';
import { addDays, type LocalDate } from '../../../src/ledger/local-date-time.ts';
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { runNight } from '../../../src/operations/night/run-night.ts';
import {
  addAccounts,
  dayAfterStart,
  hashBase,
  nightOptions,
  openBillingBase,
  recordedAt,
  startOn,
} from '../../operations/night/testing-night.ts';
import { moment, setSetting } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

const rub = 100;

/** 100 of bonus that run out on the third night, 20 of them spent; 30 credited on the second for a week; 5 receipts. */
const account: BillingEffect = {
  balance: { bonus: 80 * rub, accumulation: 1_234 * rub + 50, receipts: 5 },
  rows: [
    { measure: 'bonus', writeOffOn: dayAfterStart(2), amount: 100 * rub },
    { measure: 'accumulation', writeOffOn: '3999-12-31' as LocalDate, amount: 1_234 * rub + 50 },
    { measure: 'receipts', writeOffOn: dayAfterStart(2), amount: 5 },
  ],
  pending: [
    { source: 'R1', measure: 'bonus', creditOn: dayAfterStart(1), writeOffOn: dayAfterStart(8), amount: 30 * rub },
  ],
};

let line: TestingLine;
beforeEach(async () => {
  line = openTestingLine({ NIGHT_CRON: '0 30 3 * * *' });
  const infobase = await openBillingBase({ file: join(line.dataDir, 'trade.sqlite') });
  await addAccounts(infobase, [account]);
  await giveTestClock(infobase, moment('2026-11-03T03:29:59'));
  await infobase.close();
});
afterEach(() => line.close());

async function hash(): Promise<string> {
  return hashBase(await line.open());
}

test('night run does the nights that are due by the time of KKM_NIGHT_CRON, and those up to a date', async () => {
  expect(await line.run('night', 'run', '--dry-run')).toEqual({
    code: 0,
    out: [
      'nights that would be run: 2026-11-01, 2026-11-02',
      'night of 2026-11-01: «Списание» 0 cards; «Начисление» 0 cards',
      'night of 2026-11-02: «Списание» 0 cards; «Начисление» 1 card: bonus 30.00, accumulation 0.00, receipts 0',
    ],
    err: [],
  });
  expect((await line.run('night', 'run')).out).toEqual([
    'night of 2026-11-01: lines of «Списание» 0, of «Начисление» 0',
    'night of 2026-11-02: lines of «Списание» 0, of «Начисление» 1',
  ]);
  expect(await line.run('night', 'run')).toEqual({ code: 0, out: ['no night is due'], err: [] });
  expect(await line.runJson('night', 'run', '--date', '2026-11-03')).toEqual({
    infobase: 'trade',
    isDryRun: false,
    nights: [{ businessOn: '2026-11-03', writeOffLines: 1, accrualLines: 0 }],
  });
  expect(await line.runJson('night', 'run', '--dry-run')).toEqual({
    infobase: 'trade',
    isDryRun: true,
    dates: [],
    nights: [],
  });
});

test('night run --full goes through every card, and writes the same', async () => {
  expect((await line.run('night', 'run', '--full')).out).toEqual([
    'night of 2026-11-01: lines of «Списание» 0, of «Начисление» 0',
    'night of 2026-11-02: lines of «Списание» 0, of «Начисление» 1',
  ]);
  expect(await line.runJson('night', 'run', '--full', '--date', '03.11.2026')).toMatchObject({
    nights: [{ businessOn: '2026-11-03', writeOffLines: 1, accrualLines: 0 }],
  });
});

test('night run refuses a date to come, a base without nights, and a night that another runs', async () => {
  expect(await line.run('night', 'run', '--date', '2026-11-04')).toEqual({
    code: 1,
    out: [],
    err: [
      'kkm night run: 2026-11-04 is later than now, 2026-11-03T03:29:59. kkm night preview shows what its night would do',
    ],
  });
  expect((await line.run('night', 'run', '--date', '2026-11-31')).code).toBe(2);
  const infobase = await line.open();
  const running = runNight(
    Object.create(infobase, { hasSubscription: { value: true } }) as typeof infobase,
    startOn,
    recordedAt,
    nightOptions({
      holder: 'shop-server 4711',
      readMs: Date.now,
      pause: async () => {
        const { code, err } = await line.run('night', 'run');
        expect(code).toBe(1);
        expect(err).toEqual([
          'kkm night run: another process is running the night (shop-server 4711); nothing is lost',
        ]);
      },
    }),
  );
  expect(await running).toMatchObject({ code: 'done' });
  await setSetting(infobase, 'stage', 'online');
  for (const command of [['run'], ['run', '--dry-run'], ['preview', '--date', '2026-11-09']]) {
    const { code, err } = await line.run('night', ...command);
    expect([code, err]).toEqual([
      1,
      [`kkm night ${command[0]}: no night is run: billing is off: the infobase is not in stage billing`],
    ]);
  }
});

test('night preview tells totals, and cards with what their lines come from', async () => {
  const before = await hash();
  expect((await line.run('night', 'preview', '--date', '2026-11-03', '--limit', '10')).out).toEqual([
    'night of 2026-11-03, nights before it: 2',
    '«Списание с дисконтных карт»: 1 card: bonus 80.00, accumulation 0.00, receipts 5',
    '«Начисление на дисконтные карты»: 0 cards',
    '2900000001: bonus -80.00 (balance 110.00, covered 30.00)',
    '2900000001: receipts -5 (balance 5, covered 0)',
  ]);
  expect((await line.run('night', 'preview', '--date', '2026-11-02', '--limit', '1')).out).toEqual([
    'night of 2026-11-02, nights before it: 1',
    '«Списание с дисконтных карт»: 0 cards',
    '«Начисление на дисконтные карты»: 1 card: bonus 30.00, accumulation 0.00, receipts 0',
    '2900000001: bonus +30.00 (due 2026-11-02, to be written off on 2026-11-09)',
  ]);
  expect(await line.runJson('night', 'preview', '--date', '2026-11-09', '--limit', '1')).toEqual({
    infobase: 'trade',
    businessOn: '2026-11-09',
    nightsBefore: 8,
    writeOff: { lines: 1, bonus: '30.00', accumulation: '0.00', receipts: '0' },
    accrual: { lines: 0, bonus: '0.00', accumulation: '0.00', receipts: '0' },
    cards: [
      {
        card: '2900000001',
        writeOffs: [{ measure: 'bonus', amount: '30.00', balance: '30.00', covered: '0.00', held: '0.00' }],
        credits: [],
      },
    ],
  });
  expect(await hash()).toBe(before);
});

async function refusal(...args: readonly string[]): Promise<unknown> {
  const { code, err } = await line.run('night', 'preview', ...args);
  return [code, err[0]];
}

test('night preview refuses what it cannot foresee', async () => {
  const done = addDays(startOn, -1);
  expect(await refusal('--date', done)).toEqual([
    1,
    `kkm night preview: nights are done up to ${done}: the documents of ${done} show what that night did`,
  ]);
  expect(await refusal('--date', '2050-01-01')).toEqual([
    1,
    'kkm night preview: 2050-01-01 is too far ahead: 2036-10-31 is the latest',
  ]);
  expect(await refusal('--date', 'tomorrow')).toEqual([
    2,
    'kkm night preview: --date: expected a date such as 2026-11-22 or 22.11.2026, got "tomorrow"',
  ]);
  expect(await refusal('--date', '2026-12-01', '--limit', 'all')).toEqual([
    2,
    'kkm night preview: --limit: expected a whole number from 0 to 100000, got "all"',
  ]);
  expect(await refusal()).toEqual([2, 'kkm night preview: --date D is missing']);
});

test('jobs tells schedule, last and next run, and what came of it', async () => {
  const name = 'Биллинг: дисконтные карты - ночной регламент';
  const own = { runner: null, timeZone: 'Europe/Moscow', holder: null };
  const report = { job: 'night', name, schedule: '0 30 3 * * *', ...own };
  const exchange = {
    job: 'exchange',
    name: 'Оперативное снятие текущих продаж с ККМ',
    schedule: null,
    folder: null,
    ...own,
    lastRun: null,
    nextRunAt: null,
    obstacle: 'no_folder',
    troubles: [],
  };
  const backup = {
    job: 'backup',
    name: 'Резервное копирование',
    schedule: null,
    folder: null,
    ...own,
    lastRun: null,
    nextRunAt: null,
    obstacle: 'no_folder',
  };
  const seal = {
    job: 'seal',
    name: 'Опломбирование дня',
    schedule: '0 30 3 * * *',
    ...own,
    lastRun: null,
    lastSeal: null,
    daysDue: 1,
    nextRunAt: '2026-11-03T03:30:00',
    obstacle: 'nights_due',
  };
  expect(await line.runJson('jobs')).toEqual({
    infobase: 'trade',
    services: [],
    jobs: [{ ...report, lastRun: null, nextRunAt: '2026-11-03T03:30:00', obstacle: null }, exchange, backup, seal],
  });
  await line.run('clock', 'set', '2026-11-03T12:00:00');
  await line.run('night', 'run');
  const lastRun = {
    businessOn: '2026-11-03',
    startedAt: '2026-11-03T12:00:00',
    finishedAt: '2026-11-03T12:00:00',
    result: 'done',
    writeOffLines: 1,
    accrualLines: 0,
  };
  expect(await line.runJson('jobs')).toMatchObject({
    jobs: [{ ...report, lastRun, nextRunAt: '2026-11-04T03:30:00', obstacle: null }, exchange, backup, { daysDue: 1 }],
  });
  const [none, heading = '', row = ''] = (await line.run('jobs')).out;
  expect(none).toBe('no service is running: the schedule is that of this command, and nothing runs by itself');
  expect(heading.split(/ {2,}/)).toEqual(['name', 'schedule', 'last run', 'next run', 'result', 'runner']);
  expect(row.split(/ {2,}/)).toEqual([
    name,
    '0 30 3 * * *',
    '2026-11-03T12:00:00',
    '2026-11-04T03:30:00',
    'night of 2026-11-03 done: «Списание» 1, «Начисление» 0',
    '-',
  ]);
  await setSetting(await line.open(), 'stage', 'online');
  expect((await line.run('jobs')).out[2]).toMatch(/ none {2,}.*; not run: billing is off/);
});
