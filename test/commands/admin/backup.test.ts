// `kkm backup`, `kkm backup list` and `kkm restore` at the command line, and what the doctor says of backups.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeBackupAge } from '../../../src/commands/admin/checks/check-backups.ts';
import { nameOperator } from '../../../src/commands/name-operator.ts';
import { readLog } from '../../operations/admin/testing-change-log.ts';
import { moment } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
let folder: string;
let file: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-backup-line-'));
  line = openTestingLine({ BACKUP_DIR: folder });
  file = join(folder, 'mine.backup');
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
});
afterEach(async () => {
  await line.close();
  rmSync(folder, { recursive: true });
});

test('a backup goes into the file named, into a folder, or into KKM_BACKUP_DIR', async () => {
  const { code, out } = await line.run('backup', file);
  expect([code, out]).toEqual([
    0,
    [
      `backup of infobase "trade": ${file}`,
      expect.stringMatching(/^0 cards, 0 receipts, 0 documents; schema \d{4}-/),
      expect.stringMatching(/^\d+ bytes, SHA-256 [0-9a-f]{64}$/),
    ],
  ]);
  const other = join(folder, 'other');
  mkdirSync(other);
  expect(await line.runJson('backup', other)).toMatchObject({ infobase: 'trade', manifest: { origin: 'hand' } });
  expect(readdirSync(other)).toEqual([
    expect.stringMatching(/^trade-\d{8}-\d{6}\.backup$/),
    expect.stringMatching(/^trade-\d{8}-\d{6}\.backup\.json$/),
  ]);
  await line.run('backup');
  const list = (await line.run('backup', 'list')).out;
  expect(list[0]).toMatch(/^name +made +by +version +cards +receipts +bytes +state$/);
  expect(list.slice(1)).toEqual([
    expect.stringMatching(/^(?:trade-\S+|mine)\.backup .* hand .* good$/),
    expect.stringMatching(/^(?:trade-\S+|mine)\.backup .* hand .* good$/),
  ]);
  expect(await line.runJson('backup', 'list', other)).toHaveLength(1);
});

test('a restore takes its place beside what it replaces, and is noted', async () => {
  await line.run('backup', file);
  await line.run('kinds', 'remove', 'BASE');
  const dry = await line.run('restore', file, '--replace', '--dry-run');
  expect([dry.code, dry.out[0]]).toEqual([0, expect.stringContaining('infobase "trade" would be restored from')]);
  expect((await line.run('kinds', 'list')).out.join()).not.toContain('BASE');
  const { code, out } = await line.run('restore', file, '--replace');
  const kept = readdirSync(line.dataDir).find((name) => name.includes('-replaced-'));
  expect([code, ...out]).toEqual([
    0,
    expect.stringMatching(/^infobase "trade" restored from .* \(made .* \(Europe\/Moscow\)\)$/),
    expect.stringMatching(/^0 cards, 0 receipts, 0 documents; schema /),
    `the database that stood there is kept as ${join(line.dataDir, String(kept))}`,
  ]);
  expect((await line.run('kinds', 'list')).out.join()).toContain('BASE');
  const infobase = await line.open();
  expect((await readLog(infobase)).at(-1)).toMatchObject({
    by: nameOperator(),
    door: 'cli',
    subject: 'infobase',
    key: 'restore',
    after: { fileName: 'mine.backup' },
  });
  // It is open now.
  expect(await line.run('restore', file, '--replace')).toMatchObject({
    code: 1,
    err: ['kkm restore: nothing was restored: infobase "trade" is open: stop its service, and end other commands'],
  });
});

test('an infobase that has no database is restored without a word of replacing', async () => {
  await line.run('backup', file);
  for (const name of readdirSync(line.dataDir)) rmSync(join(line.dataDir, name));
  expect(await line.runJson('restore', file)).toMatchObject({ infobase: 'trade', kept: null });
});

test.each<[string, string[], string, (() => void) | null]>([
  ['a file that is there', ['backup', 'FILE'], 'no backup was made: FILE is there already', null],
  ['a folder that is not', ['backup', 'FILE/x'], 'no backup was made: FILE is not a folder', null],
  ['a database that is there', ['restore', 'FILE'], 'nothing was restored: infobase "trade" has a database', null],
  ['no file', ['restore', 'FILE.x', '--replace'], 'nothing was restored: there is no file FILE.x', null],
  ['an infobase that is not known', ['restore', 'FILE', '--infobase', 'x'], 'there is no infobase "x"', null],
  [
    'of another infobase',
    ['restore', 'FILE', '--replace', '--of', 'shop'],
    'nothing was restored: the backup is of',
    null,
  ],
  ['no folder to list', ['backup', 'list', 'FILE'], 'there is no folder FILE', null],
  [
    'one that was changed',
    ['restore', 'FILE', '--replace'],
    'nothing was restored: the backup is not sound: the file has ',
    () => writeFileSync(file, 'x', { flag: 'a' }),
  ],
])('%s is refused', async (_, args, message, harm) => {
  await line.run('backup', file);
  harm?.();
  const given = args.map((word) => word.replace('FILE', file));
  const { code, err } = await line.run(...given);
  expect([code, err[0]]).toEqual([1, expect.stringContaining(message.replaceAll('FILE', file))]);
  expect(await line.runJson(...given)).toMatchObject({ ok: false, message: expect.any(String) });
});

test('where no folder is set, one has to be named', async () => {
  const bare = openTestingLine();
  expect(await bare.run('backup')).toMatchObject({
    code: 2,
    err: [expect.stringContaining('FILE|DIR is missing: KKM_BACKUP_DIR is not set'), expect.anything()],
  });
  expect((await bare.run('backup', 'list')).code).toBe(2);
  expect((await bare.run('doctor')).out.some((text) => text.includes(' backup '))).toBe(false);
  await bare.close();
});

const findings = async (): Promise<string[]> => {
  const { findings: found } = (await line.runJson('doctor')) as {
    findings: readonly { check: string; verdict: string; found: string }[];
  };
  return found.filter(({ check }) => check === 'backup').map(({ verdict, found: text }) => `${verdict} ${text}`);
};

describe('the doctor', () => {
  test('looks for backups in the folder', async () => {
    expect(await findings()).toEqual([`warn none in ${folder}`]);
    await line.run('backup', file);
    expect(await findings()).toEqual([expect.stringMatching(/^ok the last one was made /)]);
    const old = readFileSync(`${file}.json`, 'utf8').replace(/"madeAt": "\d{4}/, '"madeAt": "2020');
    writeFileSync(`${file}.json`, old);
    expect(await findings()).toEqual([expect.stringMatching(/^fail the last one was made 2020-.* hours ago$/)]);
    writeFileSync(file, 'x', { flag: 'a' });
    expect(await findings()).toEqual([`warn none in ${folder}`, 'warn mine.backup is not as it was written']);
  });

  test('fails a folder that is gone', async () => {
    rmSync(folder, { recursive: true });
    expect(await findings()).toEqual([`fail there is no folder ${folder}`]);
    mkdirSync(folder);
  });

  test.each([
    ['2026-11-22T03:30:00', 'ok'],
    ['2026-11-20T12:00:01', 'ok'],
    ['2026-11-20T12:00:00', 'fail'],
    ['2026-11-23T00:00:00', 'ok'],
  ])('one of %s is at noon of 22 November: %s', (madeAt, verdict) => {
    expect(judgeBackupAge(moment(madeAt), moment('2026-11-22T12:00:00'), folder).verdict).toBe(verdict);
  });
});
