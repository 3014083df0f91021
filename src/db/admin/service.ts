// Running services: the jobs of each for the infobase, and until when it is known to be alive.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface ServiceRow {
  /** The name of the process; no other has the same. */
  readonly runner: string;
  /** By the machine's clock, in the time zone of the service. */
  readonly startedAt: LocalDateTime;
  readonly timeZone: string;
  readonly hasSubscription: boolean;
  /** After that moment of the machine's clock it counts as dead. */
  readonly untilMs: number;
}

export interface ServiceJobRow {
  readonly runner: string;
  readonly job: string;
  /** A cron line; null if the service does not run it. */
  readonly schedule: string | null;
  readonly folder: string | null;
}

type StoredService = Omit<ServiceRow, 'hasSubscription'> & { readonly hasSubscription: number };

const insert = statement<Omit<StoredService, 'startedAt'> & { startedAt: string }>((knex, p) =>
  knex('service').insert({
    runner: p.runner,
    started_at: p.startedAt,
    time_zone: p.timeZone,
    has_subscription: p.hasSubscription,
    until_ms: p.untilMs,
  }),
);

const insertJob = statement<{ runner: string; job: string; schedule: string | null; folder: string | null }>(
  (knex, p) => knex('service_job').insert({ runner: p.runner, job: p.job, schedule: p.schedule, folder: p.folder }),
);

const renew = statement<{ runner: string; untilMs: number }>((knex, p) =>
  knex('service').where('runner', p.runner).update({ until_ms: p.untilMs }),
);

const remove = statement<{ runner: string }>((knex, p) => knex('service').where('runner', p.runner).delete());

const removeDead = statement<{ nowMs: number }>((knex, p) => knex('service').where('until_ms', '<', p.nowMs).delete());

const list = statement<Record<string, never>, StoredService>((knex) =>
  knex('service').orderBy(['started_at', 'runner']).select({
    runner: 'runner',
    startedAt: 'started_at',
    timeZone: 'time_zone',
    hasSubscription: 'has_subscription',
    untilMs: 'until_ms',
  }),
);

const listJobs = statement<Record<string, never>, ServiceJobRow>((knex) =>
  knex('service_job').select('runner', 'job', 'schedule', 'folder'),
);

export async function insertService(
  trx: Trx,
  { hasSubscription, ...service }: ServiceRow,
  jobs: readonly Omit<ServiceJobRow, 'runner'>[],
): Promise<void> {
  await trx.change(insert, { ...service, hasSubscription: hasSubscription ? 1 : 0 });
  for (const job of jobs) await trx.change(insertJob, { ...job, runner: service.runner });
}

/** @returns false if it is not there: removed as dead, or never written. */
export async function renewService(trx: Trx, runner: string, untilMs: number): Promise<boolean> {
  return (await trx.change(renew, { runner, untilMs })) > 0;
}

export async function removeService(trx: Trx, runner: string): Promise<void> {
  await trx.change(remove, { runner });
}

export async function removeDeadServices(trx: Trx, nowMs: number): Promise<void> {
  await trx.change(removeDead, { nowMs });
}

/** The one that has run longest first. */
export async function listServices(trx: Trx): Promise<(ServiceRow & { readonly jobs: readonly ServiceJobRow[] })[]> {
  const jobs = await trx.list(listJobs, {});
  return (await trx.list(list, {})).map(({ hasSubscription, ...service }) => ({
    ...service,
    hasSubscription: hasSubscription === 1,
    jobs: jobs.filter(({ runner }) => runner === service.runner),
  }));
}
