// Calls of the JSON service over HTTP, and the state that the examples of openapi.json start from.
import { EventEmitter, once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { setItemState } from '../../src/db/enabling/enabling.ts';
import type { ExampleState } from '../../src/json/endpoint.ts';
import { endpoints } from '../../src/json/endpoints.ts';
import { dateOf } from '../../src/ledger/local-date-time.ts';
import { giveTestClock } from '../../src/operations/admin/move-clock.ts';
import { saveSetting } from '../../src/operations/admin/save-setting.ts';
import { saveShop, saveTill } from '../../src/operations/catalogs/shops.ts';
import { saveLifeRule } from '../../src/operations/catalogs/save-life-rule.ts';
import { enableBilling } from '../../src/operations/enabling/enable-billing.ts';
import { addKind, noon } from '../operations/testing-infobase.ts';
import { admin, basic, startService, type Credentials, type TestingService } from '../soap/testing-service.ts';
import type { Before } from '../soap/testing-state.ts';

export const base = '/trade/hs/discount/v1';

/** What the examples begin with: Anna's card, one that is blocked, and nothing else. */
export const exampleState: Before = {
  kinds: [
    {
      code: 'BASE',
      name: 'Базовая',
      discount: { sort: 'fixed', percentHundredths: 500 },
      maxRedeemPercent: '30',
      accrualPercent: '3',
    },
  ],
  cards: [
    { number: '2900000001', holder: 'Анна Примерова', bonus: '340', accumulation: '12500', receipts: 3 },
    { number: '2900000002', status: 'blocked' },
  ],
};

export interface JsonCall {
  readonly method?: string;
  /** Under the service's address, with its query. */
  readonly path: string;
  /** Null sends none; the administrator's unless given. */
  readonly user?: Credentials | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** An object is sent as JSON, a text or bytes as they are. */
  readonly body?: object | string | Buffer;
}

export interface JsonReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the answer is not JSON. */
  readonly json: unknown;
}

export async function callJson({ port }: Pick<TestingService, 'port'>, call: JsonCall): Promise<JsonReply> {
  const { path, user = admin, body } = call;
  const isText = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const sent = Buffer.from((isText ? (body ?? '') : JSON.stringify(body)) as string);
  // A connection of its own: one that a client keeps in a pool would be waited for when the service stops.
  const calling = request({
    agent: false,
    port,
    path: `${base}/${path}`,
    method: call.method ?? (body === undefined ? 'GET' : 'POST'),
    headers: {
      ...(user === null ? {} : { authorization: basic(user) }),
      ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': sent.length }),
      ...call.headers,
    },
  });
  calling.end(sent);
  const [reply] = (await once(calling, 'response')) as [IncomingMessage];
  const text = await readText(reply);
  const headers = new Headers(Object.entries(reply.headers).map(([name, value]) => [name, String(value)]));
  const isJson = headers.get('content-type')?.startsWith('application/json') === true && text !== '';
  return { status: reply.statusCode ?? 0, headers, text, json: isJson ? JSON.parse(text) : undefined };
}

/** Played in stage billing: 771 is sold for 1000, 781 is not sold and costs 500. */
export const billingState: Before = {
  certificates: [
    { number: '77', nominal: '1000', soldFor: '1000' },
    { number: '78', nominal: '500' },
  ],
};

/** What an operation's examples begin with. */
export function stateOf(name: string): ExampleState | undefined {
  return endpoints.find((one) => one.name === name)?.examples.find(({ given }) => given !== undefined)?.given;
}

export async function startExample(
  given?: ExampleState,
  settings: Readonly<Record<string, string>> = {},
  own: Before = {},
): Promise<TestingService> {
  const before = { ...exampleState, ...befores[given ?? 'none'], ...own };
  const service = await startService({ before, settings });
  const infobase = service.infobase();
  const rule = { name: 'Три дня', register: 'bonus', life: { sort: 'days', count: 3 } } as const;
  for (const code of ['GIFT', 'SPARE']) {
    const outcome = await saveLifeRule(infobase, noon, { ...rule, code });
    if (!outcome.ok) throw new Error(outcome.why);
  }
  await addKind(infobase, { code: 'SPARE', name: 'Запасная', bonusRuleCode: 'GIFT' });
  await saveShop(infobase, 'S1', 'На углу');
  await saveShop(infobase, 'S2', 'У вокзала');
  await saveTill(infobase, 'K-01', { shopCode: 'S1' });
  if (given !== undefined) await prepareGiven(service, given);
  return service;
}

const sale = {
  kind: 'Sale',
  card: '2900000001',
  kkm: 'K-01',
  shift: 15,
  number: 7,
  at: '2026-11-22T11:58:00',
  sum: '1000',
  sumWithDiscount: '950',
  accrued: '28.50',
} as const;

const befores: Readonly<Record<ExampleState | 'none', Before>> = {
  none: {},
  billing: billingState,
  receipt: { receipts: [sale] },
  'cards refused': { settings: { acceptCards: 'false' } },
  sync: { syncs: [[]] },
  'test clock': {},
  paused: { receipts: [sale] },
  failed: { receipts: [sale] },
  import: {},
  change: {},
  'reversed import': {},
  work: { receipts: [sale] },
  'running work': { receipts: [sale] },
};

/** What is not a matter of rows. */
async function prepareGiven(service: TestingService, given: ExampleState): Promise<void> {
  const infobase = service.infobase();
  const startOn = dateOf(noon);
  switch (given) {
    case 'change': {
      const by = infobase.by({ name: 'admin', door: 'http', readMs: () => Date.parse(`${noon}+03:00`) });
      await saveSetting(by, noon, 'holdTimeout', '300');
      return;
    }
    case 'test clock':
      return giveTestClock(infobase, noon);
    case 'reversed import':
      await prepareGiven(service, 'import');
      await callJson(service, requestOf('reverseImport'));
      return;
    case 'work':
      await startWork(service);
      while (!service.log.some(({ message }) => message === 'work ended')) await new Promise(setImmediate);
      return;
    case 'running work':
      return holdWork(service);
    case 'paused':
      await enableBilling(infobase, noon, startOn, { ...runner, shouldStop: () => true });
      return;
    case 'failed': {
      let steps = 0;
      await enableBilling(infobase, noon, startOn, { ...runner, shouldStop: () => (steps += 1) > 1 });
      await infobase.db.write((trx) => setItemState(trx, 1, 'failed', 'disk I/O error'));
      return;
    }
    case 'import': {
      const reply = await callJson(service, requestOf('importOpening'));
      if (reply.status !== 201) throw new Error(reply.text);
      return;
    }
    case 'billing':
    case 'receipt':
    case 'cards refused':
    case 'sync':
      return;
  }
}

async function startWork(service: TestingService): Promise<void> {
  const body = { startDate: dateOf(noon), exclusive: true };
  const reply = await callJson(service, { path: 'billing/enable', body });
  if (reply.status !== 202) throw new Error(reply.text);
}

/** Work whose first write waits until the service is stopped. */
async function holdWork(service: TestingService): Promise<void> {
  const { db } = service.infobase();
  const gate = new EventEmitter();
  const held = once(gate, 'open');
  const write = db.write.bind(db);
  jest.spyOn(db, 'write').mockImplementation(async (work) => {
    await held;
    return write(work);
  });
  await startWork(service);
  const stop = service.stop.bind(service);
  jest.spyOn(service, 'stop').mockImplementation(() => {
    gate.emit('open');
    return stop();
  });
}

const runner = { holder: 'test', readMs: () => 0 };

/** The first example of an operation that is done, as a call. */
export function requestOf(name: string): JsonCall {
  const endpoint = endpoints.find((one) => one.name === name);
  const example = endpoint?.examples.find(({ status }) => status < 300);
  if (endpoint === undefined || example === undefined) throw new Error(`there is no example of ${name}`);
  const { path = {}, query, body, file } = example;
  const filled = endpoint.path.replace(/\{(\w+)\}/g, (_all, part: string) => encodeURIComponent(path[part] ?? ''));
  const suffix = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`;
  const sent = file ?? body;
  const headers = file === undefined ? {} : { headers: { 'content-type': endpoint.input.file?.types[0] ?? '' } };
  return { method: endpoint.method, path: filled + suffix, ...headers, ...(sent === undefined ? {} : { body: sent }) };
}
