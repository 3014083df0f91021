// Sends recorded requests over one kept-alive connection, with their recorded headers: what a till really sent is a part of
// the test, so only headers of the recording and those that HTTP requires are sent.
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { brotliDecompressSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';

import { isUnreadableXml, parseXml } from './canonical.ts';
import { decodeXml, findOwnEncoding } from './decode-xml.ts';
import type { Header, RecordedRequest } from './folder.ts';

export type Credentials = { readonly name: string; readonly password: string };

export type Reply = { readonly status: number; readonly contentType: string | null; readonly body: Buffer };

/** No reply, in words, is a result as well: the run continues with the next conversation. */
export type Answer = Reply | { readonly failure: string };

export type Connection = {
  readonly send: (recorded: RecordedRequest) => Promise<Answer>;
  readonly close: () => void;
};

export type OutgoingRequest = {
  readonly method: string;
  readonly url: URL;
  readonly headers: readonly Header[];
  readonly body: Buffer;
};

const servicePath = '/trade/ws/KKMTransfer.1cws';
const soap12Namespace = 'http://www.w3.org/2003/05/soap-envelope';
const replyLimitBytes = 64 * 1024 * 1024;
// Host and length belong to this connection, credentials to the operator; Expect would only wait for a 100.
const replacedHeaders = new Set(['host', 'content-length', 'authorization', 'expect']);

/** What is sent for a recorded request. A target without a path takes the recorded path, or the usual one. */
export function prepareRequest(
  recorded: RecordedRequest,
  target: URL,
  credentials: Credentials | null,
): OutgoingRequest {
  const kept = (recorded.headers ?? deriveHeaders(recorded.body)).filter(
    ([name]) => !replacedHeaders.has(name.toLowerCase()),
  );
  const valueOf = (wanted: string): string | undefined =>
    kept.find(([name]) => name.toLowerCase() === wanted)?.[1].toLowerCase();
  const isPacked = recorded.body[0] === 0x1f && recorded.body[1] === 0x8b;
  const body = valueOf('content-encoding') === 'gzip' && !isPacked ? gzipSync(recorded.body) : recorded.body;
  const headers: Header[] = [
    ['Host', target.host],
    ...kept.map(([name, value]): Header => [name, encodeHeader(value)]),
  ];
  if (credentials !== null) headers.push(['Authorization', formatBasic(credentials)]);
  const isBodiless = body.length === 0 && recorded.method !== 'POST';
  if (!isBodiless && valueOf('transfer-encoding') === undefined) headers.push(['Content-Length', String(body.length)]);
  return { method: recorded.method, url: chooseUrl(recorded, target), headers, body };
}

function chooseUrl(recorded: RecordedRequest, target: URL): URL {
  const url = new URL(target);
  const [path = servicePath, query] = (recorded.path ?? servicePath).split('?', 2);
  if (url.pathname === '/') url.pathname = path;
  if (query !== undefined && url.search === '') url.search = query;
  return url;
}

function deriveHeaders(body: Buffer): Header[] {
  if (body.length === 0) return [];
  const charset = findOwnEncoding(body) ?? 'utf-8';
  return [['Content-Type', `${isSoap12(body) ? 'application/soap+xml' : 'text/xml'}; charset=${charset}`]];
}

function isSoap12(body: Buffer): boolean {
  const decoded = decodeXml(body, null, true);
  if ('refused' in decoded) return false;
  try {
    return parseXml(decoded.text).namespace === soap12Namespace;
  } catch (error) {
    // A broken request may be recorded on purpose, for its fault.
    if (isUnreadableXml(error)) return decoded.text.includes(soap12Namespace);
    throw error;
  }
}

// Node writes headers as latin1: Cyrillic in a SOAPAction travels as its UTF-8 bytes, as tills send it.
function encodeHeader(value: string): string {
  const isLatin1 = Buffer.from(value, 'latin1').toString('latin1') === value;
  return isLatin1 ? value : Buffer.from(value, 'utf8').toString('latin1');
}

function formatBasic({ name, password }: Credentials): string {
  return `Basic ${Buffer.from(`${name}:${password}`, 'utf8').toString('base64')}`;
}

/** `timeoutMs` is for a whole exchange, connecting included. */
export function openConnection(target: URL, credentials: Credentials | null, timeoutMs: number): Connection {
  const isTls = target.protocol === 'https:';
  const agent = isTls
    ? new HttpsAgent({ keepAlive: true, maxSockets: 1 })
    : new HttpAgent({ keepAlive: true, maxSockets: 1 });
  const send = async (recorded: RecordedRequest): Promise<Answer> => {
    const { method, url, headers, body } = prepareRequest(recorded, target, credentials);
    const signal = AbortSignal.timeout(timeoutMs);
    return new Promise<Answer>((settle) => {
      const fail = (error: NodeJS.ErrnoException): void =>
        settle({
          failure: signal.aborted
            ? `no complete reply within ${timeoutMs} ms`
            : `no reply from ${url.origin}: ${error.code ?? 'the connection broke'}`,
        });
      const options = { method, agent, signal, headers: headers.flat() };
      try {
        const sent = (isTls ? httpsRequest : httpRequest)(url, options, (incoming) => collect(incoming, settle, fail));
        sent.on('error', fail).end(body);
      } catch (error) {
        // Node refuses header values that HTTP does not allow, at once.
        fail(error as NodeJS.ErrnoException);
      }
    });
  };
  return { send, close: () => agent.destroy() };
}

function collect(
  incoming: IncomingMessage,
  settle: (answer: Answer) => void,
  fail: (error: NodeJS.ErrnoException) => void,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  incoming.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= replyLimitBytes) chunks.push(chunk);
    else {
      settle({ failure: `the reply is longer than ${replyLimitBytes} bytes` });
      incoming.destroy();
    }
  });
  incoming.on('error', fail);
  incoming.on('end', () => {
    const body = unpack(Buffer.concat(chunks), incoming.headers['content-encoding']);
    if (body === null) settle({ failure: 'the reply cannot be unpacked' });
    else settle({ status: incoming.statusCode ?? 0, contentType: incoming.headers['content-type'] ?? null, body });
  });
}

function unpack(body: Buffer, encoding: string | undefined): Buffer | null {
  const limit = { maxOutputLength: replyLimitBytes };
  try {
    if (encoding === 'gzip') return gunzipSync(body, limit);
    if (encoding === 'deflate') return inflateSync(body, limit);
    if (encoding === 'br') return brotliDecompressSync(body, limit);
    return body;
  } catch {
    return null;
  }
}
