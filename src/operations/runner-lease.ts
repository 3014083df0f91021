// One runner at a time of a job that many nodes may run: the night, the exchange, a sync, a scheduled backup, switching billing on or off. When a
// runner dies, another can start after its lease has run out.
import type { Trx } from '../db/db.ts';
import { findLeaseHolder, releaseLease, renewLease, takeLease } from '../db/lease.ts';

export interface Runner {
  /** The name of this runner; no other process has the same. */
  readonly holder: string;
  /** The machine's clock; never the infobase's. */
  readonly readMs: () => number;
  /** How long a dead runner keeps others away (default 15 s). Each step renews the lease, and may wait 10 s for the database. */
  readonly leaseMs?: number;
}

/** Switching billing on and switching it off use the lease "billing"; they exclude each other. */
export type RunnerJob = 'night' | 'billing' | 'sync' | 'exchange' | 'backup' | 'seal';

/** Another runner has the lease. */
export interface Held {
  readonly code: 'held';
  readonly holder: string;
}

export const defaultLeaseMs = 15_000;

/** @returns undefined if this runner has the lease now. */
export async function takeRunnerLease(trx: Trx, job: RunnerJob, runner: Runner): Promise<Held | undefined> {
  const { holder, readMs, leaseMs = defaultLeaseMs } = runner;
  const nowMs = readMs();
  const isTaken = await takeLease(trx, { name: job, holder, nowMs, untilMs: nowMs + leaseMs });
  return isTaken ? undefined : tellHolder(trx, job);
}

/** Inside the transaction that writes: a runner that has lost the lease writes nothing more. */
export async function renewRunnerLease(trx: Trx, job: RunnerJob, runner: Runner): Promise<Held | undefined> {
  const { holder, readMs, leaseMs = defaultLeaseMs } = runner;
  const isKept = await renewLease(trx, { name: job, holder, untilMs: readMs() + leaseMs });
  return isKept ? undefined : tellHolder(trx, job);
}

export function releaseRunnerLease(trx: Trx, job: RunnerJob, { holder }: Pick<Runner, 'holder'>): Promise<void> {
  return releaseLease(trx, job, holder);
}

async function tellHolder(trx: Trx, job: RunnerJob): Promise<Held> {
  return { code: 'held', holder: (await findLeaseHolder(trx, job)) ?? '' };
}
