// Wiring of `serve`: configuration, infobases, contract and doors become one running service, and stop as one.
import type { Server } from 'node:http';
import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { clockOf, systemClock, type Clock } from './clock.ts';
import { contractDirOf, infobaseOptionsOf, listContractDirs, type Config } from './config.ts';
import type { Uploads } from './console/uploads.ts';
import { makeDataFolder } from './data-folder.ts';
import type { LimitCounts } from './http/limit-counts.ts';
import type { Readiness } from './http/readiness.ts';
import type { NightJob } from './jobs/night/night-job.ts';
import type { RequestLog } from './log.ts';
import { openDoors } from './open-doors.ts';
import { openFileReader } from './open-file-reader.ts';
import { openFront, type Front } from './open-front.ts';
import { openJobs } from './open-jobs.ts';
import { openLobby, openPages } from './open-pages.ts';
import { openMeters, openWatch } from './open-watch.ts';
import type { ShiftFileReader } from './operations/exchange/shift-file.ts';
import { openPasswordChecks, type PasswordChecks } from './operations/admin/password-checks.ts';
import { Infobase } from './operations/infobase.ts';
import { keepCredentials } from './operations/admin/credentials.ts';
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
  /** What has been turned away since the start; it goes on counting. */
  readonly limitCounts: LimitCounts;
  /** Takes a renewed certificate now; by itself it does so within half a minute. */
  checkTls(): Promise<void>;
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
  /** For the metrics of the service; it may have those of the process already. */
  readonly registry?: Registry;
}

/** One core is left for the calls of tills that are logged in. */
const passwordChecksAtOnce = Math.max(1, Math.min(2, availableParallelism() - 1));
/** Some seconds of checks: a caller that would wait longer is refused at once. */
const waitingStrangers = 64;

/** A steady count of milliseconds: durations and time-outs of the process, never the infobase's time. */
const readMs = (): number => performance.now();

/** @throws if it cannot start; then nothing of it is left open. */
export async function serve(options: ServeOptions): Promise<RunningService> {
  const { config, log, registry = new Registry() } = options;
  const publications = await openPublications(options);
  let take = openLobby();
  // Before anything is opened, run or shown: if the port is taken, another service probably uses the same files.
  const meters = openMeters();
  const front = await openFront({
    config,
    log,
    logins: meters.logins,
    take: (request, response) => take(request, response),
  });
  const { http, origin, limits, peerOf } = front;
  const served: ServedInfobase[] = [];
  try {
    const checks = openPasswordChecks({ atOnce: passwordChecksAtOnce, waitingStrangers });
    for (const name of config.infobases) {
      const base = await openInfobase(options, name, checks, front);
      const { contract, server } = publications.get(contractDirOf(config, name))!;
      served.push({ ...base, contract, server });
    }
    const readerOf = (name: string): ShiftFileReader => publications.get(contractDirOf(config, name))!.readFiles();
    const jobs = openJobs({ config, served, log, counts: meters.jobs, readerOf });
    const { nights, exchange, backups, seals, notice } = jobs;
    const watch = openWatch({ config, log, registry, http, limits, peerOf, served, jobs, meters, readMs });
    take = openLobby(watch);
    await prepareInfobases(options, served, nights);
    const machine = options.clock ?? systemClock(config.timeZone);
    const { door, json, pages, tools, uploads, requestLog } = openDoors({
      config,
      log,
      served,
      jobs,
      meter: meters.calls,
      machine,
      readMs,
      peerOf,
      limits,
    });
    const publication = { served, publicUrl: config.publicUrl, peerOf };
    const showPage = openPages(watch, publication, [json, pages], log);
    watch.readiness.state = 'serving';
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
      readiness: watch.readiness,
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
      limitCounts: limits.counts,
      infobases: served.map(({ infobase }) => infobase),
      checkTls: () => front.checkTls(),
      stop() {
        front.end();
        stopping ??= stopService(parts);
        return stopping;
      },
    };
  } catch (reason) {
    front.end();
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
  front: Front,
): Promise<Omit<ServedInfobase, 'contract' | 'server'>> {
  await makeDataFolder(config.dataDir);
  const infobase = await Infobase.open({ ...infobaseOptionsOf(config, name), isServed: true });
  const own = clockOf(infobase, clock ?? systemClock(config.timeZone));
  const credentials = keepCredentials(infobase, {
    readMs,
    checks,
    report: (failed) => front.noteFailure({ infobase: name, ...failed }),
  });
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
