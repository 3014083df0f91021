// Every operation and every status that openapi.json lists for it, met. What all operations share is asked of each of them;
// what is an operation's own has a row.
import { noon, setSetting } from '../operations/testing-infobase.ts';
import { saveSetting } from '../../src/operations/admin/save-setting.ts';
import { enterExclusiveMode } from '../../src/db/admin/exclusive-mode.ts';
import { admin, auditor, startService, till, type TestingService } from '../soap/testing-service.ts';
import { callJson, requestOf, stateOf, startExample, type JsonCall, type JsonReply } from './testing-json.ts';
import { listOperations, openDocument, type Operation } from './testing-document.ts';
import { ownStatuses } from './own-statuses.ts';
import type { BackupDone } from '../../src/jobs/backup/backup-worker.ts';
import type { StartBackup } from '../../src/jobs/backup/start-backup-worker.ts';
import type { ExampleState } from '../../src/json/endpoint.ts';
import { endpoints } from '../../src/json/endpoints.ts';

// A backup asked for by hand goes on until it is stopped: another one is refused meanwhile, however fast the machine.
jest.mock('../../src/jobs/backup/start-backup-worker.ts', () => {
  const actual = jest.requireActual<{ startBackupWorker: StartBackup }>('../../src/jobs/backup/start-backup-worker.ts');
  const startBackupWorker: StartBackup = (task, onProgress) => {
    if (task.request.origin !== 'hand') return actual.startBackupWorker(task, onProgress);
    const stopping = new AbortController();
    const ended = new Promise<BackupDone>((resolve) => {
      const end = (): void => resolve({ end: { code: 'stopped' }, removed: [], trouble: null });
      stopping.signal.addEventListener('abort', end);
    });
    return { ended, stop: () => stopping.abort() };
  };
  return { startBackupWorker };
});

const operations = listOperations(openDocument());
const names = operations.map(({ operationId }) => operationId);
const endpointOf = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
const met = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));

const find = (name: string): Operation => operations.find(({ operationId }) => operationId === name) as Operation;
const withBody = names.filter((name) => find(name).requestBody !== undefined);
const withJson = withBody.filter((name) => endpointOf.get(name)?.input.body !== undefined);
const gated = names.filter((name) => endpointOf.get(name)?.gate !== 'none');

/** Asks, checks the answer against the document and notes its status. */
async function ask(service: TestingService, name: string, change: Partial<JsonCall> = {}): Promise<JsonReply> {
  const reply = await callJson(service, { ...requestOf(name), ...change });
  find(name).check(reply.status, reply.json);
  met.get(name)?.add(String(reply.status));
  return reply;
}

const codeOf = ({ json }: JsonReply): unknown => (json as { code?: unknown } | undefined)?.code;

let running: TestingService | undefined;

async function start(settings: Readonly<Record<string, string>> = {}, given?: ExampleState): Promise<TestingService> {
  running = await startExample(given, settings);
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

test.each(names)('%s is done', async (name) => {
  const reply = await ask(await start({}, stateOf(name)), name);
  expect(reply.status).toBeLessThan(300);
});

test('a catalog that has not changed is not sent again', async () => {
  const service = await start();
  for (const name of names.filter((one) => endpointOf.get(one)?.hasTag === true)) {
    const tag = (await ask(service, name)).headers.get('etag') ?? '';
    expect([name, tag]).toEqual([name, expect.stringMatching(/^"[\w-]{27}"$/)]);
    const same = await ask(service, name, { headers: { 'if-none-match': tag } });
    expect([name, same.status, same.text]).toEqual([name, 304, '']);
    const other = await ask(service, name, { headers: { 'if-none-match': '"another"' } });
    expect([name, other.status]).toEqual([name, 200]);
  }
});

test('a catalog that has changed since it was seen is not changed', async () => {
  const service = await start();
  for (const name of names.filter((one) => endpointOf.get(one)?.takesTag === true)) {
    const seen = (await ask(service, name.endsWith('Kind') ? 'listCardKinds' : 'listLifeRules')).headers.get('etag');
    const refused = await ask(service, name, { headers: { 'if-match': '"another"' } });
    expect([name, refused.status, codeOf(refused)]).toEqual([name, 412, 412]);
    const done = await ask(service, name, { headers: { 'if-match': `"another", ${seen}` } });
    expect([name, done.status < 300]).toEqual([name, true]);
    const late = await ask(service, name, { headers: { 'if-match': seen ?? '' } });
    expect([name, late.status]).toEqual([name, 412]);
  }
});

test('nobody known is asked for a name and a password everywhere', async () => {
  const service = await start();
  for (const name of names) {
    const reply = await ask(service, name, { user: null });
    expect([name, reply.status, codeOf(reply)]).toEqual([name, 401, 401]);
    expect(reply.headers.get('www-authenticate')).toBe('Basic realm="1C:Enterprise 8.3"');
  }
});

test.each([
  ['till', till],
  ['auditor', auditor],
] as const)('the role %s is refused what is not its own', async (role, user) => {
  const service = await start();
  for (const name of names) {
    if (endpointOf.get(name)?.roles.includes(role) === true) continue;
    const reply = await ask(service, name, { user });
    expect([name, reply.status, codeOf(reply)]).toEqual([name, 403, 403]);
  }
});

test('an answer in another form is not given', async () => {
  const service = await start();
  for (const name of names) {
    const reply = await ask(service, name, { headers: { accept: 'image/png' } });
    expect([name, reply.status, codeOf(reply)]).toEqual([name, 406, 406]);
  }
});

test('a body that is not JSON is refused, by its type and by its text', async () => {
  const service = await start();
  for (const name of withBody) {
    const other = await ask(service, name, { headers: { 'content-type': 'text/xml' } });
    expect([name, other.status, codeOf(other)]).toEqual([name, 415, 415]);
    if (!withJson.includes(name)) continue;
    const text = await ask(service, name, { body: '{\n  "kkm": "K-01",\n  kind\n}' });
    expect([name, text.status, text.json]).toEqual([
      name,
      400,
      { code: 400, text: 'Тело запроса не JSON: ошибка в строке 3, столбце 3' },
    ]);
  }
});

test('a body over the limit is refused', async () => {
  const service = await start({ BODY_LIMIT: '1kb' });
  for (const name of withBody) {
    const limit = endpointOf.get(name)?.input.file?.limitBytes ?? 1_024;
    const reply = await ask(service, name, { body: JSON.stringify({ text: 'x'.repeat(limit) }) });
    expect([name, reply.status, codeOf(reply)]).toEqual([name, 413, 413]);
  }
});

const withInput = names.filter((name) => find(name).responses['400'] !== undefined);

test.each(withInput)('%s refuses a field that there is not by its name', async (name) => {
  const service = await start({}, stateOf(name));
  const call = requestOf(name);
  const reply = withJson.includes(name)
    ? await ask(service, name, { body: { ...(call.body as object), unheard: 1 } })
    : await ask(service, name, { path: `${call.path}${call.path.includes('?') ? '&' : '?'}unheard=1` });
  expect([name, reply.status, reply.json]).toEqual([
    name,
    400,
    {
      code: 11,
      text: 'Неверное значение поля unheard: ожидается одно из имён полей, описанных в openapi.json.',
      field: 'unheard',
    },
  ]);
});

test('without the extended subscription a base in stage billing refuses information and changes with 9', async () => {
  running = await startService({ settings: { SUBSCRIPTION: 'none' } });
  expect(await saveSetting(running.infobase(), noon, 'stage', 'billing')).toMatchObject({ ok: true });
  for (const name of gated) {
    const reply = await ask(running, name);
    expect([name, reply.status, reply.json]).toEqual([
      name,
      403,
      { code: 9, text: 'Нет расширенной подписки: обратитесь к администратору.' },
    ]);
    // The gate comes before the values, as it does for SOAP.
    if (!withJson.includes(name)) continue;
    expect([name, codeOf(await ask(running, name, { body: {} }))]).toEqual([name, 9]);
  }
});

test('in stage cards the operations of tills are refused with 8', async () => {
  const service = await start();
  await setSetting(service.infobase(), 'stage', 'cards');
  for (const name of names.filter((one) => endpointOf.get(one)?.gate === 'operation')) {
    const reply = await ask(service, name);
    expect([name, reply.status, codeOf(reply)]).toEqual([name, 403, 8]);
  }
});

test('in exclusive mode the operations of tills are refused with 10', async () => {
  const service = await start({}, 'billing');
  await service.infobase().db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
  for (const name of names.filter((one) => endpointOf.get(one)?.gate === 'operation')) {
    const reply = await ask(service, name);
    expect([name, reply.status, codeOf(reply)]).toEqual([name, 503, 10]);
  }
});

const guess = (password: string) => ({ name: admin.name, password });

test('who has tried many passwords is asked to wait before one is looked at', async () => {
  const service = await start();
  let tries = 0;
  while ((await callJson(service, { path: 'status', user: guess(String(tries)) })).status === 401) tries += 1;
  expect(tries).toBeGreaterThan(0);
  for (const name of names) {
    let reply = await ask(service, name, { user: guess('another') });
    // On a busy machine the wait may be over before every operation has been asked: then it is brought about again.
    // By other passwords: the same one sent again is not a guess.
    for (let again = 0; reply.status === 401 && again < 20; again += 1) {
      reply = await ask(service, name, { user: guess(`another ${name} ${again}`) });
    }
    expect([name, reply.status, codeOf(reply)]).toEqual([name, 503, 503]);
    expect(Number(reply.headers.get('retry-after'))).toBeGreaterThan(0);
  }
});

test.each(ownStatuses)('$operation is answered $status: $why', async ({ operation, status, change, given, json }) => {
  running = await startExample(given);
  const reply = await ask(running, operation, change);
  expect([reply.status, reply.json]).toEqual([status, expect.objectContaining(json)]);
});

test('a second backup is not begun while one is made', async () => {
  const service = await start();
  expect((await ask(service, 'makeBackup')).status).toBe(202);
  const again = await ask(service, 'makeBackup');
  expect([again.status, again.json]).toEqual([
    409,
    { code: 409, text: 'Уже идёт: Резервная копия (admin), work/20261122120000-1' },
  ]);
});

test('an address that there is not, and a method that an address has not', async () => {
  const service = await start();
  const missing = await callJson(service, { path: 'card' });
  expect([missing.status, missing.json]).toEqual([404, { code: 404, text: 'В этом сервисе нет адреса /card' }]);
  for (const path of new Set(operations.map((one) => one.path))) {
    const own = operations.filter((one) => one.path === path).map(({ method }) => method);
    const reply = await callJson(service, { path: path.slice(1), method: 'OPTIONS' });
    expect([path, reply.status, codeOf(reply)]).toEqual([path, 405, 405]);
    const allowed = reply.headers.get('allow')?.split(', ') ?? [];
    expect([path, allowed.filter((method) => method !== 'HEAD')]).toEqual([path, own]);
  }
});

// The last: it looks at what the tests above have seen.
test('every status of every operation has been met', () => {
  const missed = operations.flatMap(({ operationId, responses }) =>
    Object.keys(responses)
      .filter((status) => met.get(operationId)?.has(status) !== true)
      .map((status) => `${operationId} ${status}`),
  );
  expect(missed).toEqual([]);
});
