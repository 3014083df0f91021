// Operations that the service has no command for: a fault, a reply from a file beside the binding, or the answer of another
// base, which passes through as it is.
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basic, callOnce, startService, till, type TestingService } from '../testing-service.ts';
import { headerOf, type WireReply } from '../wire.ts';
import { makeContract } from '../binding/testing-contract.ts';
import { envelopes, versions, type Version } from './told.ts';
import { writeCallOf } from './write-envelope.ts';

const namespace = 'urn:test';
const table = `operation Ready() -> boolean
operation Prices(Shop string) -> string
operation Orders() -> string
operation Goods(Group string~, Filter GoodsFilter, Since dateTime~) -> GoodsList, Asked string, Since dateTime~, Group string~
operation Stock(Code string) -> string
operation Hall() -> string
type GoodsFilter: Shop GoodsShop
type GoodsShop: Number string
type Good: Code string, Price decimal, ChangedAt dateTime
type GoodsList: Number integer, Good Good*`;

const goodsReply = `<?xml version="1.0" encoding="UTF-8"?>
<GoodsResponse xmlns="${namespace}">
  <return>
    <Number>{{counter}}</Number>
    <Good><Code>A-{{Filter/Shop/Number}}</Code><Price>10.50</Price><ChangedAt>{{now}}</ChangedAt></Good>
    <Good><Code>Б &amp; В</Code><Price>1</Price><ChangedAt>{{today}}T00:00:00</ChangedAt></Good>
  </return>
  <Asked>«{{Group}}» от {{today}}</Asked>
  <Since>{{Since}}</Since>
  <Group>{{Group}}</Group>
</GoodsResponse>`;

/** As a recorder keeps it: a whole envelope. */
const hallReply = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
  <m:HallResponse xmlns:m="${namespace}"><m:return>Зал № {{counter}}</m:return></m:HallResponse>
</soap:Body></soap:Envelope>`;

/** Bytes that are no XML and no text in any encoding: whatever comes is passed on. */
const odd = Buffer.from([0x3c, 0xff, 0xfe, 0x00, 0x0d, 0x0a, 0xd0, 0x9a]);

interface Heard {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly url: string | undefined;
}

let base: Server;
let baseUrl: string;
let folder: string;
let service: TestingService;
const heard: Heard[] = [];
/** What the other base does with the next call. */
let answer: 'odd' | 'hang up' = 'odd';

beforeAll(async () => {
  base = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push({ body: Buffer.concat(chunks), headers: request.headers, url: request.url });
      if (answer === 'hang up') request.socket.destroy();
      else response.writeHead(418, { 'Content-Type': 'text/odd; charset=koi8-r', 'X-Own': 'kept here' }).end(odd);
    });
  });
  base.listen(0, '127.0.0.1');
  await once(base, 'listening');
  baseUrl = `http://127.0.0.1:${(base.address() as AddressInfo).port}/base/ws/Test.1cws?x=1`;
  const binding = {
    operations: {
      Ready: { command: 'ping', reply: { return: ['isAlive', 'boolean'] } },
      Orders: { answer: 'fault', text: 'Заказы ведёт сайт.' },
      Stock: { answer: 'upstream' },
    },
    upstream: { url: baseUrl },
  };
  folder = makeContract(table, binding, { 'replies/Goods.xml': goodsReply, 'replies/Hall.xml': hallReply });
  service = await startService({ settings: { CONTRACT: folder } });
});

afterAll(async () => {
  await service.stop();
  base.closeAllConnections();
  base.close();
  rmSync(folder, { recursive: true, force: true });
});

function write(version: Version, element: string, inside = ''): string {
  return writeCallOf(element, namespace, inside, version);
}

function ask(version: Version, element: string, inside?: string): Promise<WireReply> {
  return callOnce(service, { path: '/trade/ws/Test', body: write(version, element, inside) });
}

function writeFilter(shop: string): string {
  return `<Filter><Shop><Number>${shop}</Number></Shop></Filter>`;
}

const contentTypes = { '1.1': 'text/xml; charset=utf-8', '1.2': 'application/soap+xml; charset=utf-8' } as const;

async function expectFault(version: Version, asked: Promise<WireReply>, text: string): Promise<void> {
  const reply = await asked;
  expect([reply.status, headerOf(reply, 'content-type')]).toEqual([500, contentTypes[version]]);
  const [, code, words] =
    /<(?:faultcode|soap:Value)>([^<]*)<[^]*<(?:faultstring|soap:Text xml:lang="ru")>([^<]*)</.exec(
      reply.body.toString(),
    )!;
  expect(code).toBe(version === '1.1' ? 'soap:Server' : 'soap:Receiver');
  expect(words).toBe(`Неизвестная ошибка. {WebСервис.Test.Модуль(1)}: ${text}`);
}

test('the start names the operations that nothing answers, and those alone', () => {
  const warnings = service.log.filter(({ message }) => message === 'operations without an answer');
  expect(warnings).toEqual([expect.objectContaining({ level: 'warn', contract: folder, operations: ['Prices'] })]);
});

describe.each(versions)('SOAP %s', (version) => {
  test('without a word in the binding: a fault that names the operation', async () => {
    await expectFault(
      version,
      ask(version, 'Prices', '<Shop>7</Shop>'),
      'Операция Prices не поддерживается: обратитесь к администратору.',
    );
  });

  test('a fault with the words of the binding', async () => {
    await expectFault(version, ask(version, 'Orders'), 'Заказы ведёт сайт.');
  });

  test('a request that does not fit the schema is a fault of the caller, as everywhere', async () => {
    const reply = await ask(version, 'Prices', '<Store>7</Store>');
    expect(reply.status).toBe(500);
    expect(reply.body.toString()).toContain(version === '1.1' ? 'soap:Client' : 'soap:Sender');
  });

  test('a reply from a file, with values of the request, the clock and a counter', async () => {
    service.clock.at = '2026-11-22T12:00:00' as typeof service.clock.at;
    const first = version === '1.1' ? 1 : 3;
    const sent = `<Group>&lt;сыр&gt; &amp; {{now}}</Group>${writeFilter('7')}<Since>2026-01-02T03:04:05</Since>`;
    const reply = await ask(version, 'Goods', sent);
    expect([reply.status, headerOf(reply, 'content-type')]).toEqual([200, contentTypes[version]]);
    const text = reply.body.toString();
    expect(text.startsWith(`<soap:Envelope xmlns:soap="${envelopes[version]}">\r\n`)).toBe(true);
    expect(text).toContain(`<m:Number>${first}</m:Number>`);
    expect(text).toContain('<m:Code>A-7</m:Code>');
    expect(text).toContain('<m:Price>10.5</m:Price>');
    expect(text).toContain('<m:ChangedAt>2026-11-22T12:00:00</m:ChangedAt>');
    expect(text).toContain('<m:Code>Б &amp; В</m:Code>');
    expect(text).toContain('<m:ChangedAt>2026-11-22T00:00:00</m:ChangedAt>');
    // A place in what a client sends is a text like any other.
    expect(text).toContain('>«&lt;сыр&gt; &amp; {{now}}» от 2026-11-22</m:Asked>');
    expect(text).toContain('>2026-01-02T03:04:05</m:Since>');
    const nil = await ask(version, 'Goods', `<Group xsi:nil="true"/>${writeFilter('8')}<Since xsi:nil="true"/>`);
    const words = nil.body.toString();
    expect(words).toContain(`<m:Number>${first + 1}</m:Number>`);
    expect(words).toContain('>«» от 2026-11-22</m:Asked>');
    expect(words).toMatch(/<m:Since\s[^>]*xsi:nil="true"\/>/);
    expect(words).toMatch(/<m:Group\s[^>]*xsi:nil="true"\/>/);
  });

  test('a reply from a recorded envelope is written in the version that was asked, with a count of its own', async () => {
    const reply = await ask(version, 'Hall');
    const text = reply.body.toString();
    expect(text.startsWith(`<soap:Envelope xmlns:soap="${envelopes[version]}">\r\n`)).toBe(true);
    expect(text).toContain(`>Зал № ${version === '1.1' ? 1 : 2}</m:return>`);
  });

  test('another base: the call goes there as it came, and its answer comes back as it is', async () => {
    answer = 'odd';
    heard.length = 0;
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<!-- Ж -->${write(version, 'Stock', '<Code>  A&#13;</Code>')}`;
    const headers = { 'Content-Type': 'text/plain; boundary=x', SOAPAction: '"any"' };
    const reply = await callOnce(service, { path: '/trade/ws/Test.1cws', body, headers });
    expect(reply.status).toBe(418);
    expect(headerOf(reply, 'content-type')).toBe('text/odd; charset=koi8-r');
    expect(reply.body.equals(odd)).toBe(true);
    expect(heard).toHaveLength(1);
    const [{ body: passed, headers: given, url }] = heard as [Heard];
    expect(passed.toString()).toBe(body);
    expect(url).toBe('/base/ws/Test.1cws?x=1');
    expect(given).toMatchObject({
      'content-type': 'text/plain; boundary=x',
      soapaction: '"any"',
      authorization: basic(till),
    });
  });

  test('another base that hangs up is a fault, and the next call is answered', async () => {
    answer = 'hang up';
    await expectFault(version, ask(version, 'Stock', '<Code>A</Code>'), 'База, которой передан вызов, не ответила.');
    answer = 'odd';
    expect((await ask(version, 'Stock', '<Code>A</Code>')).status).toBe(418);
  });
});

test('another base that is down is a fault in both versions; what has a command goes on', async () => {
  base.closeAllConnections();
  base.close();
  await once(base, 'close');
  const { origin, port } = new URL(baseUrl);
  for (const version of versions) {
    await expectFault(version, ask(version, 'Stock', '<Code>A</Code>'), 'База, которой передан вызов, не ответила.');
    expect((await ask(version, 'Ready')).body.toString()).toContain('>true</m:return>');
  }
  expect(service.log.filter(({ message }) => message === 'defect')).toEqual([]);
  // What the till need not know is in the log.
  const fault = `upstream ${origin}: connect ECONNREFUSED 127.0.0.1:${port}`;
  const listFaults = () => service.log.filter((line) => line.message === 'request' && line.fault === fault);
  // Lines that come close together are written together, some milliseconds later: only the test's own time-out ends this.
  while (listFaults().length < versions.length) await new Promise(setImmediate);
  expect(listFaults().map(({ operation }) => operation)).toEqual(versions.map(() => 'Stock'));
});
