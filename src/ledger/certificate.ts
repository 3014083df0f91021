// The gift certificate: its states and what changes them. The four names of its state are those of the till's
// coupons (SOURCE); what each means here is assumed.
import type { LocalDate } from './local-date-time.ts';
import type { Kopecks } from './money.ts';

/**
 * issued: whole, sold or not yet; pre_redeemed: a part of it is spent; redeemed: nothing is left; annulled: its sale was
 * undone, or it ran out.
 */
export const certificateStates = ['issued', 'pre_redeemed', 'redeemed', 'annulled'] as const;
export type CertificateState = (typeof certificateStates)[number];

export interface CertificateStanding {
  readonly state: CertificateState;
  readonly isSold: boolean;
  readonly nominal: Kopecks;
  readonly balance: Kopecks;
  /** The date whose night takes the rest; null before the sale. */
  readonly writeOffOn: LocalDate | null;
}

export type RestRule = 'burns' | 'stays';

/** The state of a sold certificate with that rest. */
export function stateOfRest(nominal: Kopecks, balance: Kopecks): CertificateState {
  if (balance === nominal) return 'issued';
  return balance > 0 ? 'pre_redeemed' : 'redeemed';
}

/** What a redemption takes: the sum, and also the rest if the rest burns. */
export function takeRedemption(balance: Kopecks, amount: Kopecks, rule: RestRule): Kopecks {
  return rule === 'burns' ? balance : amount;
}
