// A card as an operator asks about it: its terms, its kind, its balances now or at a past moment, what is set aside, what
// will burn and when, and the latest movements with their documents.
import { listCardMovements } from '../../db/receipts/accumulation.ts';
import { findCard, type Card } from '../../db/cards/card.ts';
import { findBillingState } from '../../db/billing/billing-state.ts';
import { listActiveHolds, sumMovementsUntil, type ActiveHold } from '../../db/cards/card-at.ts';
import { findCardKind } from '../../db/catalogs/card-kind.ts';
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { judgeCard, type CardKind } from '../../ledger/card.ts';
import { findDiscount } from '../../ledger/discount.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import { resultCodes } from '../../ledger/result.ts';
import { foreseeCard, type CardOutlook } from './foresee-card.ts';
import type { Infobase } from '../infobase.ts';
import { listBillingOperations, showMovement, type CardOperation } from './list-card-operations.ts';
import { figuresOf } from '../operation-reply.ts';

export interface ShownCard {
  readonly card: Card;
  readonly kind: CardKind;
  /** The moment the balances are of; null = now. */
  readonly at: LocalDateTime | null;
  readonly balances: Measures;
  /** The running balances of now, whatever the moment. */
  readonly stored: Measures;
  /** By the balances shown, hundredths of a percent. */
  readonly discountPercentHundredths: number;
  /** What a till may spend now, and the active holds; null and none for a past moment. */
  readonly available: number | null;
  readonly holds: readonly ActiveHold[];
  /** What is to be credited and written off; null outside billing and for a past moment. */
  readonly outlook: CardOutlook | null;
  /** The latest first; under billing those of «Остатки», with the nights among them. */
  readonly movements: readonly CardOperation[];
}

export interface ShowCardOptions {
  /** Balances and movements as of that moment, by the dates of the documents. */
  readonly at?: LocalDateTime;
  readonly movements: number;
  /** How many nights to come are shown. */
  readonly nights: number;
}

/** Undefined if no card has that number. Works in every stage: it is the operator's view, not a till's. */
export function showCard(
  infobase: Infobase,
  now: LocalDateTime,
  number: string,
  options: ShowCardOptions,
): Promise<ShownCard | undefined> {
  return infobase.db.read((trx) => loadShownCard(trx, infobase, now, number, options));
}

/** The same within the caller's snapshot. */
export async function loadShownCard(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  number: string,
  { at, ...limits }: ShowCardOptions,
): Promise<ShownCard | undefined> {
  const card = await findCard(trx, number);
  const settings = await infobase.loadSettings(trx);
  const reading = await findCardReading(trx, number, now, settings);
  const kind = card === undefined ? undefined : await findCardKind(trx, card.kindCode);
  if (card === undefined || reading === undefined || kind === undefined) return undefined;
  const { bonus, accumulation, receipts } =
    at === undefined ? reading : await sumMovementsUntil(trx, settings.stage, card.id, at);
  const balances = { bonus, accumulation, receipts };
  const stored = { bonus: reading.bonus, accumulation: reading.accumulation, receipts: reading.receipts };
  const billing = settings.stage === 'billing' && at === undefined ? await findBillingState(trx) : undefined;
  const range = [card.id, { from: null, to: at ?? null }, limits.movements] as const;
  const movements =
    settings.stage === 'billing'
      ? await listBillingOperations(trx, ...range)
      : (await listCardMovements(trx, ...range)).map(showMovement);
  return {
    card,
    kind,
    at: at ?? null,
    balances,
    stored,
    discountPercentHundredths: findDiscount(kind.discount, balances),
    available: at === undefined ? countSpendable(reading, now) : null,
    holds: at === undefined ? await listActiveHolds(trx, card.id, now) : [],
    outlook: billing === undefined ? null : await foreseeCard(trx, billing, reading, limits.nights, now),
    movements: movements.toReversed(),
  };
}

/** As a till sees it: nothing for a card that is blocked, only accrues or is out of its dates. */
function countSpendable(card: CardReading, now: LocalDateTime): number {
  return judgeCard(card, dateOf(now)) === resultCodes.done ? figuresOf(card).bonusAvailable : 0;
}
