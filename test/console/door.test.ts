// Logging in and out, roles, tokens, languages, errors: what holds for every page of the console.
import { idleMs, longestMs, newSession, openSessionStore } from '../../src/console/sessions.ts';
import { removeServiceUser } from '../../src/operations/admin/users.ts';
import { addUser, admin, auditor, till } from '../soap/testing-service.ts';
import { startConsole, type TestingConsole } from './testing-console.ts';

let trial: TestingConsole;

beforeAll(async () => {
  trial = await startConsole({ settings: { INFOBASES: 'trade,second' } });
});

afterAll(() => trial.service.stop());

test('a page is not shown to who has not logged in; after the log-in it is', async () => {
  const visitor = trial.stranger();
  const page = await visitor.get('/console/trade/cards?q=29');
  expect([page.status, page.address]).toEqual([200, '/console/trade/login?back=%2Fconsole%2Ftrade%2Fcards%3Fq%3D29']);
  expect(page.text).toContain('Вход в консоль');
  const shown = await visitor.send(page, page.address, { name: admin.name, password: admin.password });
  expect([shown.status, shown.address]).toEqual([200, '/console/trade/cards?q=29']);
});

test('/console/ leads to the first infobase', async () => {
  const visitor = await trial.visit();
  expect((await visitor.get('/console/')).address).toBe('/console/trade/');
  expect((await visitor.get('/console/trade')).address).toBe('/console/trade/');
});

test('a wrong password is refused in words, and the name stays in its field', async () => {
  const visitor = trial.stranger();
  const page = await visitor.get('/console/trade/login');
  const again = await visitor.send(page, '/console/trade/login', { name: admin.name, password: 'wrong' });
  expect([again.status, again.address]).toEqual([422, '/console/trade/login']);
  expect(again.text).toContain('Имя или пароль не подходят');
  expect(again.html).toContain('value="admin"');
});

test('after some wrong passwords the next is not looked at for a while', async () => {
  const visitor = trial.stranger();
  const page = await visitor.get('/console/trade/login');
  const ends: number[] = [];
  for (let tries = 0; tries < 7; tries += 1) {
    const password = `wrong-${tries}`;
    ends.push((await visitor.send(page, '/console/trade/login', { name: 'guessed', password })).status);
  }
  expect(ends).toContain(429);
});

test('a till does not open the console', async () => {
  const visitor = trial.stranger();
  const page = await visitor.get('/console/trade/login');
  const end = await visitor.send(page, '/console/trade/login', { name: till.name, password: till.password });
  expect([end.status, end.text.includes('Роль till не открывает консоль')]).toEqual([403, true]);
});

test('each infobase has its own log-in', async () => {
  const visitor = await trial.visit();
  expect((await visitor.get('/console/second/')).address).toBe('/console/second/login');
  expect((await visitor.get('/console/trade/')).address).toBe('/console/trade/');
});

test('a form from another site does not log in', async () => {
  const { origin } = trial.service.running;
  const body = new URLSearchParams({ name: admin.name, password: admin.password });
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://elsewhere.example' }]) {
    const response = await fetch(`${origin}/console/trade/login`, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
    });
    expect([response.status, response.headers.getSetCookie()]).toEqual([403, []]);
  }
});

test('the cookie is out of reach of scripts and other sites, and log-out ends the session', async () => {
  const { origin } = trial.service.running;
  const body = new URLSearchParams({ name: admin.name, password: admin.password });
  const response = await fetch(`${origin}/console/trade/login`, { method: 'POST', body, redirect: 'manual' });
  const [line = ''] = response.headers.getSetCookie();
  expect(line).toMatch(/^kkm_console=[\w-]{43}; Path=\/console; HttpOnly; SameSite=Lax$/);
  const cookie = line.split(';', 1)[0] as string;
  const open = async (): Promise<number> =>
    (await fetch(`${origin}/console/trade/`, { headers: { cookie }, redirect: 'manual' })).status;
  expect(await open()).toBe(200);
  const page = await (await fetch(`${origin}/console/trade/`, { headers: { cookie } })).text();
  const token = /name="_token" value="([^"]+)"/.exec(page)?.[1] as string;
  const leave = (sent: string): Promise<Response> =>
    fetch(`${origin}/console/trade/logout`, {
      method: 'POST',
      body: new URLSearchParams({ _token: sent }),
      headers: { cookie },
      redirect: 'manual',
    });
  expect((await leave('wrong')).status).toBe(403);
  expect(await open()).toBe(200);
  expect((await leave(token)).status).toBe(303);
  expect(await open()).toBe(303);
});

test('where people come over TLS the cookie is kept to it', async () => {
  const other = await startConsole({ settings: { PUBLIC_URL: 'https://cards.example' } });
  try {
    const body = new URLSearchParams({ name: admin.name, password: admin.password });
    const address = `${other.service.running.origin}/console/trade/login`;
    const response = await fetch(address, { method: 'POST', body, redirect: 'manual' });
    expect(response.headers.getSetCookie()[0]).toMatch(/; Secure; SameSite=Lax$/);
  } finally {
    await other.service.stop();
  }
});

test('a session ends with the user, and htmx is sent to the log-in', async () => {
  const guest = { name: 'guest', password: 'guest-1', role: 'auditor' } as const;
  await addUser(trial.service.infobase(), guest);
  const visitor = await trial.visit(guest);
  await removeServiceUser(trial.service.infobase(), guest.name);
  const part = await visitor.get('/console/trade/cards', { 'hx-request': 'true' });
  expect([part.status, part.headers.get('hx-redirect')]).toEqual([
    401,
    '/console/trade/login?back=%2Fconsole%2Ftrade%2Fcards',
  ]);
  expect((await visitor.get('/console/trade/')).address).toBe('/console/trade/login');
});

test('an auditor reads and changes nothing', async () => {
  const visitor = await trial.visit(auditor);
  const page = await visitor.get('/console/trade/cards');
  expect(page.status).toBe(200);
  expect(page.text).not.toContain('Групповой ввод');
  expect(page.html).toContain('только чтение');
});

test('the language is chosen by a link that leads back to the same page', async () => {
  const visitor = await trial.visit();
  const page = await visitor.get('/console/trade/cards?q=29');
  expect(page.html).toContain('<html lang="ru">');
  const link = /href="(\/console\/language[^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&') as string;
  const english = await visitor.get(link);
  expect([english.address, english.html.includes('<html lang="en">')]).toEqual(['/console/trade/cards?q=29', true]);
  expect((await visitor.get('/console/language?to=ru&back=https://elsewhere.example/')).address).toBe(
    '/console/trade/',
  );
});

test('what is not there is a page of its own, in the chosen language', async () => {
  const visitor = await trial.visit();
  const page = await visitor.get('/console/trade/nothing');
  expect([page.status, page.text.includes('Не найдено')]).toEqual([404, true]);
  const bad = await visitor.get('/console/trade/cards/%E0%A4%A');
  expect(bad.status).toBe(400);
});

test('pages run no script but their own and are never kept; files of the console are', async () => {
  const visitor = await trial.visit();
  const page = await visitor.get('/console/trade/');
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
  expect(page.headers.get('content-security-policy')).not.toContain('unsafe');
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(page.html).not.toMatch(/https?:\/\/|\sstyle=|\son\w+=/);
  for (const [, address = ''] of page.html.matchAll(/(?:href|src)="(\/console\/assets\/[^"]+)"/g)) {
    const asset = await visitor.get(address);
    expect([address, asset.status, asset.headers.get('cache-control')]).toEqual([
      address,
      200,
      'public, max-age=31536000, immutable',
    ]);
  }
});

test('of a user who logs in too often the oldest session ends, and of nobody else', () => {
  let ended = 0;
  const store = openSessionStore({ readMs: () => 0, perUser: 2, noteEnded: () => void (ended += 1) });
  const open = (name: string, infobase = 'trade'): string => {
    const session = newSession();
    session.logins.set(infobase, { name, role: 'admin', passwordHash: '' });
    return store.open(session);
  };
  const first = open('anna');
  const others = [open('boris'), open('anna', 'lab'), open('anna', 'lab')];
  const second = open('anna');
  expect([ended, store.find(first) === undefined]).toEqual([0, false]);
  const third = open('anna');
  expect([first, second, third].map((cookie) => store.find(cookie) === undefined)).toEqual([true, false, false]);
  expect([ended, others.filter((cookie) => store.find(cookie) === undefined)]).toEqual([1, []]);
});

test('a session ends when nobody has used it for a while, and after a working day', () => {
  let nowMs = 0;
  const store = openSessionStore({ readMs: () => nowMs, perUser: 20, noteEnded: () => undefined });
  const cookie = store.open(newSession());
  nowMs += idleMs - 1;
  expect(store.find(cookie)).toBeDefined();
  nowMs += idleMs;
  expect(store.find(cookie)).toBeUndefined();
  const busy = store.open(newSession());
  for (const end = nowMs + longestMs - 1; nowMs < end; nowMs = Math.min(end, nowMs + idleMs - 1)) {
    expect(store.find(busy)).toBeDefined();
  }
  nowMs += 1;
  expect(store.find(busy)).toBeUndefined();
});
