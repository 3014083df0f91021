// `npm run test:proxies`: the service behind nginx and behind Apache, with the files of deploy/ and a certificate made for it.
// What a till gets through them must be what it gets from the service itself. Ports are the only thing that is changed.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { call, openConnection } from './call.mjs';
import { cardCall, fillInfobase, findFreePort, openKkm, openReport, password, user } from './run-service.mjs';

const publicUrl = 'https://shop.example';
const path = '/trade/ws/KKMTransfer.1cws';
const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const report = openReport();

const folder = mkdtempSync(join(tmpdir(), 'kkm-proxies-'));
const ports = { service: await findFreePort(), http: await findFreePort(), https: await findFreePort() };
const ways = [
  { scheme: 'http', target: { port: ports.http } },
  { scheme: 'https', target: { port: ports.https, isTls: true } },
];

/** The file as deploy/ has it, on the ports and with the certificate of this try. */
function localise(file) {
  const certificate = join(folder, 'ssl/');
  return readFileSync(join('deploy', file), 'utf8')
    .replaceAll('/etc/ssl/kkm-transfer/', certificate)
    .replaceAll('127.0.0.1:8080', `127.0.0.1:${ports.service}`)
    .replace(/^\tlisten \[::\].*\n/gm, '')
    .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${ports.https} ssl;`)
    .replace('<VirtualHost *:80>', `<VirtualHost *:${ports.http}>`)
    .replace('<VirtualHost *:443>', `<VirtualHost *:${ports.https}>`);
}

function writeNginx() {
  for (const file of ['kkm-transfer.conf', 'kkm-transfer-upstream.conf'])
    writeFileSync(join(folder, file), localise(`nginx/${file}`));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/nginx-${name};`,
  );
  const account = process.getuid() === 0 ? 'user root;' : '';
  writeFileSync(
    join(folder, 'nginx.conf'),
    `${account} daemon off; pid ${folder}/nginx.pid; error_log ${folder}/nginx.log; events {}
     http { access_log off; ${temporary.join(' ')} include ${folder}/kkm-transfer*.conf; }`,
  );
  return ['nginx', '-c', join(folder, 'nginx.conf'), '-p', folder];
}

function writeApache() {
  const modules = ['/usr/lib/apache2/modules', '/usr/lib64/httpd/modules'].find((place) => existsSync(place));
  const names = 'mpm_event authz_core authz_host proxy proxy_http ssl headers macro env reqtimeout'.split(' ');
  const loaded = names.filter((name) => existsSync(`${modules}/mod_${name}.so`));
  writeFileSync(join(folder, 'apache-site.conf'), localise('apache/kkm-transfer.conf'));
  const account = process.getuid() === 0 ? 'User www-data\nGroup www-data\n' : '';
  const text = `ServerName localhost
ServerRoot ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/apache.log
DefaultRuntimeDir ${folder}
Listen 127.0.0.1:${ports.http}
Listen 127.0.0.1:${ports.https}
${loaded.map((name) => `LoadModule ${name}_module ${modules}/mod_${name}.so`).join('\n')}
${account}Include ${folder}/apache-site.conf
`;
  writeFileSync(join(folder, 'apache.conf'), text);
  return ['apache2', '-D', 'FOREGROUND', '-f', join(folder, 'apache.conf')];
}

async function startProxy([program, ...args]) {
  const env = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` };
  const child = spawn(program, args, { env, stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = once(child, 'close');
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${program} has ended`);
    const isUp = await call({ port: ports.http }, { method: 'GET', path: '/' }).then(
      () => true,
      () => false,
    );
    if (isUp) break;
    await sleep(50);
  }
  return async () => {
    child.kill('SIGTERM');
    await ended;
  };
}

/** What must be the same, with and without the proxy: status, headers that a till reads, body. */
const shown = ({ status, headers, body }) =>
  JSON.stringify([status, headers['content-type'], headers['www-authenticate'], headers['content-encoding'], body]);

const withUser = { authorization, 'content-type': 'text/xml; charset=utf-8' };
const broken = cardCall.replaceAll('GetCardInfo', 'NoSuchOperation');
const sameCalls = [
  { what: 'a card', given: { headers: withUser, body: cardCall } },
  {
    what: 'a client that would take gzip gets none',
    given: { headers: { ...withUser, 'accept-encoding': 'gzip' }, body: cardCall },
  },
  { what: 'gzip', given: { headers: { ...withUser, 'content-encoding': 'gzip' }, body: gzipSync(cardCall) } },
  { what: 'chunked', given: { headers: { ...withUser, 'transfer-encoding': 'chunked' }, body: cardCall } },
  { what: 'Expect: 100-continue', given: { headers: { ...withUser, expect: '100-continue' }, body: cardCall } },
  {
    what: 'SOAPAction in Cyrillic',
    given: { headers: { ...withUser, soapaction: Buffer.from('"urn:x#Карта"').toString('latin1') }, body: cardCall },
  },
  { what: 'a shift report of 1.5 MB that cannot be read', given: { headers: withUser, body: 'x'.repeat(1_500_000) } },
  { what: 'a fault', given: { headers: withUser, body: broken } },
  { what: 'nobody', given: { headers: {}, body: cardCall } },
  { what: 'a wrong password', given: { headers: { authorization: `${authorization}x` }, body: cardCall } },
  { what: 'PUT', given: { method: 'PUT', headers: withUser, body: cardCall } },
  { what: 'HEAD', given: { method: 'HEAD', headers: withUser, path: `${path}?wsdl` } },
  { what: 'the WSDL', given: { method: 'GET', headers: withUser, path: `${path}?wsdl` } },
  { what: 'the WSDL without a user', given: { method: 'GET', headers: {}, path: `${path}?wsdl` } },
  { what: 'an unknown service', given: { headers: withUser, path: '/trade/ws/Other.1cws', body: cardCall } },
  {
    what: 'a coded address',
    given: { headers: withUser, path: '/trade/ws/%D0%9A%D0%B0%2Fx%20y?a=%D0%B1', body: cardCall },
  },
];

async function trySame(name, { scheme, target }) {
  for (const { what, given } of sameCalls) {
    const request = { method: 'POST', path, ...given };
    const direct = await call({ port: ports.service }, request);
    const through = await call(target, request);
    report.see(`${name}, ${scheme}: ${what}: ${through.status}`, shown(direct) === shown(through), shown(through));
  }
}

async function tryOthers(name, { scheme, target }) {
  const say = (what, isSo, found) => report.see(`${name}, ${scheme}: ${what}`, isSo, found);
  const wsdl = await call(target, { method: 'GET', path: `${path}?wsdl`, headers: withUser });
  const [, address] = /<soapbind:address location="([^"]*)"/.exec(wsdl.body) ?? [];
  say('the WSDL names the public address', address === publicUrl + path, address);
  const connection = openConnection(target);
  const first = await call(connection, { method: 'POST', path, headers: {}, body: cardCall });
  const second = await call(connection, { method: 'POST', path, headers: withUser, body: cardCall });
  connection.agent.destroy();
  say('401 and the call after it on one connection', first.status === 401 && second.isReused, second.isReused);
  const large = await call(target, { method: 'POST', path, headers: withUser, body: 'x'.repeat(3_000_000) });
  say('a request that is too large: 413', large.status === 413, large.status);
  for (const closed of ['/metrics', '/readyz', '/healthz', '/', '/trade/', '/other/ws/KKMTransfer']) {
    const { status } = await call(target, { method: 'GET', path: closed, headers: withUser });
    say(`${closed} is not published`, status === 404 || status === 403, status);
  }
  const login = await call(target, { method: 'GET', path: '/console/trade/login', headers: {} });
  say('the console, from here', login.status === 200, login.status);
}

async function tryOldHttp(name) {
  const socket = connect(ports.http, '127.0.0.1');
  // Not ended: nginx takes a client that has closed its half of the connection for one that has left.
  socket.write(
    `POST ${path} HTTP/1.0\r\nAuthorization: ${authorization}\r\nContent-Length: ${cardCall.length}\r\n\r\n${cardCall}`,
  );
  let text = '';
  for await (const chunk of socket) text += chunk;
  report.see(`${name}: HTTP/1.0 without a Host`, /^HTTP\/1\.[01] 200 /.test(text), text.slice(0, 300));
}

/** What the service is given, seen by a server in its place. */
async function tryHeaders(name) {
  const echo = createServer((request, response) => {
    response.end(JSON.stringify([request.url, request.headers]));
  }).listen(ports.service, '127.0.0.1');
  await once(echo, 'listening');
  for (const { scheme, target } of ways) {
    const given = { authorization, host: 'shop.example', 'x-forwarded-for': '203.0.113.9' };
    const { body } = await call(target, { method: 'GET', path: `${path}?wsdl`, headers: given });
    const [url, got] = JSON.parse(body);
    const found = [url, got.host, got.authorization, got['x-forwarded-for'], got['x-forwarded-proto']].join(' | ');
    const expected = [`${path}?wsdl`, 'shop.example', authorization, '203.0.113.9, 127.0.0.1', scheme].join(' | ');
    report.see(`${name}, ${scheme}: address, Host, Authorization, X-Forwarded-For, -Proto`, found === expected, found);
  }
  echo.close();
  echo.closeAllConnections();
  await once(echo, 'close');
}

async function tryProxy(name, command, kkm) {
  const stopProxy = await startProxy(command);
  try {
    const service = await kkm.serve();
    for (const way of ways) {
      await trySame(name, way);
      await tryOthers(name, way);
    }
    await tryOldHttp(name);
    await service.stop();
    const down = await call({ port: ports.http }, { method: 'POST', path, headers: withUser, body: cardCall });
    report.see(`${name}: without the service 502 or 503`, [502, 503].includes(down.status), down.status);
    const again = await kkm.serve();
    const up = await call({ port: ports.http }, { method: 'POST', path, headers: withUser, body: cardCall });
    report.see(`${name}: the first call after a restart`, up.status === 200, up.status);
    await again.stop();
    await tryHeaders(name);
  } finally {
    await stopProxy();
  }
}

try {
  mkdirSync(join(folder, 'ssl'));
  const key = ['-keyout', join(folder, 'ssl/privkey.pem'), '-out', join(folder, 'ssl/fullchain.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=shop.example'];
  execFileSync('openssl', ['req', ...kind, ...key], { stdio: 'ignore' });
  const settings = {
    KKM_DATA_DIR: join(folder, 'data'),
    KKM_PORT: String(ports.service),
    KKM_PUBLIC_URL: publicUrl,
  };
  const kkm = openKkm([process.execPath, join(process.cwd(), 'dist/src/cli.js')], settings, folder);
  fillInfobase(kkm);
  await tryProxy('nginx', writeNginx(), kkm);
  await tryProxy('Apache', writeApache(), kkm);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
report.end();
