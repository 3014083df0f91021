// Who loads the exchange folder of an infobase: one runner at a time, however many nodes look at it. What lies half done
// in the folder belongs to the runner that has the lease, so a runner that died is followed by the next one.
import type { Trx } from '../../db/db.ts';
import type { Infobase } from '../infobase.ts';
import { releaseRunnerLease, renewRunnerLease, takeRunnerLease, type Runner } from '../runner-lease.ts';

/** A turn takes some tens of milliseconds; who has not renewed for so long is gone. */
const leaseMs = 60_000;

export type ExchangeHolder = Omit<Runner, 'leaseMs'>;

/** @returns undefined where it is this runner's now, else who has it. */
export async function takeExchange(infobase: Infobase, runner: ExchangeHolder): Promise<string | undefined> {
  return (await infobase.db.write((trx) => takeRunnerLease(trx, 'exchange', { ...runner, leaseMs })))?.holder;
}

/** Inside the transaction that writes. @returns false where another has taken over. */
export async function renewExchange(trx: Trx, runner: ExchangeHolder): Promise<boolean> {
  return (await renewRunnerLease(trx, 'exchange', { ...runner, leaseMs })) === undefined;
}

export function releaseExchange(infobase: Infobase, runner: ExchangeHolder): Promise<void> {
  return infobase.db.write((trx) => releaseRunnerLease(trx, 'exchange', runner));
}
