// Receipts that carry a flag, the latest first: few among millions, and found by an index of their own.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { ReceiptKind } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { toFilterParameters, type FilterParameters, type ReportFilter } from './department-report.ts';
import type { ReceiptFlag, ReceiptState, Road } from './receipt.ts';
import { limitMark, statement } from '../statement.ts';

export interface FlaggedReceipt {
  readonly id: number;
  readonly flags: readonly ReceiptFlag[];
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly receiptAt: LocalDateTime;
  readonly kind: ReceiptKind;
  readonly cardNumber: string;
  readonly sumWithDiscountKopecks: Kopecks;
  readonly bonusAccruedKopecks: Kopecks;
  readonly bonusRedeemedKopecks: Kopecks;
  readonly road: Road;
  readonly state: ReceiptState;
}

/** A field that is left out does not restrict the list. */
export interface FlaggedFilter extends ReportFilter {
  readonly flag?: ReceiptFlag;
  readonly cardNumber?: string;
}

type Row = Omit<FlaggedReceipt, 'flags'> & { readonly flags: string };
export const listedColumns = {
  id: 'receipt.id',
  flags: 'receipt.flags',
  kkm: 'receipt.kkm',
  shiftNumber: 'receipt.shift_number',
  receiptNumber: 'receipt.receipt_number',
  receiptAt: 'receipt.receipt_at',
  kind: 'receipt.kind',
  cardNumber: 'card.number',
  sumWithDiscountKopecks: 'receipt.sum_with_discount',
  bonusAccruedKopecks: 'receipt.bonus_accrued',
  bonusRedeemedKopecks: 'receipt.bonus_redeemed',
  road: 'receipt.road',
  state: 'receipt.state',
};

type PageParameters = FilterParameters & { flag: string; cardNumber: string; beforeId: number; limit: number };

const page = statement<PageParameters, Row>((knex, p) =>
  knex('receipt')
    .join('card', 'card.id', 'receipt.card_id')
    .whereRaw(`receipt.flags <> ''`)
    .where('receipt.id', '<', p.beforeId)
    .whereBetween('receipt.receipt_on', [p.from, p.to])
    .whereRaw(`(cast(? as text) = '' or receipt.kkm = ?)`, [p.kkm, p.kkm])
    .whereRaw(`(cast(? as bigint) = -1 or receipt.shift_number = ?)`, [p.shiftNumber, p.shiftNumber])
    .whereRaw(`(cast(? as text) = '' or card.number = ?)`, [p.cardNumber, p.cardNumber])
    // Flags are joined by commas.
    .whereRaw(`(cast(? as text) = '' or ',' || receipt.flags || ',' like '%,' || ? || ',%')`, [p.flag, p.flag])
    .orderBy('receipt.id', 'desc')
    .limit(limitMark)
    .select(listedColumns),
);

/** Only receipts that came before the one with that id. */
export async function listFlaggedReceipts(
  trx: Trx,
  { flag, cardNumber, ...filter }: FlaggedFilter,
  beforeId: number,
  limit: number,
): Promise<FlaggedReceipt[]> {
  const own = { flag: flag ?? '', cardNumber: cardNumber ?? '' };
  const rows = await trx.list(page, { ...toFilterParameters(filter), ...own, beforeId, limit });
  return rows.map(({ flags, ...row }) => ({ ...row, flags: flags.split(',') as ReceiptFlag[] }));
}
