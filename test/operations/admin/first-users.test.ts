// The first users of an infobase: whatever happens on the way, a user that is there is one whose password was shown or given.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildChild } from '../../build-child.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { makeFirstUsers, type FirstUser } from '../../../src/operations/admin/make-first-users.ts';
import { verifyPassword } from '../../../src/operations/admin/password.ts';
import { addServiceUser, findServiceUser, listServiceUsers } from '../../../src/operations/admin/users.ts';
import { noon } from '../testing-infobase.ts';

let folder: string;
let infobase: Infobase;
const open = (): Promise<Infobase> =>
  Infobase.open({ name: 'trade', file: join(folder, 'trade.sqlite'), hasSubscription: false });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-first-'));
  infobase = await open();
});
afterEach(async () => {
  await infobase.close();
  rmSync(folder, { recursive: true, force: true });
});

const names = async (): Promise<string[]> => (await listServiceUsers(infobase)).map(({ name }) => name);
const given = { name: 'admin', password: 'a password given' };
const made = { name: 'admin', password: undefined };

async function expectPassword(name: string, password: string): Promise<void> {
  const user = await findServiceUser(infobase, name);
  expect([name, await verifyPassword(password, user?.passwordHash ?? '')]).toEqual([name, true]);
}

test('they are shown before they are there, and are there with what was shown', async () => {
  let seen: readonly FirstUser[] = [];
  const outcome = await makeFirstUsers(infobase, noon, made, async (users) => {
    seen = users;
    expect(await names()).toEqual([]);
  });
  expect(outcome).toMatchObject({ made: [{ name: 'admin' }, { name: 'till' }], unseen: [], isOvertaken: false });
  expect(await names()).toEqual(['admin', 'till']);
  for (const { name, password } of seen) await expectPassword(name, password ?? '');
});

test('where there are users nothing is shown or made', async () => {
  await addServiceUser(infobase, noon, { name: 'known', role: 'till', password: 'known-1' });
  const outcome = await makeFirstUsers(infobase, noon, made, () => Promise.reject(new Error('shown')));
  expect(outcome).toMatchObject({ made: [], unseen: [], isOvertaken: false });
  expect(await names()).toEqual(['known']);
});

test('what cannot be shown is not made; a password that was given need not be shown', async () => {
  const trouble = new Error('the disk is full');
  const show = (): Promise<void> => Promise.reject(trouble);
  const none = await makeFirstUsers(infobase, noon, made, show);
  expect(none).toMatchObject({ made: [], unseen: [{ name: 'admin' }, { name: 'till' }], trouble });
  expect(await names()).toEqual([]);
  const one = await makeFirstUsers(infobase, noon, given, show);
  expect(one).toMatchObject({ made: [{ name: 'admin' }], unseen: [{ name: 'till' }], trouble });
  expect(await names()).toEqual(['admin']);
  await expectPassword('admin', given.password);
});

test('another process that makes its own meanwhile wins', async () => {
  const other = await open();
  const outcome = await makeFirstUsers(infobase, noon, made, async () => {
    await addServiceUser(other, noon, { name: 'admin', role: 'admin', password: 'of the other' });
  });
  await other.close();
  expect(outcome).toMatchObject({ made: [], unseen: [], isOvertaken: true });
  expect(await names()).toEqual(['admin']);
  await expectPassword('admin', 'of the other');
});

test.each([
  ['before they are shown', 0],
  ['half shown', 0],
  ['shown', 0],
  ['there', 2],
])('killed when they are %s: %d are there, each with the password that was shown', async (point, count) => {
  await infobase.close();
  const args = [buildChild('test/operations/admin/first-users-child.ts'), join(folder, 'trade.sqlite'), point];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
  infobase = await open();
  const shown = new Map(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  const there = await names();
  expect(there).toHaveLength(count);
  for (const name of there) await expectPassword(name, shown.get(name) ?? '');
  // The next start makes those that are missing.
  const next = await makeFirstUsers(infobase, noon, made, async () => undefined);
  expect([next.made.length, (await names()).length]).toEqual([2 - count, 2]);
});
