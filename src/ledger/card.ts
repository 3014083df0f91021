// The card and its kind, and whether a card may take part in a new operation.
import type { DiscountScheme } from './discount.ts';
import type { LocalDate } from './local-date-time.ts';
import { resultCodes, type ResultCode } from './result.ts';

export const cardStatuses = ['active', 'accrue_only', 'blocked'] as const;
export type CardStatus = (typeof cardStatuses)[number];

export const cardPurposes = ['discount', 'payment'] as const;
/**
 * A payment card holds loaded money in the measure of the bonus and never accrues by percent (SEED: платёжные карты). Its
 * accumulation sum and receipt count never move.
 */
export type CardPurpose = (typeof cardPurposes)[number];

/** The longest card number; leading zeros count (DECIDED). */
export const cardNumberLimit = 50;

/**
 * Whether a new card may have this number; an existing card keeps its own. What is refused is what a foot row, a title or a
 * formula of a spreadsheet has in the column of the numbers.
 */
export function isNewCardNumber(number: string): boolean {
  return /\d/.test(number) && !/[\s=:"'`«»“”„‟‘’‚‛]/.test(number);
}

export interface CardKind {
  readonly code: string;
  readonly name: string;
  readonly purpose: CardPurpose;
  readonly discount: DiscountScheme;
  /** Greatest share of a receipt payable by bonus, hundredths of a percent; null = no limit given. */
  readonly maxRedeemPercentHundredths: number | null;
  /** Percent of bonus, as information for the till, hundredths of a percent. */
  readonly accrualPercentHundredths: number | null;
  /** Rules of life that its cards' accruals get; null = unlimited life without delay, a payment kind's too. */
  readonly bonusRuleCode: string | null;
  /** One rule for the accumulation sum and the receipt count. */
  readonly accumulationRuleCode: string | null;
}

export interface CardTerms {
  readonly status: CardStatus;
  readonly validFrom: LocalDate | null;
  readonly validTo: LocalDate | null;
}

/** What is wrong with the card on that date before anything else is asked; both ends of its dates are included. */
export function judgeCard(card: CardTerms, on: LocalDate): ResultCode {
  if (card.status === 'blocked') return resultCodes.cardBlocked;
  if (card.validFrom !== null && on < card.validFrom) return resultCodes.cardOutOfDates;
  if (card.validTo !== null && on > card.validTo) return resultCodes.cardOutOfDates;
  return resultCodes.done;
}

/** The same check, and whether the card's bonus may be spent. */
export function judgeRedemption(card: CardTerms, on: LocalDate): ResultCode {
  const code = judgeCard(card, on);
  return code === resultCodes.done && card.status === 'accrue_only' ? resultCodes.cardOnlyAccrues : code;
}
