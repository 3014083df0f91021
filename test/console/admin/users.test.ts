// Users in the console: adding with a password of one's own or one that is made, changing, removing, the last administrator.
import { findServiceUser } from '../../../src/operations/admin/users.ts';
import { verifyPassword } from '../../../src/operations/admin/password.ts';
import { admin, auditor, till } from '../../soap/testing-service.ts';
import { startConsole, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole();
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

const list = '/console/trade/users';
const find = (name: string) => findServiceUser(trial.service.infobase(), name);

test('users are listed with their roles and since when', async () => {
  const { text } = await visitor.get(list);
  expect(text).toContain('admin администратор 22.11.2026 12:00:00');
  expect(text).toContain('Касса № 1 касса: без консоли');
});

test('a user is added; without a password one is made and shown once', async () => {
  const form = await visitor.get(`${list}/new`);
  const done = await visitor.send(form, `${list}/new`, { name: 'Касса № 2' });
  expect([done.address, done.text]).toEqual([list, expect.stringContaining('Пользователь «Касса № 2» добавлен.')]);
  const password = /Пароль: (\S+) /.exec(done.text)?.[1] as string;
  const user = await find('Касса № 2');
  expect([user?.role, await verifyPassword(password, user?.passwordHash ?? '')]).toEqual(['till', true]);
  expect((await visitor.get(list)).text).not.toContain(password);
  const own = await visitor.send(form, `${list}/new`, { name: 'boss', role: 'auditor', password: 'secret-1' });
  expect(own.text).not.toContain('secret-1');
  expect(await verifyPassword('secret-1', (await find('boss'))?.passwordHash ?? '')).toBe(true);
});

test.each([
  [{ name: '' }, 'Укажите имя.'],
  [{ name: 'a:b' }, 'без двоеточия'],
  [{ name: 'admin' }, 'Такого пользователя ещё не должно быть.'],
  [{ password: '12345' }, 'Пароль: не короче 6'],
])('a new user with %o is refused, and the password is not sent back', async (wrong, why) => {
  const form = await visitor.get(`${list}/new`);
  const page = await visitor.send(form, `${list}/new`, { name: 'other', password: 'secret-9', ...wrong });
  expect([page.status, page.text]).toEqual([422, expect.stringContaining(why)]);
  expect(page.html).not.toMatch(/secret-9|12345/);
  expect(await find('other')).toBeUndefined();
});

test('a role changes without the password, and a password without the role', async () => {
  const path = `${list}/name/${encodeURIComponent(till.name)}`;
  const before = await find(till.name);
  const page = await visitor.get(path);
  await visitor.send(page, path, { role: 'auditor' });
  expect(await find(till.name)).toEqual({ ...before, role: 'auditor' });
  const short = await visitor.send(page, path, { password: '123' });
  expect([short.status, short.text]).toEqual([422, expect.stringContaining('Пароль: не короче 6')]);
  const done = await visitor.send(page, path, { role: 'till', password: 'новый-пароль' });
  expect(done.text).toContain('Пользователь записан.');
  const after = await find(till.name);
  expect([after?.role, after?.madeAt]).toEqual(['till', before?.madeAt]);
  expect(await verifyPassword('новый-пароль', after?.passwordHash ?? '')).toBe(true);
  expect((await visitor.get(`${list}/name/nobody`)).status).toBe(404);
});

test('the last administrator gives up the role only where that is confirmed', async () => {
  const path = `${list}/name/${admin.name}`;
  const page = await visitor.get(path);
  const refused = await visitor.send(page, path, { role: 'auditor' });
  expect([refused.status, refused.text]).toEqual([
    422,
    expect.stringContaining('Отметьте, если администраторов не должно остаться.'),
  ]);
  expect((await find(admin.name))?.role).toBe('admin');
});

test('a user is removed after a question; the last administrator after a plain warning', async () => {
  const path = `${list}/name/boss/remove`;
  const question = await visitor.get(path);
  expect(question.text).not.toContain('последний администратор');
  const done = await visitor.send(question, path);
  expect([done.text, await find('boss')]).toEqual([expect.stringContaining('«boss» удалён.'), undefined]);
  const own = `${list}/name/${admin.name}/remove`;
  const warning = await visitor.get(own);
  expect(warning.text).toContain('Это вы: консоль попросит войти.');
  expect(warning.text).toContain('Это последний администратор');
  const kept = await visitor.send(warning, own);
  expect([kept.status, (await find(admin.name))?.role]).toEqual([422, 'admin']);
});

test('an auditor reads users and has no forms', async () => {
  const reader = await trial.visit(auditor);
  const page = await reader.get(list);
  expect([page.status, page.text.includes('Новый пользователь')]).toEqual([200, false]);
  const user = await reader.get(`${list}/name/admin`);
  expect([user.status, user.html.includes(`action="${list}`)]).toEqual([200, false]);
  for (const path of ['new', 'name/admin/remove']) expect((await reader.get(`${list}/${path}`)).status).toBe(403);
});

test('who confirms it removes the last administrator, and is asked to log in', async () => {
  const own = `${list}/name/${admin.name}/remove`;
  const end = await visitor.send(await visitor.get(own), own, { alone: 'yes' });
  expect([end.address.startsWith('/console/trade/login'), await find(admin.name)]).toEqual([true, undefined]);
});
