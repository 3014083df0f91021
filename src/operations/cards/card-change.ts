// An edit of a card: the fields it gives, and what it makes of the card.
import type { NewCard } from '../../db/cards/card.ts';

/** Only the fields named are changed; the number names the card and stays. */
export type CardChange = { readonly [K in keyof Omit<NewCard, 'number'>]?: NewCard[K] };

const changeable = ['kindCode', 'holder', 'status', 'validFrom', 'validTo', 'note'] as const;

/** The fields in which the card after the edit is not as before. */
export function listChanged(before: NewCard, after: NewCard): (keyof CardChange)[] {
  return changeable.filter((field) => before[field] !== after[field]);
}

/** Whether the card would end before it begins. */
export function isOutOfOrder({ validFrom, validTo }: Pick<NewCard, 'validFrom' | 'validTo'>): boolean {
  return validFrom !== null && validTo !== null && validFrom > validTo;
}
