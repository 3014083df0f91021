// `kkm seals` and `kkm verify --seals` at the command line.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeEach(async () => {
  line = openTestingLine();
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('cards', 'range', '--kind', 'BASE', '--from', '1', '--to', '3');
});
afterEach(() => line.close());

async function sealOnce(): Promise<string> {
  expect((await line.run('seals', 'make')).code).toBe(0);
  const { seals } = (await line.runJson('seals', 'list')) as { seals: { digest: string }[] };
  return seals[0]?.digest ?? '';
}

test('a day is sealed by hand once, and listed', async () => {
  expect(await line.runJson('seals', 'list')).toMatchObject({ seals: [], next: null });
  const digest = await sealOnce();
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(await line.runJson('seals', 'make')).toMatchObject({ seal: null });
  expect(await line.runJson('seals', 'list')).toMatchObject({ seals: [{ id: 1, digest }], next: null });
});

test('verify says that all is in order, and against another digest that it is not', async () => {
  const digest = await sealOnce();
  expect(await line.runJson('verify', '--seals', '--against', digest)).toMatchObject({ ok: true, seals: { found: 0 } });
  expect((await line.run('verify', '--seals', '--against', digest.replace(/./g, '0'))).code).toBe(1);
  const manifest = join(line.dataDir, 'trade.backup.json');
  writeFileSync(manifest, '{}');
  expect((await line.run('verify', '--seals', '--against', manifest)).code).toBe(1);
  expect((await line.run('verify', '--seals', '--against', join(line.dataDir, 'nothing'))).code).toBe(1);
  expect((await line.run('verify', '--against', digest)).code).toBe(2);
});

test('the manifest of a backup holds the seal that the database must have', async () => {
  await sealOnce();
  expect((await line.run('backup', join(line.dataDir, 'trade.backup'))).code).toBe(0);
  const against = join(line.dataDir, 'trade.backup.json');
  expect(await line.runJson('verify', '--seals', '--against', against)).toMatchObject({ ok: true });
});

test('a base that was restored from its backup is in order, and goes on being sealed', async () => {
  await sealOnce();
  const file = join(line.dataDir, 'trade.backup');
  expect((await line.run('backup', file)).code).toBe(0);
  expect((await line.run('cards', 'set', '--where', 'number=2', 'note=x')).code).toBe(0);
  expect((await line.run('restore', file, '--replace')).code).toBe(0);
  const check = ['verify', '--seals', '--against', `${file}.json`];
  expect(await line.runJson(...check)).toMatchObject({ ok: true, seals: { found: 0, seals: 1 } });
  const database = new BetterSqlite(join(line.dataDir, 'trade.sqlite'));
  database.exec(`update card set note = 'x' where id = 2`);
  database.close();
  expect((await line.run(...check)).out.join('\n')).toMatch(/card 2 was changed/);
});

test('--from trusts the seal before that day', async () => {
  await sealOnce();
  const { out, code } = await line.run('verify', '--seals', '--from', '2000-01-01');
  expect([code, out.some((text) => text.includes('nothing was looked at'))]).toEqual([0, false]);
  expect((await line.run('verify', '--seals', '--from', '2999-01-01')).out.at(-1)).toMatch(
    /^seals: up to \d{4}-\d\d-\d\d nothing was looked at; its seal is [0-9a-f]{64}$/,
  );
  expect((await line.run('verify', '--from', '2000-01-01')).code).toBe(2);
  expect((await line.run('verify', '--seals', '--from', 'x')).code).toBe(2);
});

test('a card that was changed by other means is named, with exit code 1', async () => {
  await sealOnce();
  const database = new BetterSqlite(join(line.dataDir, 'trade.sqlite'));
  database.exec(`update card set holder = 'x' where id = 2`);
  database.close();
  const { code, out } = await line.run('verify', '--seals');
  expect([code, out.join('\n')]).toEqual([1, expect.stringMatching(/card 2 was changed/)]);
});
