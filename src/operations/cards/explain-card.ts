// Why a card has the balance that it has: the rows of the register that add up to it, checked against the balance that is
// stored; what of it burns when, what is still to be credited, and what is set aside.
import { sumMovementsUntil, type ActiveHold, type MovementSum } from '../../db/cards/card-at.ts';
import type { MeasureName, PendingCredit } from '../../ledger/account.ts';
import { lastMoment, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { addMeasures, isNothing, noMeasures, subtractMeasures, type Measures } from '../../ledger/measures.ts';
import type { DocumentRegister } from '../billing/document-id.ts';
import type { Infobase } from '../infobase.ts';
import type { AccrualAhead, CardOutlook } from './foresee-card.ts';
import type { CardOperation } from './list-card-operations.ts';
import { loadShownCard, type ShownCard } from './show-card.ts';

export interface CardExplanation {
  readonly cardNumber: string;
  /** The register that the balances are taken from: that of the stage. */
  readonly register: DocumentRegister;
  /** The moment that the balances are of, by the dates of the documents; null = now. */
  readonly at: LocalDateTime | null;
  readonly balances: Measures;
  /** What a till may spend now; null for a past moment. */
  readonly available: number | null;
  /** The rows that add up to the balances: the latest first. */
  readonly rows: readonly CardOperation[];
  /** The sum of the rows before them; null if all are shown. */
  readonly earlier: MovementSum | null;
  /** Whether every movement of the card, together, is the balance that is stored. */
  readonly addsUp: boolean;
  /** What is to come, if nothing else happens; null for a past moment and outside billing. */
  readonly ahead: CardAhead | null;
  readonly holds: readonly ActiveHold[];
}

export interface CardAhead {
  /** «Обороты начислений» by write-off date: what was accrued, whatever of it is spent. */
  readonly accruals: readonly AccrualAhead[];
  /** What nights will take, by date. */
  readonly burning: readonly BurningAhead[];
  /** Whether more nights follow than were asked for. */
  readonly hasMore: boolean;
  /** By credit date. */
  readonly pending: readonly CreditAhead[];
}

export interface BurningAhead extends Measures {
  readonly on: LocalDate;
}

export interface CreditAhead extends Measures {
  readonly creditOn: LocalDate;
  readonly writeOffOn: LocalDate;
}

export interface ExplainCardOptions {
  readonly at?: LocalDateTime;
  /** How many rows are shown one by one. */
  readonly rows: number;
  /** How many nights to come are looked at. */
  readonly nights: number;
}

/** Undefined if no card has that number. Works in every stage: it is the operator's view, not a till's. */
export async function explainCard(
  infobase: Infobase,
  now: LocalDateTime,
  cardNumber: string,
  options: ExplainCardOptions,
): Promise<CardExplanation | undefined> {
  return (await showExplainedCard(infobase, now, cardNumber, options))?.explanation;
}

/** The same beside what `showCard` shows, read once. */
export function showExplainedCard(
  infobase: Infobase,
  now: LocalDateTime,
  cardNumber: string,
  { rows: limit, ...options }: ExplainCardOptions,
): Promise<{ readonly shown: ShownCard; readonly explanation: CardExplanation } | undefined> {
  return infobase.db.read(async (trx) => {
    const shown = await loadShownCard(trx, infobase, now, cardNumber, { ...options, movements: limit });
    if (shown === undefined) return undefined;
    const { card, balances, stored, at, available, movements, outlook, holds } = shown;
    const { stage } = await infobase.loadSettings(trx);
    const all = await sumMovementsUntil(trx, stage, card.id, lastMoment);
    const until = at === null ? all : await sumMovementsUntil(trx, stage, card.id, at);
    const explanation: CardExplanation = {
      cardNumber,
      register: stage === 'billing' ? 'billing' : 'accumulation',
      at,
      balances,
      available,
      rows: movements,
      earlier: findEarlier(until, movements),
      addsUp: isNothing(subtractMeasures(all, stored)),
      ahead: outlook === null ? null : lookAhead(outlook),
      holds,
    };
    return { shown, explanation };
  });
}

function findEarlier(all: MovementSum, rows: readonly CardOperation[]): MovementSum | null {
  const count = all.count - rows.length;
  return count === 0 ? null : { count, ...subtractMeasures(all, rows.reduce<Measures>(addMeasures, noMeasures)) };
}

export function lookAhead({ accruals, pending, nights, hasMoreNights }: CardOutlook): CardAhead {
  const burning = nights
    .map(({ on, writeOffs }) => ({ on, ...widen(writeOffs) }))
    .filter((burned) => !isNothing(burned));
  return { accruals, burning, hasMore: hasMoreNights, pending: listCredits(pending) };
}

/** Parts of a measure each as one row. */
function widen(parts: readonly { readonly measure: MeasureName; readonly amount: number }[]): Measures {
  const sums = { bonus: 0, accumulation: 0, receipts: 0 };
  for (const { measure, amount } of parts) sums[measure] += amount;
  return sums;
}

/** @param pending by credit date. */
function listCredits(pending: readonly PendingCredit[]): CreditAhead[] {
  const byDates = new Map<string, PendingCredit[]>();
  for (const credit of pending) {
    const dates = `${credit.creditOn} ${credit.writeOffOn}`;
    byDates.set(dates, [...(byDates.get(dates) ?? []), credit]);
  }
  return [...byDates.values()].map((credits) => {
    const { creditOn, writeOffOn } = credits[0] as PendingCredit;
    return { creditOn, writeOffOn, ...widen(credits) };
  });
}
