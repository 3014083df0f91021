// The receipts that a card's account under billing is calculated from.
import type { Trx } from '../db.ts';
import { receiptColumns, toOriginal, type ReceiptRow, type StoredReceipt } from '../receipts/receipt.ts';
import { statement } from '../statement.ts';

// Calculating a card reads thousands of receipts: columns that it does not need are not read.
const unread = { lines: [], flags: [], onlineContent: null, cashier: null, fn: null, fd: null, fp: null } as const;

type BilledRow = Omit<ReceiptRow, keyof typeof unread | 'offline'>;

const billedOfCard = statement<{ cardId: number }, BilledRow>((knex, p) => {
  const {
    lines: _1,
    flags: _2,
    onlineContent: _3,
    cashier: _4,
    fn: _5,
    fd: _6,
    fp: _7,
    offline: _8,
    ...read
  } = receiptColumns;
  return knex('receipt')
    .join('card', 'card.id', 'receipt.card_id')
    .select(read)
    .where('receipt.card_id', p.cardId)
    .where('receipt.state', 'posted')
    .whereNotNull('receipt.effective_on');
});

const strangeReturns = statement<{ cardId: number }, { id: number }>((knex, p) =>
  // SQLite keeps the order of a cross join: from the card's own sales to the returns that name them.
  knex.raw(
    `select part.id as id from receipt sale cross join receipt part
       where sale.card_id = ? and sale.effective_on is not null and sale.kind = 'Sale' and sale.state = 'posted'
         and part.original_kkm = sale.kkm and part.original_shift_number = sale.shift_number
         and part.original_receipt_number = sale.receipt_number and part.original_receipt_on = sale.receipt_on
         and part.original_kkm is not null and part.kind = 'Return' and part.state = 'posted'
         and (part.card_id <> sale.card_id or part.effective_on is null)`,
    [p.cardId],
  ),
);

/** The live receipts of a card that billing counts: only the columns that are counted. */
export async function listBilledReceipts(trx: Trx, cardId: number): Promise<StoredReceipt[]> {
  return (await trx.list(billedOfCard, { cardId })).map((row) => ({
    ...row,
    ...unread,
    offline: false,
    isPayment: row.isPayment === 1,
    original: toOriginal(row),
  }));
}

/** Live returns of a card's billed sales that are not among its own billed receipts: of another card, or not counted yet. */
export async function listStrangeReturnIds(trx: Trx, cardId: number): Promise<number[]> {
  return (await trx.list(strangeReturns, { cardId })).map(({ id }) => id);
}
