// What a stranger, or a till gone wrong, may cost: logins, bodies that nobody asked for, connections, texts without end.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { textLimits } from '../../src/ledger/text-limits.ts';
import { discardRest } from '../../src/request-body.ts';
import {
  addUser,
  basic,
  call,
  callOnce,
  startService,
  writeCall,
  till,
  type TestingService,
} from './testing-service.ts';
import { headerOf, Wire, writeHead } from './wire.ts';

const namespace = 'http://www.kkm.solutions/KKMTransfer';
const card = '2900000001';

function wrap(content: string): string {
  return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${content}</s:Body></s:Envelope>`;
}

const ping = wrap(`<Ping xmlns="${namespace}"/>`);

function readCard(number: string, more = ''): string {
  const request = `<Request><KKM>K</KKM><CardNumber>${number}</CardNumber>${more}</Request>`;
  return wrap(`<GetCardInfo xmlns="${namespace}">${request}</GetCardInfo>`);
}

let service: TestingService;
let isStopped: boolean;

async function start(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  service = await startService({ settings, before: { cards: [{ number: card, bonus: '100' }] } });
  isStopped = false;
}

async function stop(): Promise<void> {
  if (!isStopped) await service.stop();
  isStopped = true;
}

afterEach(() => stop());

const logged = (message: string): unknown[] => service.log.filter((line) => line.message === message);

describe('logins', () => {
  test('a zero byte after the right password is another password', async () => {
    await start();
    await addUser(service.infobase(), { name: 'secretive', role: 'till', password: 'secret' });
    const statuses: number[] = [];
    for (const password of ['secret', 'secret\0', 'secret\0\0', '\0secret', 'secret\u0001']) {
      statuses.push((await callOnce(service, { body: ping, user: { name: 'secretive', password } })).status);
    }
    expect(statuses).toEqual([200, 401, 401, 401, 401]);
  });

  test('who guesses on is put off, with the time to wait, and the connection stays', async () => {
    await start();
    const wire = await Wire.open(service.port);
    const guess = (index: number) =>
      call(wire, { body: ping.padEnd(50_000), user: { ...till, password: `guess ${index}` } });
    let reply = await guess(0);
    for (let index = 1; index < 30 && reply.status === 401; index += 1) reply = await guess(index);
    expect(reply.status).toBe(503);
    expect(Number(headerOf(reply, 'retry-after'))).toBeGreaterThanOrEqual(1);
    expect(headerOf(reply, 'www-authenticate')).toBeUndefined();
    expect(reply.body.toString()).toContain('Слишком много попыток входа, повторите через ');
    const wsdl = { method: 'GET', path: '/trade/ws/KKMTransfer?wsdl', user: { ...till, password: 'guess' } };
    expect((await call(wire, wsdl)).status).toBe(503);
    // Another user of the same address, over the same connection.
    await addUser(service.infobase(), { name: 'other', role: 'till', password: 'other' });
    expect((await call(wire, { body: ping, user: { name: 'other', password: 'other' } })).status).toBe(200);
    wire.close();
  });

  test('who leaves is not checked, and failed logins make one line of the log', async () => {
    await start();
    const wires = await Promise.all(Array.from({ length: 60 }, () => Wire.open(service.port)));
    // An unknown name costs a check of the usual price, a tenth of a second.
    for (const [index, wire] of wires.entries()) {
      await wire.send(writeCall({ body: ping, user: { name: `nobody ${index}`, password: 'x' } }));
    }
    for (const wire of wires) wire.close();
    expect((await callOnce(service, { body: ping })).status).toBe(200);
    expect((await callOnce(service, { body: ping, user: { ...till, password: 'wrong' } })).status).toBe(401);
    await stop();
    const lines = logged('failed logins') as { readonly count: number; readonly by: readonly object[] }[];
    expect(lines).toHaveLength(1);
    expect(lines[0]?.count).toBeLessThan(20);
    expect(lines[0]).toMatchObject({ level: 'warn', seconds: 60 });
    expect(lines[0]?.by).toContainEqual({ infobase: 'trade', address: '127.0.0.1', name: till.name, count: 1 });
  });

  test('to ask first without credentials is no failed login', async () => {
    await start();
    expect((await callOnce(service, { body: ping, user: null })).status).toBe(401);
    await stop();
    expect(logged('failed logins')).toEqual([]);
  });
});

/** Sends the pieces again and again until the peer ends the connection; the bytes sent. */
async function sendWithoutEnd(wire: Wire, piece: Buffer): Promise<number> {
  let sent = 0;
  for (; !wire.isClosed; sent += piece.length) await wire.send(piece);
  return sent;
}

describe('bodies that nobody asked for', () => {
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'a'), Buffer.from('\r\n')]);
  const head = [
    ['Host', 'shop'],
    ['Transfer-Encoding', 'chunked'],
  ] as const;

  test.each([
    ['without credentials', 'POST', '/trade/ws/KKMTransfer', undefined, 401],
    ['with wrong ones', 'POST', '/trade/ws/KKMTransfer', basic({ ...till, password: 'x' }), 401],
    ['to no service', 'POST', '/other/ws/KKMTransfer', undefined, 404],
    ['to a method that is none', 'PUT', '/trade/ws/KKMTransfer', undefined, 405],
    ['to a WSDL', 'GET', '/trade/ws/KKMTransfer?wsdl', basic(till), 200],
    ['to health', 'GET', '/healthz', undefined, 200],
  ])('an endless one %s is cut', async (_what, method, path, authorization, status) => {
    await start();
    const wire = await Wire.open(service.port);
    const headers = authorization === undefined ? head : [...head, ['Authorization', authorization] as const];
    await wire.send(writeHead(method, path, headers));
    expect((await wire.next())?.status).toBe(status);
    // The sockets on the way hold some megabytes as well.
    expect(await sendWithoutEnd(wire, chunk)).toBeLessThan(64 * 1024 ** 2);
    wire.close();
  });

  test('one within the limit of a call is read to its end, and the connection stays open', async () => {
    await start({ BODY_LIMIT: '8mb' });
    const wire = await Wire.open(service.port);
    const body = ping.padEnd(6 * 1024 ** 2);
    expect((await call(wire, { body, user: null })).status).toBe(401);
    expect((await call(wire, { body })).status).toBe(200);
    expect((await call(wire, { body, user: null, chunkBytes: 100_000 })).status).toBe(401);
    expect((await call(wire, { body })).status).toBe(200);
    wire.close();
  });

  test('one that takes too long is cut', async () => {
    const server: Server = createServer((request, response) => {
      response.end('answered');
      discardRest(request, { bytes: 1_000_000, ms: 20 });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const wire = await Wire.open((server.address() as AddressInfo).port);
    await wire.send(writeHead('POST', '/', [...head, ['Host', 'a']]), '5\r\nabc');
    expect((await wire.next())?.status).toBe(200);
    await wire.ended();
    wire.close();
    server.close();
  });
});

/** The status of a call over a connection of its own; undefined where that is ended without an answer. */
async function askOnce(): Promise<number | undefined> {
  const wire = await Wire.open(service.port);
  await wire.send(writeCall({ body: ping }));
  const reply = await wire.next();
  wire.close();
  return reply?.status;
}

describe('connections', () => {
  test('above the limit they are ended at once, with a line of the log', async () => {
    await start({ CONNECTIONS: '16' });
    const wires = await Promise.all(Array.from({ length: 16 }, () => Wire.open(service.port)));
    for (const wire of wires) expect((await call(wire, { body: ping })).status).toBe(200);
    for (let times = 0; times < 5; times += 1) {
      const wire = await Wire.open(service.port);
      expect((await wire.ended()).length).toBe(0);
      wire.close();
    }
    for (const wire of wires) expect((await call(wire, { body: ping })).status).toBe(200);
    wires.pop()?.close();
    // Its place is free once the service has heard of it.
    let status = await askOnce();
    while (status === undefined) status = await askOnce();
    expect(status).toBe(200);
    for (const wire of wires) wire.close();
    await stop();
    expect(logged('connections refused')).toHaveLength(1);
    expect(logged('connections refused')[0]).toMatchObject({ level: 'warn', limit: 16 });
  });
});

describe('texts', () => {
  const million = '2'.repeat(1_000_000);

  test('a card number of a million letters is a bad value, neither repeated nor logged', async () => {
    await start();
    const reply = (await callOnce(service, { body: readCard(million) })).body.toString();
    expect(reply).toContain('<m:ResultCode>11</m:ResultCode>');
    expect(reply).toContain('Неверное значение поля CardNumber: ожидается не более 50 знаков.');
    expect(reply.length).toBeLessThan(2_000);
    // The line is written after the answer.
    await stop();
    const lines = service.log.map((line) => JSON.stringify(line));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(1_000);
    expect(logged('request')).toEqual([expect.objectContaining({ code: 11, card: '22****22' })]);
  });

  test.each([
    ['RequestId', textLimits.requestId],
    ['Shop', textLimits.shop],
    ['Cashier', textLimits.cashier],
    ['InputMethod', textLimits.inputMethod],
  ])('%s has %d characters at most', async (name, limit) => {
    await start();
    const code = async (length: number): Promise<string | undefined> => {
      const body = readCard(card, `<${name}>${'я'.repeat(length)}</${name}>`);
      const text = (await callOnce(service, { body })).body.toString();
      return /<m:ResultText>([^<]*)</.exec(text)?.[1];
    };
    expect([await code(limit), await code(limit + 1)]).toEqual([
      'Выполнено.',
      `Неверное значение поля ${name}: ожидается не более ${limit} знаков.`,
    ]);
  });
});
