// The greatest number of characters of every text that a till sends, on either road. They are two to ten
// times what is seen in trade: they stop defects and strangers, not long names.
import { cardNumberLimit } from './card.ts';

/** By the commands' names of the fields. */
export const textLimits = {
  kkm: 50,
  cardNumber: cardNumberLimit,
  certificateNumber: cardNumberLimit,
  operationId: 100,
  requestId: 100,
  shop: 200,
  cashier: 200,
  inputMethod: 50,
  fn: 50,
  fd: 50,
  fp: 50,
  reason: 1_000,
  /** Of a receipt's line: code and name of the goods, and two decimals that are stored as sent. */
  code: 100,
  name: 1_000,
  quantity: 30,
  price: 30,
} as const;

export type LimitedText = keyof typeof textLimits;

/** Whether a text has more characters than its field takes. A character outside the basic plane counts as one. */
export function isTooLong(text: string, field: LimitedText): boolean {
  const limit = textLimits[field];
  if (text.length <= limit) return false;
  // Two units a character at most: only what may be within the limit is counted.
  return text.length > 2 * limit || Array.from(text).length > limit;
}
