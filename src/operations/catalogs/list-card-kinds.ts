// The card kinds with how many cards are of each.
import { countCardsByKind } from '../../db/cards/card-catalog.ts';
import { listCardKinds as listKinds } from '../../db/catalogs/card-kind.ts';
import type { Trx } from '../../db/db.ts';
import type { CardKind } from '../../ledger/card.ts';
import type { Infobase } from '../infobase.ts';

export interface CountedCardKind extends CardKind {
  readonly cards: number;
}

export function listCardKinds(infobase: Infobase): Promise<CountedCardKind[]> {
  return infobase.db.read(loadCardKinds);
}

export async function loadCardKinds(trx: Trx): Promise<CountedCardKind[]> {
  const counts = new Map((await countCardsByKind(trx)).map(({ kindCode, count }) => [kindCode, count]));
  return (await listKinds(trx)).map((kind) => ({ ...kind, cards: counts.get(kind.code) ?? 0 }));
}
