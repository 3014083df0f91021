// A service leaves in each infobase what it runs there, and renews it while it is up: settings of a process are known to
// nobody else, and an operator's command has settings of its own.
import {
  insertService,
  listServices,
  removeDeadServices,
  removeService,
  renewService,
} from '../../db/admin/service.ts';
import { findStandingHolder } from '../../db/lease.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import type { RunnerJob } from '../runner-lease.ts';

export interface AnnouncedJob {
  readonly job: RunnerJob;
  /** A cron line in the time zone of the service; null where it does not run the job. */
  readonly schedule: string | null;
  /** What it works on, where that is a folder. */
  readonly folder: string | null;
}

export interface ServiceNotice {
  /** What the process calls itself; no other gives the same text. */
  readonly runner: string;
  /** By the machine's clock, in the time zone of the service. */
  readonly startedAt: LocalDateTime;
  readonly timeZone: string;
  readonly jobs: readonly AnnouncedJob[];
}

/** Until when of the machine's clock it counts as up, unless it says so again. */
export function announceService(
  infobase: Infobase,
  { jobs, ...notice }: ServiceNotice,
  nowMs: number,
  untilMs: number,
): Promise<void> {
  const { hasSubscription } = infobase;
  return infobase.db.write(async (trx) => {
    if (await renewService(trx, notice.runner, untilMs)) return;
    // A service that was killed could not take its notice away.
    await removeDeadServices(trx, nowMs);
    await insertService(trx, { ...notice, hasSubscription, untilMs }, jobs);
  });
}

export function withdrawService(infobase: Infobase, runner: string): Promise<void> {
  return infobase.db.write((trx) => removeService(trx, runner));
}

export interface AnnouncedService extends ServiceNotice {
  readonly hasSubscription: boolean;
  /** Whether it has said so lately; else it was killed, or has lost the database. */
  readonly isUp: boolean;
}

export interface AnnouncedServices {
  /** The longest up first. */
  readonly services: readonly AnnouncedService[];
  /** Who is at a job at this moment; absent where nobody is. */
  readonly holders: ReadonlyMap<RunnerJob, string>;
}

/** @param nowMs by the machine's clock. */
export function listAnnouncedServices(infobase: Infobase, nowMs: number): Promise<AnnouncedServices> {
  return infobase.db.read(async (trx) => {
    const holders = new Map<RunnerJob, string>();
    for (const job of ['night', 'exchange', 'backup', 'seal'] as const) {
      const holder = await findStandingHolder(trx, job, nowMs);
      if (holder !== undefined) holders.set(job, holder);
    }
    const services = (await listServices(trx)).map(({ untilMs, jobs, ...service }) => ({
      ...service,
      isUp: untilMs >= nowMs,
      jobs: jobs.map(({ job, schedule, folder }) => ({ job: job as RunnerJob, schedule, folder })),
    }));
    return { services, holders };
  });
}
