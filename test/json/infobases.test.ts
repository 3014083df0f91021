// GET /hs/infobases: what the service has, for an administrator of any of its infobases.
import { giveTestClock } from '../../src/operations/admin/move-clock.ts';
import { noon } from '../operations/testing-infobase.ts';
import { addUser, admin, basic, callOnce, startService, till, type TestingService } from '../soap/testing-service.ts';

let service: TestingService;
beforeAll(async () => {
  service = await startService({ settings: { INFOBASES: 'trade,shop' } });
  await giveTestClock(service.infobase('shop'), noon);
  await addUser(service.infobase('shop'), { name: 'owner', role: 'admin', password: 'owner of the shop' });
});
afterAll(() => service.stop());

const owner = { name: 'owner', password: 'owner of the shop' };

async function ask(user: typeof owner | null, query = '', method = 'GET') {
  const headers = { authorization: user === null ? undefined : basic(user) };
  const reply = await callOnce(service, { method, path: `/hs/infobases${query}`, user: null, headers });
  return { status: reply.status, json: JSON.parse(reply.body.toString()) as { code?: number; infobases?: object[] } };
}

test('an administrator of one sees them all', async () => {
  const { status, json } = await ask(owner);
  expect(status).toBe(200);
  expect(json.infobases).toEqual([
    {
      name: 'trade',
      address: '/trade/hs/discount/v1',
      stage: 'online',
      isTest: false,
      now: '2026-11-22T12:00:00',
      cards: 0,
      lastNight: null,
      schemaVersion: expect.stringMatching(/^\d{4}-/),
    },
    expect.objectContaining({ name: 'shop', isTest: true }),
  ]);
});

test.each([
  ['nobody', null, '', 401],
  ['a till', till, '', 403],
  ['an administrator of another one', owner, '?infobase=trade', 401],
  ['an administrator of it', owner, '?infobase=shop', 200],
  ['one that there is not', admin, '?infobase=none', 404],
] as const)('%s', async (_who, user, query, status) => {
  const reply = await ask(user, query);
  expect(reply.status).toBe(status);
  if (status !== 200) expect(reply.json.code).toBe(status);
});

test('it is only read', async () => {
  expect((await ask(admin, '', 'DELETE')).status).toBe(405);
});

test('the log has the call', async () => {
  // The call of the test before is the last one; lines that come close together are written together.
  while (!service.log.some(({ status }) => status === 405)) await new Promise(setImmediate);
  expect(service.log.filter(({ operation }) => operation === 'listInfobases')).toContainEqual(
    expect.objectContaining({ message: 'request', infobase: 'shop', user: 'owner', status: 200 }),
  );
});
