// What the service answers to all except its POSTs: the WSDL with the address that the client used, 405 for other methods,
// and 404 in 1C's form for addresses that are not published. These are rare, so Express serves them.
import { randomUUID } from 'node:crypto';
import type { Express, NextFunction, Request, Response } from 'express';
import { discardRest } from '../request-body.ts';
import { RequestCaller } from '../request-caller.ts';
import type { PeerReader } from '../peer.ts';
import { refuseLogin, sendException } from './door.ts';
import { loadSettings, servicePaths, type ServedInfobase } from './served-infobase.ts';

export interface PublicationOptions {
  readonly served: readonly ServedInfobase[];
  /** Scheme, host and port that clients see; undefined = as they asked. */
  readonly publicUrl: string | undefined;
  readonly peerOf: PeerReader;
}

/** Routes of the service itself; Express must be set to exact, case-sensitive paths. */
export function publishContract(app: Express, options: PublicationOptions): void {
  for (const served of options.served) {
    for (const path of servicePaths(served)) {
      app.all(spellPath(path), async (request, response) => {
        if (request.method !== 'GET' && request.method !== 'HEAD') {
          response.setHeader('Allow', 'GET, HEAD, POST');
          sendException(response, 405, 'Метод не поддерживается');
          return;
        }
        await answerGet(options, served, path, request, response);
      });
    }
  }
}

/** Clients write the codes of letters with capital or with small digits. */
function spellPath(path: string): string[] {
  return [...new Set([path, path.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())])];
}

/** No route of Express reads a body: the body of a request is dropped, within limits. */
export function discardBodies(request: Request, _response: Response, next: NextFunction): void {
  discardRest(request);
  next();
}

/** The last route: all that no other serves (wire H3, F4). */
export function publishNotFound(app: Express): void {
  app.use((request: Request, response: Response) => {
    sendException(response, 404, `Не найдена информационная база или сервис по адресу ${request.path.slice(0, 200)}`);
  });
}

/** An error of a route: a number for the caller, the rest for the log; never a page with a trace. */
export function publishErrors(app: Express, report: (incident: string, reason: unknown) => void): void {
  app.use((reason: unknown, _request: Request, response: Response, _next: NextFunction) => {
    const { status } = reason as { readonly status?: unknown };
    if (status === 400) {
      sendException(response, 400, 'Адрес запроса неверен');
      return;
    }
    const incident = randomUUID().slice(0, 8);
    report(incident, reason);
    sendException(response, 500, `Внутренняя ошибка сервиса, номер инцидента ${incident}`);
  });
}

async function answerGet(
  options: PublicationOptions,
  served: ServedInfobase,
  path: string,
  request: Request,
  response: Response,
): Promise<void> {
  const caller = new RequestCaller(request, response);
  const login = await served.credentials.identify(request.headers.authorization, caller, options.peerOf(request));
  if (login.visitor === undefined) {
    refuseLogin(response, login);
    return;
  }
  const query = request.url.includes('?') ? request.url.slice(request.url.indexOf('?') + 1) : '';
  if (!/^wsdl(?:[=&]|$)/i.test(query)) {
    sendException(response, 400, 'Для описания сервиса добавьте к адресу ?wsdl');
    return;
  }
  const address = (options.publicUrl ?? askedOrigin(request)) + path;
  const lineEnd = (await loadSettings(served)).lineEnds === 'lf' ? '\n' : '\r\n';
  const text = served.contract.wsdlAt(address, lineEnd);
  response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-8', 'Content-Length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}

/** A client of HTTP/1.0 may send no Host: then it is the address of its connection. */
function askedOrigin(request: Request): string {
  const { localAddress = '127.0.0.1', localPort = 80 } = request.socket;
  const here = localAddress.includes(':') ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;
  return `${request.secure ? 'https' : 'http'}://${request.headers.host ?? here}`;
}
