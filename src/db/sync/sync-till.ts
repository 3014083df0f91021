// How far each till has come with the pages of sync.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

/** Which pages a till has fetched and confirmed. */
export interface SyncTill {
  readonly kkm: string;
  readonly fetchedVersion: number;
  readonly fetchedAt: LocalDateTime | null;
  readonly confirmedVersion: number;
  readonly confirmedAt: LocalDateTime | null;
}

const tills = statement<None, SyncTill>((knex) =>
  knex('sync_till').orderBy('kkm').select({
    kkm: 'kkm',
    fetchedVersion: 'fetched_version',
    fetchedAt: 'fetched_at',
    confirmedVersion: 'confirmed_version',
    confirmedAt: 'confirmed_at',
  }),
);

// A call that comes late never lowers what a till was given or has confirmed.
const noteFetch = statement<{ kkm: string; version: number; at: string }>((knex, p) =>
  knex.raw(
    `insert into sync_till (kkm, fetched_version, fetched_at, confirmed_version, confirmed_at) values (?, ?, ?, 0, null)
     on conflict (kkm) do update set fetched_at = excluded.fetched_at, fetched_version = excluded.fetched_version
       where sync_till.fetched_version < excluded.fetched_version`,
    [p.kkm, p.version, p.at],
  ),
);

const noteConfirmation = statement<{ kkm: string; version: number; at: string }>((knex, p) =>
  knex.raw(
    `insert into sync_till (kkm, fetched_version, fetched_at, confirmed_version, confirmed_at) values (?, 0, null, ?, ?)
     on conflict (kkm) do update set confirmed_at = excluded.confirmed_at, confirmed_version = excluded.confirmed_version
       where sync_till.confirmed_version < excluded.confirmed_version`,
    [p.kkm, p.version, p.at],
  ),
);

export function listSyncTills(trx: Trx): Promise<SyncTill[]> {
  return trx.list(tills, {});
}

export async function noteSyncFetch(trx: Trx, kkm: string, version: number, at: LocalDateTime): Promise<void> {
  await trx.change(noteFetch, { kkm, version, at });
}

export async function noteSyncConfirmation(trx: Trx, kkm: string, version: number, at: LocalDateTime): Promise<void> {
  await trx.change(noteConfirmation, { kkm, version, at });
}
