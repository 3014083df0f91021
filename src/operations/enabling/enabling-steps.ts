// The steps of switching billing on, one transaction each: what comes next is read from the database every time.
import { leaveExclusiveMode } from '../../db/admin/exclusive-mode.ts';
import { findBillingState } from '../../db/billing/billing-state.ts';
import { isMachineTrouble } from '../../db/database-error.ts';
import type { Trx } from '../../db/db.ts';
import {
  beginEnablingRun,
  countEnablingStep,
  findEnabling,
  finishEnabling,
  hasFailedItems,
  listWaitingItems,
  markPosted,
  setItemState,
  type Enabling,
  type EnablingItem,
} from '../../db/enabling/enabling.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import { nightTime } from '../../ledger/night-moment.ts';
import type { Settings } from '../../ledger/settings.ts';
import type { Infobase } from '../infobase.ts';
import { catchUpNights, findDueDate, type CatchUp, type NightProgress, type NightRun } from '../night/run-night.ts';
import type { Remedy } from '../refusal.ts';
import { defaultLeaseMs, releaseRunnerLease, renewRunnerLease, type Held, type Runner } from '../runner-lease.ts';
import { openBilling } from './open-billing.ts';
import { repostReceipt } from './repost-receipt.ts';

/** Switching on and off exclude each other. */
export const billingLease = 'billing';

/** The machine's clock also measures the pace. */
export interface EnablingOptions extends Runner {
  /** When the night of a date is due (default 02:00:00): receipts of the hours before it come before the night. */
  readonly nightTime?: string;
  /** Documents of one transaction. */
  readonly stepItems?: number;
  /** Called between steps. */
  readonly shouldStop?: () => boolean;
  readonly onOpening?: (opened: { readonly documents: number; readonly cards: number }) => void;
  readonly onPosted?: (posted: number) => void;
  readonly onNight?: (run: NightRun) => void;
  readonly onNightProgress?: (progress: NightProgress) => void;
  /** Awaited between steps. */
  readonly pause?: () => Promise<void>;
}

export type EnablingEnd =
  | { readonly code: 'done' }
  | { readonly code: 'refused'; readonly why: string; readonly remedy?: Remedy }
  /** Another runner does the work. */
  | Held
  /** An operator asked for a pause; tills are still kept out. */
  | { readonly code: 'paused' }
  /** The runner's own process asked it to stop. */
  | { readonly code: 'stopped' }
  /** All other documents are posted; billing is on when the failed ones are posted too. */
  | { readonly code: 'failed' }
  | { readonly code: 'no_subscription' };

/**
 * A step takes half a second, and a command that writes meanwhile waits for one. The cards of a thousand documents lie on so
 * many pages that writing them was a third of the work.
 */
const defaultStepItems = 4_000;
/** No tills are served meanwhile: bigger chunks than those of a service save commits. */
const nightChunkCards = 20_000;

/** Runs to the end, with the lease that the caller has taken. */
export async function runWithLease(
  infobase: Infobase,
  now: LocalDateTime,
  options: EnablingOptions,
): Promise<EnablingEnd> {
  const release = (): Promise<void> => infobase.db.write((trx) => releaseRunnerLease(trx, billingLease, options));
  try {
    const end = await runSteps(infobase, now, options);
    await release();
    return end;
  } catch (reason) {
    // The first failure is reported, not that the lease could not be given back either: the lease runs out by itself.
    await release().catch(() => undefined);
    throw reason;
  }
}

/** What a step has done, and what comes next. */
type Step =
  | EnablingEnd
  | { readonly code: 'opened'; readonly documents: number; readonly cards: number }
  | { readonly code: 'posted'; readonly posted: number }
  /** Nights up to that date come before anything else. */
  | { readonly code: 'night'; readonly upTo: LocalDate };

async function runSteps(infobase: Infobase, now: LocalDateTime, options: EnablingOptions): Promise<EnablingEnd> {
  for (;;) {
    if (options.shouldStop?.() === true) return { code: 'stopped' };
    const step = await takeStep(infobase, now, options);
    switch (step.code) {
      case 'opened':
        options.onOpening?.(step);
        break;
      case 'posted':
        options.onPosted?.(step.posted);
        break;
      case 'night': {
        const end = await runNightsUpTo(infobase, now, step.upTo, options);
        if (end !== undefined) return end;
        break;
      }
      case 'done':
      case 'refused':
      case 'held':
      case 'paused':
      case 'stopped':
      case 'failed':
      case 'no_subscription':
        return step;
    }
    await options.pause?.();
  }
}

/** If the driver is loaded twice, its errors are not instances of this process's class. */
export function explainCause(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
}

/** A document that could not be posted to billing, with the cause. */
class PostingFailure extends Error {
  readonly position: number;

  constructor(position: number, cause: unknown) {
    super(explainCause(cause), { cause });
    this.position = position;
  }
}

/** One transaction; if a document fails, the transaction is undone and only the document is marked. */
async function takeStep(infobase: Infobase, now: LocalDateTime, options: EnablingOptions): Promise<Step> {
  try {
    return await infobase.db.write((trx) => stepEnabling(infobase, trx, now, options));
  } catch (reason) {
    if (!(reason instanceof PostingFailure) || isMachineTrouble(reason.cause)) throw reason;
    const { position, message } = reason;
    return infobase.db.write(async (trx) => {
      const step = await findStop(trx, options);
      if (step !== undefined) return step;
      await setItemState(trx, position, 'failed', message);
      return { code: 'posted', posted: 0 };
    });
  }
}

/** Inside the transaction: a runner that is asked to stop writes nothing more, as if the lease were lost. */
async function findStop(trx: Trx, options: EnablingOptions): Promise<EnablingEnd | undefined> {
  const held = await renewRunnerLease(trx, billingLease, options);
  if (held !== undefined) return held;
  const enabling = await findEnabling(trx);
  if (enabling === undefined) return { code: 'refused', why: 'billing was switched off during this run' };
  return enabling.isPaused ? { code: 'paused' } : undefined;
}

async function stepEnabling(infobase: Infobase, trx: Trx, now: LocalDateTime, options: EnablingOptions): Promise<Step> {
  const stop = await findStop(trx, options);
  if (stop !== undefined) return stop;
  if (!infobase.hasSubscription) return { code: 'no_subscription' };
  const settings = await infobase.loadSettings(trx);
  const enabling = (await findEnabling(trx)) as Enabling;
  if (enabling.phase === 'done') return { code: 'done' };
  if (enabling.phase === 'opening') {
    const opened = await openBilling(trx, settings, enabling.startOn, now);
    // This is the longest of all transactions: the lease may have run out.
    await renewRunnerLease(trx, billingLease, options);
    await beginEnablingRun(trx, options.readMs());
    return { code: 'opened', ...opened };
  }
  return postStep(trx, settings, now, options);
}

async function postStep(trx: Trx, settings: Settings, now: LocalDateTime, options: EnablingOptions): Promise<Step> {
  const state = await findBillingState(trx);
  if (state === undefined) throw new Error('billing is being switched on without a start date');
  const { nightTime: time = nightTime, stepItems = defaultStepItems } = options;
  const lastDueOn = findDueDate(now, time);
  const items = await listWaitingItems(trx, stepItems);
  const [first] = items;
  if (first === undefined) return endPosting(trx, state.lastNightOn, lastDueOn, now);
  const firstNightBefore = findLastNightBefore(first, now, time);
  if (firstNightBefore > state.lastNightOn) return { code: 'night', upTo: firstNightBefore };
  let posted = 0;
  let lastPosition = first.position;
  for (const item of items) {
    const lastNightBefore = findLastNightBefore(item, now, time);
    if (lastNightBefore > state.lastNightOn) break;
    try {
      await repostReceipt(trx, { settings, state, now }, item, lastNightBefore);
    } catch (reason) {
      throw new PostingFailure(item.position, reason);
    }
    posted += 1;
    lastPosition = item.position;
  }
  await markPosted(trx, lastPosition);
  await countEnablingStep(trx, options.readMs(), posted);
  return { code: 'posted', posted };
}

/** The last night before the receipt; a till's clock that is ahead does not cause more nights. */
export function findLastNightBefore({ receiptAt }: EnablingItem, now: LocalDateTime, time: string): LocalDate {
  const [on, lastDueOn] = [findDueDate(receiptAt, time), findDueDate(now, time)];
  return on < lastDueOn ? on : lastDueOn;
}

async function endPosting(trx: Trx, lastNightOn: LocalDate, dueOn: LocalDate, now: LocalDateTime): Promise<Step> {
  // Not before the failed ones are posted: nights that have not run need no correction.
  if (await hasFailedItems(trx)) return { code: 'failed' };
  if (lastNightOn < dueOn) return { code: 'night', upTo: dueOn };
  await finishEnabling(trx, now);
  await leaveExclusiveMode(trx);
  return { code: 'done' };
}

/** Runs the nights up to that date and keeps the lease. */
async function runNightsUpTo(
  infobase: Infobase,
  now: LocalDateTime,
  upTo: LocalDate,
  options: EnablingOptions,
): Promise<EnablingEnd | undefined> {
  const { holder, readMs, leaseMs = defaultLeaseMs } = options;
  let renewedMs = readMs();
  let stop: EnablingEnd | undefined;
  const watch = async (): Promise<void> => {
    if (readMs() - renewedMs < leaseMs / 3) return;
    renewedMs = readMs();
    stop = await infobase.db.write((trx) => findStop(trx, options));
  };
  const { end } = await catchUpNights(infobase, now, {
    holder,
    readMs,
    leaseMs,
    dueOn: upTo,
    isEnabling: true,
    chunkCards: nightChunkCards,
    pause: watch,
    shouldStop: () => stop !== undefined || options.shouldStop?.() === true,
    ...(options.onNight === undefined ? {} : { onNight: options.onNight }),
    ...(options.onNightProgress === undefined ? {} : { onProgress: options.onNightProgress }),
  });
  return stop ?? explainNights(end);
}

function explainNights(end: CatchUp['end']): EnablingEnd | undefined {
  switch (end.code) {
    case 'up_to_date':
    case 'stopped':
      return undefined;
    case 'held':
      return end;
    case 'not_run':
      return end.why === 'no_subscription'
        ? { code: 'no_subscription' }
        : { code: 'refused', why: 'billing was switched off during this run' };
  }
}
