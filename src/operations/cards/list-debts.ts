// Cards with a balance below zero: what a receipt redeemed that was not there, or a return took back.
import { findCard } from '../../db/cards/card.ts';
import { listDebts as listPage, type CardDebt } from '../../db/cards/debt.ts';
import type { Infobase } from '../infobase.ts';
import { refuse, type Refusal } from '../refusal.ts';

export type { CardDebt } from '../../db/cards/debt.ts';

export interface ListDebtsRequest {
  readonly limit: number;
  /** The number of the card that the last page ended with. */
  readonly after?: string;
  readonly kindCode?: string;
}

export type ListDebtsOutcome =
  | {
      readonly ok: true;
      /** In the order they were added. */
      readonly cards: readonly CardDebt[];
      /** The number to go on after; null where this is the last page. */
      readonly next: string | null;
    }
  | Refusal<'after'>;

/** In stage billing of «Остатки», else of «Накопления». */
export function listDebts(
  infobase: Infobase,
  { limit, after, kindCode = '' }: ListDebtsRequest,
): Promise<ListDebtsOutcome> {
  return infobase.db.read(async (trx): Promise<ListDebtsOutcome> => {
    const last = after === undefined ? undefined : await findCard(trx, after);
    if (after !== undefined && last === undefined) {
      return refuse(`there is no card "${after}"`, { field: 'after', sort: 'not_found' });
    }
    const { stage } = await infobase.loadSettings(trx);
    const register = stage === 'billing' ? 'billing_balance' : 'accumulation_balance';
    // One more shows whether there is another page.
    const found = await listPage(trx, register, { afterId: last?.id ?? 0, kindCode, limit: limit + 1 });
    const cards = found.slice(0, limit);
    return { ok: true, cards, next: found.length > limit ? (cards.at(-1)?.number ?? null) : null };
  });
}
