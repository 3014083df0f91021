// Receipts as a list shows them, the latest that came first. There is no index by date, so a list without a card and without a
// shift is read in ranges of ids.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { Trx } from '../db.ts';
import { limitMark, statement } from '../statement.ts';
import { listedColumns, type FlaggedReceipt } from './flagged-receipt.ts';
import { splitFlags } from './receipt.ts';

export interface ListedReceipt extends FlaggedReceipt {
  readonly sumKopecks: Kopecks;
  readonly cashier: string | null;
  readonly offline: boolean;
}

export interface ReceiptFilter {
  readonly kkm: string | null;
  readonly shiftNumber: number | null;
  /** Dates of the receipts, both included. */
  readonly from: LocalDate;
  readonly to: LocalDate;
}

type Row = Omit<ListedReceipt, 'flags' | 'offline'> & { readonly flags: string; readonly offline: number };
type FilterParameters = { kkm: string; shiftNumber: number; from: string; to: string; beforeId: number; limit: number };

const columns = {
  ...listedColumns,
  sumKopecks: 'receipt.sum',
  cashier: 'receipt.cashier',
  offline: 'receipt.offline',
};

const inRange = statement<FilterParameters & { fromId: number }, Row>((knex, p) =>
  knex('receipt')
    .join('card', 'card.id', 'receipt.card_id')
    .where('receipt.id', '>=', p.fromId)
    .where('receipt.id', '<', p.beforeId)
    .whereBetween('receipt.receipt_on', [p.from, p.to])
    .whereRaw(`(cast(? as text) = '' or receipt.kkm = ?)`, [p.kkm, p.kkm])
    .whereRaw(`(cast(? as bigint) = -1 or receipt.shift_number = ?)`, [p.shiftNumber, p.shiftNumber])
    .orderBy('receipt.id', 'desc')
    .limit(limitMark)
    .select(columns),
);

// With `+ 0` the order by ids is no reason to read all receipts: those of a shift, or of a card, are found by their index.
const ofShift = statement<FilterParameters, Row>((knex, p) =>
  knex('receipt')
    .join('card', 'card.id', 'receipt.card_id')
    .where('receipt.kkm', p.kkm)
    .where('receipt.shift_number', p.shiftNumber)
    .whereRaw('receipt.id + 0 < ?', [p.beforeId])
    .whereBetween('receipt.receipt_on', [p.from, p.to])
    .orderByRaw('receipt.id + 0 desc')
    .limit(limitMark)
    .select(columns),
);

// A receipt is found by what it has moved; one that has moved nothing, by being in billing.
const ofCard = statement<FilterParameters & { cardId: number }, Row>((knex, p) =>
  knex('receipt')
    .join('card', 'card.id', 'receipt.card_id')
    .whereRaw(
      `receipt.id in (select document.receipt_id from accumulation_movement
           join document on document.id = accumulation_movement.document_id where accumulation_movement.card_id = ?
         union select billed.id from receipt billed where billed.card_id = ? and billed.effective_on is not null)`,
      [p.cardId, p.cardId],
    )
    .where('receipt.card_id', p.cardId)
    .whereRaw('receipt.id + 0 < ?', [p.beforeId])
    .whereBetween('receipt.receipt_on', [p.from, p.to])
    .whereRaw(`(cast(? as text) = '' or receipt.kkm = ?)`, [p.kkm, p.kkm])
    .whereRaw(`(cast(? as bigint) = -1 or receipt.shift_number = ?)`, [p.shiftNumber, p.shiftNumber])
    .orderByRaw('receipt.id + 0 desc')
    .limit(limitMark)
    .select(columns),
);

const last = statement<Record<string, never>, { id: number | null }>((knex) => knex('receipt').max({ id: 'id' }));

/** 0 where there is none. */
export async function findLastReceiptId(trx: Trx): Promise<number> {
  return (await trx.first(last, {}))?.id ?? 0;
}

/** Of the receipts with ids from `fromId` on and before `beforeId`, those that match, the latest first. */
export async function listReceiptRange(
  trx: Trx,
  filter: ReceiptFilter,
  range: { readonly fromId: number; readonly beforeId: number; readonly limit: number },
): Promise<ListedReceipt[]> {
  return (await trx.list(inRange, { ...toParameters(filter), ...range })).map(fromRow);
}

export async function listReceiptsOfShift(
  trx: Trx,
  filter: ReceiptFilter,
  range: { readonly beforeId: number; readonly limit: number },
): Promise<ListedReceipt[]> {
  return (await trx.list(ofShift, { ...toParameters(filter), ...range })).map(fromRow);
}

/** A receipt of a payment card that moved no bonus, in stage online, is not among them: nothing ties it to the card. */
export async function listReceiptsOfCard(
  trx: Trx,
  cardId: number,
  filter: ReceiptFilter,
  range: { readonly beforeId: number; readonly limit: number },
): Promise<ListedReceipt[]> {
  return (await trx.list(ofCard, { cardId, ...toParameters(filter), ...range })).map(fromRow);
}

/** '' and -1 stand for any till and any shift. */
function toParameters({ kkm, shiftNumber, from, to }: ReceiptFilter) {
  return { kkm: kkm ?? '', shiftNumber: shiftNumber ?? -1, from, to };
}

function fromRow({ flags, offline, ...row }: Row): ListedReceipt {
  return { ...row, flags: splitFlags(flags), offline: offline === 1 };
}
