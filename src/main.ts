// Wiring of `serve`: configuration, infobases, contract and doors become one running service, and stop as one.
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import express from 'express';
import type { Logger } from 'winston';
import { clockOf, systemClock, type Clock } from './clock.ts';
import { databaseFile, type Config } from './config.ts';
import { publishHealth, type Readiness } from './http/health.ts';
import { ExchangeJob, locateExchange } from './jobs/exchange-job.ts';
import { NightJob } from './jobs/night-job.ts';
import { ServiceNoticeJob } from './jobs/service-notice.ts';
import { maskCardNumber, openRequestLog } from './log.ts';
import { Infobase, type InfobaseOptions } from './operations/infobase.ts';
import { makeFirstUsers } from './operations/make-first-users.ts';
import type { ShiftFileReader } from './operations/shift-file.ts';
import { packageRoot } from './paths.ts';
import { loadBinding } from './soap/binding.ts';
import { loadContract } from './soap/contract/contract.ts';
import { keepCredentials } from './soap/credentials.ts';
import { openDoor, sendException, type RequestReport } from './soap/door.ts';
import { publishContract, publishErrors, publishNotFound } from './soap/publication.ts';
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
  /** Tells the operator what must not go to the log: passwords, once. */
  readonly tell: (line: string) => void;
  /** The clock of ordinary infobases; the machine's in their time zone unless a test lends another. */
  readonly clock?: Clock;
}

/** A steady count of milliseconds: durations and time-outs of the process, never the infobase's time. */
const readMs = (): number => performance.now();

export async function serve(options: ServeOptions): Promise<RunningService> {
  const { config, log } = options;
  const contract = loadContract(config.contractDir);
  const binding = loadBinding(config.contractDir, contract.model);
  const server = await openSoapServer(contract, binding);
  const clock = options.clock ?? systemClock(config.timeZone);
  const served = await openInfobases(config, clock);
  for (const { infobase, clock: own } of served) await welcome(infobase, options, own);
  const infobases = served.map(({ infobase }) => infobase);
  const readiness: Readiness = { infobases, isStopping: false };
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
  const app = express();
  app.enable('case sensitive routing').enable('strict routing').disable('x-powered-by').disable('etag');
  publishHealth(app, readiness);
  publishContract(app, { served, contract, publicUrl: config.publicUrl });
  publishNotFound(app);
  publishErrors(app, (incident, reason) => log.error('defect', { incident, error: reason }));
  const nights = prepareNights(config, served, log);
  const exchange = prepareExchange(config, served, log, () => openShiftFileReader(contract, binding));
  // Nights that were missed come before new work (domain 5).
  await nights.catchUp();
  const http = await listen(config, (request, response) => {
    // A target that is no address Express would answer by itself, with a page.
    const refuse = (): void => sendException(response, 400, 'Адрес запроса неверен');
    if (!door.take(request, response)) app(request as express.Request, response as express.Response, refuse);
  });
  const { address, port } = http.address() as AddressInfo;
  const origin = `http://${address.includes(':') ? `[${address}]` : address}:${port}`;
  nights.start();
  exchange?.start();
  const notice = prepareNotice(config, infobases, log);
  notice.start();
  log.info('ready', { origin, infobases: config.infobases, contract: config.contractDir });
  let stopping: Promise<void> | undefined;
  return {
    origin,
    infobases,
    stop() {
      stopping ??= stopService(
        http,
        readiness,
        door,
        [nights, notice, ...(exchange === undefined ? [] : [exchange])],
        log,
      );
      return stopping;
    },
  };
}

async function openInfobases(config: Config, machine: Clock): Promise<ServedInfobase[]> {
  mkdirSync(config.dataDir, { recursive: true });
  const served: ServedInfobase[] = [];
  for (const name of config.infobases) {
    const infobase = await Infobase.open(describeInfobase(config, name));
    const own = clockOf(infobase, machine);
    const doors = { credentials: keepCredentials(infobase, readMs), sessions: keepSessions(readMs) };
    served.push({ infobase, clock: own, ...doors });
  }
  return served;
}

function describeInfobase(config: Config, name: string): InfobaseOptions {
  const { hasSubscription, holdTimeout } = config;
  return { name, file: databaseFile(config, name), hasSubscription, defaults: { holdTimeout } };
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

/** What `kkm jobs` shows beside this service, whose settings it has not. */
function prepareNotice(config: Config, infobases: readonly Infobase[], log: Logger): ServiceNoticeJob {
  const { nightSchedule, exchangeDir, exchangeSchedule, timeZone } = config;
  const listJobs = ({ name }: Infobase) => [
    { job: 'night' as const, schedule: nightSchedule.cron, folder: null },
    exchangeDir === undefined
      ? { job: 'exchange' as const, schedule: null, folder: null }
      : {
          job: 'exchange' as const,
          schedule: exchangeSchedule.cron,
          folder: locateExchange(exchangeDir, config.infobases, name),
        },
  ];
  return new ServiceNoticeJob({ infobases, listJobs, timeZone, log });
}

/** An infobase without users is new: its first users are made, and their passwords told once. */
async function welcome(infobase: Infobase, { config, tell }: ServeOptions, clock: Clock): Promise<void> {
  const made = await makeFirstUsers(infobase, clock.now(), { name: config.adminUser, password: config.adminPassword });
  for (const { name, role, password } of made) {
    tell(`infobase ${infobase.name}: user ${name} (${role}), password ${password ?? 'as given in KKM_ADMIN_PASSWORD'}`);
  }
  if (made.length > 0) tell('These passwords are shown this once: keep them, or make others with `kkm user add`.');
}

function listen(config: Config, take: Parameters<typeof createServer>[1] & {}): Promise<Server> {
  const http = createServer({ keepAliveTimeout: 65_000, noDelay: true }, take as never);
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

async function stopService(
  http: Server,
  readiness: Readiness,
  door: { shut(): void },
  jobs: readonly { stop(): Promise<void> }[],
  log: Logger,
): Promise<void> {
  readiness.isStopping = true;
  door.shut();
  log.info('stopping');
  const jobsStopped = Promise.all(jobs.map((job) => job.stop()));
  const closed = new Promise<void>((resolve) => void http.close(() => resolve()));
  http.closeIdleConnections();
  const timer = setTimeout(() => http.closeAllConnections(), stopTimeoutMs);
  await closed;
  clearTimeout(timer);
  await jobsStopped;
  for (const infobase of readiness.infobases) await infobase.close();
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
