// `kkm shops`, `kkm tills` and `kkm sync`, from the command line to what a till fetches.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getSyncPackage } from '../../../src/operations/sync/serve-sync.ts';
import { buildSale, noon, read, register, upload } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeEach(async () => {
  line = openTestingLine();
  await line.run('kinds', 'set', 'GOLD', '--name', 'Золотая');
  await line.run('cards', 'range', '--prefix', 'N', '--from', '1', '--to', '5', '--width', '1', '--kind', 'GOLD');
});
afterEach(() => line.close());

const writeList = (bytes: string | Uint8Array): string => {
  const file = join(line.dataDir, 'list.csv');
  writeFileSync(file, bytes);
  return file;
};

test('what is missing before a sync is told line by line, and nothing is posted', async () => {
  const infobase = await line.open();
  await register(infobase, buildSale({ cardNumber: 'N1' }));
  expect(await line.run('sync', 'create')).toEqual({
    code: 1,
    out: [],
    err: [
      'cards are accepted on tills: kkm settings set acceptCards false',
      'no report of till KKM-1, shift 1, 2026-11-22: 1 receipt came only online',
      'kkm sync create: not ready; nothing was posted',
    ],
  });
  await line.run('settings', 'set', 'acceptCards', 'false');
  await upload(infobase, [buildSale({ cardNumber: 'N1' })]);
  expect(await line.run('sync', 'list')).toMatchObject({ code: 0, out: ['there are no syncs yet'] });
  expect(await line.run('sync', 'create', '--dry-run')).toMatchObject({
    code: 0,
    out: ['ready: would sync 5 cards, packages 1 to 1'],
  });
  expect(await line.runJson('sync', 'list')).toEqual([]);
  expect(await line.run('sync', 'create')).toMatchObject({ code: 0, out: ['sync 1: 5 cards, packages 1 to 1'] });
  expect(await line.runJson('sync', 'list')).toMatchObject([{ id: 1, isFull: true, cards: 5, lastVersion: 1 }]);
});

test('cards are named, or listed in a file in any encoding; a list without cards is not all cards', async () => {
  await line.run('settings', 'set', 'acceptCards', 'false');
  await line.run('cards', 'range', '--prefix', 'Ж', '--from', '1', '--to', '1', '--width', '1', '--kind', 'GOLD');
  expect(await line.run('sync', 'create', 'N2', 'N4', 'N2')).toMatchObject({
    code: 0,
    out: ['sync 1: 2 cards, packages 1 to 1'],
  });
  // «Номер карты» and «Ж1» in windows-1251.
  const cyrillic = [
    0xcd, 0xee, 0xec, 0xe5, 0xf0, 0x20, 0xea, 0xe0, 0xf0, 0xf2, 0xfb, 0x0d, 0x0a, 0xc6, 0x31, 0x0d, 0x0a,
  ];
  const file = writeList(Uint8Array.from([...cyrillic, 0x4e, 0x33, 0x0d, 0x0a]));
  expect(await line.run('sync', 'create', '--cards', file)).toMatchObject({
    code: 0,
    out: ['sync 2: 2 cards, packages 2 to 2'],
  });
  const infobase = await line.open();
  const page = await getSyncPackage(infobase, noon, read({ kkm: 'K', lastVersion: 1 }));
  expect(page).toMatchObject({ version: 2, isFull: false, cards: [{ cardNumber: 'N3' }, { cardNumber: 'Ж1' }] });

  writeList('number\nN1\n\nNONE\n');
  const unknown = `kkm sync create: ${file}: line 4: there is no card "NONE"; nothing was posted`;
  expect(await line.run('sync', 'create', '--cards', file)).toEqual({ code: 1, out: [], err: [unknown] });
  writeList('number\n');
  expect(await line.run('sync', 'create', '--cards', file)).toMatchObject({
    code: 1,
    err: [`${file}: line 1: no card is listed below the header`, expect.stringContaining('nothing was written')],
  });
  writeList(`number\n${'9'.repeat(51)}\n`);
  expect((await line.run('sync', 'create', '--cards', file)).err[0]).toContain(`line 2, column "number"`);
  expect(await line.run('sync', 'create', '--cards', file, 'N1')).toMatchObject({ code: 2 });
  expect(await line.run('sync', 'create', '--encoding', 'utf-8')).toMatchObject({ code: 2 });
  expect(await line.run('sync', 'create', '--cards', join(line.dataDir, 'none.csv'))).toMatchObject({ code: 1 });
  expect(await line.runJson('sync', 'list')).toHaveLength(2);
});

test('a base without cards has nothing to fetch', async () => {
  const bare = openTestingLine();
  try {
    await bare.run('kinds', 'set', 'GOLD', '--name', 'Золотая');
    await bare.run('settings', 'set', 'acceptCards', 'false');
    expect((await bare.run('sync', 'create')).out).toEqual(['sync 1: 0 cards, no package: there is nothing to fetch']);
    expect((await bare.run('sync', 'list')).out[1]).toMatch(/^1 .* 0 +none$/);
    expect(await bare.runJson('sync', 'list')).toMatchObject([{ firstVersion: null, lastVersion: null }]);
  } finally {
    await bare.close();
  }
});

test('which tills have not confirmed, of which shop, and which nobody has entered', async () => {
  await line.run('settings', 'set', 'acceptCards', 'false');
  await line.run('sync', 'create');
  expect((await line.run('sync', 'show', '1')).out.at(-1)).toBe('no till takes part: kkm tills set KKM --synced yes');
  expect(await line.run('shops', 'set', 'S1', '--name', 'Первый')).toMatchObject({ out: ['shop "S1" added'] });
  await line.run('tills', 'set', 'K-1', '--shop', 'S1', '--synced', 'yes');
  const infobase = await line.open();
  await getSyncPackage(infobase, noon, read({ kkm: 'K-2', lastVersion: null }));
  expect(await line.runJson('sync', 'show', '1')).toMatchObject({
    document: { id: 1, cards: 5 },
    tills: [
      { kkm: 'K-1', state: 'waiting', fetchedVersion: 0 },
      { kkm: 'K-2', state: 'fetched', fetchedVersion: 1, confirmedVersion: 0 },
    ],
  });
  expect(await line.run('tills', 'unknown')).toEqual({ code: 0, out: ['K-2'], err: [] });
  expect(await line.run('tills', 'set', 'K-2', '--shop', 'S9')).toMatchObject({ code: 1 });
  await line.run('tills', 'set', 'K-2', '--shop', 'S1');
  expect(await line.runJson('tills', 'unknown')).toEqual([]);
  expect(await line.runJson('tills', 'list')).toEqual([
    { kkm: 'K-1', shopCode: 'S1', isSynced: true },
    { kkm: 'K-2', shopCode: 'S1', isSynced: false },
  ]);
  expect(await line.run('shops', 'remove', 'S1')).toMatchObject({ code: 1 });
  for (const args of [
    ['show', '9'],
    ['show', 'x'],
  ])
    expect((await line.run('sync', ...args)).code).toBeGreaterThan(0);
});
