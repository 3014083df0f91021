// The console's door: /console/ on Express. It finds the session and the page, and shows an error page for what goes wrong.
import { randomUUID } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import helmet from 'helmet';
import { discardRest } from '../request-body.ts';
import type { PeerReader } from '../peer.ts';
import type { RequestReport } from '../request-report.ts';
import { answerPage } from './answer-page.ts';
import { publishAssets } from './assets.ts';
import { ConsoleRefusal, refuseConsole } from './console-refusal.ts';
import { keepRequest, requestOf, type ConsoleInfobase, type DoorState } from './console-request.ts';
import type { ConsoleServices } from './console-services.ts';
import { cookiesOf, languageCookie, sessionCookie, setCookie } from './cookies.ts';
import { showError } from './error-page.tsx';
import { openFormReader, type FormReader } from './form-reader.ts';
import { publishLogin } from './login.tsx';
import { pages } from './pages.ts';
import type { Language } from './say.ts';
import { sendHtml } from './send.ts';
import { openSessionStore } from './sessions.ts';

export interface ConsoleOptions {
  readonly served: readonly ConsoleInfobase[];
  readonly services: ConsoleServices;
  /** Whether the address that people use begins with https: something in front of the service ends their TLS. */
  readonly isPublishedByTls: boolean;
  /** Where files lie that a form has brought. */
  readonly fileFolder: string;
  readonly report: (request: RequestReport) => void;
  readonly peerOf: PeerReader;
  /** Sessions that a user may have at once, and what counts those that end for it. */
  readonly sessionLimit: number;
  readonly noteEndedSession: () => void;
  /** A steady count of milliseconds, for durations and for the end of sessions. */
  readonly readMs: () => number;
}

export interface ConsoleDoor {
  mount(app: Express): void;
  /** From now on requests are refused, and their connections closed. */
  shut(): void;
}

interface Door extends ConsoleOptions, DoorState {
  readonly forms: FormReader;
  isShut: boolean;
}

export function openConsole(options: ConsoleOptions): ConsoleDoor {
  const { readMs, sessionLimit: perUser, noteEndedSession: noteEnded } = options;
  const sessions = openSessionStore({ readMs, perUser, noteEnded });
  const door: Door = { ...options, sessions, forms: openFormReader(options.fileFolder), isShut: false };
  return {
    mount: (app) => void app.use('/console', openRouter(door)),
    shut() {
      door.isShut = true;
    },
  };
}

const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  // Whether the service is reached by TLS is for its publisher to say.
  strictTransportSecurity: false,
});

function openRouter(door: Door): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use((request, response, next) => begin(door, request, response, next));
  router.use(headers);
  publishAssets(router);
  router.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  const home = `/console/${door.served[0]?.infobase.name ?? ''}/`;
  router.get('/', (_request, response) => response.redirect(303, home));
  router.get('/language', (request, response) => chooseLanguage(request, response));
  for (const served of door.served) router.use(`/${served.infobase.name}`, openInfobase(door, served));
  router.use(() => {
    throw refuseConsole(404);
  });
  router.use((reason: unknown, request: Request, response: Response, _next: NextFunction) =>
    refuse(reason, request, response),
  );
  return router;
}

function openInfobase(door: Door, served: ConsoleInfobase): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const { name } = served.infobase;
  router.use((request, response, next) => {
    // "/console/trade", as people type it.
    if (request.originalUrl === `/console/${name}`) response.redirect(303, `/console/${name}/`);
    else next();
  });
  publishLogin(router, door, served);
  for (const page of pages) {
    const method = page.method === 'GET' ? 'get' : 'post';
    router[method](`/${page.path}`, (request, response) =>
      answerPage(door, { served, page, forms: door.forms, request, response }),
    );
  }
  return router;
}

function begin(door: Door, request: Request, response: Response, next: NextFunction): void {
  const startedMs = door.readMs();
  const report: RequestReport = {
    infobase: '',
    remote: door.peerOf(request).address,
    status: 0,
    requestBytes: Number(request.headers['content-length'] ?? 0),
    replyBytes: 0,
    durationMs: 0,
  };
  response.once('close', () => {
    report.status = response.headersSent ? response.statusCode : 0;
    report.durationMs = door.readMs() - startedMs;
    door.report(report);
  });
  const cookies = cookiesOf(request);
  const cookie = cookies.get(sessionCookie);
  const language: Language = cookies.get(languageCookie) === 'en' ? 'en' : 'ru';
  const isSecure = request.secure || door.isPublishedByTls;
  keepRequest(response, { report, language, cookie, session: door.sessions.find(cookie), isSecure });
  if (door.isShut) {
    response.setHeader('Connection', 'close');
    throw refuseConsole(503);
  }
  next();
}

function chooseLanguage(request: Request, response: Response): void {
  const { to, back } = request.query;
  setCookie(response, languageCookie, to === 'en' ? 'en' : 'ru', 365 * 24 * 3_600);
  // Only an address of the console: a link must not lead elsewhere.
  const isOwn = typeof back === 'string' && /^\/console\/[^\\]*$/.test(back);
  response.redirect(303, isOwn ? back : '/console/');
}

function refuse(reason: unknown, request: Request, response: Response): void {
  const { report, language } = requestOf(response);
  if (response.headersSent) {
    response.destroy();
    return;
  }
  let refusal = reason;
  if (!(refusal instanceof ConsoleRefusal)) {
    // What Express itself throws for an address that cannot be decoded.
    const isBadAddress = (reason as { readonly status?: unknown }).status === 400;
    const incident = randomUUID().slice(0, 8);
    if (!isBadAddress) report.defect = { incident, reason };
    refusal = isBadAddress ? refuseConsole(400) : refuseConsole(500, incident);
  }
  discardRest(request);
  const shown = refusal as ConsoleRefusal;
  report.replyBytes = sendHtml(response, shown.status, showError(shown, language));
}
