// The metrics of the service: they are read when somebody asks, area by area. An area that cannot be read, or whose disk hangs,
// is missing and counted; the others are answered all the same.
import type { Registry } from 'prom-client';
import type { LimitCounts } from '../limit-counts.ts';
import { OneRun } from '../../one-run.ts';
import type { Readiness } from '../readiness.ts';
import type { CallMeter } from './call-meter.ts';
import { declareFamilies, type Families } from './families.ts';
import { fillCalls } from './fill-calls.ts';
import { fillDatabases } from './fill-databases.ts';
import { fillBackups, fillJobs, type BackupSource } from './fill-jobs.ts';
import { fillNights, type NightSource } from './fill-nights.ts';
import { fillSeals } from './fill-seals.ts';
import type { LoginMeter } from './login-meter.ts';

export interface MetricsSources extends NightSource, BackupSource {
  readonly calls: CallMeter;
  readonly logins: LoginMeter;
  readonly limits: LimitCounts;
  readonly version: string;
  readonly hasExchange: boolean;
  readonly readiness: Readiness;
  readonly countConnections: () => Promise<number>;
}

export interface Metrics {
  readonly contentType: string;
  /** What Prometheus reads. Those who ask at the same time get the same text. */
  read(): Promise<string>;
}

type Area = keyof Families;
type Fill = () => void | Promise<void>;

/** More than /readyz waits for a disk, less than Prometheus waits for us. */
const patienceMs = 5_000;

export function openMetrics(registry: Registry, sources: MetricsSources): Metrics {
  const families = declareFamilies(registry);
  const areas = (Object.entries(listFills(families, sources)) as [Area, Fill][]).map(([area, fill]) =>
    openArea(area, Object.values(families[area]), fill),
  );
  const read = async (): Promise<string> => {
    await Promise.all(areas.map((area) => area.look()));
    for (const one of areas) families.service.failures.inc({ area: one.area }, one.countFailures());
    return registry.metrics();
  };
  const readings = new OneRun(read);
  return {
    contentType: registry.contentType,
    read: () => readings.start(),
  };
}

function openArea(area: Area, metrics: readonly { reset(): void }[], fill: Fill) {
  let failures = 0;
  // One that is late is not begun a second time: both would add to the same counters.
  let filling: Promise<void> | undefined;
  const reset = (): void => {
    for (const metric of metrics) metric.reset();
  };
  const fillOnce = async (): Promise<void> => {
    reset();
    await fill();
  };
  return {
    area,
    countFailures: () => failures,
    async look() {
      try {
        if (filling !== undefined) throw new Error('it still waits');
        filling = fillOnce().finally(() => {
          filling = undefined;
        });
        await waitFor(filling);
      } catch {
        reset();
        failures += 1;
      }
    },
  };
}

function listFills(families: Families, sources: MetricsSources): Readonly<Record<Area, Fill>> {
  const { calls, logins, limits, infobases, jobs, bases, folder, hasExchange } = sources;
  const isRun = { night: true, exchange: hasExchange, backup: folder !== undefined, seal: true };
  return {
    calls: () => fillCalls(families.calls, calls),
    logins: () => logins.fill(families.logins, infobases),
    limits: () => fillLimits(families.limits, limits),
    databases: () =>
      fillDatabases(
        families.databases,
        bases.map(({ infobase }) => infobase),
      ),
    nights: () => fillNights(families.nights, sources),
    jobs: () => fillJobs(families.jobs, { infobases, jobs, isRun: (job) => isRun[job] }),
    seals: () => fillSeals(families.seals, sources),
    backups: () => fillBackups(families.backups, sources),
    readiness: () => fillReadiness(families.readiness, sources.readiness),
    service: () => fillService(families.service, sources),
  };
}

async function fillReadiness({ ready, reasons }: Families['readiness'], readiness: Readiness): Promise<void> {
  const isServing = readiness.state === 'serving';
  for (const { infobase, reasons: found } of await readiness.ask()) {
    ready.set({ infobase }, isServing && found.length === 0 ? 1 : 0);
    for (const { code: reason } of found) reasons.set({ infobase, reason }, 1);
  }
}

function fillLimits({ reached }: Families['limits'], counts: LimitCounts): void {
  for (const [limit, count] of Object.entries(counts)) reached.inc({ limit }, count);
}

async function fillService(families: Families['service'], sources: MetricsSources): Promise<void> {
  const { version, countConnections } = sources;
  families.info.set({ version }, 1);
  families.connections.set(await countConnections());
}

async function waitFor(filling: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), patienceMs);
  });
  try {
    await Promise.race([filling, late]);
  } finally {
    clearTimeout(timer);
  }
}
