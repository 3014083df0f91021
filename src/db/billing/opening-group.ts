// How the opening balance has an old sale with its returns, kept where one of them was changed after billing began: such a
// change never affects billing (SEED), so later returns are calculated from what the opening had.
import type { Receipt } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface OpeningGroup {
  /** The sale's receipt and card, as they were when billing opened. */
  readonly receiptId: number;
  readonly cardId: number;
  readonly sale: Receipt;
  /** Those dated before the start. */
  readonly returns: readonly Receipt[];
}

interface Row {
  readonly receiptId: number;
  readonly cardId: number;
  readonly content: string;
}

const columns = { receiptId: 'receipt_id', cardId: 'card_id', content: 'content' };

const ofSale = statement<{ receiptId: number }, Row>((knex, p) =>
  knex('opening_group').select(columns).where('receipt_id', p.receiptId),
);

const ofCard = statement<{ cardId: number }, { receiptId: number }>((knex, p) =>
  knex('opening_group').select({ receiptId: 'receipt_id' }).where('card_id', p.cardId),
);

const insert = statement<{ receiptId: number; cardId: number; content: string }>((knex, p) =>
  knex('opening_group').insert({ receipt_id: p.receiptId, card_id: p.cardId, content: p.content }),
);

/** Undefined if nothing of the group was changed since billing began. */
export async function findOpeningGroup(trx: Trx, saleId: number): Promise<OpeningGroup | undefined> {
  const row = await trx.first(ofSale, { receiptId: saleId });
  if (row === undefined) return undefined;
  const { receiptId, cardId, content } = row;
  return { receiptId, cardId, ...(JSON.parse(content) as Pick<OpeningGroup, 'sale' | 'returns'>) };
}

/** The old sales of a card that have such a group. */
export async function listOpeningGroupSales(trx: Trx, cardId: number): Promise<number[]> {
  return (await trx.list(ofCard, { cardId })).map(({ receiptId }) => receiptId);
}

export async function insertOpeningGroup(trx: Trx, { receiptId, cardId, sale, returns }: OpeningGroup): Promise<void> {
  await trx.change(insert, { receiptId, cardId, content: JSON.stringify({ sale, returns }) });
}
