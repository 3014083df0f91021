// Removes a card kind that no card is of.
import { countCardsOfKind } from '../db/card-catalog.ts';
import { removeCardKind as removeKind } from '../db/card-kind.ts';
import type { Infobase } from './infobase.ts';

export type RemoveCardKindOutcome = { readonly sort: 'removed' | 'unknown' } | { readonly sort: 'used'; cards: number };

export function removeCardKind(infobase: Infobase, code: string): Promise<RemoveCardKindOutcome> {
  return infobase.db.write(async (trx) => {
    const cards = await countCardsOfKind(trx, code);
    if (cards > 0) return { sort: 'used', cards };
    return { sort: (await removeKind(trx, code)) ? 'removed' : 'unknown' };
  });
}
