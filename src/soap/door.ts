// The front door: takes the service's POSTs by a plain comparison of the path, before Express (which would take four fifths
// of the throughput of bare HTTP), checks credentials, reads the body within its limits and answers.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../ledger/settings.ts';
import { chooseZonedReading } from '../operations/zoned-dates.ts';
import type { SoapVersion } from './contract/soap-version.ts';
import type { LineEnd } from './contract/writer.ts';
import { UnreadableRequest } from './contract/unreadable-request.ts';
import {
  ArrivingBody,
  BodyCutShort,
  BodyPackedWrong,
  BodyTooLarge,
  describeTooLarge,
  discardRest,
  takeSmallBody,
  refuseLarge,
  restLimits,
  type RestLimits,
} from '../request-body.ts';
import { RequestCaller } from '../request-caller.ts';
import type { PeerReader } from '../peer.ts';
import type { CallReport, RequestReport } from '../request-report.ts';
import { explainLogin, type Login, type Peer } from '../operations/admin/credentials.ts';
import { decodeBody } from './decode.ts';
import { exceptionContentType, writeException } from './faults.ts';
import { refuseMultipart } from './refuse-multipart.ts';
import { loadSettings, servicePaths, type ServedInfobase } from './served-infobase.ts';
import type { SoapReply } from './server.ts';
import type { SentRequest, UntouchedReply } from './upstream.ts';

export interface DoorOptions {
  readonly served: readonly ServedInfobase[];
  readonly serviceVersion: string;
  readonly bodyLimitBytes: number;
  readonly report: (request: RequestReport) => void;
  readonly peerOf: PeerReader;
  /** A steady count of milliseconds, for durations only. */
  readonly readMs: () => number;
}

export interface Door {
  /** @returns whether the request was the service's. */
  take(request: IncomingMessage, response: ServerResponse): boolean;
  /** Answers the text of a request again, as if it had come a second time; its report is not for the log. */
  repeat(served: ServedInfobase, text: string): Promise<RequestReport>;
  /** From now on calls are refused, and their connections closed. */
  shut(): void;
}

/** The options, and whether the door has been shut since. */
interface DoorState extends DoorOptions {
  /** Limit of the body of a refused request: a client that asks first without credentials sends a whole call. */
  readonly rest: RestLimits;
  isShut: boolean;
}

/** A5: these spellings and no others. */
const contentTypes: Readonly<Record<SoapVersion, string>> = {
  '1.1': 'text/xml; charset=utf-8',
  '1.2': 'application/soap+xml; charset=utf-8',
};

export function openDoor(options: DoorOptions): Door {
  const byPath = new Map<string, ServedInfobase>();
  for (const served of options.served) {
    for (const path of servicePaths(served)) byPath.set(path, served);
  }
  const rest = { ...restLimits, bytes: options.bodyLimitBytes };
  const state: DoorState = { ...options, rest, isShut: false };
  return {
    take(request, response) {
      if (request.method !== 'POST') return false;
      const path = findPath(request.url ?? '');
      const served = byPath.get(path);
      if (served === undefined) return false;
      if (state.isShut) refuseWhileStopping(request, response);
      else void answerCall(state, served, path, request, response);
      return true;
    },
    async repeat(served, text) {
      const startedMs = state.readMs();
      const report = openReport(served, '');
      const sent = { body: Buffer.from(text), headers: {} };
      const reply = await answerText(state, served, text, sent, report, await loadSettings(served));
      report.status = reply.status;
      report.durationMs = state.readMs() - startedMs;
      report.envelope = { request: text, replyOctets: reply.octets };
      return report;
    },
    shut() {
      state.isShut = true;
    },
  };
}

/** The path of a request's target; a client that is configured for a proxy sends the full address, with the host. */
function findPath(target: string): string {
  const start = target.startsWith('/') ? 0 : Math.max(0, target.indexOf('/', target.indexOf('://') + 3));
  const query = target.indexOf('?', start);
  const path = target.slice(start, query === -1 ? undefined : query);
  return path.includes('%') ? path.replace(/%[0-9a-f]{2}/gi, (code) => code.toUpperCase()) : path;
}

function openReport({ infobase }: ServedInfobase, remote: string): RequestReport {
  return { infobase: infobase.name, remote, status: 0, requestBytes: 0, replyBytes: 0, durationMs: 0 };
}

async function answerCall(
  door: DoorState,
  served: ServedInfobase,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const startedMs = door.readMs();
  const peer = door.peerOf(request);
  const report = openReport(served, peer.address);
  try {
    await admit(door, served, path, request, response, report, peer);
  } catch (reason) {
    if (reason instanceof BodyCutShort) response.destroy();
    else if (reason instanceof BodyTooLarge) {
      const text = writeException(413, describeTooLarge(door.bodyLimitBytes));
      refuseLarge(request, response, { contentType: exceptionContentType, text });
    } else {
      const incident = randomUUID().slice(0, 8);
      report.defect = { incident, reason };
      sendException(response, 500, `Внутренняя ошибка сервиса, номер инцидента ${incident}`);
    }
  }
  report.status = response.headersSent ? response.statusCode : 0;
  report.durationMs = door.readMs() - startedMs;
  door.report(report);
}

async function admit(
  door: DoorState,
  served: ServedInfobase,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  report: RequestReport,
  peer: Peer,
): Promise<void> {
  const early = takeSmallBody(request, door.bodyLimitBytes);
  const caller = new RequestCaller(request, response);
  const login = await served.credentials.identify(request.headers.authorization, caller, peer);
  const { visitor } = login;
  if (visitor === undefined || visitor.role === 'auditor') {
    // The client left while its password waited to be checked.
    if (request.socket.destroyed) return;
    // Clients that ask first without credentials keep using the connection, so their body is read to its end.
    discardRest(request, door.rest);
    if (visitor === undefined) refuseLogin(response, login);
    else sendException(response, 403, 'Недостаточно прав');
    return;
  }
  report.user = visitor.name;
  // To know the caller, the door has just looked at the revision.
  const settings = served.infobase.knownSettings ?? (await loadSettings(served));
  if (settings.reuseSessions === 'use' && !meetSession(served, visitor.name, path, request, response)) {
    discardRest(request, door.rest);
    return;
  }
  const arriving = early ?? new ArrivingBody(request, door.bodyLimitBytes);
  const reply = await answerBody(door, served, request, arriving, report, settings);
  // An open connection would make a service that stops wait for its client.
  if (door.isShut) response.setHeader('Connection', 'close');
  if (reply.untouched !== undefined) {
    writeUntouched(response, reply.untouched, report);
    return;
  }
  const bytes = reply.octets.length;
  report.replyBytes = bytes;
  response.writeHead(reply.status, { 'Content-Type': contentTypes[reply.version], 'Content-Length': bytes });
  // Node puts the head before it, and writes both at once.
  response.end(reply.octets, 'latin1');
}

function writeUntouched(
  response: ServerResponse,
  { status, headers, body }: UntouchedReply,
  report: RequestReport,
): void {
  report.replyBytes = body.length;
  response.writeHead(status, { ...headers, 'Content-Length': body.length });
  response.end(body);
}

async function answerBody(
  options: DoorOptions,
  served: ServedInfobase,
  request: IncomingMessage,
  arriving: ArrivingBody,
  report: RequestReport,
  settings: Settings,
): Promise<SoapReply> {
  try {
    const body = await arriving.read();
    report.requestBytes = body.length;
    const contentType = request.headers['content-type'];
    refuseMultipart(body, contentType);
    const text = decodeBody(body, contentType);
    const sent = { body, headers: request.headers };
    const reply = await answerText(options, served, text, sent, report, settings);
    report.envelope = { request: text, replyOctets: reply.octets };
    return reply;
  } catch (reason) {
    const unreadable = reason instanceof BodyPackedWrong ? new UnreadableRequest(reason.message) : reason;
    if (unreadable instanceof UnreadableRequest) {
      return served.server.refuse(unreadable, { lineEnd: lineEndOf(settings), report });
    }
    throw reason;
  }
}

function answerText(
  { serviceVersion }: DoorOptions,
  { infobase, clock, server }: ServedInfobase,
  text: string,
  sent: SentRequest,
  report: CallReport,
  settings: Settings,
): Promise<SoapReply> {
  const readZoned = chooseZonedReading(infobase, settings);
  const lineEnd = lineEndOf(settings);
  return server.answer(text, { infobase, now: clock.now(), serviceVersion, lineEnd, readZoned, report, sent });
}

function lineEndOf({ lineEnds }: Settings): LineEnd {
  return lineEnds === 'lf' ? '\n' : '\r\n';
}

/** @returns whether the call may go on. */
function meetSession(
  served: ServedInfobase,
  user: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const ibSession = request.headers.ibsession;
  const answer = served.sessions.meet(
    user,
    typeof ibSession === 'string' ? ibSession : undefined,
    request.headers.cookie,
    path,
  );
  if (answer.setCookie !== undefined) response.setHeader('Set-Cookie', answer.setCookie);
  if (answer.status === 200) return true;
  sendException(response, answer.status, answer.status === 400 ? 'Сеанс не найден' : 'Нет свободных сеансов');
  return false;
}

function refuseWhileStopping(request: IncomingMessage, response: ServerResponse): void {
  request.resume();
  response.setHeader('Connection', 'close');
  sendException(response, 503, 'Сервис останавливается, повторите позже');
}

/** An unknown caller is asked for a name and a password; a caller whose password must wait for its check learns how long. */
export function refuseLogin(response: ServerResponse, login: Login): void {
  const { status, text, headers } = explainLogin(login);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  sendException(response, status, text);
}

export function sendException(response: ServerResponse, status: number, description: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const text = writeException(status, description);
  response.writeHead(status, { 'Content-Type': exceptionContentType, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}
