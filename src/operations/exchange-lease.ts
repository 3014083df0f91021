// Who loads the exchange folder of an infobase: one runner at a time, however many nodes look at it. What lies half done
// in the folder belongs to whoever has the lease, so a runner that died is followed by the next one.
import type { Trx } from '../db/db.ts';
import { findLeaseHolder, releaseLease, renewLease, takeLease } from '../db/lease.ts';
import type { Infobase } from './infobase.ts';

const name = 'exchange';
/** A turn takes some tens of milliseconds; who has not renewed for so long is gone. */
const leaseMs = 60_000;

export interface ExchangeHolder {
  /** Any text that no other runner gives. */
  readonly holder: string;
  /** The machine's clock. */
  readonly readMs: () => number;
}

/** @returns undefined where it is this runner's now, else who has it. */
export function takeExchange(infobase: Infobase, { holder, readMs }: ExchangeHolder): Promise<string | undefined> {
  return infobase.db.write(async (trx) => {
    const nowMs = readMs();
    const isTaken = await takeLease(trx, { name, holder, nowMs, untilMs: nowMs + leaseMs });
    return isTaken ? undefined : ((await findLeaseHolder(trx, name)) ?? 'unknown');
  });
}

/** Inside the transaction that writes. @returns false where another has taken over. */
export function renewExchange(trx: Trx, { holder, readMs }: ExchangeHolder): Promise<boolean> {
  return renewLease(trx, { name, holder, untilMs: readMs() + leaseMs });
}

export function releaseExchange(infobase: Infobase, { holder }: ExchangeHolder): Promise<void> {
  return infobase.db.write((trx) => releaseLease(trx, name, holder));
}
