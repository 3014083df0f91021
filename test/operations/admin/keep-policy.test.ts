// Which scheduled backups are kept, as a table, and what is removed from a folder.
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BackupManifest } from '../../../src/operations/admin/backup-manifest.ts';
import { decideKept, parseKeepPolicy } from '../../../src/operations/admin/keep-policy.ts';
import { listBackups, removeOldBackups } from '../../../src/operations/admin/list-backups.ts';
import { nameBackup } from '../../../src/operations/admin/make-backup.ts';
import { addDays, dateOf, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { moment } from '../testing-infobase.ts';

test.each([
  ['7d,4w,12m', { days: 7, weeks: 4, months: 12 }],
  [' 12m , 7d ', { days: 7, weeks: 0, months: 12 }],
  ['1w', { days: 0, weeks: 1, months: 0 }],
  ['999d', { days: 999, weeks: 0, months: 0 }],
])('"%s" is a policy', (text, policy) => {
  expect(parseKeepPolicy(text)).toEqual(policy);
});

test.each(['', '7', '7d,', '0d', '7d,7d', '7y', '-1d', '1000d', '7 d', 'd'])('"%s" is none', (text) => {
  expect(parseKeepPolicy(text)).toBeUndefined();
});

/** Nightly backups of so many days up to Sunday 2026-11-22. */
const nightly = (days: number): LocalDateTime[] =>
  Array.from(
    { length: days },
    (_, back) => `${addDays(dateOf(moment('2026-11-22')), -back)}T03:30:00` as LocalDateTime,
  );

test.each<[string, string, readonly string[], readonly string[]]>([
  ['none there', '7d', [], []],
  ['fewer than are kept', '7d', ['2026-11-21', '2026-11-22'], ['2026-11-22', '2026-11-21']],
  ['days', '2d', ['2026-11-20', '2026-11-21', '2026-11-22'], ['2026-11-22', '2026-11-21']],
  [
    'days without a backup do not count',
    '2d',
    ['2026-10-01', '2026-11-02', '2026-11-22'],
    ['2026-11-22', '2026-11-02'],
  ],
  ['a week ends on Sunday', '2w', ['2026-11-15', '2026-11-16', '2026-11-22'], ['2026-11-22', '2026-11-15']],
  ['a month', '2m', ['2026-09-30', '2026-10-01', '2026-10-31', '2026-11-01'], ['2026-11-01', '2026-10-31']],
  ['the newest always', '1m', ['2026-11-21', '2026-11-22'], ['2026-11-22']],
  [
    'together',
    '1d,2w,3m',
    ['2026-08-31', '2026-09-30', '2026-10-31', '2026-11-15', '2026-11-21', '2026-11-22'],
    ['2026-11-22', '2026-11-15', '2026-10-31', '2026-09-30'],
  ],
])('%s: %s', (_, text, there, kept) => {
  const policy = parseKeepPolicy(text);
  if (policy === undefined) throw new Error(text);
  expect(decideKept(there.map(moment), policy)).toEqual(kept.map(moment));
});

test('of several in a day the last is kept', () => {
  const day = ['03:30:00', '09:30:00', '15:30:00'].map((time) => moment(`2026-11-22T${time}`));
  expect(decideKept(day, { days: 7, weeks: 4, months: 12 })).toEqual([moment('2026-11-22T15:30:00')]);
});

test('of two years of nights 7 days, 4 weeks and 12 months stay', () => {
  const policy = { days: 7, weeks: 4, months: 12 };
  const kept = decideKept(nightly(730), policy);
  expect(kept.slice(0, 7)).toEqual(nightly(7));
  expect(kept.slice(7, 10).map(dateOf)).toEqual(['2026-11-15', '2026-11-08', '2026-11-01']);
  expect(kept.slice(10).map(dateOf)).toEqual(
    ['10-31', '09-30', '08-31', '07-31', '06-30', '05-31', '04-30', '03-31', '02-28', '01-31']
      .map((day) => `2026-${day}`)
      .concat('2025-12-31'),
  );
});

describe('in a folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kkm-keep-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const nowMs = Date.UTC(2026, 10, 22, 12);
  const put = (madeAt: LocalDateTime, fields: Partial<BackupManifest> = {}, name?: string): string => {
    const manifest = {
      infobase: 'trade',
      schemaVersion: '0001',
      productVersion: '0.0.0',
      origin: 'schedule',
      madeAt,
      timeZone: 'UTC',
      bytes: 4,
      sha256: '0'.repeat(64),
      content: {},
      ...fields,
    };
    const backup = name ?? nameBackup(manifest.infobase, madeAt);
    writeFileSync(join(folder, backup), 'data');
    writeFileSync(join(folder, `${backup}.json`), JSON.stringify(manifest));
    return backup;
  };
  const clean = (): Promise<string[]> => removeOldBackups(folder, 'trade', { days: 1, weeks: 0, months: 0 }, nowMs);

  test('only what the schedule made is removed, with its manifest', async () => {
    const [newest, older, oldest] = nightly(3) as [LocalDateTime, LocalDateTime, LocalDateTime];
    const kept = [
      put(newest),
      put(moment('2026-11-01'), { origin: 'hand' }),
      put(moment('2026-11-02'), { origin: 'disabling' }),
      put(moment('2026-11-03'), { infobase: 'other' }),
      put(moment('2026-11-04'), {}, 'renamed.backup'),
      put(moment('2026-11-05'), { bytes: 5 }),
    ];
    writeFileSync(join(folder, 'trade-20261106-000000.backup'), 'without a manifest');
    writeFileSync(join(folder, 'trade-20261107-000000.backup.json'), '{}');
    const old = [put(older), put(oldest)];
    expect(await clean()).toEqual(old);
    const left = readdirSync(folder);
    expect(left.toSorted()).toEqual(
      [
        ...kept.flatMap((name) => [name, `${name}.json`]),
        'trade-20261106-000000.backup',
        'trade-20261107-000000.backup.json',
      ].toSorted(),
    );
  });

  test('the last good one stays, whatever the policy: a changed one is none', async () => {
    const [newest, older] = nightly(2) as [LocalDateTime, LocalDateTime];
    put(newest, { bytes: 5 });
    put(older);
    expect(await clean()).toEqual([]);
    expect((await listBackups(folder, 'trade')).map(({ madeAt, state }) => [madeAt, state])).toEqual([
      [newest, 'changed'],
      [older, 'good'],
    ]);
  });

  test('what a killed one has left is removed after a day', async () => {
    const age = (name: string, hours: number): string => {
      writeFileSync(join(folder, name), 'half');
      const at = (nowMs - hours * 3_600_000) / 1000;
      utimesSync(join(folder, name), at, at);
      return name;
    };
    age('trade-20261120-033000.backup.part', 25);
    age('trade-20261120-033000.backup.part-journal', 25);
    age('trade-20261120-033000.backup.part.json', 25);
    const stay = [
      age('trade-20261122-033000.backup.part', 23),
      age('trade.backup.part', 25),
      age('other-20261120-033000.backup.part', 25),
      age('trade-20261120-033000.backup.party', 25),
    ];
    expect(await clean()).toEqual([]);
    expect(readdirSync(folder).toSorted()).toEqual(stay.toSorted());
  });
});
