// The server that all doors stand behind: HTTP/1.1, with TLS or without, and what it takes of bytes and time before a request
// is one.
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { writeTlsOptions } from './keep-tls.ts';
import type { LimitName, Limits } from './limit-counts.ts';
import { limitRequests, type Connection, type RequestLimitOptions } from './request-limit.ts';
import { readTlsFiles, type TlsFiles, type TlsPair } from './tls-files.ts';

export interface ServerLimits {
  /** Of all headers of a request together. */
  readonly headerBytes: number;
  readonly headerCount: number;
  /** From the connection, or the first byte, to the end of the headers. */
  readonly headerTimeoutMs: number;
  /** To the end of the body. */
  readonly requestTimeoutMs: number;
  /** How long a connection may stay open without a request. */
  readonly keepAliveMs: number;
}

export interface ServerPlace {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsFiles | undefined;
  readonly serverLimits: ServerLimits;
  /** Requests that are answered at once. */
  readonly requestLimit: number;
}

export interface Doors {
  readonly take: RequestListener;
  /** Answers a request that is beyond a limit. */
  readonly refuse: RequestLimitOptions['refuse'];
  readonly limits: Limits;
}

export interface OpenedServer {
  readonly http: Server;
  /** Set if it speaks TLS. */
  readonly tls: { readonly files: TlsFiles; readonly pair: TlsPair } | undefined;
}

/** Listens. @throws if it cannot, or if a file of TLS is wrong. */
export async function openServer(place: ServerPlace, doors: Doors): Promise<OpenedServer> {
  const { host, port, tls: files, serverLimits, requestLimit } = place;
  const { limits, refuse } = doors;
  const { headerCount } = serverLimits;
  const { take, find } = limitRequests(doors.take, { requestLimit, headerCount, limits, refuse });
  const tls = files === undefined ? undefined : { files, pair: await readPair(files) };
  const options = writeOptions(serverLimits);
  const http =
    tls === undefined
      ? createServer(options, take)
      : // HTTP/1.1 only: that is what 1C's own publication and its clients speak.
        createTlsServer({ ...options, ...writeTlsOptions(tls.pair), ALPNProtocols: ['http/1.1'] }, take);
  // Node drops headers beyond this in silence: one more is let in, so that it can be refused.
  http.maxHeadersCount = headerCount + 1;
  // Without a listener Node answers 417 to an Expect it does not know; clients fail on that, and 1C never sends it.
  http.on('checkExpectation', take);
  http.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    refuseClient(error, socket, find(socket), limits),
  );
  http.on('tlsClientError', ({ code = '' }: NodeJS.ErrnoException, socket: Socket) => {
    if (!goneCodes.includes(code)) limits.note('handshakes', socket.remoteAddress ?? '');
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
  return { http, tls };
}

/** Node looks at the time that requests take this often: a tenth of the shortest, and every five seconds at least. */
const longestLookMs = 5_000;

function writeOptions({ headerBytes, headerTimeoutMs, requestTimeoutMs, keepAliveMs }: ServerLimits): ServerOptions {
  return {
    noDelay: true,
    maxHeaderSize: headerBytes,
    headersTimeout: headerTimeoutMs,
    requestTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.min(longestLookMs, Math.ceil(headerTimeoutMs / 10)),
    keepAliveTimeout: keepAliveMs,
  };
}

/** The client has gone, as a balancer does that only looks whether somebody listens: that is no limit. */
const goneCodes = ['ECONNRESET', 'EPIPE'];

const refusals: Readonly<Record<string, readonly [limit: LimitName, status: string]>> = {
  HPE_HEADER_OVERFLOW: ['headerBytes', '431 Request Header Fields Too Large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['bodyBytes', '413 Payload Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: ['headerTime', '408 Request Timeout'],
};

/** As Node itself answers what it cannot read, and counted. */
function refuseClient(
  { code = '' }: NodeJS.ErrnoException,
  socket: Socket,
  connection: Connection | undefined,
  limits: Limits,
): void {
  const { active, response } = connection ?? { active: 0, response: undefined };
  if (!goneCodes.includes(code)) {
    const [limit, status] = refusals[code] ?? ['malformed', '400 Bad Request'];
    const isInBody = limit === 'headerTime' && response !== undefined;
    limits.note(isInBody ? 'requestTime' : limit, socket.remoteAddress ?? '');
    // Bytes after those of an answer that has begun would become a part of it.
    if (socket.writable && active <= 1 && response?.headersSent !== true) {
      socket.write(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    }
  }
  socket.destroy();
}

async function readPair(files: TlsFiles): Promise<TlsPair> {
  const read = await readTlsFiles(files);
  if (!read.ok) throw new Error(read.mistakes.join('; '));
  return read.pair;
}
