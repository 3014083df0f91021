// The JSON door: /<infobase>/hs/discount/v1 on Express. It asks who calls, finds the endpoint, reads the input by its schemas
// and answers in JSON. Till POSTs over SOAP never come here: they are taken before Express.
import { randomUUID } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response, type Router } from 'express';
import { explainLogin, type Peer } from '../operations/admin/credentials.ts';
import {
  BodyCutShort,
  BodyPackedWrong,
  BodyTooLarge,
  describeTooLarge,
  discardRest,
  refuseLarge,
  restLimits,
} from '../request-body.ts';
import { RequestCaller } from '../request-caller.ts';
import type { PeerReader } from '../peer.ts';
import type { RequestReport } from '../request-report.ts';
import type { WorkTools } from '../works/work-tools.ts';
import { answerEndpoint } from './answer-endpoint.ts';
import { publishDocuments } from './documents.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { admitToInfobases, infobasesPath, listInfobases } from './infobases.ts';
import type { JsonCall, JsonInfobase } from './json-call.ts';
import { JsonRefusal, refuseHttp } from './json-refusal.ts';
import { jsonContentType, sendJson } from './send-json.ts';

export interface JsonDoorOptions {
  readonly served: readonly JsonInfobase[];
  readonly serviceVersion: string;
  readonly bodyLimitBytes: number;
  readonly report: (request: RequestReport) => void;
  readonly peerOf: PeerReader;
  /** A steady count of milliseconds, for durations only. */
  readonly readMs: () => number;
  /** For work that is not done within a request. */
  readonly tools: WorkTools;
}

export interface JsonDoor {
  mount(app: Express): void;
  /** From now on calls are refused, and their connections closed. */
  shut(): void;
}

interface DoorState extends JsonDoorOptions {
  isShut: boolean;
}

export const jsonBase = (infobase: string): string => `/${infobase}/hs/discount/v1`;

export function openJsonDoor(options: JsonDoorOptions): JsonDoor {
  const state: DoorState = { ...options, isShut: false };
  return {
    mount(app) {
      app.use(infobasesPath, openInfobases(state));
      for (const served of state.served) app.use(jsonBase(served.infobase.name), openRouter(state, served));
    },
    shut() {
      state.isShut = true;
    },
  };
}

function openInfobases(door: DoorState): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use((request, response, next) => {
    beginReport(door, '-', request, response);
    next();
  });
  router.get('/', async (request, response) => {
    const report = response.locals.report as RequestReport;
    report.operation = 'listInfobases';
    const { infobase, user } = await admitToInfobases(door.served, request, response);
    Object.assign(report, { infobase, user });
    report.replyBytes = sendJson(response, 200, await listInfobases(door.served));
  });
  router.use(() => {
    throw refuseHttp(405, 'Метод не поддерживается', { Allow: 'GET, HEAD' });
  });
  return router.use((reason: unknown, request: Request, response: Response, _next: NextFunction) =>
    refuse(door, reason, request, response),
  );
}

function openRouter(door: DoorState, served: JsonInfobase): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  router.use((request, response, next) => admit(door, served, request, response, next));
  publishDocuments(router, jsonBase(served.infobase.name), door.serviceVersion);
  for (const endpoint of endpoints) {
    const method = endpoint.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    router[method](writePath(endpoint), (request, response) => answerEndpoint(door, endpoint, request, response));
  }
  for (const [path, allowed] of listMethods(endpoints)) {
    router.all(path, () => {
      throw refuseHttp(405, 'Метод не поддерживается', { Allow: allowed });
    });
  }
  router.use((request) => {
    throw refuseHttp(404, `В этом сервисе нет адреса ${request.path.slice(0, 200)}`);
  });
  router.use((reason: unknown, request: Request, response: Response, _next: NextFunction) =>
    refuse(door, reason, request, response),
  );
  return router;
}

/** "cards/{cardNumber}" as Express writes it. */
function writePath({ path }: Endpoint): string {
  return `/${path.replace(/\{(\w+)\}/g, ':$1')}`;
}

function listMethods(all: readonly Endpoint[]): Map<string, string> {
  const methods = new Map<string, string[]>();
  for (const endpoint of all) {
    const path = writePath(endpoint);
    methods.set(path, [
      ...(methods.get(path) ?? []),
      ...(endpoint.method === 'GET' ? ['GET', 'HEAD'] : [endpoint.method]),
    ]);
  }
  // A path that is written out comes before one with a parameter, which would match it too.
  const paths = [...methods].toSorted(([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')));
  return new Map(paths.map(([path, list]) => [path, list.join(', ')]));
}

/** @param infobase of the request. @throws JsonRefusal (503) once the door is shut. */
function beginReport(door: DoorState, infobase: string, request: Request, response: Response): RequestReport {
  const startedMs = door.readMs();
  const peer = door.peerOf(request);
  response.locals.peer = peer;
  const report: RequestReport = {
    infobase,
    remote: peer.address,
    status: 0,
    requestBytes: 0,
    replyBytes: 0,
    durationMs: 0,
  };
  response.once('close', () => {
    report.status = response.headersSent ? response.statusCode : 0;
    report.durationMs = door.readMs() - startedMs;
    door.report(report);
  });
  response.locals.report = report;
  if (door.isShut) {
    response.setHeader('Connection', 'close');
    throw refuseHttp(503, 'Сервис останавливается, повторите позже');
  }
  return report;
}

async function admit(
  door: DoorState,
  served: JsonInfobase,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  const report = beginReport(door, served.infobase.name, request, response);
  const { peer } = response.locals as { peer: Peer };
  const caller = new RequestCaller(request, response);
  const login = await served.credentials.identify(request.headers.authorization, caller, peer);
  const { visitor } = login;
  if (visitor === undefined) {
    // The client left while its password waited to be checked.
    if (request.socket.destroyed) return;
    const { status, text, headers } = explainLogin(login);
    throw refuseHttp(status, text, headers);
  }
  report.user = visitor.name;
  response.locals.call = { served, report, visitor } satisfies JsonCall;
  next();
}

/** The error form for whatever a route throws. */
function refuse(door: DoorState, reason: unknown, request: Request, response: Response): void {
  const report = response.locals.report as RequestReport;
  if (reason instanceof BodyCutShort || response.headersSent) {
    response.destroy();
    return;
  }
  if (reason instanceof BodyTooLarge) {
    const text = JSON.stringify({ code: 413, text: describeTooLarge(door.bodyLimitBytes) });
    report.code = 413;
    refuseLarge(request, response, { contentType: jsonContentType, text });
    return;
  }
  const refusal = toRefusal(reason, report);
  report.code = refusal.body.code;
  discardRest(request, { ...restLimits, bytes: door.bodyLimitBytes });
  response.set(refusal.headers);
  report.replyBytes = sendJson(response, refusal.status, refusal.body);
}

function toRefusal(reason: unknown, report: RequestReport): JsonRefusal {
  if (reason instanceof JsonRefusal) return reason;
  if (reason instanceof BodyPackedWrong) return refuseHttp(400, reason.message);
  // What Express itself throws for an address that cannot be decoded.
  if ((reason as { readonly status?: unknown }).status === 400) return refuseHttp(400, 'Адрес запроса неверен');
  const incident = randomUUID().slice(0, 8);
  report.defect = { incident, reason };
  return refuseHttp(500, `Внутренняя ошибка сервиса, номер инцидента ${incident}`);
}
