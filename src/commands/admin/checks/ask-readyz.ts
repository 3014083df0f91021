// The answer of /readyz, as JSON text. Over TLS the certificate is not checked: it is made out to the name that tills use, and
// the question goes to this machine's own address.
import { once } from 'node:events';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';

/** @throws if nobody answers, and as `signal` says. */
export async function askReadyz(origin: string, signal: AbortSignal): Promise<string> {
  const options = { headers: { accept: 'application/json' }, signal };
  const address = `${origin}/readyz`;
  const request = origin.startsWith('https:')
    ? requestHttps(address, { ...options, agent: false, rejectUnauthorized: false })
    : requestHttp(address, { ...options, agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return text(response);
}
