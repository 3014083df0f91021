// «Синхронизация накоплений по ДК для Псевдо-Онлайн» (SEED): the sums of cards as they are now, in numbered pages that tills
// fetch. Before it, cards must be refused on tills and all reports taken, so that no till counts on sums of its own.
import { findCard } from '../db/card.ts';
import type { Trx } from '../db/db.ts';
import {
  addSyncCard,
  fillSyncPage,
  getLastSyncVersion,
  insertSyncDocument,
  insertSyncPage,
  listUnreportedShifts,
  postSyncDocument,
  removeUnfinishedSyncs,
  type SyncRegister,
  type UnreportedShift,
} from '../db/sync.ts';
import { releaseLease, renewLease, takeLease } from '../db/lease.ts';
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Infobase } from './infobase.ts';
import { loadExchangeStanding } from './standing.ts';

export interface SyncOptions {
  /** Numbers of the cards; none = all of them (SEED: an empty table). */
  readonly cardNumbers: readonly string[];
  /** Names this maker among all; no other process gives the same text. */
  readonly holder: string;
  /** The machine's clock, for the lease. */
  readonly readMs: () => number;
  /** Cards of a page, which is one version and one answer to a till. */
  readonly pageCards?: number;
  readonly isDryRun?: boolean;
  readonly onPage?: (cards: number) => void;
}

export type SyncEnd =
  | {
      readonly code: 'done';
      /** Null of a dry run. */
      readonly id: number | null;
      readonly cards: number;
      readonly firstVersion: number | null;
      readonly lastVersion: number | null;
    }
  | {
      readonly code: 'not_ready';
      readonly isAccepting: boolean;
      /** Up to twenty. */
      readonly unreported: readonly UnreportedShift[];
    }
  | { readonly code: 'unknown_card'; readonly cardNumber: string }
  | { readonly code: 'closed'; readonly why: 'exclusive' | 'no_subscription' }
  | { readonly code: 'held' };

/** 5,000 cards are an answer of 1 MB and a transaction of 20 ms. */
const defaultPageCards = 5_000;
const unreportedLimit = 20;
const leaseName = 'sync';
const leaseMs = 15_000;

/**
 * Makes the document page by page, each in a transaction of its own, and posts it at the end: a maker that is killed leaves
 * nothing that a till could see.
 */
export async function createSync(infobase: Infobase, now: LocalDateTime, options: SyncOptions): Promise<SyncEnd> {
  const begun = await infobase.db.write((trx) => beginSync(infobase, trx, now, options));
  if (begun.code !== 'begun') return begun;
  const { id, register, firstVersion } = begun;
  const lease = () => ({ name: leaseName, holder: options.holder, untilMs: options.readMs() + leaseMs });
  let [cards, version, afterId] = [0, firstVersion, 0];
  for (;;) {
    const page = { version, afterId, limit: options.pageCards ?? defaultPageCards };
    const filled = await infobase.db.write(async (trx) => {
      if (!(await renewLease(trx, lease()))) return undefined;
      await insertSyncPage(trx, version, id);
      return options.cardNumbers.length === 0
        ? fillSyncPage(trx, register, page)
        : { cards: await addListed(trx, register, version, options.cardNumbers, cards, page.limit), lastId: 0 };
    });
    if (filled === undefined) return { code: 'held' };
    cards += filled.cards;
    afterId = filled.lastId;
    options.onPage?.(cards);
    if (filled.cards < page.limit) break;
    version += 1;
  }
  return infobase.db.write(async (trx) => {
    const versions = { firstVersion, lastVersion: version };
    await postSyncDocument(trx, { id, cards, ...versions });
    await releaseLease(trx, leaseName, options.holder);
    return { code: 'done', id, cards, ...versions };
  });
}

type Begun = {
  readonly code: 'begun';
  readonly id: number;
  readonly register: SyncRegister;
  readonly firstVersion: number;
};

async function beginSync(
  infobase: Infobase,
  trx: Trx,
  now: LocalDateTime,
  { cardNumbers, holder, readMs, isDryRun = false }: SyncOptions,
): Promise<SyncEnd | Begun> {
  const { settings, gate } = await loadExchangeStanding(trx, infobase);
  if (gate !== 0) return { code: 'closed', why: gate === 9 ? 'no_subscription' : 'exclusive' };
  const isAccepting = settings.acceptCards === 'true';
  const unreported = await listUnreportedShifts(trx, unreportedLimit);
  if (isAccepting || unreported.length > 0) return { code: 'not_ready', isAccepting, unreported };
  for (const cardNumber of cardNumbers) {
    if ((await findCard(trx, cardNumber)) === undefined) return { code: 'unknown_card', cardNumber };
  }
  if (isDryRun) {
    return { code: 'done', id: null, cards: cardNumbers.length, firstVersion: null, lastVersion: null };
  }
  const nowMs = readMs();
  if (!(await takeLease(trx, { name: leaseName, holder, nowMs, untilMs: nowMs + leaseMs }))) return { code: 'held' };
  await removeUnfinishedSyncs(trx);
  const id = await insertSyncDocument(trx, now, cardNumbers.length === 0);
  const register = settings.stage === 'billing' ? 'billing_balance' : 'accumulation_balance';
  return { code: 'begun', id, register, firstVersion: (await getLastSyncVersion(trx)) + 1 };
}

/** @returns how many of the list, from `from` on, the page has taken: fewer than `limit` at its end. */
async function addListed(
  trx: Trx,
  register: SyncRegister,
  version: number,
  numbers: readonly string[],
  from: number,
  limit: number,
): Promise<number> {
  const own = numbers.slice(from, from + limit);
  for (const number of own) {
    const card = await findCard(trx, number);
    // A card that left the catalog meanwhile has no sums to tell.
    if (card !== undefined) await addSyncCard(trx, register, version, card.id);
  }
  return own.length;
}
