// Users and their passwords: what is kept, what verifies, and what is refused.
import { getRevision } from '../../../src/db/admin/setting.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { hashPassword, makeDecoyHash, makePassword, verifyPassword } from '../../../src/operations/admin/password.ts';
import {
  addServiceUser,
  changeServiceUser,
  findServiceUser,
  isPossibleLogin,
  listServiceUsers,
  removeServiceUser,
} from '../../../src/operations/admin/users.ts';
import { moment, noon, openTestInfobase } from '../testing-infobase.ts';

let infobase: Infobase;
beforeEach(async () => {
  infobase = await openTestInfobase();
});
afterEach(() => infobase.close());

test('a password verifies by its hash alone, and no two hashes are alike', async () => {
  const [one, other] = await Promise.all([hashPassword('тайна: 1'), hashPassword('тайна: 1')]);
  expect(one).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(other);
  expect(await verifyPassword('тайна: 1', one)).toBe(true);
  expect(await verifyPassword('тайна: 2', one)).toBe(false);
  expect(await verifyPassword('', one)).toBe(false);
});

test('a decoy has the form and the cost of a hash, and nothing verifies against it', async () => {
  const [one, other] = [makeDecoyHash(), makeDecoyHash()];
  expect(one).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one).not.toBe(other);
  expect(await verifyPassword('secret', one)).toBe(false);
});

test('a decomposed letter is the same letter', async () => {
  expect(await verifyPassword('и\u0306', await hashPassword('\u0439'))).toBe(true);
});

test('a hash of other parameters verifies, one of another form or of too much work is told', async () => {
  // scrypt('password', 'NaCl', N = 1024, r = 8, p = 16) of RFC 7914, section 12.
  const known = '/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA';
  expect(await verifyPassword('password', `$scrypt$ln=10,r=8,p=16$TmFDbA$${known}`)).toBe(true);
  for (const hash of [
    '',
    'password',
    '$2b$10$abc',
    '$scrypt$ln=14,r=8,p=5$abc',
    `$scrypt$ln=30,r=8,p=1$TmFDbA$${known}`,
  ]) {
    await expect(verifyPassword('password', hash)).rejects.toThrow('give the user a new password');
  }
});

test('a password made is long, typable and new each time', () => {
  const made = Array.from({ length: 100 }, makePassword);
  expect(new Set(made).size).toBe(100);
  for (const password of made) expect(password).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){4}$/);
});

test('a user is added once; with leave it gets a new role and password and keeps its age', async () => {
  const user = { name: 'Касса 1', role: 'till', password: 'тайна 1' } as const;
  expect(await addServiceUser(infobase, noon, user)).toEqual({ ok: true, isNew: true });
  expect(await addServiceUser(infobase, noon, user)).toMatchObject({ ok: false });
  const later = moment('2027-01-01');
  const changed = { ...user, role: 'auditor', password: 'другая' } as const;
  expect(await addServiceUser(infobase, later, changed, { mayReplace: true })).toEqual({ ok: true, isNew: false });
  const stored = await findServiceUser(infobase, 'Касса 1');
  expect(stored).toMatchObject({ role: 'auditor', madeAt: noon });
  expect(await verifyPassword('другая', stored?.passwordHash ?? '')).toBe(true);
  expect(await findServiceUser(infobase, 'касса 1')).toBeUndefined();
});

test.each([
  ['', 'secret'],
  [' x', 'secret'],
  ['a:b', 'secret'],
  ['a\nb', 'secret'],
  ['a'.repeat(101), 'secret'],
  ['a\uFFFD', 'secret'],
  ['a', ''],
  ['a', 'secret\nmore'],
  ['a', 'secret\0'],
  // What is not UTF-8 comes as the replacement character: one such password would be like another.
  ['a', '\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD'],
  ['a', 'x'.repeat(257)],
])('name %j with password %j is refused', async (name, password) => {
  expect(await addServiceUser(infobase, noon, { name, role: 'till', password })).toMatchObject({ ok: false });
  expect(await listServiceUsers(infobase)).toEqual([]);
});

test('a short password is refused for its length alone, and taken where that is allowed', async () => {
  const user = { name: 'a', role: 'till', password: 'x' } as const;
  for (const password of ['x', '12345', '😀😀😀😀😀']) {
    expect(await addServiceUser(infobase, noon, { ...user, password })).toEqual({
      ok: false,
      field: 'password',
      why: 'the password has fewer than 6 characters',
      isShort: true,
    });
  }
  expect(await addServiceUser(infobase, noon, user, { mayBeShort: true })).toEqual({ ok: true, isNew: true });
  // What is wrong with it otherwise stays wrong.
  const empty = await addServiceUser(infobase, noon, { ...user, password: '' }, { mayBeShort: true, mayReplace: true });
  expect(empty).toEqual({ ok: false, field: 'password', why: 'the password is empty' });
  expect(await addServiceUser(infobase, noon, { ...user, name: 'b', password: '123456' })).toMatchObject({ ok: true });
});

test.each([
  ['', 'secret'],
  [' x', 'secret'],
  ['a:b', 'secret'],
  ['a', 'sec\u0000ret'],
])('nobody can log in as %j with %j', (name, password) => {
  expect(isPossibleLogin(name, password)).toBe(false);
  expect(isPossibleLogin('Касса 1', 'x')).toBe(true);
});

test('a password that ends with zero bytes does not verify', async () => {
  const hash = await hashPassword('secret');
  const verdicts = await Promise.all(['secret', 'secret\0', 'secret\0\0'].map((text) => verifyPassword(text, hash)));
  expect(verdicts).toEqual([true, false, false]);
});

test('a removal raises the revision and tells how many administrators are left', async () => {
  await addServiceUser(infobase, noon, { name: 'root', role: 'admin', password: 'secret' });
  const before = await infobase.db.read(getRevision);
  expect(await removeServiceUser(infobase, 'nobody')).toEqual({ sort: 'unknown', admins: 1 });
  expect(await infobase.db.read(getRevision)).toBe(before);
  expect(await removeServiceUser(infobase, 'root', { mustLeaveAdmin: true })).toEqual({
    sort: 'last_admin',
    admins: 1,
  });
  expect(await removeServiceUser(infobase, 'root')).toEqual({ sort: 'removed', admins: 0 });
  expect(await infobase.db.read(getRevision)).toBeGreaterThan(before);
});

test('a change keeps what it leaves out, and counts the administrators left', async () => {
  const later = moment('2026-12-01T10:00:00');
  await addServiceUser(infobase, noon, { name: 'boss', role: 'admin', password: 'secret-1' });
  const before = await findServiceUser(infobase, 'boss');
  expect(await changeServiceUser(infobase, 'boss', { role: 'auditor' }, true)).toEqual({ ok: true, admins: 0 });
  expect(await findServiceUser(infobase, 'boss')).toEqual(before);
  await addServiceUser(infobase, later, { name: 'second', role: 'admin', password: 'secret-2' });
  expect(await changeServiceUser(infobase, 'boss', { role: 'auditor' })).toEqual({ ok: true, admins: 1 });
  expect(await findServiceUser(infobase, 'boss')).toEqual({ ...before, role: 'auditor' });
  await changeServiceUser(infobase, 'boss', { password: 'secret-3' });
  const after = await findServiceUser(infobase, 'boss');
  expect([after?.role, after?.madeAt]).toEqual(['auditor', noon]);
  expect(await verifyPassword('secret-3', after?.passwordHash ?? '')).toBe(true);
});

test.each([
  ['nobody', 'secret-1', { field: 'name', sort: 'not_found' }],
  ['boss', '123', { field: 'password', isShort: true }],
  ['boss', '', { field: 'password' }],
])('a change of %s to the password "%s" is refused', async (name, password, refusal) => {
  await addServiceUser(infobase, noon, { name: 'boss', role: 'admin', password: 'secret-1' });
  const before = await findServiceUser(infobase, 'boss');
  expect(await changeServiceUser(infobase, name, { role: 'till', password })).toMatchObject({ ok: false, ...refusal });
  expect(await findServiceUser(infobase, 'boss')).toEqual(before);
});
