// «Биллинг: дисконтные карты - ночной регламент» (SEED): the night of one business date, in short transactions: after
// a kill, the next run continues after the last one. One commit does a chunk of cards: write-offs, then the credits due.
import { insertBillingDocument, type NewBillingDocument } from '../../db/billing/billing-register.ts';
import { findBillingState, setLastNight, type BillingState } from '../../db/billing/billing-state.ts';
import { expireCertificates } from '../../db/certificates/certificate.ts';
import type { Trx } from '../../db/db.ts';
import { isEnablingUnfinished } from '../../db/enabling/enabling.ts';
import {
  advanceNightRun,
  findNightRun,
  finishNightRun,
  openNightRun,
  type NightRun,
} from '../../db/night/night-run.ts';
import {
  findLastCardId,
  hasDueCredit,
  hasWriteOff,
  insertReservedDocument,
  postDueCredits,
  postWriteOffs,
  reserveDocumentId,
  type NightChunk,
} from '../../db/night/night.ts';
import { insertActiveHolds, keepLeftForHolds } from '../../db/night/night-hold.ts';
import { keepNightMark } from '../../db/night/run-out.ts';
import { addDays, dateOf, formatForPeople, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { momentOfNight, nightTime } from '../../ledger/night-moment.ts';
import { addNewCards, chooseNightCards, findChunkEnd, type ChosenCards } from './choose-night-cards.ts';
import type { Infobase } from '../infobase.ts';
import { releaseRunnerLease, renewRunnerLease, takeRunnerLease, type Held, type Runner } from '../runner-lease.ts';
import type { Subscribed } from '../standing.ts';

export type { NightRun } from '../../db/night/night-run.ts';

/**
 * Why no night is run: the base has no extended subscription, or its billing is off (SEED); or billing is being switched
 * on, which runs the nights between the documents that it re-posts.
 */
export type NightObstacle = 'no_subscription' | 'billing_off' | 'enabling';

export interface NightProgress {
  readonly businessOn: LocalDate;
  /** Card ids to measure progress: the last one done, and the last one at the beginning. */
  readonly doneCardId: number;
  readonly lastCardId: number;
}

export interface NightOptions extends Runner {
  /** Cards of a chunk; default: as many as take some milliseconds by `readMs`. */
  readonly chunkCards?: number;
  /** Awaited between chunks: the time in which tills' writes can come in. */
  readonly pause?: () => Promise<void>;
  /** Called between chunks. */
  readonly shouldStop?: () => boolean;
  readonly onProgress?: (progress: NightProgress) => void;
  /** Goes through every card, not only through those that the night can change. */
  readonly isFull?: boolean;
  /** Set by the switching-on of billing, which runs the nights while nobody else can. */
  readonly isEnabling?: boolean;
}

export type NightEnd =
  | { readonly code: 'done'; readonly run: NightRun }
  | { readonly code: 'done_before'; readonly lastNightOn: LocalDate }
  /** Nights are run in order, each with its own date: the night of `nextOn` comes first. */
  | { readonly code: 'not_next'; readonly nextOn: LocalDate }
  | { readonly code: 'not_run'; readonly why: NightObstacle }
  /** Another runner does the work, or has taken the lease over. */
  | Held
  | { readonly code: 'stopped'; readonly businessOn: LocalDate };

/**
 * A chunk keeps tills from writing, so it is as many cards as take 4 to 8 ms: about 200 where every card loses something, and
 * 1,000 where few do. A thousand of the former kept the lock for 40 ms.
 */
const firstChunkCards = 200;
const fewestChunkCards = 100;
const mostChunkCards = 4_000;
const shortChunkMs = 4;
const longChunkMs = 8;

function paceChunk(chunkCards: number, tookMs: number): number {
  if (tookMs < shortChunkMs) return Math.min(mostChunkCards, chunkCards * 2);
  if (tookMs > longChunkMs) return Math.max(fewestChunkCards, Math.ceil(chunkCards / 2));
  return chunkCards;
}

/** Runs the night of `businessOn`; `now` is the moment at which its documents are recorded. */
export async function runNight(
  infobase: Infobase,
  businessOn: LocalDate,
  now: LocalDateTime,
  options: NightOptions,
): Promise<NightEnd> {
  const end = await runOwnNight(infobase, businessOn, now, options);
  await release(infobase, options);
  return end;
}

export interface CatchUp {
  /** The nights done, in order. */
  readonly nights: readonly NightRun[];
  /** Why no further one was run. */
  readonly end: Exclude<NightEnd | NextNight, { readonly code: 'done' | 'done_before' | 'not_next' | 'due' }>;
}

export interface CatchUpOptions extends NightOptions {
  /** The last date whose night is due; default: today after 02:00, and yesterday before. */
  readonly dueOn?: LocalDate;
  readonly onNight?: (run: NightRun) => void;
}

/** Runs every night that is due and not done, in order, each with its own date. */
export async function catchUpNights(infobase: Infobase, now: LocalDateTime, options: CatchUpOptions): Promise<CatchUp> {
  const dueOn = options.dueOn ?? findDueDate(now, nightTime);
  const nights: NightRun[] = [];
  let end: NightEnd | NextNight = await findNextNight(infobase, dueOn, options.isEnabling);
  // The lease is kept from night to night; there is none to give back if nothing was due.
  const mayHoldLease = end.code === 'due';
  while (end.code === 'due') {
    end = await runOwnNight(infobase, end.businessOn, now, options);
    if (end.code === 'done') {
      nights.push(end.run);
      options.onNight?.(end.run);
    }
    // Another runner may have been faster: the database shows how far nights have come.
    if (end.code === 'done' || end.code === 'done_before' || end.code === 'not_next') {
      end = await findNextNight(infobase, dueOn, options.isEnabling);
    }
  }
  if (mayHoldLease) await release(infobase, options);
  return { nights, end };
}

/** The last date whose night is due at that moment, for nights that begin at `time` ("02:00:00"). */
export function findDueDate(now: LocalDateTime, time: string): LocalDate {
  return now.slice(11) >= time ? dateOf(now) : addDays(dateOf(now), -1);
}

export type NextNight =
  | { readonly code: 'due'; readonly businessOn: LocalDate }
  | { readonly code: 'up_to_date' }
  | { readonly code: 'not_run'; readonly why: NightObstacle };

/** The first night that is due by `dueOn` and not done. */
export function findNextNight(infobase: Infobase, dueOn: LocalDate, isEnabling = false): Promise<NextNight> {
  return infobase.db.read(async (trx) => {
    const nightState = await findNightState(infobase, trx, isEnabling);
    if (nightState.code !== 'billing') return nightState;
    const businessOn = addDays(nightState.state.lastNightOn, 1);
    return businessOn > dueOn ? { code: 'up_to_date' } : { code: 'due', businessOn };
  });
}

type NightState =
  | { readonly code: 'billing'; readonly state: BillingState }
  | { readonly code: 'not_run'; readonly why: NightObstacle };

/** Whether nights are run in this base at all, and how far they have come. */
export async function findNightState(infobase: Subscribed, trx: Trx, isEnabling = false): Promise<NightState> {
  const { stage } = (await infobase.loadKnown(trx)).settings;
  const state = await findBillingState(trx);
  if (stage !== 'billing' || state === undefined) return { code: 'not_run', why: 'billing_off' };
  if (!infobase.hasSubscription) return { code: 'not_run', why: 'no_subscription' };
  if (!isEnabling && (await isEnablingUnfinished(trx))) return { code: 'not_run', why: 'enabling' };
  return { code: 'billing', state };
}

function release(infobase: Infobase, options: NightOptions): Promise<void> {
  return infobase.db.write((trx) => releaseRunnerLease(trx, 'night', options));
}

/** A night with the lease taken and kept. */
async function runOwnNight(
  infobase: Infobase,
  businessOn: LocalDate,
  now: LocalDateTime,
  options: NightOptions,
): Promise<NightEnd> {
  const begun = await infobase.db.write((trx) => beginNight(infobase, trx, businessOn, now, options));
  if (begun.code !== 'going') return begun;
  const { lastCardId, startOn } = begun;
  let { run } = begun;
  let chosen = await chooseNightCards(infobase, { businessOn, startOn, isFull: options.isFull === true });
  for (let chunkCards = options.chunkCards ?? firstChunkCards; ;) {
    if (options.shouldStop?.() === true) return { code: 'stopped', businessOn };
    const current = { run, chosen, chunkCards };
    const beganMs = options.readMs();
    const step = await infobase.db.write((trx) => stepNight(infobase, trx, current, now, options));
    if (step.code !== 'going') return step;
    ({ run, chosen } = step);
    options.onProgress?.({ businessOn, doneCardId: run.doneCardId, lastCardId });
    if (options.chunkCards === undefined) chunkCards = paceChunk(chunkCards, options.readMs() - beganMs);
    await options.pause?.();
  }
}

type Begun = {
  readonly code: 'going';
  readonly run: NightRun;
  readonly lastCardId: number;
  readonly startOn: LocalDate;
};

/** How far the run has come, and the cards that it goes through. */
interface Current {
  readonly run: NightRun;
  readonly chosen: ChosenCards;
  readonly chunkCards: number;
}

type Going = Omit<Current, 'chunkCards'> & { readonly code: 'going' };

async function beginNight(
  infobase: Infobase,
  trx: Trx,
  businessOn: LocalDate,
  now: LocalDateTime,
  options: NightOptions,
): Promise<NightEnd | Begun> {
  const nightState = await findNightState(infobase, trx, options.isEnabling);
  if (nightState.code !== 'billing') return nightState;
  const { lastNightOn, startOn } = nightState.state;
  if (businessOn <= lastNightOn) return { code: 'done_before', lastNightOn };
  const nextOn = addDays(lastNightOn, 1);
  if (businessOn !== nextOn) return { code: 'not_next', nextOn };
  const held = await takeRunnerLease(trx, 'night', options);
  if (held !== undefined) return held;
  let run = await findNightRun(trx, businessOn);
  if (run === undefined) {
    await openNightRun(trx, businessOn, now);
    run = await findNightRun(trx, businessOn);
  }
  if (run === undefined) throw new Error('a night that was opened is missing');
  return { code: 'going', run, lastCardId: await findLastCardId(trx), startOn };
}

/** One transaction: the next chunk with the mark of how far the run has come, or the end of the run. */
async function stepNight(
  infobase: Infobase,
  trx: Trx,
  { run, chosen, chunkCards }: Current,
  now: LocalDateTime,
  options: NightOptions,
): Promise<NightEnd | Going> {
  const held = await renewRunnerLease(trx, 'night', options);
  if (held !== undefined) return held;
  const nightState = await findNightState(infobase, trx, options.isEnabling);
  if (nightState.code !== 'billing') return nightState;
  const { businessOn, doneCardId: fromCardId } = run;
  const upToDate = await addNewCards(trx, chosen, fromCardId);
  const toCardId = await findChunkEnd(trx, fromCardId, chunkCards);
  if (toCardId === undefined) {
    await expireCertificates(trx, businessOn, describeExpiry(businessOn, now));
    await finishNightRun(trx, businessOn, now);
    await setLastNight(trx, businessOn);
    return { code: 'done', run: { ...run, finishedAt: now } };
  }
  const chunk = { businessOn, fromCardId, toCardId };
  await keepNightMark(trx, businessOn, fromCardId);
  // A hold made since 02:00, before the night comes to its card, keeps its sum as well: no till is refused because the night is
  // late. Nights of the past, when billing is switched on, know only the holds of then.
  if (options.isEnabling !== true) await insertActiveHolds(trx, chunk, now);
  const written = await writeOffChunk(trx, run, chunk, now);
  await keepLeftForHolds(trx, chunk);
  const next = { ...(await creditChunk(trx, written, chunk, now)), doneCardId: toCardId };
  if (!(await advanceNightRun(trx, fromCardId, next)))
    throw new Error(`another process has changed the run of the night of ${businessOn}`);
  return { code: 'going', run: next, chosen: upToDate };
}

async function writeOffChunk(trx: Trx, run: NightRun, chunk: NightChunk, now: LocalDateTime): Promise<NightRun> {
  let { writeOffDocumentId } = run;
  if (writeOffDocumentId === null) {
    if (!(await hasWriteOff(trx, chunk))) return run;
    writeOffDocumentId = await makeWriteOffDocument(trx, run, now);
  }
  const lines = await postWriteOffs(trx, writeOffDocumentId, chunk);
  return { ...run, writeOffDocumentId, reservedDocumentId: null, writeOffLines: run.writeOffLines + lines };
}

async function makeWriteOffDocument(trx: Trx, run: NightRun, now: LocalDateTime): Promise<number> {
  const document = describeDocument('WriteOff', run.businessOn, now);
  if (run.reservedDocumentId === null) return insertBillingDocument(trx, document);
  await insertReservedDocument(trx, run.reservedDocumentId, document);
  return run.reservedDocumentId;
}

async function creditChunk(trx: Trx, run: NightRun, chunk: NightChunk, now: LocalDateTime): Promise<NightRun> {
  if (!(await hasDueCredit(trx, chunk))) return run;
  let { accrualDocumentId, reservedDocumentId } = run;
  if (accrualDocumentId === null) {
    const document = describeDocument('Accrual', run.businessOn, now);
    // A later chunk's «Списание» must come before this «Начисление» in a card's history, as its line does.
    if (run.writeOffDocumentId === null) reservedDocumentId = await reserveDocumentId(trx, document);
    accrualDocumentId = await insertBillingDocument(trx, document);
  }
  const lines = await postDueCredits(trx, accrualDocumentId, chunk);
  return { ...run, accrualDocumentId, reservedDocumentId, accrualLines: run.accrualLines + lines };
}

function describeDocument(kind: 'WriteOff' | 'Accrual', businessOn: LocalDate, now: LocalDateTime): NewBillingDocument {
  const datedAt = momentOfNight(businessOn);
  const comment = `Биллинг: дисконтные карты - ночной регламент за ${formatForPeople(datedAt).slice(0, 10)}`;
  const head = { kind, origin: 'night', datedAt, recordedAt: now, comment } as const;
  return { ...head, effectiveOn: null, receiptId: null, documentId: null };
}

/** Certificates are few compared with cards: the transaction that ends a run takes all that have run out. */
function describeExpiry(businessOn: LocalDate, now: LocalDateTime): Parameters<typeof expireCertificates>[2] {
  const datedAt = momentOfNight(businessOn);
  return {
    datedAt,
    recordedAt: now,
    comment: `Истёк срок действия: ночной регламент за ${formatForPeople(datedAt).slice(0, 10)}`,
  };
}
