// Leases: a row says who of many processes may do a work, until when by the machine's clock.
import type { Trx } from './db.ts';
import { statement } from './statement.ts';

export interface Lease {
  readonly name: string;
  /** Who has it: any text that no other process gives. */
  readonly holder: string;
  readonly nowMs: number;
  readonly untilMs: number;
}

type LeaseParameters = { name: string; holder: string; nowMs: number; untilMs: number };

// One statement, so that two who try at once cannot both have it.
const take = statement<LeaseParameters>((knex, p) =>
  knex.raw(
    `insert into lease (name, holder, until_ms) values (?, ?, ?)
     on conflict (name) do update set holder = excluded.holder, until_ms = excluded.until_ms
       where lease.holder = excluded.holder or lease.until_ms < ?`,
    [p.name, p.holder, p.untilMs, p.nowMs],
  ),
);

const renew = statement<{ name: string; holder: string; untilMs: number }>((knex, p) =>
  knex('lease').where({ name: p.name, holder: p.holder }).update({ until_ms: p.untilMs }),
);

const remove = statement<{ name: string; holder: string }>((knex, p) =>
  knex('lease').where({ name: p.name, holder: p.holder }).delete(),
);

const holderOf = statement<{ name: string }, { holder: string }>((knex, p) =>
  knex('lease').select('holder').where('name', p.name),
);

/** @returns whether it is the holder's now: it was free, run out, or the holder's already. */
export async function takeLease(trx: Trx, lease: Lease): Promise<boolean> {
  return (await trx.change(take, { ...lease })) > 0;
}

/** @returns false where it was lost: run out, and taken by another. */
export async function renewLease(trx: Trx, { name, holder, untilMs }: Omit<Lease, 'nowMs'>): Promise<boolean> {
  return (await trx.change(renew, { name, holder, untilMs })) > 0;
}

export async function releaseLease(trx: Trx, name: string, holder: string): Promise<void> {
  await trx.change(remove, { name, holder });
}

export async function findLeaseHolder(trx: Trx, name: string): Promise<string | undefined> {
  return (await trx.first(holderOf, { name }))?.holder;
}

const standingHolder = statement<{ name: string; nowMs: number }, { holder: string }>((knex, p) =>
  knex('lease').select('holder').where('name', p.name).where('until_ms', '>=', p.nowMs),
);

/** Who has it at that moment; undefined where it is free or has run out. */
export async function findStandingHolder(trx: Trx, name: string, nowMs: number): Promise<string | undefined> {
  return (await trx.first(standingHolder, { name, nowMs }))?.holder;
}

export interface StandingLease {
  readonly name: string;
  readonly holder: string;
  readonly untilMs: number;
}

const all = statement<Record<string, never>, StandingLease>((knex) =>
  knex('lease').select({ name: 'name', holder: 'holder', untilMs: 'until_ms' }).orderBy('name'),
);

/** Those that have run out too. */
export function listLeases(trx: Trx): Promise<StandingLease[]> {
  return trx.list(all, {});
}
