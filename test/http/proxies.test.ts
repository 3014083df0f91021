// Whose address a request has: the connection's, or the one that a proxy named which is believed. And what the service as a
// whole counts of its limits.
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { parseAddresses } from '../../src/parse-addresses.ts';
import { openPeerReader } from '../../src/peer.ts';
import {
  admin,
  auditor,
  basic,
  call,
  callOnce,
  startService,
  till,
  type TestingService,
} from '../soap/testing-service.ts';
import { headerOf, Wire } from '../soap/wire.ts';

const namespace = 'http://www.kkm.solutions/KKMTransfer';
const ping =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
  `<Ping xmlns="${namespace}"/></s:Body></s:Envelope>`;

/** The address that counts, and whether the header was believed. */
function findAddress(remote: string, forwarded: string | undefined, trusted: string | undefined): readonly unknown[] {
  const disbelieved: string[] = [];
  const peerOf = openPeerReader({
    readCertificate: undefined,
    trustedProxies: trusted === undefined ? undefined : parseAddresses(trusted),
    noteDisbelieved: (address) => void disbelieved.push(address),
  });
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remote });
  const request = new IncomingMessage(socket);
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded;
  return [peerOf(request).address, ...disbelieved];
}

const near = '127.0.0.1,10.1.0.0/16,fd00::/8';

test.each([
  // [connection, header, trusted, address, disbelieved]
  ['192.0.2.7', undefined, undefined, '192.0.2.7'],
  ['192.0.2.7', undefined, near, '192.0.2.7'],
  ['127.0.0.1', '203.0.113.5', near, '203.0.113.5'],
  ['10.1.255.1', '203.0.113.5', near, '203.0.113.5'],
  ['::ffff:127.0.0.1', '203.0.113.5', near, '203.0.113.5'],
  ['::ffff:192.0.2.7', undefined, undefined, '192.0.2.7'],
  ['fd00::1', '2001:db8::5', near, '2001:db8::5'],
  // What a client has sent itself stands left of what the proxy saw.
  ['127.0.0.1', '1.1.1.1, 203.0.113.5', near, '203.0.113.5'],
  ['127.0.0.1', '1.1.1.1, 203.0.113.5, 10.1.0.2', near, '203.0.113.5'],
  ['127.0.0.1', '10.1.0.3, 10.1.0.2', near, '10.1.0.3'],
  ['127.0.0.1', '203.0.113.5:51234', near, '203.0.113.5'],
  ['127.0.0.1', '[2001:db8::5]:51234', near, '2001:db8::5'],
  ['127.0.0.1', '::ffff:203.0.113.5', near, '203.0.113.5'],
  ['127.0.0.1', 'unknown', near, '127.0.0.1'],
  ['127.0.0.1', '203.0.113.5, _hidden, 10.1.0.2', near, '10.1.0.2'],
  ['127.0.0.1', '', near, '127.0.0.1'],
  // Nobody, or somebody else, is believed.
  ['192.0.2.7', '203.0.113.5', near, '192.0.2.7', '192.0.2.7'],
  ['127.0.0.1', '203.0.113.5', undefined, '127.0.0.1', '127.0.0.1'],
  ['10.2.0.1', '203.0.113.5', near, '10.2.0.1', '10.2.0.1'],
] as const)('from %s with %j, where %j is believed: %s', (remote, forwarded, trusted, ...expected) => {
  expect(findAddress(remote, forwarded, trusted)).toEqual(expected);
});

const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

describe('a service', () => {
  let service: TestingService;
  afterEach(() => service.stop());

  const logged = (message: string) => service.log.filter((line) => line.message === message);

  test('behind a proxy that it believes: addresses in the log are those of tills, and one that guesses delays no other', async () => {
    service = await startService({ settings: { TRUSTED_PROXIES: '127.0.0.1' } });
    expect((await callOnce(service, { body: ping, headers: from('203.0.113.5') })).status).toBe(200);
    expect(logged('request').at(-1)).toMatchObject({ remote: '203.0.113.5' });
    const guess = (address: string, password: string) =>
      callOnce(service, { body: ping, headers: from(address), user: { ...auditor, password } });
    for (let time = 0; time < 5; time += 1) expect((await guess('203.0.113.9', `wrong ${time}`)).status).toBe(401);
    const held = await guess('203.0.113.9', auditor.password);
    expect([held.status, headerOf(held, 'retry-after')]).toEqual([503, '1']);
    // The same name from another address; the till that is logged in, from the address that guesses.
    expect((await guess('203.0.113.5', auditor.password)).status).toBe(403);
    expect((await callOnce(service, { body: ping, headers: from('203.0.113.9') })).status).toBe(200);
    expect(service.running.limitCounts).toMatchObject({ logins: 6, loginsPutOff: 1, forwarded: 0 });
    await service.running.stop();
    expect(logged('failed logins')[0]).toMatchObject({ by: [{ address: '203.0.113.9', name: 'auditor', count: 6 }] });
  });

  test('that believes nobody goes by the connection, and reports it', async () => {
    service = await startService();
    expect((await callOnce(service, { body: ping, headers: from('203.0.113.5') })).status).toBe(200);
    expect(logged('request').at(-1)).toMatchObject({ remote: '127.0.0.1' });
    for (const path of [
      '/trade/hs/discount/v1/cards/1',
      '/hs/infobases',
      '/console/trade/login',
      '/trade/ws/KKMTransfer?wsdl',
    ])
      await callOnce(service, { method: 'GET', path, headers: from('203.0.113.5') });
    await service.running.stop();
    expect(logged('limits reached')).toEqual([
      expect.objectContaining({ level: 'warn', by: [{ limit: 'forwarded', count: 5, address: '127.0.0.1' }] }),
    ]);
  });

  test('counts bodies that are too large, connections beyond the limit and requests with too many headers', async () => {
    service = await startService({ settings: { BODY_LIMIT: '1kb', CONNECTIONS: '16', HEADERS: '20' } });
    expect((await callOnce(service, { body: 'x'.repeat(2_000) })).status).toBe(413);
    const headers = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x-${index}`, '1']));
    const refused = await callOnce(service, { body: ping, headers });
    expect([refused.status, refused.body.toString()]).toEqual([
      431,
      expect.stringContaining('слишком много заголовков'),
    ]);
    const wires: Wire[] = [];
    for (let index = 0; index < 16; index += 1) {
      const wire = await Wire.open(service.port);
      wires.push(wire);
      // Answered: its connection is one of those that are open.
      expect((await call(wire, { body: ping })).status).toBe(200);
    }
    const beyond = await Wire.open(service.port);
    expect(await beyond.next()).toBeUndefined();
    for (const wire of [...wires, beyond]) wire.close();
    expect(service.running.limitCounts).toMatchObject({ bodyBytes: 1, headerCount: 1, connections: 1 });
    await service.running.stop();
    expect(logged('connections refused')).toHaveLength(1);
    expect(logged('limits reached')).toHaveLength(1);
  });

  test('that answers as many requests as it may says so to the next, whichever door it is for', async () => {
    service = await startService({ settings: { REQUESTS: '1' } });
    const slow = await Wire.open(service.port);
    // The call is begun, and its body is never whole.
    const head = `POST /trade/ws/KKMTransfer HTTP/1.1\r\nHost: s\r\nAuthorization: ${basic(till)}\r\nContent-Length: 99\r\n`;
    await slow.send(`${head}Expect: 100-continue\r\n\r\n`);
    expect((await slow.next())?.status).toBe(100);
    for (const path of ['/trade/ws/KKMTransfer', '/trade/hs/discount/v1/cards/1', '/console/']) {
      const busy = await callOnce(service, { method: 'POST', path, body: ping, user: admin });
      expect([busy.status, headerOf(busy, 'retry-after')]).toEqual([503, '1']);
      expect(busy.body.toString()).toContain('Сервис занят, повторите через 1 с');
    }
    expect((await callOnce(service, { method: 'GET', path: '/healthz' })).status).toBe(200);
    slow.close();
    while ((await callOnce(service, { body: ping })).status === 503) await new Promise(setImmediate);
    expect((await callOnce(service, { body: ping })).status).toBe(200);
  });
});
