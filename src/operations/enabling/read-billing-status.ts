// The state of billing: off, on, being switched on (how far, what has failed, how fast), or interrupted while it was being
// switched off; and what switching it on would do.
import { findBillingState } from '../../db/billing/billing-state.ts';
import {
  countItems,
  countReceiptsRound,
  findEnabling,
  listFailedItems,
  type Enabling,
  type EnablingItemState,
  type FailedItem,
} from '../../db/enabling/enabling.ts';
import { findExclusiveMode, type ExclusiveMode } from '../../db/admin/exclusive-mode.ts';
import { findStandingHolder } from '../../db/lease.ts';
import { countOpeningLines, getOpeningSums } from '../../db/enabling/opening-balance.ts';
import { addDays, daysBetween, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { addMeasures, isNothing } from '../../ledger/measures.ts';
import { billingLease } from './enabling-steps.ts';
import { findEnablingObstacle } from './find-enabling-obstacle.ts';
import type { Infobase } from '../infobase.ts';
import { findOpeningCorrections } from './open-billing.ts';
import type { Refusal } from '../refusal.ts';
import { findDueDate } from '../night/run-night.ts';

export type { FailedItem } from '../../db/enabling/enabling.ts';

export interface BillingStatus {
  readonly stage: string;
  readonly startOn: LocalDate | null;
  readonly lastNightOn: LocalDate | null;
  /** Null while tills are served. */
  readonly exclusive: ExclusiveMode | null;
  /** Null if billing was not switched on over live history. */
  readonly enabling: EnablingProgress | null;
  /** The process that switches billing on or off now; null if none does. */
  readonly holder: string | null;
}

export interface EnablingProgress extends Enabling {
  readonly counts: Readonly<Record<EnablingItemState, number>>;
  readonly failed: readonly FailedItem[];
  /** Nights since the start that are done, and that are due. */
  readonly nightsDone: number;
  readonly nightsDue: number;
  /** Of the latest run, nights included; null before its first step. */
  readonly documentsPerSecond: number | null;
}

export interface StatusOptions {
  /** Most failed documents to list. */
  readonly limit: number;
  /** When the night of a date is due: "02:00:00". */
  readonly nightTime: string;
  readonly nowMs: number;
}

export function readBillingStatus(
  infobase: Infobase,
  now: LocalDateTime,
  { limit, nightTime, nowMs }: StatusOptions,
): Promise<BillingStatus> {
  return infobase.db.read(async (trx) => {
    const { stage } = await infobase.loadSettings(trx);
    const state = await findBillingState(trx);
    const enabling = await findEnabling(trx);
    const head = {
      stage,
      startOn: state?.startOn ?? enabling?.startOn ?? null,
      lastNightOn: state?.lastNightOn ?? null,
      exclusive: (await findExclusiveMode(trx)) ?? null,
      holder: (await findStandingHolder(trx, billingLease, nowMs)) ?? null,
    };
    if (enabling === undefined) return { ...head, enabling: null };
    const dayBefore = addDays(enabling.startOn, -1);
    const dueOn = findDueDate(now, nightTime);
    const { runPosted, runBeganMs, runLastStepMs } = enabling;
    const seconds = (runLastStepMs - runBeganMs) / 1000;
    return {
      ...head,
      enabling: {
        ...enabling,
        counts: await countItems(trx),
        failed: await listFailedItems(trx, limit),
        nightsDone: state === undefined ? 0 : daysBetween(dayBefore, state.lastNightOn),
        nightsDue: Math.max(0, daysBetween(dayBefore, dueOn)),
        documentsPerSecond: seconds > 0 ? Math.round(runPosted / seconds) : null,
      },
    };
  });
}

export type EnablingPreview =
  | Refusal<'startOn'>
  | {
      readonly ok: true;
      /** Cards that get a line of «Ввод начальных остатков». */
      readonly cards: number;
      readonly receiptsBefore: number;
      /** Documents to re-post. */
      readonly receiptsSince: number;
      readonly nights: number;
    };

/** What `enableBilling` would do; it changes nothing. */
export function previewEnabling(
  infobase: Infobase,
  now: LocalDateTime,
  startOn: LocalDate,
  nightTime: string,
): Promise<EnablingPreview> {
  return infobase.db.read(async (trx) => {
    const refusal = await findEnablingObstacle(infobase, trx, now, startOn);
    if (refusal !== undefined) return refusal;
    let cards = await countOpeningLines(trx, startOn);
    for (const [cardId, sums] of await findOpeningCorrections(trx, await infobase.loadSettings(trx), startOn)) {
      const before = await getOpeningSums(trx, cardId, startOn);
      cards += Number(!isNothing(addMeasures(before, sums))) - Number(!isNothing(before));
    }
    const { before, since } = await countReceiptsRound(trx, startOn);
    const nights = Math.max(0, daysBetween(addDays(startOn, -1), findDueDate(now, nightTime)));
    return { ok: true, cards, receiptsBefore: before, receiptsSince: since, nights };
  });
}
