// A dry run is the run, undone: it answers what the run then answers, and leaves every row as it was.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { giveTestClock } from '../../src/operations/admin/move-clock.ts';
import { moment } from '../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from './testing-io.ts';

let line: TestingLine;
beforeEach(async () => {
  line = openTestingLine();
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  const infobase = await line.open();
  await giveTestClock(infobase, moment('2026-11-01T12:00:00'));
  await infobase.close();
});
afterEach(() => line.close());

/** Every row of every table. */
function dump(): Record<string, unknown[]> {
  const connection = new BetterSqlite(join(line.dataDir, 'trade.sqlite'), { readonly: true });
  try {
    const tables = connection.prepare(`select name from sqlite_master where type = 'table'`).pluck().all() as string[];
    return Object.fromEntries(tables.map((table) => [table, connection.prepare(`select * from "${table}"`).all()]));
  } finally {
    connection.close();
  }
}

const user = ['user', 'add', 'kassa', '--role', 'till', '--password-stdin'];
const range = ['cards', 'range', '--prefix', '29', '--from', '1', '--to', '3000', '--width', '5', '--kind', 'BASE'];
const rule = ['rules', 'set', 'R', '--register', 'bonus', '--name', 'R', '--life', 'days:5'];
const certificateKind = ['certificates', 'set-kind', 'GIFT', '--name', 'Подарочный', '--nominal', '1000'];
const certificates = ['certificates', 'issue', '--kind', 'GIFT', '--from', '1', '--to', '2500'];
const billing = ['settings', 'set', 'stage', 'billing'];

/** What is done before it; the command; and what of the answer is of the run alone. */
test.each<[before: string[][], args: string[], ofTheRun?: object]>([
  [[], user],
  [[user], [...user, '--update']],
  [[user], ['user', 'remove', 'kassa'], { isRemoved: true }],
  [[], rule],
  [[rule], ['rules', 'remove', 'R'], { isRemoved: true }],
  [[], ['kinds', 'set', 'GOLD', '--name', 'Золотая', '--discount', 'fixed:5']],
  [[], ['kinds', 'remove', 'BASE'], { isRemoved: true }],
  [[], range],
  [[range], ['cards', 'range', '--prefix', '29', '--from', '2990', '--to', '3010', '--width', '5', '--kind', 'BASE']],
  [[range], ['cards', 'set', '--where', 'number=2900002..2902999', 'status=blocked']],
  [[], ['cards', 'import', 'FILE', '--kind', 'BASE']],
  [[], ['settings', 'set', 'acceptCards', 'false']],
  [[], billing],
  [[], ['shops', 'set', 'S', '--name', 'Центральный']],
  [[['shops', 'set', 'S', '--name', 'Ц']], ['shops', 'remove', 'S'], { isRemoved: true }],
  [[], ['tills', 'set', 'K-1', '--synced', 'yes']],
  [[['tills', 'set', 'K-1']], ['tills', 'remove', 'K-1'], { isRemoved: true }],
  [[], certificateKind],
  [[certificateKind], certificates],
  [
    [range, billing],
    ['document', 'accrual', '--card', '2900007', '--bonus', '12.50'],
    { document: expect.any(String) },
  ],
  [[range, ['settings', 'set', 'acceptCards', 'false']], ['sync', 'create'], { id: 1 }],
  [[range, ['settings', 'set', 'acceptCards', 'false']], ['sync', 'create', '2900007', '2900009'], { id: 1 }],
  [[], ['clock', 'set', '2026-11-05T12:00:00']],
])('after %j: %j', async (before, args, ofTheRun = {}) => {
  const file = join(line.dataDir, 'cards.csv');
  writeFileSync(file, 'number,holder\n29001,Иванова\n29002,Петров\n');
  for (const words of before) expect(await line.runWith('secret', ...words)).toMatchObject({ code: 0 });
  const words = args.map((word) => (word === 'FILE' ? file : word));
  const standing = dump();
  expect(await line.runWith('secret', ...words, '--dry-run')).toMatchObject({ code: 0 });
  const dry = JSON.parse((await line.runWith('secret', ...words, '--dry-run', '--json')).out.join()) as object;
  expect(dump()).toEqual(standing);
  const real = JSON.parse((await line.runWith('secret', ...words, '--json')).out.join()) as object;
  const { edits: _edits, ...same } = dry as { readonly edits?: unknown };
  expect(real).toEqual({ ...same, ...ofTheRun, ...('isDryRun' in dry ? { isDryRun: false } : {}) });
  expect(dump()).not.toEqual(standing);
});

test('what a dry run refuses is what the run refuses', async () => {
  for (const args of [
    ['user', 'remove', 'nobody'],
    ['kinds', 'remove', 'NONE'],
    ['shops', 'remove', 'NONE'],
    ['tills', 'set', 'K-1', '--shop', 'NONE'],
    ['kinds', 'set', 'GOLD', '--name', 'Золотая', '--bonus-rule', 'NONE'],
    ['settings', 'set', 'role', 'somewhere'],
    ['billing', 'pause'],
    ['billing', 'continue'],
    ['billing', 'repost', 'failed'],
    ['sync', 'create'],
    ['document', 'accrual', '--card', 'N1', '--bonus', '1'],
  ]) {
    const dry = await line.run(...args, '--dry-run');
    expect([args, dry.code > 0]).toEqual([args, true]);
    expect([args, await line.run(...args)]).toEqual([args, dry]);
  }
});

test('a dry run makes no database, and no password that would not be the one', async () => {
  const { code, err } = await line.run(...user.slice(0, 5), '--dry-run', '--data-dir', join(line.dataDir, 'other'));
  expect([code, err]).toEqual([1, [expect.stringContaining('has no database yet')]]);
  expect((await line.run(...user.slice(0, 5), '--dry-run')).out).toEqual([
    'user "kassa" (till) would be added to infobase "trade"',
  ]);
});
