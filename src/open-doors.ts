// The doors of the service: SOAP, JSON and the console over the same infobases, with what they share.
import { join } from 'node:path';
import type { Logger } from 'winston';
import { openBackgroundWork, type WorkReport } from './background-work.ts';
import { countCalls } from './call-counts.ts';
import { stampTimes, type Clock } from './clock.ts';
import { infobaseOptionsOf, type Config } from './config.ts';
import { openConsole, type ConsoleDoor } from './console/door.ts';
import { openImportForms } from './console/opening/import-forms.ts';
import { openUploads, type Uploads } from './console/uploads.ts';
import { startBackupWorker } from './jobs/backup/start-backup-worker.ts';
import { nameRunner } from './jobs/name-runner.ts';
import type { Limits } from './http/limit-counts.ts';
import { keepEnvelopes, type KeptEnvelope } from './envelope-log.ts';
import type { CallMeter, MeteredDoor } from './http/metrics/call-meter.ts';
import { startNightWorker } from './jobs/night/start-night-worker.ts';
import { readInThread } from './jobs/reports/read-in-thread.ts';
import { openJsonDoor, type JsonDoor } from './json/door.ts';
import { openRequestLog, type RequestLog } from './log.ts';
import type { ServiceJobs } from './open-jobs.ts';
import type { BackupEnd, BackupRequest } from './operations/admin/make-backup.ts';
import type { PeerReader } from './peer.ts';
import { readProductVersion } from './product-version.ts';
import type { RequestReport } from './request-report.ts';
import { openDoor, type Door } from './soap/door.ts';
import type { ServedInfobase } from './soap/served-infobase.ts';
import type { FollowedBackup, WorkTools } from './works/work-tools.ts';
import { writeRequestLine, writeRequestText } from './write-request-line.ts';

export interface OpenDoorsOptions {
  readonly config: Config;
  readonly log: Logger;
  readonly served: readonly ServedInfobase[];
  readonly jobs: ServiceJobs;
  /** What /metrics shows of the requests of each door. */
  readonly meter: CallMeter;
  /** The service's own clock: infobases may have others. */
  readonly machine: Clock;
  /** A steady count of milliseconds. */
  readonly readMs: () => number;
  readonly peerOf: PeerReader;
  readonly limits: Limits;
}

export interface OpenDoors {
  readonly door: Door;
  readonly json: JsonDoor;
  readonly pages: ConsoleDoor;
  readonly tools: WorkTools;
  readonly uploads: Uploads;
  readonly requestLog: RequestLog;
}

export function openDoors(options: OpenDoorsOptions): OpenDoors {
  const { config, log, served, jobs, meter, machine, readMs, peerOf, limits } = options;
  const calls = countCalls(() => machine.now());
  const envelopes = keepEnvelopes(() => machine.now());
  const requestLog = openRequestLog(log, readMs);
  const writeLine = config.logForm === 'text' ? writeRequestText : writeRequestLine;
  const logRequest = reportRequests(log, requestLog, writeLine, limits);
  const reportOf =
    (door: MeteredDoor, isCall = true) =>
    (request: RequestReport): void => {
      if (isCall) calls.note(request);
      if (isCall) envelopes.note(request);
      meter.note(door, request);
      logRequest(request);
    };
  const shared = {
    served,
    serviceVersion: readProductVersion(),
    bodyLimitBytes: config.bodyLimitBytes,
    readMs,
    peerOf,
  };
  const tools = openTools(config, log, machine, readMs);
  const fileFolder = join(config.dataDir, 'uploads');
  const uploads = openUploads(fileFolder);
  const door = openDoor({ ...shared, report: reportOf('soap') });
  const services = {
    version: shared.serviceVersion,
    clockOf: (name: string) => served.find(({ infobase }) => infobase.name === name)?.clock ?? machine,
    nightSchedule: config.nightSchedule,
    isNightAtWork: () => jobs.nights.isAtWork,
    readWallMs: Date.now,
    calls,
    envelopes,
    repeatCall: async (name: string, { request, user }: KeptEnvelope) => {
      const base = served.find(({ infobase }) => infobase.name === name);
      if (base === undefined) throw new Error(`infobase ${name} is not served`);
      return envelopes.keep({ ...(await door.repeat(base, request)), user });
    },
    exchange: jobs.desk,
    listJobs: jobs.list,
    uploads,
    importForms: openImportForms(),
    tools,
  };
  return {
    door,
    json: openJsonDoor({ ...shared, report: reportOf('json'), tools }),
    // Its requests are not calls of tills.
    pages: openConsole({
      served,
      services,
      isPublishedByTls: config.publicUrl?.startsWith('https:') === true,
      fileFolder,
      report: reportOf('console', false),
      readMs,
      peerOf,
      sessionLimit: config.sessionLimit,
      noteEndedSession: () => limits.note('sessions', ''),
    }),
    tools,
    uploads,
    requestLog,
  };
}

/** For long work that pages and endpoints start. */
function openTools(config: Config, log: Logger, machine: Clock, readMs: () => number): WorkTools {
  return {
    work: openBackgroundWork(readMs, (ended) => reportWork(log, ended)),
    nightTime: config.nightSchedule.time,
    backupDir: config.backupDir ?? config.dataDir,
    isBackupDirSet: config.backupDir !== undefined,
    backUp: ({ name }, request, follow) => backUpInThread(config, name, request, follow),
    readMachineNow: () => machine.now(),
    readWallMs: Date.now,
    nameRunner,
    readReport: ({ name }, report, request) =>
      readInThread({ infobase: infobaseOptionsOf(config, name), name: report, request }),
    startNights({ name }, { onProgress, ...task }) {
      return startNightWorker({ infobase: infobaseOptionsOf(config, name), ...task }, { onProgress });
    },
  };
}

async function backUpInThread(
  config: Config,
  name: string,
  request: Omit<BackupRequest, 'productVersion'>,
  follow?: FollowedBackup,
): Promise<BackupEnd> {
  const task = {
    infobase: infobaseOptionsOf(config, name),
    request: { ...request, productVersion: readProductVersion() },
  };
  const started = startBackupWorker(task, follow?.onProgress);
  const stop = (): void => started.stop();
  follow?.signal.addEventListener('abort', stop);
  if (follow?.signal.aborted === true) stop();
  try {
    return (await started.ended).end;
  } finally {
    follow?.signal.removeEventListener('abort', stop);
  }
}

function reportWork(log: Logger, { work, defect }: WorkReport): void {
  const { infobase, kind, user, state, failure, incident } = work;
  log.info('work ended', { infobase, kind, user, state, failure });
  if (incident !== undefined) log.error('defect', { incident, error: defect });
}

function reportRequests(
  log: Logger,
  requestLog: RequestLog,
  writeLine: typeof writeRequestLine,
  limits: Limits,
): (request: RequestReport) => void {
  const readTimestamp = stampTimes(Date.now);
  return (request) => {
    const { defect, status, remote } = request;
    if (status === 413) limits.note('bodyBytes', remote);
    // With a code it is the HTTP service's, about the form of an answer.
    else if (status === 406 && request.code === undefined) limits.note('ibSessions', remote);
    requestLog.note(() => writeLine(request, readTimestamp()));
    if (defect !== undefined) log.error('defect', { incident: defect.incident, error: defect.reason });
  };
}
