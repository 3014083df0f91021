// Wiring of `serve`: configuration, infobases, contract and doors become one running service, and stop as one.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { Logger } from 'winston';
import { clockOf, systemClock, type Clock } from './clock.ts';
import { contractDirOf, infobaseOptionsOf, listContractDirs, type Config } from './config.ts';
import type { Uploads } from './console/uploads.ts';
import { makeDataFolder } from './data-folder.ts';
import { countFailedLogins, type FailedLogins } from './failed-logins.ts';
import { fitConnectionLimit, limitConnections, readDescriptorLimit } from './http/connection-limit.ts';
import { watchReadiness, type Readiness } from './http/readiness.ts';
import type { NightJob } from './jobs/night/night-job.ts';
import type { RequestLog } from './log.ts';
import type { LogPeriod, RunLater } from './log-period.ts';
import { openDoors } from './open-doors.ts';
import { openFileReader } from './open-file-reader.ts';
import { openJobs } from './open-jobs.ts';
import { openLobby, openPages, type Take } from './open-pages.ts';
import type { ShiftFileReader } from './operations/exchange/shift-file.ts';
import { openPasswordChecks, type PasswordChecks } from './operations/admin/password-checks.ts';
import { Infobase } from './operations/infobase.ts';
import { keepCredentials, type FailedLogin } from './operations/admin/credentials.ts';
import { loadContractFolder, type LoadedContract } from './soap/load-contract-folder.ts';
import { listUnanswered } from './soap/binding/bound-operation.ts';
import type { ServedInfobase } from './soap/served-infobase.ts';
import { openSoapServer, type SoapServer } from './soap/server.ts';
import { keepSessions } from './soap/sessions.ts';
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
  /** The contracts by their folders, if they are loaded already. */
  readonly contracts?: ReadonlyMap<string, LoadedContract>;
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
  const publications = await openPublications(options);
  let take = openLobby();
  // Before anything is opened, run or shown: if the port is taken, another service probably uses the same files.
  const http = await listen(config, (request, response) => take(request, response));
  const failedLogins = countFailedLogins((line) => log.warn('failed logins', line), runLater);
  const refusals = limitConnectionsOf(http, config, log);
  const served: ServedInfobase[] = [];
  try {
    const checks = openPasswordChecks({ atOnce: passwordChecksAtOnce, waitingStrangers });
    for (const name of config.infobases) {
      const base = await openInfobase(options, name, checks, failedLogins);
      const { contract, server } = publications.get(contractDirOf(config, name))!;
      served.push({ ...base, contract, server });
    }
    const jobs = openJobs(config, served, log, (name) => publications.get(contractDirOf(config, name))!.readFiles());
    const { nights, exchange, backups, seals, notice } = jobs;
    await prepareInfobases(options, served, nights);
    const machine = options.clock ?? systemClock(config.timeZone);
    const { door, json, pages, tools, uploads, requestLog } = openDoors({
      config,
      log,
      served,
      jobs,
      machine,
      readMs,
    });
    const readiness = openReadiness(config, served, nights, log);
    const publication = { served, publicUrl: config.publicUrl };
    const showPage = openPages(readiness, publication, [json, pages], log);
    const origin = findOrigin(http);
    // If it was asked to stop meanwhile, nights may be left for the next start: then it takes no calls.
    if (options.stopping?.aborted !== true) {
      take = (request, response) => {
        if (!door.take(request, response)) showPage(request, response);
      };
      nights.start();
      exchange?.start();
      backups?.start();
      seals.start();
      notice.start();
      log.info('ready', { origin, infobases: config.infobases, contracts: listContractDirs(config) });
    }
    const parts = {
      http,
      readiness,
      served,
      log,
      uploads,
      requestLog,
      doors: [door, json, pages],
      jobs: [nights, notice, exchange, backups, seals, tools.work],
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

interface Publication extends LoadedContract {
  readonly server: SoapServer;
  /** The reader of shift files, opened when it is needed for the first time. */
  readonly readFiles: () => ShiftFileReader;
}

/** By the folder of the contract: infobases of one contract share its server. */
async function openPublications(options: ServeOptions): Promise<ReadonlyMap<string, Publication>> {
  const publications = new Map<string, Publication>();
  for (const folder of listContractDirs(options.config)) {
    const loaded = options.contracts?.get(folder) ?? loadContractFolder(folder);
    logUnanswered(options.log, folder, loaded);
    let reader: ShiftFileReader | undefined;
    const readFiles = (): ShiftFileReader => (reader ??= openFileReader(loaded));
    publications.set(folder, {
      ...loaded,
      server: await openSoapServer(loaded.contract, loaded.binding),
      readFiles,
    });
  }
  return publications;
}

/** Operations that nobody has bound: a till that calls one gets a fault. */
function logUnanswered(log: Logger, contract: string, { binding }: LoadedContract): void {
  const operations = listUnanswered(binding);
  if (operations.length > 0) log.warn('operations without an answer', { contract, operations });
}

async function openInfobase(
  { config, clock }: ServeOptions,
  name: string,
  checks: PasswordChecks,
  failedLogins: FailedLogins,
): Promise<Omit<ServedInfobase, 'contract' | 'server'>> {
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
  readonly requestLog: RequestLog;
  readonly log: Logger;
}

async function stopService(parts: ServiceParts): Promise<void> {
  const { http, readiness, doors, jobs, served, uploads, requestLog, log } = parts;
  readiness.state = 'stopping';
  for (const door of doors) door.shut();
  requestLog.flush();
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
  requestLog.flush();
  log.info('stopped');
}
