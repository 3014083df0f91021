// The two things that hold of every card's billing registers whatever has happened: no row of accruals is below
// zero, and after a night no balance is above what covers it.
import { loadAccount } from '../../db/billing/billing-register.ts';
import { findBillingState, lastNightOfCard } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { findRowsBelowZero, listUncovered, type RowBelowZero, type UncoveredCard } from '../../db/billing/invariant.ts';
import { findLatestRun } from '../../db/night/night-run.ts';
import { measureNames, type MeasureName } from '../../ledger/account.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import { findUncovered, findUncoveredByFacts } from '../../ledger/uncovered.ts';
import { listCardFacts, policyOf } from '../billing/card-facts.ts';
import type { Infobase } from '../infobase.ts';

export interface InvariantsCheck {
  /** The first row below zero, and how many cards have one. */
  readonly belowZero: (RowBelowZero & { readonly cards: number }) | null;
  /** The last night done; null before the first one. */
  readonly lastNightOn: LocalDate | null;
  /** The first card with more than what covers it and what has come since the night, and how many there are. */
  readonly uncovered: UncoveredBalance | null;
}

export interface UncoveredBalance {
  readonly cardNumber: string;
  readonly cards: number;
  /** What the night should have taken. */
  readonly amount: Readonly<Record<MeasureName, number>>;
}

const pageCards = 200;

/** Undefined where billing is off. A running service goes on meanwhile. */
export async function verifyInvariants(infobase: Infobase, now: LocalDateTime): Promise<InvariantsCheck | undefined> {
  const state = await infobase.db.read(findBillingState);
  if (state === undefined) return undefined;
  const belowZero = (await infobase.db.read(findRowsBelowZero)) ?? null;
  const hasNight = state.lastNightOn >= state.startOn;
  const uncovered = hasNight ? await findFirstUncovered(infobase, now) : undefined;
  return { belowZero, lastNightOn: hasNight ? state.lastNightOn : null, uncovered: uncovered ?? null };
}

async function findFirstUncovered(infobase: Infobase, now: LocalDateTime): Promise<UncoveredBalance | undefined> {
  let first: UncoveredBalance | undefined;
  let cards = 0;
  for (let after = 0; ;) {
    const page = await infobase.db.read((trx) => listPage(trx, after));
    for (const { cardId, cardNumber } of page) {
      // A till's receipt may have come since the page was read.
      const amount = await infobase.db.read((trx) => explain(infobase, trx, now, cardId));
      if (amount === undefined) continue;
      cards += 1;
      first ??= { cardNumber, cards, amount };
    }
    const last = page.at(-1);
    if (last === undefined) return first === undefined ? undefined : { ...first, cards };
    after = last.cardId;
  }
}

async function listPage(trx: Trx, afterCardId: number): Promise<UncoveredCard[]> {
  const state = await findBillingState(trx);
  if (state === undefined) return [];
  const { lastNightOn } = state;
  const run = await findLatestRun(trx);
  const isRunning = run !== undefined && run.finishedAt === null;
  const nights = isRunning
    ? { runOn: run.businessOn, doneCardId: run.doneCardId }
    : { runOn: lastNightOn, doneCardId: 0 };
  return listUncovered(trx, { lastNightOn, ...nights }, afterCardId, pageCards);
}

/** What of a card's balances neither its rows nor anything that has come since the night explain. */
async function explain(
  infobase: Infobase,
  trx: Trx,
  now: LocalDateTime,
  cardId: number,
): Promise<Record<MeasureName, number> | undefined> {
  const state = await findBillingState(trx);
  if (state === undefined) return undefined;
  const settings = await infobase.loadSettings(trx);
  const lastNightOn = lastNightOfCard(state, cardId);
  const above = findUncovered(await loadAccount(trx, cardId), lastNightOn);
  const facts = await listCardFacts(trx, { settings, state, now }, cardId);
  const known = findUncoveredByFacts(facts, state.startOn, lastNightOn, policyOf(settings));
  const amount = { bonus: 0, accumulation: 0, receipts: 0 };
  for (const measure of measureNames) amount[measure] = Math.max(0, above[measure] - known[measure]);
  return measureNames.some((measure) => amount[measure] > 0) ? amount : undefined;
}
