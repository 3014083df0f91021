// What those who look after the service ask of it: whether it is ready, and its metrics.
import type { Server } from 'node:http';
import { promisify } from 'node:util';
import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import type { Config } from './config.ts';
import { meterCalls, type CallMeter } from './http/metrics/call-meter.ts';
import { meterLogins, type LoginMeter } from './http/metrics/login-meter.ts';
import { openMetrics } from './http/metrics/open-metrics.ts';
import type { Limits } from './http/limit-counts.ts';
import { watchReadiness, type Readiness } from './http/readiness.ts';
import { countJobs, type JobCounts } from './job-counts.ts';
import type { ServiceJobs } from './open-jobs.ts';
import type { PeerReader } from './peer.ts';
import type { Watch } from './open-pages.ts';
import { readProductVersion } from './product-version.ts';
import type { ServedInfobase } from './soap/served-infobase.ts';

/** What is counted for /metrics while the service works. */
export interface Meters {
  readonly calls: CallMeter;
  readonly logins: LoginMeter;
  readonly jobs: JobCounts;
}

export function openMeters(): Meters {
  return { calls: meterCalls(Date.now), logins: meterLogins(), jobs: countJobs(Date.now) };
}

export interface WatchOptions {
  readonly config: Config;
  readonly log: Logger;
  /** Where metrics are declared; it may have those of the process already. */
  readonly registry: Registry;
  readonly http: Server;
  readonly limits: Limits;
  readonly peerOf: PeerReader;
  readonly served: readonly ServedInfobase[];
  readonly jobs: ServiceJobs;
  readonly meters: Meters;
  /** A steady count of milliseconds. */
  readonly readMs: () => number;
}

export function openWatch(options: WatchOptions): Watch {
  const { config, registry, http, limits, peerOf, served, jobs, meters } = options;
  const isNightAtWork = (): boolean => jobs.nights.isAtWork || jobs.nights.catchingUp !== undefined;
  const readiness = openReadiness(options);
  const metrics = openMetrics(registry, {
    ...meters,
    limits: limits.counts,
    bases: served,
    infobases: config.infobases,
    nightTime: config.nightSchedule.time,
    isNightAtWork,
    folder: config.backupDir,
    timeZone: config.timeZone,
    hasExchange: config.exchangeDir !== undefined,
    version: readProductVersion(),
    readiness,
    countConnections: promisify(http.getConnections.bind(http)),
  });
  return { readiness, metrics, access: { from: config.metricsFrom, served, peerOf } };
}

function openReadiness({ config, log, served: bases, jobs: { nights }, readMs }: WatchOptions): Readiness {
  return watchReadiness({
    bases,
    nightTime: config.nightSchedule.time,
    isNightAtWork: () => nights.isAtWork,
    findCatchingUp: () => nights.catchingUp,
    readWallMs: Date.now,
    readMs,
    report: ({ infobase, reasons }, details) => {
      if (reasons.length === 0) log.info('ready again', { infobase });
      else log.warn('not ready', { infobase, reasons: reasons.map(({ code }) => code), details });
    },
  });
}
