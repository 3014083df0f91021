// The doctor: what it finds sound, what it warns of, what it fails, and that each finding says what to do.
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeInfobase } from '../../../src/commands/admin/checks/check-content.ts';
import { judgeFreeSpace } from '../../../src/commands/admin/checks/check-data-folder.ts';
import { checkNode } from '../../../src/commands/admin/checks/check-node.ts';
import { systemClock } from '../../../src/clock.ts';
import { statement } from '../../../src/db/statement.ts';
import type { InfobaseCheck } from '../../../src/operations/admin/check-infobase.ts';
import { buildSale, register, testCard } from '../../operations/testing-infobase.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

interface Findings {
  readonly ok: boolean;
  readonly findings: readonly { readonly check: string; readonly verdict: string; readonly remedy: string | null }[];
}

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine();
});
afterEach(() => line.close());

const verdicts = async (...args: string[]): Promise<Record<string, string>> => {
  const { findings } = (await line.runJson('doctor', ...args)) as Findings;
  for (const { verdict, remedy } of findings) expect(remedy === null).toBe(verdict === 'ok');
  return Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));
};

test('a fresh folder is warned of, not failed', async () => {
  expect(await verdicts()).toMatchObject({ 'data folder': 'ok', database: 'warn', contract: 'ok' });
  expect((await line.run('doctor')).code).toBe(0);
  expect(await verdicts('--data-dir', join(line.dataDir, 'none'))).toMatchObject({ 'data folder': 'warn' });
});

test('an infobase in use is sound', async () => {
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('cards', 'range', '--from', testCard.number, '--to', testCard.number, '--kind', 'BASE');
  await line.run('user', 'add', 'root', '--role', 'admin');
  await register(await line.open(), buildSale({ bonusAccruedKopecks: 500 }), systemClock('UTC').now());
  const { code, out } = await line.run('doctor');
  expect([code, out.filter((text) => !text.startsWith('ok '))]).toEqual([0, []]);
  expect(out.join('\n')).toContain('journal mode wal, synchronous FULL');
  expect(out.join('\n')).toContain('KKMTransfer, 15 operations');
});

test('files that others may read are warned of, with the way to close them', async () => {
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  expect(await verdicts()).toMatchObject({ modes: 'ok' });
  const file = join(line.dataDir, 'trade.sqlite');
  chmodSync(line.dataDir, 0o755);
  chmodSync(file, 0o644);
  const { out, code } = await line.run('doctor');
  const found = out.join('\n');
  // The doctor opens the database, and SQLite gives what it keeps beside the file the same mode.
  expect([code, found]).toEqual([
    0,
    expect.stringContaining(`others than the owner can read: ${line.dataDir} ${file}`),
  ]);
  expect(found).toContain(`-> unless that is meant: chmod go= ${line.dataDir} ${file}`);
});

test('a short KKM_ADMIN_PASSWORD is warned of, and not shown', async () => {
  const weak = openTestingLine({ ADMIN_PASSWORD: 'kassa' });
  const { out } = await weak.run('doctor');
  expect(out.join('\n')).toContain('KKM_ADMIN_PASSWORD has fewer than 6 characters');
  expect(out.join('\n')).not.toContain('kassa');
  await weak.close();
});

test('a balance that does not add up fails, with the card', async () => {
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('cards', 'range', '--from', testCard.number, '--to', testCard.number, '--kind', 'BASE');
  const infobase = await line.open();
  await register(infobase, buildSale());
  const spoil = statement<Record<string, never>>((knex) => knex('accumulation_balance').update({ bonus: 1 }));
  await infobase.db.write((trx) => trx.change(spoil, {}));
  const { code, out } = await line.run('doctor');
  expect([code, out.join('\n')]).toEqual([
    1,
    expect.stringContaining(
      `card ${testCard.number}: balances of «Накопления» differ from the sum of the movements by bonus 0.01`,
    ),
  ]);
});

test('a file that is no database fails', async () => {
  writeFileSync(join(line.dataDir, 'trade.sqlite'), 'no database at all, only a text that is long enough'.repeat(50));
  expect(await verdicts()).toMatchObject({ database: 'fail' });
});

test('a contract that does not load and a variable that is not known', async () => {
  const other = openTestingLine({ CONTRACT: line.dataDir, PROT: '8080' });
  const { findings } = (await other.runJson('doctor')) as Findings;
  expect(findings).toContainEqual(expect.objectContaining({ check: 'contract', verdict: 'fail' }));
  expect(findings).toContainEqual(expect.objectContaining({ check: 'variables', verdict: 'warn', found: 'KKM_PROT' }));
  expect((await other.run('doctor')).code).toBe(1);
  await other.close();
});

test.each([
  ['18.20.0', 'fail'],
  ['20.11.1', 'fail'],
  ['20.12.0', 'ok'],
  ['22.0.0', 'ok'],
])('Node %s: %s', (version, verdict) => {
  expect(checkNode(version).verdict).toBe(verdict);
});

test.each([
  [50 * 1024 ** 2, 'fail'],
  [500 * 1024 ** 2, 'warn'],
  [5 * 1024 ** 3, 'ok'],
])('%d bytes free: %s', (bytes, verdict) => {
  expect(judgeFreeSpace(bytes).verdict).toBe(verdict);
});

const sound: InfobaseCheck = {
  integrityMistakes: [],
  journalMode: 'wal',
  synchronous: 2,
  migrations: ['0001-catalogs'],
  users: 2,
  admins: 1,
  kinds: 1,
  cards: 1,
  difference: null,
};

test.each<[Partial<InfobaseCheck>, string, string]>([
  [{}, 'integrity', 'ok'],
  [{ integrityMistakes: ['row 3 missing from index'] }, 'integrity', 'fail'],
  [{ journalMode: 'delete' }, 'commits', 'fail'],
  [{ synchronous: 1 }, 'commits', 'fail'],
  [{ users: 0, admins: 0 }, 'users', 'warn'],
  [{ admins: 0 }, 'users', 'warn'],
  [{ kinds: 0 }, 'card kinds', 'warn'],
  [{ cards: 0 }, 'cards', 'warn'],
  [
    { difference: { register: 'billing_balance', cardNumber: '1', bonus: 1, accumulation: 0, receipts: 0 } },
    'balances',
    'fail',
  ],
])('%j: %s is %s', (fields, check, verdict) => {
  const found = judgeInfobase({ ...sound, ...fields }).find((finding) => finding.check === check);
  expect(found?.verdict).toBe(verdict);
});
