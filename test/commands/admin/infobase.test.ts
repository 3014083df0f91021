// `kkm infobase`: making, listing and removing infobases, and what keeps one from being removed by a slip.
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine({ INFOBASES: 'trade' });
});
afterEach(() => line.close());

const files = (): string[] => readdirSync(line.dataDir).toSorted();
const create = (...args: string[]) => line.run('infobase', 'create', ...args);

test('a test infobase is made with its clock, and how to have it served is told', async () => {
  expect((await create('try', '--test', '--at', '2026-01-01T12:00:00')).out).toEqual([
    `infobase "try" made (${join(line.dataDir, 'try.sqlite')}), a test infobase, its clock stands at 2026-01-01T12:00:00`,
    'to serve it: KKM_INFOBASES=trade,try',
  ]);
  expect(await line.runJson('clock', 'show', '--infobase', 'try')).toMatchObject({
    isTest: true,
    now: '2026-01-01T12:00:00',
  });
  expect((await create('trade')).out).toEqual([expect.stringMatching(/^infobase "trade" made \(.*\)$/)]);
});

test('its clock begins with the time of the machine unless told', async () => {
  const { out } = await create('try', '--test');
  expect(out[0]).toMatch(/its clock stands at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
});

test('list', async () => {
  await create('try', '--test', '--at', '2026-01-01T12:00:00');
  await create('old');
  writeFileSync(join(line.dataDir, 'bad.sqlite'), 'no database at all, only a text that is long enough'.repeat(50));
  await line.run('settings', 'set', 'stage', 'billing', '--infobase', 'try');
  const { code, out } = await line.run('infobase', 'list');
  expect([code, ...out.map((row) => row.replaceAll(/ +/g, ' '))]).toEqual([
    0,
    'name served type clock stage last night cards',
    'trade yes no database yet',
    expect.stringMatching(/^bad no infobase "bad" cannot be opened: file is not a database/),
    "old no ordinary the machine's online - 0",
    'try no test 2026-01-01T12:00:00 billing 2025-12-31 0',
  ]);
  expect(await line.runJson('infobase', 'list')).toMatchObject([
    { name: 'trade', isServed: true, description: null },
    { name: 'bad', description: null },
    { name: 'old', description: { testNow: null } },
    { name: 'try', description: { testNow: '2026-01-01T12:00:00' } },
  ]);
  expect(files()).not.toContain('trade.sqlite');
});

test('a test infobase is removed with every file of it', async () => {
  await create('try', '--test');
  expect((await line.run('infobase', 'remove', 'try', '--dry-run')).out[0]).toContain('would be removed');
  expect(files()).toContain('try.sqlite');
  expect((await line.run('infobase', 'remove', 'try')).out).toEqual([expect.stringContaining('"try" removed')]);
  expect(files()).toEqual([]);
});

test('an ordinary infobase is removed only where its name is given again', async () => {
  await create('trade');
  expect(await line.run('infobase', 'remove', 'trade')).toEqual({
    code: 2,
    out: [],
    err: [
      'kkm infobase remove: --confirm trade is missing: infobase "trade" is ordinary and has 0 cards, and cannot be restored once removed',
      expect.anything(),
    ],
  });
  expect((await line.run('infobase', 'remove', 'trade', '--confirm', 'trad')).code).toBe(2);
  const { code, err } = await line.run('infobase', 'remove', 'trade', '--confirm', 'trade');
  expect([code, err]).toEqual([0, ['KKM_INFOBASES still names "trade": the next start of the service makes it again']]);
  expect(files()).toEqual([]);
});

test('one that a service has open stays', async () => {
  await create('try', '--test');
  const service = await line.open('try');
  expect(await line.run('infobase', 'remove', 'try')).toMatchObject({
    code: 1,
    err: [expect.stringContaining('infobase "try" is open: stop its service first')],
  });
  expect(existsSync(join(line.dataDir, 'try.sqlite'))).toBe(true);
  expect((await service.db.read((trx) => service.loadSettings(trx))).stage).toBe('online');
});

test.each([
  [['create'], 2, 'NAME is missing'],
  [['create', '../try'], 2, 'NAME: expected names of Latin letters'],
  [['create', 'база'], 2, 'NAME: expected names of Latin letters'],
  [['create', 'a,b'], 2, 'NAME: expected names of Latin letters'],
  [['create', 'x'.repeat(64)], 2, 'NAME: expected names of Latin letters'],
  [['create', 'try', '--at', '2026-01-01'], 2, '--at: only a test infobase has a clock'],
  [
    ['create', 'try', '--test', '--at', 'noon'],
    2,
    '--at: expected a moment such as 2026-11-22T14:05:00 or 22.11.2026 14:05, got "noon"',
  ],
  [['create', 'known'], 1, 'there is an infobase "known" already'],
  [['remove'], 2, 'NAME is missing'],
  [['remove', 'nobody'], 1, 'infobase "nobody" has no database'],
  [['remove', '../known'], 1, 'infobase "../known" has no database'],
  [['list', 'known'], 2, '"known" is one value too many'],
])('%j is refused', async (args, exit, told) => {
  await create('known', '--test');
  const before = files();
  const { code, out, err } = await line.run('infobase', ...args);
  expect([code, out, err[0]]).toEqual([exit, [], expect.stringContaining(told)]);
  expect(files()).toEqual(before);
});

test('a dry run makes nothing', async () => {
  expect((await create('try', '--test', '--dry-run')).out[0]).toContain('would be made');
  expect(files()).toEqual([]);
});
