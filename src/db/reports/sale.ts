// Receipts as a report of sales counts them, a bounded piece at a time: by card, or in the order they came.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { ReceiptKind } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import type { ReceiptState } from '../receipts/receipt.ts';
import { statement } from '../statement.ts';

/** Where a receipt stands: by card and then as they came, or as they came alone. */
export interface SaleKey {
  readonly cardId: number;
  readonly receiptId: number;
}

export interface ReportedSale extends SaleKey {
  readonly cardNumber: string;
  readonly cardKindCode: string;
  readonly kind: ReceiptKind;
  readonly receiptOn: LocalDate;
  /** The shop that the till stood in when its first document was made; null where shops are not asked for. */
  readonly shopCode: string | null;
  readonly sumKopecks: Kopecks;
  readonly sumWithDiscountKopecks: Kopecks;
  readonly bonusAccruedKopecks: Kopecks;
  readonly bonusRedeemedKopecks: Kopecks;
  readonly state: ReceiptState;
}

const own = `id, card_id, kind, receipt_on, sum, sum_with_discount, bonus_accrued, bonus_redeemed, state`;

const shown = `r.id as "receiptId", r.card_id as "cardId", card.number as "cardNumber", card.kind_code as "cardKindCode",
  r.kind as kind, r.receipt_on as "receiptOn", r.sum as "sumKopecks", r.sum_with_discount as "sumWithDiscountKopecks",
  r.bonus_accrued as "bonusAccruedKopecks", r.bonus_redeemed as "bonusRedeemedKopecks", r.state as state`;

// Half of the time of a piece: only where the shop is asked for.
const shopOf = {
  with: `(select document.shop_code from document where document.receipt_id = r.id order by document.id limit 1)`,
  without: 'null',
} as const;
type Shops = keyof typeof shopOf;

// Each half has an index of its own, in this order.
const half = (condition: string, name: string): string =>
  `select * from (select ${own} from receipt
     where effective_on is ${condition} and (card_id, id) > (?, ?) and card_id <= ?
     order by card_id, id limit ?) ${name}`;

type CardPieceParameters = { cardId: number; receiptId: number; toCardId: number; limit: number };

const pieceByCard = (shops: Shops) =>
  statement<CardPieceParameters, ReportedSale>((knex, p) =>
    knex.raw(
      `select ${shown}, ${shopOf[shops]} as "shopCode"
       from (${half('null', 'unbilled')} union all ${half('not null', 'billed')} order by card_id, id limit ?) r
         join card on card.id = r.card_id
       order by r.card_id, r.id`,
      [...[1, 2].flatMap(() => [p.cardId, p.receiptId, p.toCardId, p.limit]), p.limit],
    ),
  );
const piecesByCard = { with: pieceByCard('with'), without: pieceByCard('without') };

const pieceInOrder = (shops: Shops) =>
  statement<{ receiptId: number; limit: number }, ReportedSale>((knex, p) =>
    knex.raw(
      `select ${shown}, ${shopOf[shops]} as "shopCode"
       from receipt r join card on card.id = r.card_id where r.id > ? order by r.id limit ?`,
      [p.receiptId, p.limit],
    ),
  );
const piecesInOrder = { with: pieceInOrder('with'), without: pieceInOrder('without') };

/** The next receipts after a place, in the order of cards, of cards up to `toCardId`. */
export function listSalesByCard(
  trx: Trx,
  shops: Shops,
  { cardId, receiptId }: SaleKey,
  toCardId: number,
  limit: number,
): Promise<ReportedSale[]> {
  return trx.list(piecesByCard[shops], { cardId, receiptId, toCardId, limit });
}

/** The next receipts in the order they came. */
export function listSalesInOrder(
  trx: Trx,
  shops: Shops,
  { receiptId }: SaleKey,
  limit: number,
): Promise<ReportedSale[]> {
  return trx.list(piecesInOrder[shops], { receiptId, limit });
}
