// What the night of a date takes by the documented rule, and what true lots would lose. Lots decide no balance, but an
// operator who is asked about a burned bonus can see how far the two are apart. Only reads, card by card.
import { findBillingState } from '../../db/billing/billing-state.ts';
import { listCardPage } from '../../db/cards/card.ts';
import type { Trx } from '../../db/db.ts';
import { findLastCardId } from '../../db/night/night.ts';
import { measureNames, applyNight, sumCovered, type MeasureName } from '../../ledger/account.ts';
import type { BillingPolicy } from '../../ledger/billed-group.ts';
import { heldByFacts, calculateAccount, type BillingFact } from '../../ledger/billing.ts';
import type { HeldAt } from '../../ledger/hold.ts';
import { addDays, startOf, type LocalDate } from '../../ledger/local-date-time.ts';
import { addCreditsToLots, addEffectToLots, burnLots, openLots, type Lots } from '../../ledger/lots.ts';
import { listCardFacts, policyOf } from '../billing/card-facts.ts';
import type { Infobase } from '../infobase.ts';
import { findNightState, type NightObstacle, type NightProgress } from './run-night.ts';

/** One measure of one card of which something burns on that date, by either rule. */
export interface NightComparisonLine {
  readonly cardNumber: string;
  readonly measure: MeasureName;
  /** By the documented rule: B before the night, S(T) and W. */
  readonly balance: number;
  readonly covered: number;
  /** Of the bonus, what the holds active at the night have set aside: it stays by both rules. */
  readonly held: number;
  readonly documented: number;
  readonly lots: number;
  /** What all nights up to this one have burned, by each rule. */
  readonly documentedSoFar: number;
  readonly lotsSoFar: number;
}

/** Sums over all cards can be beyond the integers that a number keeps exactly. */
export interface NightComparisonTotal {
  readonly lines: number;
  /** Lines in which the two differ. */
  readonly apart: number;
  readonly documented: Readonly<Record<MeasureName, bigint>>;
  readonly lots: Readonly<Record<MeasureName, bigint>>;
}

export type NightComparison =
  | { readonly code: 'done'; readonly businessOn: LocalDate; readonly total: NightComparisonTotal }
  | { readonly code: 'before_start'; readonly startOn: LocalDate }
  | { readonly code: 'too_far'; readonly lastOn: LocalDate }
  | { readonly code: 'not_run'; readonly why: NightObstacle }
  | { readonly code: 'stopped' };

export interface CompareOptions {
  /** Awaited between pages of cards; a process that also answers tills lets them in here. */
  readonly pause?: () => Promise<void>;
  readonly shouldStop?: () => boolean;
  /** Called in the order of card ids. */
  readonly onLine?: (line: NightComparisonLine) => void;
  readonly onProgress?: (progress: NightProgress) => void;
}

/** Ten years: a date beyond that is a typing mistake. */
const greatestDays = 3_653;
const pageCards = 100;

/**
 * Compares the night of any date since billing began, by the facts known now: for a night done it shows what that night
 * would take today, late facts included; for a night to come, what it will take if nothing else happens.
 */
export async function compareNight(
  infobase: Infobase,
  businessOn: LocalDate,
  options: CompareOptions = {},
): Promise<NightComparison> {
  const begun = await infobase.db.read(async (trx) => ({
    nightState: await findNightState(infobase, trx),
    lastCardId: await findLastCardId(trx),
  }));
  if (begun.nightState.code !== 'billing') return begun.nightState;
  const { startOn, lastNightOn } = begun.nightState.state;
  if (businessOn < startOn) return { code: 'before_start', startOn };
  const lastOn = addDays(lastNightOn, greatestDays);
  if (businessOn > lastOn) return { code: 'too_far', lastOn };
  const total = { lines: 0, apart: 0, documented: openSums(), lots: openSums() };
  for (let doneCardId = 0; ;) {
    if (options.shouldStop?.() === true) return { code: 'stopped' };
    const after = doneCardId;
    const page = await infobase.db.read((trx) => comparePage(infobase, trx, after, businessOn));
    if (page === undefined) return { code: 'done', businessOn, total };
    for (const line of page.lines) {
      total.lines += 1;
      if (line.documented !== line.lots) total.apart += 1;
      total.documented[line.measure] += BigInt(line.documented);
      total.lots[line.measure] += BigInt(line.lots);
      options.onLine?.(line);
    }
    doneCardId = page.doneCardId;
    options.onProgress?.({ businessOn, doneCardId, lastCardId: begun.lastCardId });
    await options.pause?.();
  }
}

function openSums(): Record<MeasureName, bigint> {
  return { bonus: 0n, accumulation: 0n, receipts: 0n };
}

interface ComparedPage {
  readonly doneCardId: number;
  readonly lines: readonly NightComparisonLine[];
}

/** Undefined after the last card, or if billing has been switched off since. */
async function comparePage(
  infobase: Infobase,
  trx: Trx,
  afterCardId: number,
  businessOn: LocalDate,
): Promise<ComparedPage | undefined> {
  const cards = await listCardPage(trx, afterCardId, pageCards);
  const last = cards.at(-1);
  const state = await findBillingState(trx);
  if (last === undefined || state === undefined) return undefined;
  const settings = await infobase.loadSettings(trx);
  const context = { settings, state, now: startOf(businessOn) };
  const lines: NightComparisonLine[] = [];
  for (const { id, number } of cards) {
    const facts = await listCardFacts(trx, context, id);
    if (facts.length === 0) continue;
    for (const part of compareCard(facts, state.startOn, businessOn, policyOf(settings))) {
      lines.push({ cardNumber: number, ...part });
    }
  }
  return { doneCardId: last.id, lines };
}

/** One card's night of that date by both rules; facts of that date and later come after it. */
export function compareCard(
  facts: readonly BillingFact[],
  startOn: LocalDate,
  businessOn: LocalDate,
  policy: BillingPolicy,
): Omit<NightComparisonLine, 'cardNumber'>[] {
  const documentedSoFar = { bonus: 0, accumulation: 0, receipts: 0 };
  const heldAt = heldByFacts(facts);
  const side = new LotsSide(heldAt);
  const before = facts.filter(({ on }) => on < businessOn);
  const account = calculateAccount(before, startOn, addDays(businessOn, -1), policy, {
    onFact: (on, effect) => {
      side.burnTo(on);
      for (const measure of measureNames) addEffectToLots(side.lots[measure], measure, effect, on);
    },
    onNight: (on, { writeOffs, credits }) => {
      for (const { measure, amount } of writeOffs) documentedSoFar[measure] += amount;
      side.burnTo(on);
      for (const measure of measureNames) addCreditsToLots(side.lots[measure], measure, credits);
    },
  });
  side.burnTo(addDays(businessOn, -1));
  const balances = { ...account.balance };
  const covered = mapMeasures((measure) => sumCovered(account.rows[measure], businessOn));
  const { writeOffs } = applyNight(account, businessOn, heldAt(businessOn));
  return measureNames.flatMap((measure) => {
    const documented = writeOffs.find((one) => one.measure === measure)?.amount ?? 0;
    const lotsBefore = side.burned[measure];
    const held = measure === 'bonus' ? heldAt(businessOn) : 0;
    const lots = burnLots(side.lots[measure], businessOn, held);
    if (documented === 0 && lots === 0) return [];
    return {
      measure,
      balance: balances[measure],
      covered: covered[measure],
      held,
      documented,
      lots,
      documentedSoFar: documentedSoFar[measure] + documented,
      lotsSoFar: lotsBefore + lots,
    };
  });
}

function mapMeasures(figure: (measure: MeasureName) => number): Readonly<Record<MeasureName, number>> {
  return { bonus: figure('bonus'), accumulation: figure('accumulation'), receipts: figure('receipts') };
}

/** The lots of a card, with the nights that the calculation skips: a lot's night may be one of them. */
class LotsSide {
  readonly lots: Readonly<Record<MeasureName, Lots>> = {
    bonus: openLots(),
    accumulation: openLots(),
    receipts: openLots(),
  };
  readonly burned = { bonus: 0, accumulation: 0, receipts: 0 };
  private readonly heldAt: HeldAt;
  private burnedTo = '' as LocalDate;

  constructor(heldAt: HeldAt) {
    this.heldAt = heldAt;
  }

  /** A night burns what there was before that day's trade, so no night is run twice. */
  burnTo(on: LocalDate): void {
    if (on <= this.burnedTo) return;
    this.burnedTo = on;
    for (const measure of measureNames) {
      const held = measure === 'bonus' ? this.heldAt(on) : 0;
      this.burned[measure] += burnLots(this.lots[measure], on, held);
    }
  }
}
