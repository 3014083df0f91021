// Putting a backup back: what is refused, what is kept, and that a kill leaves the old or the new database.
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { openBackupTrial, type BackupTrial } from './testing-backups.ts';
import { readLog, whatOf } from './testing-change-log.ts';
import { moment, noon, openBalances } from '../testing-infobase.ts';

let trial: BackupTrial;
beforeEach(async () => {
  trial = await openBackupTrial();
  expect(await trial.back()).toMatchObject({ code: 'done' });
  // The database is 5 kopecks ahead of its backup.
  const infobase = await trial.open();
  await openBalances(infobase, '2900000001', { bonus: 5 });
  await infobase.close();
});
afterEach(() => trial.end());

const keptName = 'trade.sqlite-replaced-20261122-120000';
const names = (): string[] => readdirSync(trial.folder).toSorted();

test('it takes the place of the database, which is kept, and is noted in the log of changes', async () => {
  expect(await trial.readBonus()).toBe(105);
  const kept = join(trial.folder, keptName);
  expect(await trial.restore()).toMatchObject({
    code: 'done',
    manifest: { madeAt: noon },
    kept,
    content: { cards: 1 },
  });
  expect([await trial.readBonus(), await trial.readBonus(kept)]).toEqual([100, 105]);
  const infobase = await trial.open();
  expect((await readLog(infobase)).map(whatOf)).toEqual([
    {
      subject: 'infobase',
      key: 'restore',
      before: null,
      after: { fileName: 'trade.backup', madeAt: noon },
    },
  ]);
  await infobase.close();
  expect(names().filter((name) => name.includes('restoring'))).toEqual([]);
});

test('without being told to replace, and dry, nothing is changed', async () => {
  const before = names();
  expect(await trial.restore({ mayReplace: false })).toEqual({ code: 'exists' });
  expect(await trial.restore({ isDryRun: true })).toMatchObject({ code: 'done', kept: join(trial.folder, keptName) });
  expect(names()).toEqual(before);
  expect(await trial.readBonus()).toBe(105);
});

test('where no database stands none is kept', async () => {
  rmSync(trial.file);
  expect(await trial.restore({ mayReplace: false })).toMatchObject({ code: 'done', kept: null });
  expect(await trial.readBonus()).toBe(100);
});

test('a damaged database is replaced and kept with its log, which the new one must not get', async () => {
  writeFileSync(trial.file, 'no database at all'.repeat(1000));
  writeFileSync(`${trial.file}-wal`, 'a log');
  expect(await trial.restore()).toMatchObject({ code: 'done' });
  expect(await trial.readBonus()).toBe(100);
  expect(readFileSync(join(trial.folder, `${keptName}-wal`), 'utf8')).toBe('a log');
});

test('a log without its database counts as a database', async () => {
  rmSync(trial.file);
  writeFileSync(`${trial.file}-wal`, 'a log');
  expect(await trial.restore({ mayReplace: false })).toEqual({ code: 'exists' });
  expect(await trial.restore()).toMatchObject({ code: 'done' });
  expect(existsSync(join(trial.folder, `${keptName}-wal`))).toBe(true);
});

describe('it is refused while somebody has the infobase open', () => {
  test.each<[string, () => void]>([
    ['a sound database', () => undefined],
    ['a damaged one', () => writeFileSync(trial.file, 'no database at all'.repeat(1000))],
    ['one that was removed', () => rmSync(trial.file)],
  ])('%s', async (_, harm) => {
    const service = await trial.open();
    harm();
    expect(await trial.restore()).toEqual({ code: 'open' });
    await service.close();
    expect(await trial.restore()).toMatchObject({ code: 'done' });
  });

  test('also by a program that is not ours', async () => {
    const other = new BetterSqlite(trial.file);
    other.prepare('select count(*) from card').get();
    expect(await trial.restore()).toEqual({ code: 'open' });
    other.close();
  });
});

test('one that opens it while the backup is checked keeps it from being replaced', async () => {
  let opening: Promise<Infobase> | undefined;
  const end = await trial.restore({}, (step) => {
    if (step === 'check') opening = trial.open();
  });
  expect(end).toEqual({ code: 'open' });
  await (await opening)?.close();
  expect(await trial.readBonus()).toBe(105);
});

describe('killed', () => {
  test.each(['copy', 'check', 'keep', 'keep logs', 'replace', 'done'])(
    'before "%s" the old or the new database stands, and it is restored again',
    async (step) => {
      await trial.killAt('restore', step);
      expect(await trial.readBonus()).toBe(step === 'done' ? 100 : 105);
      expect(await trial.restore({ now: moment('2026-11-22T12:00:01') })).toMatchObject({ code: 'done' });
      expect(await trial.readBonus()).toBe(100);
      expect(names().filter((name) => name.includes('restoring'))).toEqual([]);
    },
  );

  test('where no database stood a start does not make an empty one in its place', async () => {
    rmSync(trial.file);
    await trial.killAt('restore', 'check');
    await expect(trial.open()).rejects.toThrow(/a restore was interrupted: run it again/);
    expect(await trial.restore()).toMatchObject({ code: 'done' });
    expect(await trial.readBonus()).toBe(100);
  });
});

const changeByte = (): void => {
  const bytes = readFileSync(trial.backup);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(trial.backup, bytes);
};
const changeManifest = (fields: object): void => {
  const path = `${trial.backup}.json`;
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...fields }));
};
const dropManifest = (): void => rmSync(`${trial.backup}.json`);

describe('not restored', () => {
  test.each<[string, () => void, object]>([
    ['a file with a changed byte', changeByte, { code: 'unsound', mistakes: [/SHA-256/] }],
    [
      'a file cut short',
      () => writeFileSync(trial.backup, readFileSync(trial.backup).subarray(4096)),
      { code: 'unsound', mistakes: [/bytes/] },
    ],
    [
      'a manifest that is no JSON',
      () => writeFileSync(`${trial.backup}.json`, 'x'),
      { code: 'unsound', mistakes: [/it is not JSON/] },
    ],
    [
      'a manifest without its digest',
      () => changeManifest({ sha256: undefined }),
      { code: 'unsound', mistakes: [/"sha256" is missing/] },
    ],
    [
      'that of another infobase',
      () => changeManifest({ infobase: 'other' }),
      { code: 'refused', why: /of infobase "other", not of "trade"/ },
    ],
    [
      'one that was written to',
      () => writeFileSync(`${trial.backup}-wal`, 'x'),
      { code: 'unsound', mistakes: [/-wal is not a part/] },
    ],
    ['no file', () => rmSync(trial.backup), { code: 'not_found' }],
    [
      'without a manifest, a text',
      () => {
        dropManifest();
        writeFileSync(trial.backup, 'no database at all'.repeat(1000));
      },
      { code: 'unsound', mistakes: [/file is not a database/] },
    ],
    [
      'without a manifest, an empty file',
      () => {
        dropManifest();
        writeFileSync(trial.backup, '');
      },
      { code: 'refused', why: /not the database of an infobase/ },
    ],
    [
      'without a manifest, a balance that was changed',
      () => {
        dropManifest();
        trial.change(trial.backup, 'update accumulation_balance set bonus = bonus + 1');
      },
      { code: 'unsound', mistakes: [/card 2900000001: accumulation_balance/] },
    ],
    [
      'that of a newer version',
      () => {
        dropManifest();
        trial.change(trial.backup, `insert into knex_migrations (name, batch) values ('9999-later', 9)`);
      },
      { code: 'refused', why: /made by a newer version \(it has 9999-later, / },
    ],
  ])('%s', async (_, harm, expected) => {
    harm();
    const end = await trial.restore();
    const match = Object.fromEntries(
      Object.entries(expected).map(([key, value]) => [
        key,
        value instanceof RegExp
          ? expect.stringMatching(value)
          : Array.isArray(value)
            ? value.map((one) => expect.stringMatching(one as RegExp) as unknown)
            : (value as unknown),
      ]),
    );
    expect(end).toMatchObject(match);
    expect(await trial.readBonus()).toBe(105);
    expect(names().filter((name) => /restoring|replaced/.test(name))).toEqual([]);
  });

  test('the database itself', async () => {
    expect(await trial.restore({ from: trial.file })).toMatchObject({ code: 'refused' });
  });

  test('a folder', async () => {
    expect(await trial.restore({ from: trial.folder })).toMatchObject({ code: 'refused' });
  });
});

test('a backup of another infobase is restored where that is meant', async () => {
  expect(await trial.restore({ of: 'shop' })).toMatchObject({ code: 'refused' });
  const path = `${trial.backup}.json`;
  writeFileSync(path, readFileSync(path, 'utf8').replace('"trade"', '"shop"'));
  expect(await trial.restore({ of: 'shop' })).toMatchObject({ code: 'done', manifest: { infobase: 'shop' } });
});

test('without a manifest its content is what is checked', async () => {
  renameSync(`${trial.backup}.json`, join(trial.folder, 'elsewhere'));
  expect(await trial.restore()).toMatchObject({ code: 'done', manifest: null });
});

test('a database copied by hand is restored with the commits of its log', async () => {
  const infobase = await trial.open();
  await openBalances(infobase, '2900000001', { bonus: 7 });
  const copy = join(trial.folder, 'copy.sqlite');
  for (const ending of ['', '-wal']) copyFileSync(trial.file + ending, copy + ending);
  await infobase.close();
  expect(await trial.restore({ from: copy })).toMatchObject({ code: 'done', manifest: null });
  expect(await trial.readBonus()).toBe(112);
  expect(existsSync(`${copy}-wal`)).toBe(true);
});

test('where the disk is full the old database stands', async () => {
  const many = `insert into card (number, kind_code, status)
    with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
    select cast(3000000000 + i as text), 'BASE', 'active' from n`;
  rmSync(`${trial.backup}.json`);
  trial.change(trial.backup, many);
  expect(await trial.runOnFullDisk('restore')).toEqual({ code: 'failed', why: expect.any(String) });
  expect(names().filter((name) => /restoring|replaced/.test(name))).toEqual([]);
  expect(await trial.readBonus()).toBe(105);
  expect(await trial.restore()).toMatchObject({ code: 'done', content: { cards: 100_001 } });
});

test('a backup of an older version is brought up to date', async () => {
  rmSync(`${trial.backup}.json`);
  const newer = ['backup_run', 'seal', 'seal_part', 'seal_break', 'seal_run']
    .map((table) => `drop table ${table};`)
    .join('');
  trial.change(trial.backup, `${newer} delete from knex_migrations where name >= '0024'`);
  expect(await trial.restore()).toMatchObject({ code: 'done', schemaVersion: '0023-night-choice' });
  expect(await trial.readBonus()).toBe(100);
});
