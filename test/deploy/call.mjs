// One HTTP call as a till makes it: headers as they are given, the body as bytes, nothing unpacked.
import { Agent, request as requestHttp } from 'node:http';
import { Agent as TlsAgent, request as requestHttps } from 'node:https';

/** A target whose calls use one connection. */
export function openConnection(target) {
  const options = { keepAlive: true, maxSockets: 1 };
  return { ...target, agent: target.isTls ? new TlsAgent(options) : new Agent(options) };
}

export function call({ port, isTls, agent }, { method, path, headers, body }) {
  return new Promise((resolve, reject) => {
    // The certificate is one that the try has made for itself.
    const options = { host: '127.0.0.1', port, method, path, headers, agent, rejectUnauthorized: false };
    const request = (isTls ? requestHttps : requestHttp)(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
          isReused: request.reusedSocket,
        }),
      );
    });
    request.on('error', reject);
    if (headers?.expect !== undefined) {
      request.flushHeaders();
      request.on('continue', () => request.end(body));
    } else {
      if (body !== undefined && headers?.['transfer-encoding'] === undefined) {
        request.setHeader('Content-Length', Buffer.byteLength(body));
      }
      request.end(body);
    }
  });
}
