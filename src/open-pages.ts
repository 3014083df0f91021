// What the service shows besides its calls: its WSDL, its health, and 404 as a 1C publication shows it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Express } from 'express';
import type { Logger } from 'winston';
import { discardRest } from './request-body.ts';
import { publishHealth } from './http/health.ts';
import type { Metrics } from './http/metrics/open-metrics.ts';
import { publishMetrics, type MetricsAccess } from './http/metrics/publish-metrics.ts';
import type { Readiness } from './http/readiness.ts';
import { sendException } from './soap/door.ts';
import {
  discardBodies,
  publishContract,
  publishErrors,
  publishNotFound,
  type PublicationOptions,
} from './soap/publication.ts';

export type Take = (request: IncomingMessage, response: ServerResponse) => void;

/** What those who look after the service ask. */
export interface Watch {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly access: MetricsAccess;
}

function publishWatch(app: Express, { readiness, metrics, access }: Watch): void {
  publishHealth(app, readiness);
  publishMetrics(app, metrics, access);
}

/** Until the service takes calls: alive, but not ready. @param watch undefined until the infobases are open. */
export function openLobby(watch?: Watch): Take {
  const app = makeApp();
  if (watch === undefined) publishHealth(app, { state: 'starting', ask: async () => [] });
  else publishWatch(app, watch);
  app.use((_request, response) => sendException(response, 503, 'Сервис запускается, повторите позже'));
  return (request, response) => handOver(app, request, response);
}

/** A door on Express. */
interface MountedDoor {
  mount(app: Express): void;
}

/** What the service shows while it takes calls. */
export function openPages(
  watch: Watch,
  publication: PublicationOptions,
  doors: readonly MountedDoor[],
  log: Logger,
): Take {
  // Before what throws bodies away: their calls have them.
  const app = makeApp((own) => {
    for (const door of doors) door.mount(own);
  });
  publishWatch(app, watch);
  publishContract(app, publication);
  publishNotFound(app);
  publishErrors(app, (incident, reason) => log.error('defect', { incident, error: reason }));
  return (request, response) => handOver(app, request, response);
}

/** A request that no door has seen: too many are being answered, or it has too many headers. */
export function refuseBeyondLimit(request: IncomingMessage, response: ServerResponse, status: 431 | 503): void {
  discardRest(request);
  if (status === 431) {
    sendException(response, status, 'В запросе слишком много заголовков');
    return;
  }
  response.setHeader('Retry-After', '1');
  sendException(response, status, 'Сервис занят, повторите через 1 с');
}

function makeApp(mount: (app: Express) => void = () => undefined): Express {
  const app = express();
  app.enable('case sensitive routing').enable('strict routing').disable('x-powered-by').disable('etag');
  mount(app);
  return app.use(discardBodies);
}

function handOver(app: Express, request: IncomingMessage, response: ServerResponse): void {
  // Express itself would answer a target that is not an address, with a page.
  const refuse = (): void => sendException(response, 400, 'Адрес запроса неверен');
  app(request as express.Request, response as express.Response, refuse);
}
