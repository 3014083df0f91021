// What is around the calls: addresses, the WSDL, credentials, lengths, packing, connections (wire H1-H6, C1, F4).
import { join } from 'node:path';
import { gzipSync, deflateSync } from 'node:zlib';
import { statement } from '../../src/db/statement.ts';
import { removeServiceUser } from '../../src/operations/admin/users.ts';
import { userSessionLimit } from '../../src/soap/sessions.ts';
import {
  addUser,
  admin,
  auditor,
  basic,
  call,
  callOnce,
  openInfobaseFile,
  servicePath,
  startService,
  till,
  writeCall,
  type Call,
  type StartOptions,
  type TestingService,
} from './testing-service.ts';
import { readAfter } from './testing-state.ts';
import { headerOf, Wire, writeHead, type WireReply } from './wire.ts';
import { setSetting } from '../operations/testing-infobase.ts';

const namespace = 'http://www.kkm.solutions/KKMTransfer';
const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const ping = `<s:Envelope xmlns:s="${soap11}"><s:Body><Ping xmlns="${namespace}"/></s:Body></s:Envelope>`;
const pong = [
  `<soap:Envelope xmlns:soap="${soap11}">`,
  '\t<soap:Body>',
  `\t\t<m:PingResponse xmlns:m="${namespace}">`,
  '\t\t\t<m:return xmlns:xs="http://www.w3.org/2001/XMLSchema"',
  '\t\t\t\t\txmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">true</m:return>',
  '\t\t</m:PingResponse>',
  '\t</soap:Body>',
  '</soap:Envelope>',
].join('\r\n');

let running: TestingService | undefined;

/** The service of a test; stopped after it. */
async function start(options: StartOptions = {}): Promise<TestingService> {
  running = await startService({ before: { cards: [{ number: '2900000001', bonus: '100' }] }, ...options });
  return running;
}

afterEach(async () => {
  await running?.stop();
  running = undefined;
});

function isPong(reply: WireReply | undefined): boolean {
  return reply?.status === 200 && reply.body.toString() === pong;
}

function text(reply: WireReply): string {
  return reply.body.toString();
}

/** The answer of the layer before the service (wire F4). */
function expectException(reply: WireReply, status: number, description: RegExp): void {
  expect(reply.status).toBe(status);
  expect(headerOf(reply, 'content-type')).toBe('application/xml; charset=utf-8');
  const form =
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\r\n<exception xmlns="http:\/\/v8\.1c\.ru\/8\.2\/virtual-resource-system" xmlns:xs="http:\/\/www\.w3\.org\/2001\/XMLSchema" xmlns:xsi="http:\/\/www\.w3\.org\/2001\/XMLSchema-instance" xsi:type="Exception" clsid="580392e6-ba49-4280-ac67-fcd6f2180121" reason="(\d+)"><descr xmlns="http:\/\/v8\.1c\.ru\/8\.1\/data\/core">([^<]*)<\/descr><\/exception>$/;
  const [, reason, told = ''] = form.exec(text(reply)) ?? [];
  expect(reason).toBe(String(status));
  expect(told).toMatch(description);
}

function encode64(value: string): string {
  return Buffer.from(value).toString('base64');
}

function expectTooLarge(reply: WireReply): void {
  expectException(reply, 413, /больше допустимого/);
  expect(headerOf(reply, 'connection')).toBe('close');
}

function readAddresses(wsdl: string): (string | undefined)[] {
  return Array.from(wsdl.matchAll(/address location="([^"]*)"/g), ([, address]) => address);
}

describe('addresses and the WSDL', () => {
  const both = ['/trade/ws/KKMTransfer.1cws', '/trade/ws/KKMTransfer'];

  test('two addresses are one service, to POST and to GET', async () => {
    const service = await start();
    for (const path of both) {
      expect(isPong(await callOnce(service, { path, body: ping }))).toBe(true);
      for (const query of ['?wsdl', '?WSDL', '?wsdl=', '?Wsdl', '?wsdl&x=1']) {
        const reply = await callOnce(service, { method: 'GET', path: path + query });
        expect([query, reply.status, headerOf(reply, 'content-type')]).toEqual([query, 200, 'text/xml; charset=utf-8']);
        const address = `http://shop.example:8080${path}`;
        expect(readAddresses(text(reply))).toEqual([address, address]);
      }
    }
  });

  test('a call may carry a query, and the address in full', async () => {
    const service = await start();
    expect(isPong(await callOnce(service, { path: `${servicePath}?wsdl`, body: ping }))).toBe(true);
    expect(isPong(await callOnce(service, { path: `http://shop.example:8080${servicePath}`, body: ping }))).toBe(true);
  });

  test.each([
    ['in Cyrillic', { soapaction: '"http://www.kkm.solutions/KKMTransfer#KKMTransfer:Проверка"' }],
    ['of ten thousand letters', { soapaction: `"${'a'.repeat(10_000)}"` }],
    ['twice', { soapaction: '"urn:a"', SOAPAction: '"urn:b"' }],
    ['in a Content-Type in Cyrillic', { 'content-type': 'application/soap+xml; action="Проверка"; имя=значение' }],
  ])('an action %s says nothing', async (_what, headers) => {
    const service = await start();
    const reply = await callOnce(service, { body: ping, headers });
    expect([isPong(reply), headerOf(reply, 'content-type')]).toEqual([true, 'text/xml; charset=utf-8']);
  });

  test('without a Host, as HTTP/1.0 may, the address is where the connection came in', async () => {
    const service = await start();
    const path = `${servicePath}?wsdl`;
    const reply = await callOnce(service, {
      method: 'GET',
      path,
      httpVersion: 'HTTP/1.0',
      headers: { host: undefined },
    });
    const address = `http://127.0.0.1:${service.port}${servicePath}`;
    expect(readAddresses(text(reply))).toEqual([address, address]);
    expect(headerOf(reply, 'connection')).toBe('close');
  });

  test('a Host that is no host cannot break the document', async () => {
    const service = await start();
    const headers = { host: 'a"><x y=\'&' };
    const reply = await callOnce(service, { method: 'GET', path: `${servicePath}?wsdl`, headers });
    expect(text(reply)).not.toContain('"><x');
    expect(text(reply)).toContain('<soapbind:address location="http://a&quot;&gt;&lt;x y=');
  });

  test('behind a proxy it is the configured one', async () => {
    const service = await start({ settings: { PUBLIC_URL: 'https://shop.example/' } });
    const reply = await callOnce(service, { method: 'GET', path: `${servicePath}?wsdl` });
    const address = `https://shop.example${servicePath}`;
    expect(readAddresses(text(reply))).toEqual([address, address]);
  });

  test('each infobase has its own', async () => {
    const service = await start({ settings: { INFOBASES: 'trade,second' } });
    expect(isPong(await callOnce(service, { path: '/second/ws/KKMTransfer', body: ping }))).toBe(true);
    const reply = await callOnce(service, { method: 'GET', path: '/second/ws/KKMTransfer?wsdl' });
    expect(readAddresses(text(reply))[0]).toBe('http://shop.example:8080/second/ws/KKMTransfer');
    const user = { name: 'только второй', role: 'till', password: '1' } as const;
    await addUser(service.infobase('second'), user);
    expect((await callOnce(service, { path: '/second/ws/KKMTransfer', body: ping, user })).status).toBe(200);
    expect((await callOnce(service, { path: '/trade/ws/KKMTransfer', body: ping, user })).status).toBe(401);
  });

  test('the WSDL wants credentials like a call, and an auditor may read it', async () => {
    const service = await start();
    const path = `${servicePath}?wsdl`;
    const refused = await callOnce(service, { method: 'GET', path, user: null });
    expectException(refused, 401, /имя и пароль/);
    expect(headerOf(refused, 'www-authenticate')).toBe('Basic realm="1C:Enterprise 8.3"');
    expect((await callOnce(service, { method: 'GET', path, user: auditor })).status).toBe(200);
  });

  test('HEAD is GET without a body', async () => {
    const service = await start();
    const wire = await Wire.open(service.port);
    const path = `${servicePath}?wsdl`;
    const got = await call(wire, { method: 'GET', path });
    const head = await call(wire, { method: 'HEAD', path });
    expect([head.status, headerOf(head, 'content-length')]).toEqual([200, String(got.body.length)]);
    expect((await call(wire, { method: 'HEAD', path: servicePath })).status).toBe(400);
    expect((await call(wire, { method: 'HEAD', path, user: null })).status).toBe(401);
    // No body was sent that would now be taken for the head of this reply.
    expect(isPong(await call(wire, { body: ping }))).toBe(true);
    wire.close();
  });

  test.each([
    ['GET', '/'],
    ['GET', '//'],
    ['GET', '/trade'],
    ['GET', '/trade/ws/Other?wsdl'],
    ['POST', '/other/ws/KKMTransfer'],
    ['POST', '/trade/ws/kkmtransfer'],
    ['POST', '/trade/ws/KKMTransfer/'],
    ['POST', '/trade/ws/KKMTransfer.1cws/../KKMTransfer'],
    ['POST', '/trade//ws/KKMTransfer'],
    ['POST', '/trade/ws/%4bKMTransfer'],
    ['POST', '/%'],
    ['OPTIONS', '*'],
  ])('%s %s is not there', async (method, path) => {
    const service = await start();
    expectException(await callOnce(service, { method, path, body: ping }), 404, /^Не найдена/);
    expect(isPong(await callOnce(service, { body: ping }))).toBe(true);
  });

  test('a target that is no address is refused, without a page', async () => {
    const service = await start();
    expectException(await callOnce(service, { path: 'http://[', body: ping }), 400, /^Адрес запроса неверен$/);
    expectException(await callOnce(service, { method: 'GET', path: 'http://[/?wsdl' }), 400, /^Адрес/);
    expect(isPong(await callOnce(service, { body: ping }))).toBe(true);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s is no method of the service',
    async (method) => {
      const service = await start();
      const reply = await callOnce(service, { method, body: ping });
      expectException(reply, 405, /^Метод/);
      expect(headerOf(reply, 'allow')).toBe('GET, HEAD, POST');
    },
  );

  test('GET without ?wsdl says what to ask for', async () => {
    const service = await start();
    expectException(await callOnce(service, { method: 'GET', path: servicePath }), 400, /\?wsdl/);
    expectException(await callOnce(service, { method: 'GET', path: `${servicePath}?wsdlx` }), 400, /\?wsdl/);
  });

  test('the way of a 1C client: WSDL, its second port for SOAP 1.2, then Ping at the address given', async () => {
    const service = await start();
    const wire = await Wire.open(service.port);
    const wsdl = text(await call(wire, { method: 'GET', path: `${servicePath}?wsdl` }));
    const [, port] = /<port name="KKMTransferSoap"[^]*?location="http:\/\/[^/]*([^"]*)"/.exec(wsdl) ?? [];
    expect(port).toBe(servicePath);
    expect(isPong(await call(wire, { path: port ?? '', body: ping }))).toBe(true);
    wire.close();
  });
});

describe('credentials', () => {
  test('asked first without them, with the whole body, the same connection stays open', async () => {
    const service = await start();
    const wire = await Wire.open(service.port);
    const body = ping.padEnd(100_000);
    for (const chunkBytes of [undefined, 1_000]) {
      const without = { body, user: null, ...(chunkBytes !== undefined && { chunkBytes }) };
      const refused = await call(wire, without);
      expectException(refused, 401, /имя и пароль/);
      expect(headerOf(refused, 'www-authenticate')).toBe('Basic realm="1C:Enterprise 8.3"');
      expect(isPong(await call(wire, { body }))).toBe(true);
    }
    wire.close();
  });

  test('as .NET does: Expect, no credentials, then again on the same connection', async () => {
    const service = await start();
    const wire = await Wire.open(service.port);
    const length = String(Buffer.byteLength(ping));
    const head = [
      ['Host', 'shop'],
      ['Expect', '100-continue'],
      ['Content-Length', length],
    ] as const;
    for (const user of [null, till]) {
      const authorization = user === null ? [] : [['Authorization', basic(user)] as const];
      await wire.send(writeHead('POST', servicePath, [...head, ...authorization]));
      expect((await wire.next())?.status).toBe(100);
      await wire.send(ping);
      const reply = await wire.next();
      expect(reply?.status).toBe(user === null ? 401 : 200);
    }
    wire.close();
  });

  // Its base64 has both characters in which the URL-safe alphabet differs.
  const awkward = { name: 'Кассир Ёжиков', role: 'till', password: '>>>???ÿÿÿ:юю' } as const;

  test.each([
    ['in UTF-8', (pair: string) => `Basic ${encode64(pair)}`],
    ['in the URL-safe alphabet', (pair: string) => `Basic ${encode64(pair).replaceAll('+', '-').replaceAll('/', '_')}`],
    ['without padding', (pair: string) => `Basic ${encode64(pair).replaceAll('=', '')}`],
    ['the scheme in small letters', (pair: string) => `basic ${encode64(pair)}`],
    ['blanks round them', (pair: string) => `Basic   ${encode64(pair)}  `],
    ['the name decomposed', (pair: string) => `Basic ${encode64(pair.normalize('NFD'))}`],
  ])('taken %s', async (_how, write) => {
    const service = await start();
    await addUser(service.infobase(), awkward);
    const authorization = write(`${awkward.name}:${awkward.password}`);
    expect(encode64(`${awkward.name}:${awkward.password}`)).toMatch(/\+.*\//);
    expect(isPong(await callOnce(service, { body: ping, headers: { authorization } }))).toBe(true);
    expect(isPong(await callOnce(service, { body: ping, headers: { authorization } }))).toBe(true);
  });

  test.each([
    ['another password', basic({ ...till, password: `${till.password} ` })],
    ['an unknown name', basic({ name: 'nobody', password: till.password })],
    ['a name in other letters', basic({ ...admin, name: 'Admin' })],
    ['an empty password', basic({ ...till, password: '' })],
    ['nothing', 'Basic '],
    ['no colon', `Basic ${Buffer.from(till.name).toString('base64')}`],
    ['no base64', 'Basic ***'],
    ['another scheme', 'Bearer abc'],
    ['a very long header', `Basic ${'A'.repeat(12_000)}`],
  ])('refused for %s', async (_why, authorization) => {
    const service = await start();
    const reply = await callOnce(service, { body: ping, headers: { authorization } });
    expectException(reply, 401, /имя и пароль/);
    expect(headerOf(reply, 'www-authenticate')).toBe('Basic realm="1C:Enterprise 8.3"');
  });

  test('a till and an administrator may call, an auditor may not', async () => {
    const service = await start();
    for (const user of [till, admin]) expect(isPong(await callOnce(service, { body: ping, user }))).toBe(true);
    const reply = await callOnce(service, { body: ping, user: auditor });
    expectException(reply, 403, /^Недостаточно прав$/);
    expect(headerOf(reply, 'www-authenticate')).toBeUndefined();
  });

  test('a user removed by another process is refused at once', async () => {
    const service = await start();
    const wire = await Wire.open(service.port);
    expect(isPong(await call(wire, { body: ping }))).toBe(true);
    expect(isPong(await call(wire, { body: ping }))).toBe(true);
    const beside = await openInfobaseFile(join(service.dataDir, 'trade.sqlite'));
    await removeServiceUser(beside, till.name);
    expect((await call(wire, { body: ping })).status).toBe(401);
    await addUser(beside, { ...till, password: 'новый' });
    expect((await call(wire, { body: ping })).status).toBe(401);
    expect(isPong(await call(wire, { body: ping, user: { ...till, password: 'новый' } }))).toBe(true);
    await addUser(beside, { ...till, role: 'auditor', password: 'новый' });
    expect((await call(wire, { body: ping, user: { ...till, password: 'новый' } })).status).toBe(403);
    await beside.close();
    wire.close();
  });

  test('a defect before the call is read has its number too', async () => {
    const service = await start();
    const spoil = statement<Record<string, never>>((knex) => knex('service_user').update({ password_hash: 'spoilt' }));
    await service.infobase().db.write((trx) => trx.change(spoil, {}));
    for (const request of [{ body: ping }, { method: 'GET', path: `${servicePath}?wsdl` }]) {
      const reply = await callOnce(service, request);
      expectException(reply, 500, /^Внутренняя ошибка сервиса, номер инцидента [0-9a-f]{8}$/);
      const [, incident] = /инцидента ([0-9a-f]{8})/.exec(text(reply)) ?? [];
      const defect = service.log.find((line) => line.message === 'defect' && line.incident === incident);
      expect(defect).toMatchObject({ level: 'error', error: { message: expect.stringContaining('password hash') } });
    }
  });

  test('the log holds no password, no credentials and no whole card number', async () => {
    const service = await start();
    const body = ping
      .replace('Ping', 'GetCardInfo')
      .replace(
        `"${namespace}"/>`,
        `"${namespace}"><Request><KKM>K</KKM><CardNumber>2900000001</CardNumber></Request></GetCardInfo>`,
      );
    expect(text(await callOnce(service, { body }))).toContain('<m:ResultCode>0<');
    await callOnce(service, { body, user: { ...till, password: 'тайна' } });
    await callOnce(service, { body: body.replace('<KKM>', '<Kkm>') });
    const listRequests = () => service.log.filter(({ message }) => message === 'request');
    // Lines that come close together are written together, some milliseconds later.
    while (listRequests().length < 3) await new Promise(setImmediate);
    const log = JSON.stringify(service.log);
    expect(log).toContain('29****01');
    for (const secret of [till.password, 'тайна', basic(till).slice(6), '2900000001']) {
      expect(log.includes(secret)).toBe(false);
    }
    expect(listRequests().map(({ status, user }) => [status, user])).toEqual([
      [200, till.name],
      [401, undefined],
      [500, till.name],
    ]);
  });
});

describe('bodies', () => {
  const limit = 64 * 1024;
  const small = { settings: { BODY_LIMIT: '64kb' } };

  test('as large as the limit is taken, a byte more is refused', async () => {
    const service = await start(small);
    const body = ping.padEnd(limit);
    for (const chunkBytes of [undefined, 4_096]) {
      const way = chunkBytes === undefined ? {} : { chunkBytes };
      expect(isPong(await callOnce(service, { body, ...way }))).toBe(true);
      expectTooLarge(await callOnce(service, { body: `${body} `, ...way }));
    }
  });

  test('one that is far too large is refused by its length alone, before it is sent', async () => {
    const service = await start(small);
    const wire = await Wire.open(service.port);
    await wire.send(
      writeHead('POST', servicePath, [
        ['Host', 'shop'],
        ['Authorization', basic(till)],
        ['Content-Length', '1000000000000'],
      ]),
    );
    const reply = await wire.next();
    expectTooLarge(reply as WireReply);
    wire.close();
  });

  test('a client that sends it all before it reads still gets to read the answer', async () => {
    const service = await start(small);
    const wire = await Wire.open(service.port);
    await wire.send(writeCall({ body: ping.padEnd(20_000_000) }));
    expectTooLarge((await wire.next()) as WireReply);
    expect((await wire.ended()).length).toBe(0);
    expect(wire.wasReset).toBe(false);
  });

  test.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['identity', (body: string) => Buffer.from(body)],
  ])('packed with %s', async (coding, pack) => {
    const service = await start();
    const headers = { 'content-encoding': coding };
    for (const chunkBytes of [undefined, 10]) {
      const way = chunkBytes === undefined ? {} : { chunkBytes };
      const reply = await callOnce(service, { body: pack(ping), headers, ...way });
      expect(isPong(reply)).toBe(true);
      expect(headerOf(reply, 'content-encoding')).toBeUndefined();
    }
  });

  test('a reply is never packed, even where the client would take it', async () => {
    const service = await start();
    const reply = await callOnce(service, { body: ping, headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect(isPong(reply)).toBe(true);
  });

  const packed = gzipSync(ping);
  test.each([
    ['cut short', 'gzip', packed.subarray(0, -5)],
    ['its beginning only', 'gzip', packed.subarray(0, 3)],
    ['a wrong checksum', 'gzip', Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8)])],
    ['not packed at all', 'gzip', Buffer.from(ping)],
    ['nothing', 'gzip', Buffer.alloc(0)],
    ['packed otherwise', 'deflate', packed],
    ['a coding that is not known', 'br', packed],
    ['two codings', 'gzip, gzip', gzipSync(packed)],
    ['a coding that objects inherit', 'constructor', packed],
  ])('a packed body that is %s is a fault', async (_what, coding, body) => {
    const service = await start();
    const wire = await Wire.open(service.port);
    const reply = await call(wire, { body, headers: { 'content-encoding': coding } });
    expect([reply.status, headerOf(reply, 'content-type')]).toEqual([500, 'text/xml; charset=utf-8']);
    expect(text(reply)).toMatch(/<faultcode>soap:Client<[^]*Модуль\(1\)}: [А-Я][а-яё -]+/);
    expect(isPong(await call(wire, { body: ping }))).toBe(true);
    wire.close();
  });

  test('a little body that unpacks to more than the limit is refused', async () => {
    const service = await start(small);
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '));
    expect(bomb.length).toBeLessThan(limit);
    expectTooLarge(await callOnce(service, { body: bomb, headers: { 'content-encoding': 'gzip' } }));
    const good = gzipSync(ping.padEnd(limit));
    expect(isPong(await callOnce(service, { body: good, headers: { 'content-encoding': 'gzip' } }))).toBe(true);
  });

  test('a length shorter than the body cuts it: refused, and the rest is no request', async () => {
    const service = await start();
    const wire = await Wire.open(service.port);
    await wire.send(writeCall({ body: ping, headers: { 'content-length': String(ping.length - 5) } }));
    // Node refuses the rest as soon as it has read it, which may be before the call itself is answered.
    const statuses = [(await wire.next())?.status, (await wire.next())?.status];
    expect(statuses.filter((status) => status !== undefined && status !== 400 && status !== 500)).toEqual([]);
    expect(statuses).toContain(400);
    await wire.ended();
    expect(isPong(await callOnce(service, { body: ping }))).toBe(true);
  });

  test('a length longer than the body: nothing is done, and the service keeps running', async () => {
    const service = await start();
    const receipt = `<OperationId/><Kind>Sale</Kind><KKM>K</KKM><ShiftNumber>1</ShiftNumber><ReceiptNumber>1</ReceiptNumber><ReceiptDate>2026-11-22T10:00:00</ReceiptDate><CardNumber>2900000001</CardNumber><Sum>1</Sum><SumWithDiscount>1</SumWithDiscount><BonusAccrued>1</BonusAccrued><BonusRedeemed>0</BonusRedeemed><Offline>0</Offline>`;
    const body = ping
      .replace('Ping', 'RegisterReceipt')
      .replace(`"${namespace}"/>`, `"${namespace}"><Receipt>${receipt}</Receipt></RegisterReceipt>`);
    const untouched = await readAfter(service.infobase());
    for (const end of ['half', 'whole'] as const) {
      const wire = await Wire.open(service.port);
      await wire.send(writeCall({ body, headers: { 'content-length': String(body.length + 5) } }));
      if (end === 'half') {
        wire.endSending();
        const left = await wire.ended();
        expect(left.length === 0 || left.toString().startsWith('HTTP/1.1 400 ')).toBe(true);
      }
      wire.close();
    }
    expect(isPong(await callOnce(service, { body: ping }))).toBe(true);
    expect(await readAfter(service.infobase())).toEqual(untouched);
    expect(text(await callOnce(service, { body }))).toContain('<m:Duplicate>false<');
  });

  test.each([
    ['a length that is no number', { 'content-length': 'many' }],
    ['a negative length', { 'content-length': '-1' }],
    ['two lengths', { 'content-length': '5', 'Content-Length': '6' }],
    ['a length beside chunks', { 'content-length': '5', 'transfer-encoding': 'chunked' }],
  ])('%s is a bad request', async (_what, headers) => {
    const service = await start();
    const wire = await Wire.open(service.port);
    await wire.send(writeCall({ body: ping, headers }));
    const reply = await wire.next();
    expect(reply?.status).toBe(400);
    expect(reply?.body.toString()).not.toContain('<html');
    wire.close();
    expect(isPong(await callOnce(service, { body: ping }))).toBe(true);
  });

  test('an expectation that is not known is passed over, never 417', async () => {
    const service = await start();
    expect(isPong(await callOnce(service, { body: ping, headers: { expect: 'the-unexpected' } }))).toBe(true);
  });
});

describe('connections', () => {
  test('one connection serves call after call, faults and refusals among them', async () => {
    const service = await start();
    const wire = await Wire.open(service.port);
    const others: Call[] = [
      { body: 'nonsense' },
      { body: ping, user: null },
      { body: ping, user: auditor },
      { method: 'GET', path: '/nowhere' },
      { method: 'PUT', body: ping },
      { body: ping, path: '/other/ws/KKMTransfer' },
      { body: gzipSync(ping).subarray(0, 9), headers: { 'content-encoding': 'gzip' } },
    ];
    for (const other of others) {
      const reply = await call(wire, other);
      expect(reply.status).toBeGreaterThanOrEqual(400);
      expect(isPong(await call(wire, { body: ping }))).toBe(true);
    }
    wire.close();
  });

  test('requests sent without waiting are answered in their order', async () => {
    const service = await start();
    const wire = await Wire.open(service.port);
    const soap12 = ping.replace(soap11, 'http://www.w3.org/2003/05/soap-envelope');
    const bodies = Array.from(
      { length: 20 },
      (_, index) => [ping, soap12, ping.replace('Ping', `Pi${index}ng`)][index % 3] ?? '',
    );
    await wire.send(...bodies.map((body) => writeCall({ body })));
    for (const [index, body] of bodies.entries()) {
      const reply = (await wire.next()) as WireReply;
      if (body === ping) expect(isPong(reply)).toBe(true);
      else if (body === soap12)
        expect(text(reply)).toBe(pong.replace(soap11, 'http://www.w3.org/2003/05/soap-envelope'));
      else expect(text(reply)).toContain(`«Pi${index}ng» не найдена`);
    }
    wire.close();
  });

  test('HTTP/1.0 is closed after the reply, unless it asks to be kept', async () => {
    const service = await start();
    const plain = await Wire.open(service.port);
    const reply = await call(plain, { body: ping, httpVersion: 'HTTP/1.0', headers: { host: undefined } });
    expect(isPong(reply)).toBe(true);
    expect(headerOf(reply, 'connection')).toBe('close');
    await plain.ended();
    const kept = await Wire.open(service.port);
    const headers = { host: undefined, connection: 'keep-alive' };
    for (let times = 0; times < 2; times += 1) {
      const again = await call(kept, { body: ping, httpVersion: 'HTTP/1.0', headers });
      expect([isPong(again), headerOf(again, 'connection')]).toEqual([true, 'keep-alive']);
    }
    kept.close();
  });

  test('a client that goes away in the middle of its request harms nobody', async () => {
    const service = await start();
    for (const cut of [10, 60, 200, 400]) {
      const wire = await Wire.open(service.port);
      await wire.send(writeCall({ body: ping }).subarray(0, cut));
      wire.close();
    }
    expect(isPong(await callOnce(service, { body: ping }))).toBe(true);
  });
});

describe('stopping', () => {
  const receipt = [
    '<Receipt><OperationId/><Kind>Sale</Kind><KKM>K</KKM><ShiftNumber>1</ShiftNumber><ReceiptNumber>1</ReceiptNumber>',
    '<ReceiptDate>2026-11-22T10:00:00</ReceiptDate><CardNumber>2900000001</CardNumber><Sum>1</Sum>',
    '<SumWithDiscount>1</SumWithDiscount><BonusAccrued>1</BonusAccrued><BonusRedeemed>0</BonusRedeemed>',
    '<Offline>0</Offline></Receipt>',
  ].join('');
  const body = ping.replace(
    `<Ping xmlns="${namespace}"/>`,
    `<RegisterReceipt xmlns="${namespace}">${receipt}</RegisterReceipt>`,
  );

  test('a call begun is answered, its connection ended; a new one is sent away; the idle are let go', async () => {
    const service = await start();
    const wires = await Promise.all(Array.from({ length: 4 }, () => Wire.open(service.port)));
    for (const wire of wires) expect(isPong(await call(wire, { body: ping }))).toBe(true);
    const [begun, late, half, idle] = wires as [Wire, Wire, Wire, Wire];
    const bytes = writeCall({ body });
    const headers = { expect: '100-continue', 'content-length': String(body.length) };
    for (const wire of [begun, late]) {
      await wire.send(writeCall({ headers }));
      expect((await wire.next())?.status).toBe(100);
    }
    await half.send(bytes.subarray(0, 60));
    // Once a later call is answered, the half of a head has been read as well.
    expect(isPong(await call(idle, { body: ping }))).toBe(true);
    const stopped = service.running.stop();
    await idle.ended();
    await begun.send(body);
    const answered = (await begun.next()) as WireReply;
    expect(text(answered)).toContain('<m:ResultCode>0</m:ResultCode>');
    expect(headerOf(answered, 'connection')).toBe('close');
    expect((await begun.ended()).length).toBe(0);
    // Its second call comes on a connection that was busy when the stop began.
    await late.send(body, bytes);
    expect(text((await late.next()) as WireReply)).toContain('<m:Duplicate>true</m:Duplicate>');
    await late.ended();
    // A call whose head was only half sent has not begun.
    await half.send(bytes.subarray(60));
    expectException((await half.next()) as WireReply, 503, /останавливается/);
    await half.ended();
    await stopped;
    const beside = await openInfobaseFile(join(service.dataDir, 'trade.sqlite'));
    expect((await readAfter(beside)).receipts).toEqual(['Sale K/1/1 of 2026-11-22: posted']);
    await beside.close();
  });
});

describe('settings of the infobase', () => {
  test('line ends: LF in replies, faults and the WSDL, from the first answer on', async () => {
    const service = await start({ before: { settings: { lineEnds: 'lf' } } });
    const path = `${servicePath}?wsdl`;
    expect(text(await callOnce(service, { method: 'GET', path }))).not.toContain('\r');
    expect(text(await callOnce(service, { body: 'nonsense' }))).not.toContain('\r');
    expect(text(await callOnce(service, { body: ping }))).toBe(pong.replaceAll('\r\n', '\n'));
    await setSetting(service.infobase(), 'lineEnds', 'crlf');
    expect(isPong(await callOnce(service, { body: ping }))).toBe(true);
    expect(text(await callOnce(service, { method: 'GET', path }))).toContain('\r\n');
  });

  const start11 = { ibsession: 'start' };

  test('sessions are ignored by default', async () => {
    const service = await start();
    for (const headers of [start11, { cookie: 'ibsession=unknown' }, { ibsession: 'finish', cookie: 'ibsession=1' }]) {
      const reply = await callOnce(service, { body: ping, headers });
      expect([isPong(reply), headerOf(reply, 'set-cookie')]).toEqual([true, undefined]);
    }
  });

  test('in use: started, gone on with, finished', async () => {
    const service = await start({ before: { settings: { reuseSessions: 'use' } } });
    const started = await callOnce(service, { body: ping, headers: start11 });
    expect(isPong(started)).toBe(true);
    const [, id = ''] =
      /^ibsession=([0-9a-f-]{36}); path=\/trade\/ws\/KKMTransfer\.1cws; HttpOnly$/i.exec(
        headerOf(started, 'set-cookie') ?? '',
      ) ?? [];
    const cookie = `other=1; ibsession=${id}`;
    for (let times = 0; times < 2; times += 1) {
      const reply = await callOnce(service, { body: ping, headers: { cookie } });
      expect([isPong(reply), headerOf(reply, 'set-cookie')]).toEqual([true, undefined]);
    }
    expect(isPong(await callOnce(service, { body: ping, headers: { cookie, ibsession: 'finish' } }))).toBe(true);
    expectException(await callOnce(service, { body: ping, headers: { cookie } }), 400, /Сеанс не найден/);
    expectException(await callOnce(service, { body: ping, headers: { cookie: 'ibsession=x' } }), 400, /Сеанс/);
    expect(isPong(await callOnce(service, { body: ping }))).toBe(true);
  });

  test('in use: when none is free, 406', async () => {
    const service = await start({ before: { settings: { reuseSessions: 'use' } } });
    const wire = await Wire.open(service.port);
    let reply = await call(wire, { body: ping, headers: start11 });
    let count = 0;
    for (; reply.status === 200 && count < 2_000; count += 1)
      reply = await call(wire, { body: ping, headers: start11 });
    expect(count).toBe(userSessionLimit);
    expectException(reply, 406, /Нет свободных сеансов/);
    expect(isPong(await call(wire, { body: ping }))).toBe(true);
    // Another user has sessions of its own.
    expect((await call(wire, { body: ping, headers: start11, user: admin })).status).toBe(200);
    wire.close();
  });
});
