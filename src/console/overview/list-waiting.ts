// What waits for somebody: each with how many there are and where it is set right.
import { dateOf, firstMoment, lastMoment } from '../../ledger/local-date-time.ts';
import { listFlaggedReceipts } from '../../operations/receipts/list-flagged-receipts.ts';
import { readBillingStatus } from '../../operations/enabling/read-billing-status.ts';
import { listSyncs, showSync } from '../../operations/sync/list-syncs.ts';
import { listUnknownTills } from '../../operations/catalogs/shops.ts';
import type { PageCall } from '../page.ts';

export interface WaitingThing {
  readonly what: string;
  readonly count: number;
  /** Whether there are more than were counted. */
  readonly isMore?: boolean;
  /** Under the infobase's address. */
  readonly path: string;
}

const flagsCounted = 100;
const anyReceipt = { kkm: undefined, shiftNumber: undefined, from: dateOf(firstMoment), to: dateOf(lastMoment) };

/** Those that are not there are left out. */
export async function listWaiting(call: PageCall): Promise<readonly WaitingThing[]> {
  const { say } = call;
  const flags = await countFlags(call);
  const found: readonly WaitingThing[] = [
    {
      what: say('файлы обмена с ошибкой', 'exchange files that failed'),
      count: await countFailedFiles(call),
      path: 'exchange',
    },
    {
      what: say('документы, которые не провелись', 'documents that could not be posted'),
      count: await countFailed(call),
      path: 'billing/repost',
    },
    {
      what: say('кассы без последней синхронизации', 'tills without the last synchronization'),
      count: await countUnsynced(call),
      path: 'sync',
    },
    { what: say('чеки, которые надо проверить', 'receipts to check'), ...flags, path: 'reports/flags' },
    {
      what: say('кассы не из справочника', 'tills that are not in the catalog'),
      count: (await listUnknownTills(call.infobase)).length,
      path: 'shops',
    },
  ];
  return found.filter(({ count }) => count > 0);
}

async function countFailedFiles({ services, infobase }: PageCall): Promise<number> {
  if (services.exchange.findFolder(infobase.name) === undefined) return 0;
  return (await services.exchange.listFiles(infobase.name)).failedCount;
}

async function countFailed({ infobase, now, services }: PageCall): Promise<number> {
  const options = { limit: 0, nightTime: services.nightSchedule.time, nowMs: services.readWallMs() };
  return (await readBillingStatus(infobase, now, options)).enabling?.counts.failed ?? 0;
}

async function countUnsynced({ infobase }: PageCall): Promise<number> {
  const last = (await listSyncs(infobase)).reduce((most, { id }) => Math.max(most, id), 0);
  const shown = last === 0 ? undefined : await showSync(infobase, last);
  return shown?.tills.filter(({ state }) => state !== 'confirmed').length ?? 0;
}

async function countFlags({ infobase }: PageCall): Promise<Pick<WaitingThing, 'count' | 'isMore'>> {
  const { receipts, next } = await listFlaggedReceipts(infobase, anyReceipt, { limit: flagsCounted });
  return { count: receipts.length, isMore: next !== null };
}
