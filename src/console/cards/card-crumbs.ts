// The way back to the catalog of cards, and to a card.
import type { Crumb, PageCall } from '../page.ts';

export function cardCrumbs({ say }: PageCall): readonly Crumb[] {
  return [{ title: say('Дисконтные карты', 'Discount cards'), path: 'cards' }];
}

export function crumbsOf(call: PageCall, number: string): readonly Crumb[] {
  return [...cardCrumbs(call), { title: number, path: `cards/${encodeURIComponent(number)}` }];
}
