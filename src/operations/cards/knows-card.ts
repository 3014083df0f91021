// Whether a number that a new card could not have is that of a card all the same.
import { findCard } from '../../db/cards/card.ts';
import type { Infobase } from '../infobase.ts';

export function knowsCard(infobase: Infobase): (number: string) => Promise<boolean> {
  return async (number) => (await infobase.db.read((trx) => findCard(trx, number))) !== undefined;
}
