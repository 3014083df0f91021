// Wiring of `serve`: configuration, infobases, contract and doors become one running service, and stop as one.
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import express, { type Express } from 'express';
import type { Logger } from 'winston';
import { clockOf, systemClock, type Clock } from './clock.ts';
import { databaseFile, type Config } from './config.ts';
import { fitConnectionLimit, limitConnections, readDescriptorLimit } from './http/connection-limit.ts';
import { makeDataFolder } from './data-folder.ts';
import { countFailedLogins, type FailedLogins } from './failed-logins.ts';
import { publishHealth } from './http/health.ts';
import { watchReadiness, type Readiness } from './http/readiness.ts';
import { ExchangeJob, locateExchange } from './jobs/exchange/exchange-job.ts';
import { NightJob } from './jobs/night/night-job.ts';
import { ServiceNoticeJob } from './jobs/service-notice.ts';
import type { LogPeriod, RunLater } from './log-period.ts';
import { maskCardNumber, openRequestLog } from './log.ts';
import type { AnnouncedJob } from './operations/admin/announce-service.ts';
import { Infobase, type InfobaseOptions } from './operations/infobase.ts';
import { makeFirstUsers } from './operations/admin/make-first-users.ts';
import { openPasswordChecks, type PasswordChecks } from './operations/admin/password-checks.ts';
import type { ShiftFileReader } from './operations/exchange/shift-file.ts';
import { packageRoot } from './paths.ts';
import { keepCredentials, type FailedLogin } from './soap/credentials.ts';
import { openDoor, sendException, type RequestReport } from './soap/door.ts';
import { loadContractFolder, type LoadedContract } from './soap/load-contract-folder.ts';
import {
  discardBodies,
  publishContract,
  publishErrors,
  publishNotFound,
  type PublicationOptions,
} from './soap/publication.ts';
import type { ServedInfobase } from './soap/served-infobase.ts';
import { openSoapServer } from './soap/server.ts';
import { keepSessions } from './soap/sessions.ts';
import { openShiftFileReader } from './soap/shift-file-reader.ts';

export interface RunningService {
  /** "http://127.0.0.1:8080" */
  readonly origin: string;
  readonly infobases: readonly Infobase[];
  /** Takes no new calls, answers those begun, drains the commit queue, closes the databases. */
  stop(): Promise<void>;
}

/** How an answered call may end a connection that a client keeps open: it is not waited for longer than this. */
const stopTimeoutMs = 10_000;

export interface ServeOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Shows the operator what must not go to the log: passwords, once. A line has been shown once it resolves. */
  readonly tell: (line: string) => void | Promise<void>;
  /** The clock of ordinary infobases; the machine's in their time zone unless a test lends another. */
  readonly clock?: Clock;
  /** That of `config.contractDir`, where it has been loaded already. */
  readonly contract?: LoadedContract;
  /** Aborts where the service is asked to stop before it has started: nights end early, and no users are made. */
  readonly stopping?: AbortSignal;
}

/** A core is left to the calls of tills that are logged in. */
const passwordChecksAtOnce = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Some seconds of checks: who would wait longer is better told so. */
const waitingStrangers = 64;

const runLater: RunLater = (run, ms) => void setTimeout(run, ms).unref();

/** A steady count of milliseconds: durations and time-outs of the process, never the infobase's time. */
const readMs = (): number => performance.now();

type Take = (request: IncomingMessage, response: ServerResponse) => void;

/** @throws where it cannot start; then nothing of it is left open. */
export async function serve(options: ServeOptions): Promise<RunningService> {
  const { config, log } = options;
  const { contract, binding } = options.contract ?? loadContractFolder(config.contractDir);
  const server = await openSoapServer(contract, binding);
  let take = openLobby();
  // Before anything is opened, run or shown: where the port is taken, another service is likely to be at the same files.
  const http = await listen(config, (request, response) => take(request, response));
  const failedLogins = countFailedLogins((line) => log.warn('failed logins', line), runLater);
  const refusals = limitConnectionsOf(http, config, log);
  const served: ServedInfobase[] = [];
  try {
    const checks = openPasswordChecks({ atOnce: passwordChecksAtOnce, waitingStrangers });
    for (const name of config.infobases) served.push(await openInfobase(options, name, checks, failedLogins));
    const nights = prepareNights(config, served, log);
    const exchange = prepareExchange(config, served, log, () => openShiftFileReader(contract, binding));
    const notice = prepareNotice(config, served, log);
    await prepareInfobases(options, served, nights);
    const { serviceName } = contract;
    const door = openDoor({
      served,
      serviceName,
      serviceVersion: readVersion(),
      server,
      bodyLimitBytes: config.bodyLimitBytes,
      report: reportRequests(log),
      readMs,
    });
    const readiness = openReadiness(config, served, nights, log);
    const app = publish(readiness, { served, contract, publicUrl: config.publicUrl }, log);
    const origin = findOrigin(http);
    // Asked to stop meanwhile, it may have left nights for the next start: then it takes no calls.
    if (options.stopping?.aborted !== true) {
      take = (request, response) => {
        if (!door.take(request, response)) handOver(app, request, response);
      };
      nights.start();
      exchange?.start();
      notice.start();
      log.info('ready', { origin, infobases: config.infobases, contract: config.contractDir });
    }
    const jobs = [nights, notice, ...(exchange === undefined ? [] : [exchange])];
    const parts = { http, readiness, door, jobs, served, log };
    let stopping: Promise<void> | undefined;
    return {
      origin,
      infobases: served.map(({ infobase }) => infobase),
      stop() {
        failedLogins.end();
        refusals.end();
        stopping ??= stopService(parts);
        return stopping;
      },
    };
  } catch (reason) {
    failedLogins.end();
    refusals.end();
    http.close();
    http.closeAllConnections();
    for (const { infobase } of served) await infobase.close();
    throw reason;
  }
}

/** Until the service takes calls: alive, but not ready. */
function openLobby(): Take {
  const app = makeApp();
  publishHealth(app, { state: 'starting', ask: async () => [] });
  app.use((_request, response) => sendException(response, 503, 'Сервис запускается, повторите позже'));
  return (request, response) => handOver(app, request, response);
}

function publish(readiness: Readiness, publication: PublicationOptions, log: Logger): Express {
  const app = makeApp();
  publishHealth(app, readiness);
  publishContract(app, publication);
  publishNotFound(app);
  publishErrors(app, (incident, reason) => log.error('defect', { incident, error: reason }));
  return app;
}

function makeApp(): Express {
  const app = express();
  app.enable('case sensitive routing').enable('strict routing').disable('x-powered-by').disable('etag');
  return app.use(discardBodies);
}

function handOver(app: Express, request: IncomingMessage, response: ServerResponse): void {
  // A target that is no address Express would answer by itself, with a page.
  const refuse = (): void => sendException(response, 400, 'Адрес запроса неверен');
  app(request as express.Request, response as express.Response, refuse);
}

async function openInfobase(
  { config, clock }: ServeOptions,
  name: string,
  checks: PasswordChecks,
  failedLogins: FailedLogins,
): Promise<ServedInfobase> {
  await makeDataFolder(config.dataDir);
  const infobase = await Infobase.open(describeInfobase(config, name));
  const own = clockOf(infobase, clock ?? systemClock(config.timeZone));
  const report = (failed: FailedLogin): void => failedLogins.note({ infobase: name, ...failed });
  const credentials = keepCredentials(infobase, { readMs, checks, report });
  return { infobase, clock: own, credentials, sessions: keepSessions(readMs) };
}

/** What comes before new work: the nights that were missed (domain 5); last of all, for it is shown once, the users. */
async function prepareInfobases(
  options: ServeOptions,
  served: readonly ServedInfobase[],
  nights: NightJob,
): Promise<void> {
  const { stopping } = options;
  const stop = (): void => void nights.stop();
  stopping?.addEventListener('abort', stop);
  try {
    await nights.catchUp();
  } finally {
    stopping?.removeEventListener('abort', stop);
  }
  for (const { infobase, clock } of served) {
    if (stopping?.aborted !== true) await welcome(infobase, options, clock);
  }
}

function limitConnectionsOf(http: Server, { connectionLimit: asked }: Config, log: Logger): LogPeriod {
  const descriptors = readDescriptorLimit();
  const limit = fitConnectionLimit(asked, descriptors);
  if (limit < asked) log.warn('few file descriptors', { descriptors, connections: limit, asked });
  return limitConnections(http, limit, (line) => log.warn('connections refused', line), runLater);
}

function describeInfobase(config: Config, name: string): InfobaseOptions {
  const { hasSubscription, timeZone, holdTimeout } = config;
  return { name, file: databaseFile(config, name), hasSubscription, timeZone, defaults: { holdTimeout } };
}

function prepareNights(config: Config, served: readonly ServedInfobase[], log: Logger): NightJob {
  const { nightSchedule: schedule, timeZone } = config;
  const bases = served.map(({ infobase, clock }) => {
    return { infobase, clock, options: describeInfobase(config, infobase.name) };
  });
  return new NightJob({ bases, schedule, timeZone, log });
}

/** Undefined where there is no exchange folder. */
function prepareExchange(
  config: Config,
  served: readonly ServedInfobase[],
  log: Logger,
  openReader: () => ShiftFileReader,
): ExchangeJob | undefined {
  const { exchangeDir: folder, exchangeSchedule: schedule, infobases, timeZone } = config;
  if (folder === undefined) return undefined;
  return new ExchangeJob({ bases: served, infobases, folder, schedule, timeZone, reader: openReader(), log });
}

/** What `kkm jobs` shows beside this service, whose settings it does not have. */
function prepareNotice(config: Config, served: readonly ServedInfobase[], log: Logger): ServiceNoticeJob {
  const { nightSchedule, exchangeDir, exchangeSchedule, timeZone } = config;
  const listExchange = (name: string): Omit<AnnouncedJob, 'job'> =>
    exchangeDir === undefined
      ? { schedule: null, folder: null }
      : { schedule: exchangeSchedule.cron, folder: locateExchange(exchangeDir, config.infobases, name) };
  const listJobs = ({ name }: Infobase): readonly AnnouncedJob[] => [
    { job: 'night', schedule: nightSchedule.cron, folder: null },
    { job: 'exchange', ...listExchange(name) },
  ];
  return new ServiceNoticeJob({ infobases: served.map(({ infobase }) => infobase), listJobs, timeZone, log });
}

/** An infobase without users is new: its first users are made, and their passwords shown once. */
async function welcome(infobase: Infobase, { config, log, tell }: ServeOptions, clock: Clock): Promise<void> {
  const { name } = infobase;
  const admin = { name: config.adminUser, password: config.adminPassword };
  const { made, unseen, isOvertaken, trouble } = await makeFirstUsers(infobase, clock.now(), admin, async (users) => {
    for (const user of users) {
      const password = user.password ?? 'as given in KKM_ADMIN_PASSWORD';
      await tell(`infobase ${name}: user ${user.name} (${user.role}), password ${password}`);
    }
  });
  if (unseen.length > 0) {
    const users = unseen.map((user) => `${user.name} (${user.role})`);
    log.error('first users not made', { infobase: name, users, remedy: 'kkm user add', error: trouble });
  }
  const last = isOvertaken
    ? `infobase ${name}: another process has made its users meanwhile; the passwords above are void`
    : 'These passwords are shown this once: keep them, or make others with `kkm user add`.';
  if (!isOvertaken && made.every(({ password }) => password === undefined)) return;
  // What matters has been shown.
  await Promise.resolve(tell(last)).catch(() => undefined);
}

function openReadiness(config: Config, bases: readonly ServedInfobase[], nights: NightJob, log: Logger): Readiness {
  const readiness = watchReadiness({
    bases,
    nightTime: config.nightSchedule.time,
    isNightAtWork: () => nights.isAtWork,
    readWallMs: Date.now,
    readMs,
    report: ({ infobase, reasons }, details) => {
      if (reasons.length === 0) log.info('ready again', { infobase });
      else log.warn('not ready', { infobase, reasons: reasons.map(({ code }) => code), details });
    },
  });
  readiness.state = 'serving';
  return readiness;
}

function listen(config: Config, take: Take): Promise<Server> {
  const http = createServer({ keepAliveTimeout: 65_000, noDelay: true }, take);
  // Without a listener Node answers 417 to an Expect it does not know; clients break on that, and 1C never sends it.
  http.on('checkExpectation', take);
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(config.port, config.host, () => {
      http.off('error', reject);
      resolve(http);
    });
  });
}

function findOrigin(http: Server): string {
  const { address, port } = http.address() as AddressInfo;
  return `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}

interface ServiceParts {
  readonly http: Server;
  readonly readiness: Readiness;
  readonly door: { shut(): void };
  readonly jobs: readonly { stop(): Promise<void> }[];
  readonly served: readonly ServedInfobase[];
  readonly log: Logger;
}

async function stopService({ http, readiness, door, jobs, served, log }: ServiceParts): Promise<void> {
  readiness.state = 'stopping';
  door.shut();
  log.info('stopping');
  const jobsStopped = Promise.all(jobs.map((job) => job.stop()));
  const closed = new Promise<void>((resolve) => void http.close(() => resolve()));
  http.closeIdleConnections();
  const timer = setTimeout(() => http.closeAllConnections(), stopTimeoutMs);
  await closed;
  clearTimeout(timer);
  await jobsStopped;
  for (const { infobase } of served) await infobase.close();
  // The lines of the last requests are logged at the end of their turn, which may not be over yet.
  await new Promise<void>((resolve) => void setImmediate(resolve));
  log.info('stopped');
}

function reportRequests(log: Logger): (request: RequestReport) => void {
  const logRequest = openRequestLog(log, () => new Date().toISOString());
  return (request) => {
    const { defect, cardNumber, durationMs, ...rest } = request;
    const card = cardNumber === undefined ? undefined : maskCardNumber(cardNumber);
    logRequest({ ...rest, card, ms: Math.round(durationMs * 1000) / 1000 });
    if (defect !== undefined) log.error('defect', { incident: defect.incident, error: defect.reason });
  };
}

function readVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }).version;
}
