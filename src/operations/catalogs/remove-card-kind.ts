// Removes a card kind that no card is of.
import { countCardsOfKind } from '../../db/cards/card-catalog.ts';
import { findCardKind, removeCardKind as removeKind } from '../../db/catalogs/card-kind.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { isCatalogChanged, type CatalogOptions } from './catalog-guard.ts';
import { loadCardKinds, type CountedCardKind } from './list-card-kinds.ts';

export type RemoveCardKindOutcome =
  { readonly sort: 'removed' | 'unknown' | 'changed' } | { readonly sort: 'used'; cards: number };

export function removeCardKind(
  infobase: Infobase,
  code: string,
  options: CatalogOptions<CountedCardKind> = {},
): Promise<RemoveCardKindOutcome> {
  return writeOrRehearse(infobase, options.isDryRun === true, async (trx) => {
    if (await isCatalogChanged(trx, loadCardKinds, options)) return { sort: 'changed' };
    const cards = await countCardsOfKind(trx, code);
    if (cards > 0) return { sort: 'used', cards };
    const kind = await findCardKind(trx, code);
    if (kind === undefined) return { sort: 'unknown' };
    await removeKind(trx, code);
    await recordChange(trx, infobase, { subject: 'card_kind', key: code, before: kind });
    return { sort: 'removed' };
  });
}
