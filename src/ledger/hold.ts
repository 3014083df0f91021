// Bonus set aside for a receipt (domain 6): what is free to spend, and whether a hold still stands.
import type { LocalDateTime } from './local-date-time.ts';
import type { Kopecks } from './money.ts';
import type { ReceiptKey } from './receipt.ts';

/** What a till asks to set aside or to free. */
export interface HoldRequest extends ReceiptKey {
  readonly operationId: string | null;
  readonly cardNumber: string;
  readonly amountKopecks: Kopecks;
}

export const holdStates = ['active', 'taken', 'released', 'expired'] as const;
/** A hold past its `expiresAt` is free again whatever its state says; `expired` only writes it down. */
export type HoldState = (typeof holdStates)[number];

export function isHoldStanding(state: HoldState, expiresAt: LocalDateTime, now: LocalDateTime): boolean {
  return state === 'active' && now < expiresAt;
}

/** Bonus that may be spent now: the balance less what is set aside for other receipts, never below zero. */
export function countAvailable(balanceKopecks: Kopecks, heldKopecks: Kopecks): Kopecks {
  return Math.max(0, balanceKopecks - heldKopecks);
}
