// How each server is named in the tables of a run.
import type { LongCall, Measured } from './measured.ts';
import { callKinds } from './requests.ts';
import { variantNames, type ServerName, type VariantName } from './servers.ts';

const titles: Readonly<Record<VariantName | 'billing', string>> = {
  ceiling: 'ceiling: bare http, same SQL, FULL',
  service: 'the service (FULL)',
  billing: 'the service, stage billing',
  serviceNormal: 'the service, synchronous=NORMAL',
  nodeSoapSqlite: 'node-soap + better-sqlite3 (NORMAL)',
  stock: 'express + node-soap + Knex (NORMAL)',
  php: 'PHP SoapServer + SQLite (NORMAL)',
};

export const longTitles: Readonly<Record<LongCall, string>> = {
  richCard: 'card with 1,000 rows of A, stage billing',
  tenOnline: 'the latest ten of 10,000 operations, online',
  dayOnline: 'one day of 10,000 operations, online',
  tenBilling: 'the latest ten of 10,000 operations, billing',
  dayBilling: 'one day of 10,000 operations, billing',
};

export function titleOf(name: ServerName): string {
  return titles[name as VariantName] ?? `the service on ${name}`;
}

/** Every server, in the order it was called, and the variants that were not measured. */
export function listServers({ rounds }: Measured): ServerName[] {
  const measured = rounds.flatMap(({ full }) =>
    callKinds.toReversed().flatMap((kind) => Object.keys(full[kind] ?? {})),
  );
  return [...new Set<ServerName>([...(measured as ServerName[]), ...variantNames])];
}
