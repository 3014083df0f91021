// Removes a card kind that no card is of.
import { countCardsOfKind } from '../../db/cards/card-catalog.ts';
import { removeCardKind as removeKind } from '../../db/catalogs/card-kind.ts';
import type { Infobase } from '../infobase.ts';
import { writeOrRehearse } from '../rehearse.ts';

export type RemoveCardKindOutcome = { readonly sort: 'removed' | 'unknown' } | { readonly sort: 'used'; cards: number };

export function removeCardKind(infobase: Infobase, code: string, isDryRun = false): Promise<RemoveCardKindOutcome> {
  return writeOrRehearse(infobase, isDryRun, async (trx) => {
    const cards = await countCardsOfKind(trx, code);
    if (cards > 0) return { sort: 'used', cards };
    return { sort: (await removeKind(trx, code)) ? 'removed' : 'unknown' };
  });
}
