// One runner at a time of a job that many nodes may run: the night, the exchange, a sync, switching billing on or off. A
// runner that dies is followed by another once its lease has run out.
import type { Trx } from '../db/db.ts';
import { findLeaseHolder, releaseLease, renewLease, takeLease } from '../db/lease.ts';

export interface Runner {
  /** Names this runner among all; no other process gives the same text. */
  readonly holder: string;
  /** The machine's clock; never the infobase's. */
  readonly readMs: () => number;
  /** How long a dead runner keeps others away (default 15 s). A turn renews the lease, and may wait 10 s for the database. */
  readonly leaseMs?: number;
}

/** Who switches billing on or off has "billing"; the two exclude each other. */
export type RunnerJob = 'night' | 'billing' | 'sync' | 'exchange';

/** Another runner is at it. */
export interface Held {
  readonly code: 'held';
  readonly holder: string;
}

export const defaultLeaseMs = 15_000;

/** @returns undefined where the lease is this runner's now. */
export async function takeRunnerLease(trx: Trx, job: RunnerJob, runner: Runner): Promise<Held | undefined> {
  const { holder, readMs, leaseMs = defaultLeaseMs } = runner;
  const nowMs = readMs();
  const isTaken = await takeLease(trx, { name: job, holder, nowMs, untilMs: nowMs + leaseMs });
  return isTaken ? undefined : tellHolder(trx, job);
}

/** Inside the transaction that writes: whoever has lost the lease writes nothing more. */
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
