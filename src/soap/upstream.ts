// Operations that another base answers: the call goes there as it came, and its answer comes back as it is.
import { request as requestHttp, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

/** A request as it came. */
export interface SentRequest {
  /** Unpacked. */
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
}

export interface UntouchedReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The other base gave no answer. */
export class UpstreamSilent extends Error {}

/** What the other base needs of the caller: its name and password too, for the bases have the same users. */
const sentHeaders = ['content-type', 'soapaction', 'authorization', 'accept', 'user-agent', 'cookie', 'ibsession'];
const keptHeaders = ['content-type', 'www-authenticate', 'set-cookie'];
const replyLimitBytes = 64 * 1024 ** 2;

/** @throws UpstreamSilent if no whole answer came in time. */
export async function askUpstream(url: URL, timeoutMs: number, sent: SentRequest): Promise<UntouchedReply> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await send(url, sent, signal);
    const body = await readWhole(response);
    return { status: response.statusCode ?? 502, headers: pickHeaders(response.headers, keptHeaders), body };
  } catch (reason) {
    const why = signal.aborted ? `no answer in ${timeoutMs} ms` : (reason as Error).message;
    throw new UpstreamSilent(`${url.origin}: ${why}`, { cause: reason });
  }
}

function send(url: URL, { body, headers }: SentRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const own = { ...pickHeaders(headers, sentHeaders), 'content-length': String(body.length) };
  return new Promise((resolve, reject) => {
    // A connection of its own: one that is kept may be closed just then, and a call must not be sent a second time.
    const outgoing = request(url, { method: 'POST', headers: own, signal, agent: false }, resolve);
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function readWhole(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > replyLimitBytes) throw new Error(`the answer is longer than ${replyLimitBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function pickHeaders(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) picked[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return picked;
}
