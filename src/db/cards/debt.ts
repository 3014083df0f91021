// Cards that owe: one of their measures is below zero in the register of the stage.
import type { CardStatus } from '../../ledger/card.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';
import type { SyncRegister } from '../sync/sync.ts';

export interface CardDebt extends Measures {
  readonly cardId: number;
  readonly number: string;
  readonly kindCode: string;
  readonly holder: string | null;
  readonly status: CardStatus;
}

type PageParameters = { afterId: number; kindCode: string; limit: number };

const pageOf = (register: SyncRegister) =>
  statement<PageParameters, CardDebt>((knex, p) =>
    knex(`${register} as b`)
      .join('card', 'card.id', 'b.card_id')
      .where('b.card_id', '>', p.afterId)
      .whereRaw(`(b.bonus < 0 or b.accumulation < 0 or b.receipts < 0)`)
      .whereRaw(`(cast(? as text) = '' or card.kind_code = ?)`, [p.kindCode, p.kindCode])
      .orderBy('b.card_id')
      .limit(limitMark)
      .select({
        cardId: 'b.card_id',
        number: 'card.number',
        kindCode: 'card.kind_code',
        holder: 'card.holder',
        status: 'card.status',
        bonus: 'b.bonus',
        accumulation: 'b.accumulation',
        receipts: 'b.receipts',
      }),
  );

const pages = { accumulation_balance: pageOf('accumulation_balance'), billing_balance: pageOf('billing_balance') };

/** In the order the cards were added. @param kindCode '' = of any kind. */
export function listDebts(
  trx: Trx,
  register: SyncRegister,
  { afterId, kindCode, limit }: PageParameters,
): Promise<CardDebt[]> {
  return trx.list(pages[register], { afterId, kindCode, limit });
}
