// «Синхронизация накоплений по ДК для Псевдо-Онлайн»: the sums of cards as they are now, in numbered pages that tills
// fetch. Before it, cards must be refused on tills and all reports taken, so that no till counts on sums of its own.
import { findCard } from '../../db/cards/card.ts';
import type { Database, Trx } from '../../db/db.ts';
import {
  addSyncCard,
  fillSyncPage,
  getLastSyncVersion,
  insertSyncDocument,
  insertSyncPage,
  postSyncDocument,
  removeSyncPage,
  removeUnfinishedPage,
  type SyncRegister,
} from '../../db/sync/sync.ts';
import { listUnreportedShifts, type UnreportedShift } from '../../db/sync/unreported-shift.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { recordChange } from '../admin/record-change.ts';
import { findMissingReports } from './find-missing-reports.ts';
import type { Infobase } from '../infobase.ts';
import { rehearse } from '../rehearse.ts';
import { releaseRunnerLease, renewRunnerLease, takeRunnerLease, type Held, type Runner } from '../runner-lease.ts';
import { loadExchangeStanding } from '../standing.ts';

export interface SyncOptions extends Runner {
  /** Numbers of the cards, one given twice counts once; none = all of them, as an empty table of the document is. */
  readonly cardNumbers: readonly string[];
  /** Cards of a page, which is one version and one answer to a till. */
  readonly pageCards?: number;
  readonly isDryRun?: boolean;
  /** Awaited between the transactions, with the number of cards on pages so far; a dry run has one alone. */
  readonly afterTurn?: (cards: number) => Promise<void>;
}

export type SyncEnd =
  | {
      readonly code: 'done';
      /** Null of a dry run. */
      readonly id: number | null;
      readonly cards: number;
      /** Null of a dry run, and of a base without cards. */
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
  | { readonly code: 'closed'; readonly why: 'exclusive' | 'no_subscription' | 'stage_changed' }
  | Held;

/** 5,000 cards are an answer of 1 MB and a transaction of 20 ms. */
const defaultPageCards = 5_000;
const unreportedLimit = 20;

/**
 * Makes the document page by page, each in a transaction of its own, and posts it at the end: a maker that is killed leaves
 * nothing that a till could see. What was checked before is checked again in every one of them, so nothing is posted that
 * was begun under other conditions.
 */
export async function createSync(infobase: Infobase, now: LocalDateTime, options: SyncOptions): Promise<SyncEnd> {
  const prepared = await prepareSync(infobase, options);
  if (prepared.code !== 'ready') return prepared;
  if (options.isDryRun === true) return rehearseSync(infobase, now, options, prepared);
  const held = await infobase.db.write((trx) => takeRunnerLease(trx, 'sync', options));
  if (held !== undefined) return held;
  const turns = new Turns(infobase, options, prepared, async (work) => {
    try {
      return await infobase.db.write(work);
    } catch (reason) {
      // The next maker need not wait for it to run out.
      if (reason instanceof Stopped) await infobase.db.write((trx) => releaseRunnerLease(trx, 'sync', options));
      throw reason;
    }
  });
  return makeDocument(turns, now, prepared.cardIds, options).catch(catchStopped);
}

/**
 * All pages in one transaction, which is undone: those of a later turn rest on the earlier ones. A million cards take four
 * seconds, in which cards are refused on tills anyway.
 */
async function rehearseSync(
  infobase: Infobase,
  now: LocalDateTime,
  options: SyncOptions,
  prepared: Prepared,
): Promise<SyncEnd> {
  const { afterTurn: _, ...inOneTurn } = options;
  const end = await rehearse(infobase, async (trx): Promise<SyncEnd> => {
    const held = await takeRunnerLease(trx, 'sync', options);
    if (held !== undefined) return held;
    const turns = new Turns(infobase, options, prepared, (work) => work(trx));
    return makeDocument(turns, now, prepared.cardIds, inOneTurn).catch(catchStopped);
  });
  return end.code === 'done' ? { ...end, id: null } : end;
}

function catchStopped(reason: unknown): SyncEnd {
  if (reason instanceof Stopped) return reason.end;
  throw reason;
}

async function makeDocument(
  turns: Turns,
  now: LocalDateTime,
  cardIds: readonly number[],
  { pageCards: limit = defaultPageCards, afterTurn }: SyncOptions,
): Promise<SyncEnd> {
  while (await turns.run(removeUnfinishedPage)) await afterTurn?.(0);
  const isFull = cardIds.length === 0;
  const { id, firstVersion } = await turns.run(async (trx) => ({
    id: await insertSyncDocument(trx, now, isFull),
    firstVersion: (await getLastSyncVersion(trx)) + 1,
  }));
  let [cards, pages, listed, afterId] = [0, 0, 0, 0];
  for (let isLast = false; !isLast;) {
    const page = { version: firstVersion + pages, afterId, limit };
    const own = cardIds.slice(listed, listed + limit);
    const filled = await turns.run(async (trx, register) => {
      await insertSyncPage(trx, page.version, id);
      const added = isFull
        ? await fillSyncPage(trx, register, page)
        : await fillListed(trx, register, page.version, own);
      // The cards of the page before were the last ones: a page of none is what a till gets when it is up to date.
      if (added.cards === 0) await removeSyncPage(trx, page.version);
      return added;
    });
    cards += filled.cards;
    if (filled.cards > 0) pages += 1;
    listed += own.length;
    afterId = filled.lastId;
    isLast = isFull ? filled.cards < limit : listed === cardIds.length;
    await afterTurn?.(cards);
  }
  const hasPages = pages > 0;
  const versions = {
    firstVersion: hasPages ? firstVersion : null,
    lastVersion: hasPages ? firstVersion + pages - 1 : null,
  };
  await turns.run(async (trx) => {
    await postSyncDocument(trx, { id, cards, ...versions });
    await turns.record(trx, id, { isFull, cards });
    await turns.releaseLease(trx);
  });
  return { code: 'done', id, cards, ...versions };
}

/** Puts the cards of a list on a page, but for those that have left the catalog meanwhile. */
async function fillListed(
  trx: Trx,
  register: SyncRegister,
  version: number,
  cardIds: readonly number[],
): Promise<{ readonly cards: number; readonly lastId: number }> {
  let cards = 0;
  for (const cardId of cardIds) if (await addSyncCard(trx, register, version, cardId)) cards += 1;
  return { cards, lastId: 0 };
}

type Refusal = Exclude<SyncEnd, { readonly code: 'done' }>;

interface Ready {
  readonly code: 'ready';
  readonly register: SyncRegister;
}

interface Prepared extends Ready {
  /** Of the cards listed; none = all. */
  readonly cardIds: readonly number[];
  /** Receipts up to this one have been reported. */
  readonly lastReceiptId: number;
}

/** All that takes long: looked at without a transaction, so that no till waits for it. */
async function prepareSync(infobase: Infobase, { cardNumbers }: SyncOptions): Promise<Refusal | Prepared> {
  const { shifts, lastReceiptId } = await findMissingReports(infobase);
  const judged = await infobase.db.read((trx) => judgeReadiness(infobase, trx, shifts));
  if (judged.code !== 'ready') return judged;
  const cardIds = new Set<number>();
  for (const cardNumber of cardNumbers) {
    const card = await infobase.db.read((trx) => findCard(trx, cardNumber));
    if (card === undefined) return { code: 'unknown_card', cardNumber };
    cardIds.add(card.id);
  }
  return { ...judged, cardIds: [...cardIds], lastReceiptId };
}

async function judgeReadiness(
  infobase: Infobase,
  trx: Trx,
  unreported: readonly UnreportedShift[],
): Promise<Refusal | Ready> {
  const { settings, gate } = await loadExchangeStanding(trx, infobase);
  if (gate !== 0) return { code: 'closed', why: gate === 9 ? 'no_subscription' : 'exclusive' };
  const isAccepting = settings.acceptCards === 'true';
  if (isAccepting || unreported.length > 0) {
    return { code: 'not_ready', isAccepting, unreported: unreported.slice(0, unreportedLimit) };
  }
  return { code: 'ready', register: settings.stage === 'billing' ? 'billing_balance' : 'accumulation_balance' };
}

/** Thrown out of a turn, which is undone by it; the operation ends with what it says. */
class Stopped extends Error {
  readonly end: Refusal;
  constructor(end: Refusal) {
    super(end.code);
    this.end = end;
  }
}

/** The transactions of one maker, each under its lease and under the conditions that it began with. */
class Turns {
  private readonly infobase: Infobase;
  private readonly options: SyncOptions;
  private readonly begun: Prepared;
  private readonly write: Database['write'];

  constructor(infobase: Infobase, options: SyncOptions, begun: Prepared, write: Database['write']) {
    this.infobase = infobase;
    this.options = options;
    this.begun = begun;
    this.write = write;
  }

  record(trx: Trx, id: number, after: object): Promise<void> {
    return recordChange(trx, this.infobase, { subject: 'sync', key: String(id), after });
  }

  releaseLease(trx: Trx): Promise<void> {
    return releaseRunnerLease(trx, 'sync', this.options);
  }

  /** @throws Stopped where the lease is lost or a condition holds no more. */
  run<T>(work: (trx: Trx, register: SyncRegister) => Promise<T>): Promise<T> {
    return this.write(async (trx) => {
      const held = await renewRunnerLease(trx, 'sync', this.options);
      if (held !== undefined) throw new Stopped(held);
      const newer = await listUnreportedShifts(trx, this.begun.lastReceiptId, Number.MAX_SAFE_INTEGER);
      const judged = await judgeReadiness(this.infobase, trx, newer);
      if (judged.code !== 'ready') throw new Stopped(judged);
      if (judged.register !== this.begun.register) throw new Stopped({ code: 'closed', why: 'stage_changed' });
      return work(trx, judged.register);
    });
  }
}
