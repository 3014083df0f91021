// The service over TLS, on real sockets: which versions it speaks, a certificate that is renewed while tills are connected, and
// clients that log in by a certificate.
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectionOptions } from 'node:tls';
import { createClientAsync } from 'soap';
import { keepTls } from '../../src/http/keep-tls.ts';
import { openServer } from '../../src/http/open-server.ts';
import { removeServiceUser } from '../../src/operations/admin/users.ts';
import { call, startService, till, type Call, type TestingService } from '../soap/testing-service.ts';
import { headerOf, Wire, type WireReply } from '../soap/wire.ts';
import { openTestingDoors, plainPlace } from './testing-doors.ts';
import { makeCertificate, type MadeCertificate } from './testing-certificates.ts';

const namespace = 'http://www.kkm.solutions/KKMTransfer';
const ping =
  '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>' +
  `<Ping xmlns="${namespace}"/></s:Body></s:Envelope>`;

let folder: string;
let files: { readonly cert: string; readonly key: string; readonly ca: string };
let service: TestingService;
let pair: MadeCertificate;
let authority: MadeCertificate;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-tls-'));
  files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem'), ca: join(folder, 'ca.pem') };
  authority = await makeCertificate('Shop authority', { isCa: true });
  pair = await makeCertificate('localhost');
  put(pair);
  writeFileSync(files.ca, authority.cert);
  service = await startService({
    settings: { TLS_CERT: files.cert, TLS_KEY: files.key, TLS_CLIENT_CA: files.ca },
  });
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true, force: true });
});

function put({ cert, key }: MadeCertificate): void {
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key, { mode: 0o600 });
}

const linesOf = (message: string) => service.log.filter((line) => line.message === message);

async function ask(request: Call, options: ConnectionOptions = {}): Promise<WireReply> {
  const { wire } = await Wire.openTls(service.port, { ca: pair.cert, ...options });
  try {
    return await call(wire, request);
  } finally {
    wire.close();
  }
}

test.each([
  ['TLSv1.2', 'TLSv1.2'],
  ['TLSv1.3', 'TLSv1.3'],
] as const)('it speaks %s, and HTTP/1.1 in it', async (_, version) => {
  const options = { ca: pair.cert, minVersion: version, maxVersion: version, ALPNProtocols: ['h2', 'http/1.1'] };
  const { wire, socket } = await Wire.openTls(service.port, options);
  expect([socket.getProtocol(), socket.alpnProtocol]).toEqual([version, 'http/1.1']);
  // The connection is kept, as it is without TLS.
  expect((await call(wire, { body: ping })).status).toBe(200);
  expect((await call(wire, { body: ping })).status).toBe(200);
  wire.close();
});

test('an older TLS, and no TLS at all, get no answer', async () => {
  const old = { ca: pair.cert, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  await expect(Wire.openTls(service.port, old)).rejects.toThrow(/alert protocol version/);
  const plain = await Wire.open(service.port);
  await plain.send('GET /healthz HTTP/1.1\r\nHost: shop\r\n\r\n');
  expect(await plain.next()).toBeUndefined();
  plain.close();
});

test('the WSDL names the address by https, and the cookie of the console is for TLS only', async () => {
  expect(service.running.origin).toBe(`https://127.0.0.1:${service.port}`);
  const wsdl = await ask({ method: 'GET', path: '/trade/ws/KKMTransfer.1cws?wsdl' });
  expect(wsdl.body.toString()).toContain('location="https://shop.example:8080/trade/ws/KKMTransfer.1cws"');
  const language = await ask({ method: 'GET', path: '/console/language?to=en' });
  expect(headerOf(language, 'set-cookie')).toContain('; Secure');
});

test('a client of node-soap reads the WSDL and calls', async () => {
  const options = { ca: pair.cert, servername: 'localhost' };
  const authorization = `Basic ${Buffer.from(`${till.name}:${till.password}`).toString('base64')}`;
  const origin = service.running.origin.replace('127.0.0.1', 'localhost');
  const address = `${origin}/trade/ws/KKMTransfer.1cws`;
  const httpsAgent = new Agent(options);
  const client = await createClientAsync(`${address}?wsdl`, {
    wsdl_options: { httpsAgent },
    wsdl_headers: { authorization },
  });
  client.addHttpHeader('Authorization', authorization);
  const [answer] = (await client['PingAsync']({}, { httpsAgent })) as [{ readonly return: unknown }];
  expect(answer.return).toBeDefined();
  httpsAgent.destroy();
});

const serial = (wire: { readonly socket: { getPeerX509Certificate(): { serialNumber: string } | undefined } }) =>
  wire.socket.getPeerX509Certificate()?.serialNumber;

const shown = async (name: string, made?: Promise<MadeCertificate>): Promise<ConnectionOptions> => {
  const { cert, key } = await (made ?? makeCertificate(name, { ca: authority }));
  return { cert, key };
};

describe('a certificate that is renewed', () => {
  test('is served to the next connection, and the open one goes on', async () => {
    const before = await Wire.openTls(service.port, { ca: pair.cert });
    pair = await makeCertificate('localhost');
    put(pair);
    await service.running.checkTls();
    const after = await Wire.openTls(service.port, { ca: pair.cert });
    expect(serial(after)).not.toBe(serial(before));
    for (const { wire } of [before, after]) {
      expect((await call(wire, { body: ping })).status).toBe(200);
      wire.close();
    }
    expect(linesOf('TLS certificate reloaded').at(-1)).toMatchObject({ level: 'info', file: files.cert });
  });

  test('without its key is reported once and the old pair stays; with it, it is taken', async () => {
    const old = pair;
    const next = await makeCertificate('localhost');
    writeFileSync(files.cert, next.cert);
    await service.running.checkTls();
    await service.running.checkTls();
    const reports = linesOf('TLS certificate not reloaded');
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({
      level: 'error',
      mistakes: [
        `KKM_TLS_KEY: expected the key of the certificate in "${files.cert}", got another key in "${files.key}"`,
      ],
    });
    expect((await ask({ body: ping }, { ca: old.cert })).status).toBe(200);
    writeFileSync(files.key, next.key);
    await service.running.checkTls();
    pair = next;
    expect((await ask({ body: ping })).status).toBe(200);
  });
});

describe('a client with a certificate', () => {
  const bare: Call = { body: ping, user: null };

  test('in the name of a user is that user, over SOAP and over the HTTP service', async () => {
    const options = await shown(till.name);
    expect((await ask(bare, options)).status).toBe(200);
    expect(linesOf('request').at(-1)).toMatchObject({ user: till.name, status: 200 });
    // No such card: who asks is known.
    const status = await ask({ method: 'GET', path: '/trade/hs/discount/v1/cards/2900000001', user: null }, options);
    expect(status.status).toBe(404);
  });

  test('that resumes its TLS session is still that user', async () => {
    const options = { ca: pair.cert, ...(await shown(till.name)) };
    const first = await Wire.openTls(service.port, options);
    const ticket = once(first.socket, 'session');
    expect((await call(first.wire, bare)).status).toBe(200);
    const [session] = (await ticket) as [Buffer];
    first.wire.close();
    const second = await Wire.openTls(service.port, { ...options, session });
    expect(second.socket.isSessionReused()).toBe(true);
    expect((await call(second.wire, bare)).status).toBe(200);
    second.wire.close();
  });

  test('may come with TLS 1.2 as well, and its connection is kept', async () => {
    const options = { ca: pair.cert, ...(await shown(till.name)), maxVersion: 'TLSv1.2' } as const;
    const { wire } = await Wire.openTls(service.port, options);
    expect((await call(wire, bare)).status).toBe(200);
    expect((await call(wire, bare)).status).toBe(200);
    wire.close();
  });

  test('that sends a password too is who the password says', async () => {
    const options = await shown('nobody');
    expect((await ask({ body: ping }, options)).status).toBe(200);
    const wrong = await ask({ body: ping, user: { ...till, password: 'wrong' } }, await shown(till.name));
    expect(wrong.status).toBe(401);
  });

  test('without one may send a password; without both it is asked for one', async () => {
    expect((await ask({ body: ping })).status).toBe(200);
    const refused = await ask(bare);
    expect(refused.status).toBe(401);
    expect(refused.body.toString()).toContain('Требуется имя и пароль пользователя');
  });

  const dayMs = 86_400_000;
  test.each([
    ['of another authority', () => makeCertificate(till.name), 'выдан не тем центром'],
    [
      'that has expired',
      () =>
        makeCertificate(till.name, {
          ca: authority,
          from: new Date(Date.now() - 9 * dayMs),
          until: new Date(Date.now() - dayMs),
        }),
      'срок его действия истёк',
    ],
    [
      'that is not valid yet',
      () => makeCertificate(till.name, { ca: authority, from: new Date(Date.now() + dayMs) }),
      'срок его действия ещё не начался',
    ],
    ['in a name that no user has', () => makeCertificate('nobody', { ca: authority }), 'нет среди пользователей'],
  ])('%s is told so', async (_, make, text) => {
    const refused = await ask(bare, await shown('', make()));
    expect([refused.status, headerOf(refused, 'www-authenticate')]).toEqual([401, 'Basic realm="1C:Enterprise 8.3"']);
    expect(refused.body.toString()).toContain(text);
  });

  test('whose user is removed is out at its next call', async () => {
    const options = { ca: pair.cert, ...(await shown('auditor')) };
    const { wire } = await Wire.openTls(service.port, options);
    const list: Call = { method: 'GET', path: '/trade/ws/KKMTransfer.1cws?wsdl', user: null };
    expect((await call(wire, list)).status).toBe(200);
    await removeServiceUser(service.infobase(), 'auditor');
    expect((await call(wire, list)).status).toBe(401);
    wire.close();
  });
});

test('a service looks at its files by itself', async () => {
  const own = { certFile: join(folder, 'own.pem'), keyFile: join(folder, 'own-key.pem'), clientCaFile: undefined };
  const soon = await makeCertificate('localhost', { until: new Date(Date.now() + 86_400_000) });
  writeFileSync(own.certFile, soon.cert);
  writeFileSync(own.keyFile, soon.key);
  const { http, tls } = await openServer({ ...plainPlace, tls: own }, openTestingDoors());
  const lines: string[] = [];
  const take = (level: string) => (message: string) => lines.push(`${level}: ${message}`);
  const log = { info: take('info'), warn: take('warn'), error: take('error') };
  const keeper = keepTls(http as Server, { ...tls!, log, readWallMs: Date.now, pauseMs: 5 });
  while (!lines.includes('warn: TLS certificate expires soon')) await sleep(5);
  const renewed = await makeCertificate('localhost');
  writeFileSync(own.certFile, renewed.cert);
  writeFileSync(own.keyFile, renewed.key);
  while (!lines.includes('info: TLS certificate reloaded')) await sleep(5);
  keeper.end();
  http.close();
  expect(lines.filter((line) => line === 'warn: TLS certificate expires soon')).toHaveLength(1);
});
