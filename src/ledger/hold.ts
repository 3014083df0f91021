// Bonus set aside for a receipt (domain 6): what is free to spend, and whether a hold is still active.
import type { LocalDate, LocalDateTime } from './local-date-time.ts';
import type { Kopecks } from './money.ts';
import { findNightFrom, momentOfNight } from './night-moment.ts';
import type { ReceiptKey } from './receipt.ts';

/** What a till asks to set aside or to free. */
export interface HoldRequest extends ReceiptKey {
  readonly operationId: string | null;
  readonly cardNumber: string;
  readonly amountKopecks: Kopecks;
}

export const holdStates = ['active', 'taken', 'released', 'expired'] as const;
/** After its `expiresAt` a hold holds nothing, whatever its state says; the state `expired` only records that. */
export type HoldState = (typeof holdStates)[number];

export function isHoldActive(state: HoldState, expiresAt: LocalDateTime, now: LocalDateTime): boolean {
  return state === 'active' && now < expiresAt;
}

/** The night at which the hold will be active, if nobody takes or frees it; a hold lasts for a day at most. */
export function findNightOver(madeAt: LocalDateTime, expiresAt: LocalDateTime): LocalDate | undefined {
  const on = findNightFrom(madeAt);
  return momentOfNight(on) < expiresAt ? on : undefined;
}

/** Bonus set aside by the holds that are active at the night of a date. */
export type HeldAt = (on: LocalDate) => Kopecks;

export const nothingHeld: HeldAt = () => 0;

/** Bonus that may be spent now: the balance less what is set aside for other receipts, never below zero. */
export function countAvailable(balanceKopecks: Kopecks, heldKopecks: Kopecks): Kopecks {
  return Math.max(0, balanceKopecks - heldKopecks);
}

/**
 * Bonus that a receipt may spend: what its own hold has set aside, and what is free besides. With the setting `availability`
 * = `covered`, bonus that has run out is not free, but its hold keeps it until the receipt comes. Never more than the balance.
 * @param card its `held` includes the receipt's own hold.
 */
export function countSpendable(
  card: { readonly bonus: Kopecks; readonly spendable: Kopecks; readonly held: Kopecks },
  ownHeldKopecks: Kopecks,
): Kopecks {
  const withOwn = ownHeldKopecks + countAvailable(card.spendable, card.held);
  return Math.min(withOwn, countAvailable(card.bonus, card.held - ownHeldKopecks));
}
