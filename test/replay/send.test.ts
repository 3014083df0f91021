// What goes over the wire for a recorded request, and what comes of replies that do not come, or come packed.
import { gunzipSync, gzipSync } from 'node:zlib';

import type { RecordedRequest } from '../../src/replay/folder.ts';
import { openConnection, prepareRequest } from '../../src/replay/send.ts';
import { findHeader, startPeer } from './peer.ts';

const target = new URL('http://kassa.example:8080/shop2/ws/KKMTransfer');
const soap11 = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"/>';
const soap12 = '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"/>';

function recordedOf(body: string | Buffer, more: Partial<RecordedRequest> = {}): RecordedRequest {
  return { method: 'POST', path: null, headers: null, body: Buffer.from(body as string), ...more };
}

test.each<[string, string | Buffer, string]>([
  ['SOAP 1.1', soap11, 'text/xml; charset=utf-8'],
  ['SOAP 1.2', soap12, 'application/soap+xml; charset=utf-8'],
  ['broken SOAP 1.2', soap12.slice(0, -2), 'application/soap+xml; charset=utf-8'],
  ['no XML', 'hello', 'text/xml; charset=utf-8'],
  ['windows-1251', `<?xml version="1.0" encoding="windows-1251"?>${soap11}`, 'text/xml; charset=windows-1251'],
  ['UTF-16', Buffer.from(`\uFEFF${soap12}`, 'utf16le'), 'application/soap+xml; charset=utf-16le'],
])('Content-Type without headers.json: %s', (_case, body, contentType) => {
  const { headers } = prepareRequest(recordedOf(body), target, null);
  expect(headers.map(([name]) => name)).toEqual(['Host', 'Content-Type', 'Content-Length']);
  expect(headers[1]?.[1]).toBe(contentType);
});

test('recorded headers go as they are, but for those of the connection and the credentials', () => {
  const headers: [string, string][] = [
    ['host', 'old.example'],
    ['Accept', 'text/xml'],
    ['Accept', 'multipart/*'],
    ['EXPECT', '100-continue'],
    ['authorization', 'Basic b2xk'],
    ['Content-Length', '5'],
    ['content-type', 'text/xml'],
    ['SOAPAction', '"#KKMTransfer:Карта"'],
  ];
  const sent = prepareRequest(recordedOf(soap11, { headers }), target, { name: 'Кассир', password: 'а:б' });
  expect(sent.headers).toEqual([
    ['Host', 'kassa.example:8080'],
    ['Accept', 'text/xml'],
    ['Accept', 'multipart/*'],
    ['content-type', 'text/xml'],
    ['SOAPAction', Buffer.from('"#KKMTransfer:Карта"').toString('latin1')],
    ['Authorization', `Basic ${Buffer.from('Кассир:а:б').toString('base64')}`],
    ['Content-Length', String(soap11.length)],
  ]);
});

test.each([
  ['http://h/shop2/ws/X', '/trade/ws/X.1cws?wsdl', 'http://h/shop2/ws/X?wsdl'],
  ['http://h/shop2/ws/X?a', '/trade/ws/X.1cws?wsdl', 'http://h/shop2/ws/X?a'],
  ['http://h', '/trade/ws/X.1cws?wsdl', 'http://h/trade/ws/X.1cws?wsdl'],
  ['http://h/', null, 'http://h/trade/ws/KKMTransfer.1cws'],
  ['http://h/shop2/ws/X', null, 'http://h/shop2/ws/X'],
])('target %s, recorded path %s: %s', (given, path, url) => {
  expect(prepareRequest(recordedOf(soap11, { path }), new URL(given), null).url.href).toBe(url);
});

test('a body recorded as gzip is packed again, once', () => {
  const headers: [string, string][] = [['Content-Encoding', 'gzip']];
  const packed = gzipSync(soap11);
  expect(gunzipSync(prepareRequest(recordedOf(soap11, { headers }), target, null).body).toString()).toBe(soap11);
  expect(prepareRequest({ ...recordedOf('', { headers }), body: packed }, target, null).body).toBe(packed);
});

test('GET without a body, chunks where they were recorded, one connection for all', async () => {
  const peer = await startPeer(() => ({ body: '<a/>' }));
  const connection = openConnection(new URL(peer.origin), null, 10_000);
  try {
    const chunked: [string, string][] = [['Transfer-Encoding', 'chunked']];
    await connection.send(recordedOf('', { method: 'GET', path: '/trade/ws/X?wsdl', headers: [] }));
    await connection.send(recordedOf(soap11, { headers: chunked }));
    await connection.send(recordedOf(soap11));
  } finally {
    connection.close();
    await peer.close();
  }
  const [get, chunks, plain] = peer.seen;
  expect(peer.seen.map(({ method, url, body }) => [method, url, body.toString()])).toEqual([
    ['GET', '/trade/ws/X?wsdl', ''],
    ['POST', '/trade/ws/KKMTransfer.1cws', soap11],
    ['POST', '/trade/ws/KKMTransfer.1cws', soap11],
  ]);
  expect([findHeader(get, 'content-length'), findHeader(get, 'transfer-encoding')]).toEqual([undefined, undefined]);
  expect([findHeader(chunks, 'content-length'), findHeader(chunks, 'transfer-encoding')]).toEqual([
    undefined,
    'chunked',
  ]);
  expect(findHeader(plain, 'content-length')).toBe(String(soap11.length));
  expect(new Set(peer.seen.map(({ port }) => port)).size).toBe(1);
});

test('packed replies are unpacked, broken ones fail', async () => {
  const gzip = { 'Content-Encoding': 'gzip' };
  const replies = [
    { body: gzipSync('<a/>'), headers: gzip },
    { body: 'not gzip', headers: gzip },
  ];
  const peer = await startPeer((_request, index) => replies[index] ?? null);
  const connection = openConnection(new URL(peer.origin), null, 10_000);
  try {
    expect(await connection.send(recordedOf(soap11))).toMatchObject({ status: 200, body: Buffer.from('<a/>') });
    expect(await connection.send(recordedOf(soap11))).toEqual({ failure: 'the reply cannot be unpacked' });
  } finally {
    connection.close();
    await peer.close();
  }
});

test('no reply in time, a reply cut short, nobody there', async () => {
  const peer = await startPeer((_request, index) =>
    index === 0 ? null : { body: '<a', headers: { 'Content-Length': '9' } },
  );
  const { origin } = peer;
  const impatient = openConnection(new URL(origin), null, 50);
  const patient = openConnection(new URL(origin), null, 10_000);
  try {
    expect(await impatient.send(recordedOf(soap11))).toEqual({ failure: 'no complete reply within 50 ms' });
    const cut = patient.send(recordedOf(soap11));
    await waitFor(() => peer.seen.length === 2);
    await peer.close();
    expect(await cut).toEqual({ failure: `no reply from ${origin}: ECONNRESET` });
    expect(await patient.send(recordedOf(soap11))).toEqual({ failure: `no reply from ${origin}: ECONNREFUSED` });
  } finally {
    impatient.close();
    patient.close();
  }
});

async function waitFor(isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    await new Promise((turn) => {
      setImmediate(turn);
    });
  }
}
