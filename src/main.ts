// Wiring of `serve`: configuration, infobases, contract and doors become one running service, and stop as one.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'winston';
import { clockOf, systemClock, type Clock } from './clock.ts';
import { infobaseOptionsOf, type Config } from './config.ts';
import type { Uploads } from './console/uploads.ts';
import { makeDataFolder } from './data-folder.ts';
import { countFailedLogins, type FailedLogins } from './failed-logins.ts';
import { fitConnectionLimit, limitConnections, readDescriptorLimit } from './http/connection-limit.ts';
import { watchReadiness, type Readiness } from './http/readiness.ts';
import type { NightJob } from './jobs/night/night-job.ts';
import type { LogPeriod, RunLater } from './log-period.ts';
import { openDoors } from './open-doors.ts';
import { openJobs } from './open-jobs.ts';
import { openLobby, openPages, type Take } from './open-pages.ts';
import { openPasswordChecks, type PasswordChecks } from './operations/admin/password-checks.ts';
import { Infobase } from './operations/infobase.ts';
import { keepCredentials, type FailedLogin } from './operations/admin/credentials.ts';
import { loadContractFolder, type LoadedContract } from './soap/load-contract-folder.ts';
import type { ServedInfobase } from './soap/served-infobase.ts';
import { openSoapServer } from './soap/server.ts';
import { keepSessions } from './soap/sessions.ts';
import { openShiftFileReader } from './soap/shift-file-reader.ts';
import { welcome, type Tell } from './welcome.ts';

export interface RunningService {
  /** "http://127.0.0.1:8080" */
  readonly origin: string;
  readonly infobases: readonly Infobase[];
  /** Refuses new calls, answers those begun, drains the commit queue, closes the databases. */
  stop(): Promise<void>;
}

/** How long the end of a connection that a client keeps open is waited for. */
const stopTimeoutMs = 10_000;

export interface ServeOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly tell: Tell;
  /** The clock of ordinary infobases; the machine's time in their zone unless a test gives another. */
  readonly clock?: Clock;
  /** The contract of `config.contractDir`, if it is loaded already. */
  readonly contract?: LoadedContract;
  /** Aborts if the service is asked to stop before it has started: nights end early, and no users are made. */
  readonly stopping?: AbortSignal;
}

/** One core is left for the calls of tills that are logged in. */
const passwordChecksAtOnce = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Some seconds of checks: a caller that would wait longer is refused at once. */
const waitingStrangers = 64;

const runLater: RunLater = (run, ms) => void setTimeout(run, ms).unref();

/** A steady count of milliseconds: durations and time-outs of the process, never the infobase's time. */
const readMs = (): number => performance.now();

/** @throws if it cannot start; then nothing of it is left open. */
export async function serve(options: ServeOptions): Promise<RunningService> {
  const { config, log } = options;
  const { contract, binding } = options.contract ?? loadContractFolder(config.contractDir);
  const server = await openSoapServer(contract, binding);
  let take = openLobby();
  // Before anything is opened, run or shown: if the port is taken, another service probably uses the same files.
  const http = await listen(config, (request, response) => take(request, response));
  const failedLogins = countFailedLogins((line) => log.warn('failed logins', line), runLater);
  const refusals = limitConnectionsOf(http, config, log);
  const served: ServedInfobase[] = [];
  try {
    const checks = openPasswordChecks({ atOnce: passwordChecksAtOnce, waitingStrangers });
    for (const name of config.infobases) served.push(await openInfobase(options, name, checks, failedLogins));
    const jobs = openJobs(config, served, log, () => openShiftFileReader(contract, binding));
    const { nights, exchange, notice } = jobs;
    await prepareInfobases(options, served, nights);
    const machine = options.clock ?? systemClock(config.timeZone);
    const { door, json, pages, tools, uploads } = openDoors({
      config,
      log,
      contract,
      server,
      served,
      jobs,
      machine,
      readMs,
    });
    const readiness = openReadiness(config, served, nights, log);
    const publication = { served, contract, publicUrl: config.publicUrl };
    const showPage = openPages(readiness, publication, [json, pages], log);
    const origin = findOrigin(http);
    // If it was asked to stop meanwhile, nights may be left for the next start: then it takes no calls.
    if (options.stopping?.aborted !== true) {
      take = (request, response) => {
        if (!door.take(request, response)) showPage(request, response);
      };
      nights.start();
      exchange?.start();
      notice.start();
      log.info('ready', { origin, infobases: config.infobases, contract: config.contractDir });
    }
    const parts = {
      http,
      readiness,
      served,
      log,
      uploads,
      doors: [door, json, pages],
      jobs: [nights, notice, exchange, tools.work],
    };
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

async function openInfobase(
  { config, clock }: ServeOptions,
  name: string,
  checks: PasswordChecks,
  failedLogins: FailedLogins,
): Promise<ServedInfobase> {
  await makeDataFolder(config.dataDir);
  const infobase = await Infobase.open(infobaseOptionsOf(config, name));
  const own = clockOf(infobase, clock ?? systemClock(config.timeZone));
  const report = (failed: FailedLogin): void => failedLogins.note({ infobase: name, ...failed });
  const credentials = keepCredentials(infobase, { readMs, checks, report });
  return { infobase, clock: own, credentials, sessions: keepSessions(readMs) };
}

/** What is done before new work: the nights that were missed (domain 5); last the users, for they are shown only once. */
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
    if (stopping?.aborted === true) continue;
    const ownBase = infobase.by({ name: 'kkm serve', door: 'service', readMs: Date.now });
    await welcome(ownBase, options, clock);
  }
}

function limitConnectionsOf(http: Server, { connectionLimit: asked }: Config, log: Logger): LogPeriod {
  const descriptors = readDescriptorLimit();
  const limit = fitConnectionLimit(asked, descriptors);
  if (limit < asked) log.warn('few file descriptors', { descriptors, connections: limit, asked });
  return limitConnections(http, limit, (line) => log.warn('connections refused', line), runLater);
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
  // Without a listener Node answers 417 to an Expect it does not know; clients fail on that, and 1C never sends it.
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
  readonly doors: readonly { shut(): void }[];
  readonly jobs: readonly ({ stop(): Promise<void> } | undefined)[];
  readonly served: readonly ServedInfobase[];
  readonly uploads: Uploads;
  readonly log: Logger;
}

async function stopService({ http, readiness, doors, jobs, served, uploads, log }: ServiceParts): Promise<void> {
  readiness.state = 'stopping';
  for (const door of doors) door.shut();
  log.info('stopping');
  const jobsStopped = Promise.all(jobs.map(async (job) => job?.stop()));
  const closed = new Promise<void>((resolve) => void http.close(() => resolve()));
  http.closeIdleConnections();
  const timer = setTimeout(() => http.closeAllConnections(), stopTimeoutMs);
  await closed;
  clearTimeout(timer);
  await jobsStopped;
  await uploads.removeAll();
  for (const { infobase } of served) await infobase.close();
  // The lines of the last requests are logged at the end of their turn, which may still run.
  await new Promise<void>((resolve) => void setImmediate(resolve));
  log.info('stopped');
}
