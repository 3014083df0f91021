// Receipts as the tills reported them: the trade documents of stages 1 and 2.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { NaturalKey, Receipt, ReceiptKey, ReceiptKind, ReceiptLine } from '../../ledger/receipt.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import { markValues, toMarkParameters, type BillingMark, type MarkParameters } from '../billing/billing-mark.ts';
import type { Trx } from '../db.ts';
import { statement, written } from '../statement.ts';

/** How a fact came: by an online call, or by a shift's report (upload, exchange folder). */
export type Road = 'online' | 'report';
export type ReceiptState = 'posted' | 'cancelled';
export const receiptFlags = ['debt', 'original_unknown', 'over_returned', 'report_differs'] as const;
/** What an operator should check. */
export type ReceiptFlag = (typeof receiptFlags)[number];

export interface StoredReceipt extends Receipt {
  readonly id: number;
  readonly cardId: number;
  readonly road: Road;
  readonly state: ReceiptState;
  readonly flags: readonly ReceiptFlag[];
  /** The receipt as the online call had it, if a report has since won over it. */
  readonly onlineContent: Receipt | null;
}

export interface ReceiptRow {
  id: number;
  operationId: string | null;
  kind: ReceiptKind;
  kkm: string;
  shiftNumber: number;
  receiptNumber: number;
  receiptAt: LocalDateTime;
  cardId: number;
  cardNumber: string;
  sumKopecks: number;
  sumWithDiscountKopecks: number;
  bonusAccruedKopecks: number;
  bonusRedeemedKopecks: number;
  accumulationDeltaKopecks: number | null;
  receiptCountDelta: number | null;
  offline: number;
  cashier: string | null;
  fn: string | null;
  fd: string | null;
  fp: string | null;
  originalKkm: string | null;
  originalShiftNumber: number | null;
  originalReceiptNumber: number | null;
  originalReceiptAt: LocalDateTime | null;
  lines: string;
  road: Road;
  state: ReceiptState;
  flags: string;
  onlineContent: string | null;
  isPayment: number;
}

export const receiptColumns = {
  id: 'receipt.id',
  operationId: 'receipt.operation_id',
  kind: 'receipt.kind',
  kkm: 'receipt.kkm',
  shiftNumber: 'receipt.shift_number',
  receiptNumber: 'receipt.receipt_number',
  receiptAt: 'receipt.receipt_at',
  cardId: 'receipt.card_id',
  cardNumber: 'card.number',
  sumKopecks: 'receipt.sum',
  sumWithDiscountKopecks: 'receipt.sum_with_discount',
  bonusAccruedKopecks: 'receipt.bonus_accrued',
  bonusRedeemedKopecks: 'receipt.bonus_redeemed',
  accumulationDeltaKopecks: 'receipt.accumulation_delta',
  receiptCountDelta: 'receipt.receipt_count_delta',
  offline: 'receipt.offline',
  cashier: 'receipt.cashier',
  fn: 'receipt.fn',
  fd: 'receipt.fd',
  fp: 'receipt.fp',
  originalKkm: 'receipt.original_kkm',
  originalShiftNumber: 'receipt.original_shift_number',
  originalReceiptNumber: 'receipt.original_receipt_number',
  originalReceiptAt: 'receipt.original_receipt_at',
  lines: 'receipt.lines',
  road: 'receipt.road',
  state: 'receipt.state',
  flags: 'receipt.flags',
  onlineContent: 'receipt.online_content',
  isPayment: 'receipt.is_payment',
};

const byId = statement<{ id: number }, ReceiptRow>((knex, p) =>
  knex('receipt').join('card', 'card.id', 'receipt.card_id').select(receiptColumns).where('receipt.id', p.id),
);

type SaleKeyParameters = { kkm: string; shiftNumber: number; receiptNumber: number; receiptOn: string };

const returnsOfSale = statement<SaleKeyParameters, ReceiptRow>((knex, p) =>
  knex('receipt')
    .join('card', 'card.id', 'receipt.card_id')
    .select(receiptColumns)
    .where('original_kkm', p.kkm)
    .where('original_shift_number', p.shiftNumber)
    .where('original_receipt_number', p.receiptNumber)
    .where('original_receipt_on', p.receiptOn)
    .whereNotNull('original_kkm')
    // A till may fill the original in a sale too (an exchange of goods): that returns nothing.
    .where('receipt.kind', 'Return')
    .orderBy('receipt.id'),
);

type ContentParameters = {
  operationId: string | null;
  receiptAt: string;
  cardId: number;
  sum: number;
  sumWithDiscount: number;
  bonusAccrued: number;
  bonusRedeemed: number;
  accumulationDelta: number | null;
  receiptCountDelta: number | null;
  offline: number;
  cashier: string | null;
  fn: string | null;
  fd: string | null;
  fp: string | null;
  originalKkm: string | null;
  originalShiftNumber: number | null;
  originalReceiptNumber: number | null;
  originalReceiptOn: string | null;
  originalReceiptAt: string | null;
  lines: string;
  flags: string;
  isPayment: number;
};

const contentColumns = {
  operationId: 'operation_id',
  receiptAt: 'receipt_at',
  cardId: 'card_id',
  sum: 'sum',
  sumWithDiscount: 'sum_with_discount',
  bonusAccrued: 'bonus_accrued',
  bonusRedeemed: 'bonus_redeemed',
  accumulationDelta: 'accumulation_delta',
  receiptCountDelta: 'receipt_count_delta',
  offline: 'offline',
  cashier: 'cashier',
  fn: 'fn',
  fd: 'fd',
  fp: 'fp',
  originalKkm: 'original_kkm',
  originalShiftNumber: 'original_shift_number',
  originalReceiptNumber: 'original_receipt_number',
  originalReceiptOn: 'original_receipt_on',
  originalReceiptAt: 'original_receipt_at',
  lines: 'lines',
  flags: 'flags',
  isPayment: 'is_payment',
} as const;

const contentValues = (p: Readonly<Record<keyof ContentParameters, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(contentColumns).map(([name, column]) => [column, p[name as keyof ContentParameters]]),
  );

type InsertParameters = ContentParameters & {
  kind: string;
  kkm: string;
  shiftNumber: number;
  receiptNumber: number;
  receiptOn: string;
  road: string;
};

const insertValues = (p: Readonly<Record<keyof InsertParameters, string>>): Record<string, string> => ({
  ...contentValues(p),
  kind: p.kind,
  kkm: p.kkm,
  shift_number: p.shiftNumber,
  receipt_number: p.receiptNumber,
  receipt_on: p.receiptOn,
  road: p.road,
  state: 'posted',
});

const insert = statement<InsertParameters, { id: number }>((knex, p) =>
  knex('receipt').insert(insertValues(p)).returning('id'),
);

const insertMarked = statement<InsertParameters & MarkParameters, { id: number }>((knex, p) =>
  knex('receipt')
    .insert({ ...insertValues(p), ...markValues(p) })
    .returning('id'),
);

const replaceContent = statement<ContentParameters & { id: number; onlineContent: string | null }>((knex, p) =>
  knex('receipt')
    .where('id', p.id)
    .update({ ...contentValues(p), online_content: p.onlineContent }),
);

const setState = statement<{ id: number; state: string }>((knex, p) =>
  knex('receipt').where('id', p.id).update({ state: p.state }),
);

const addFlag = statement<{ id: number; flag: string }>((knex, p) =>
  knex('receipt')
    .where('id', p.id)
    .update({ flags: knex.raw(`case when flags = '' then '' else flags || ',' end || ?`, [p.flag]) }),
);

export async function findReceipt(trx: Trx, id: number): Promise<StoredReceipt | undefined> {
  const row = await trx.first(byId, { id });
  return row === undefined ? undefined : fromRow(row);
}

export async function getReceipt(trx: Trx, id: number): Promise<StoredReceipt> {
  const receipt = await findReceipt(trx, id);
  if (receipt === undefined) throw new Error(`receipt ${id} is missing`);
  return receipt;
}

/** Live and cancelled returns that name this sale, in the order they came. */
export async function listReturnsOf(trx: Trx, sale: NaturalKey): Promise<StoredReceipt[]> {
  const { kkm, shiftNumber, receiptNumber, receiptOn } = sale;
  return (await trx.list(returnsOfSale, { kkm, shiftNumber, receiptNumber, receiptOn })).map(fromRow);
}

/**
 * @param mark how billing calculates it; undefined if billing is off, or does not count it.
 * @returns the new receipt's id.
 */
export async function insertReceipt(
  trx: Trx,
  receipt: Receipt,
  cardId: number,
  road: Road,
  flags: readonly ReceiptFlag[],
  mark?: BillingMark,
): Promise<number> {
  const { kind, kkm, shiftNumber, receiptNumber } = receipt;
  const receiptOn = dateOf(receipt.receiptAt);
  const key = { kind, kkm, shiftNumber, receiptNumber, receiptOn, road };
  // The object is new, and adding to it takes a tenth of the time that a copy takes.
  const values = Object.assign(toContent(receipt, cardId, flags), key);
  return mark === undefined
    ? trx.insert(insert, values)
    : trx.insert(insertMarked, { ...values, ...toMarkParameters(mark) });
}

/** A receipt that has just been stored, as a query would give it. */
export function asStored(
  receipt: Receipt,
  id: number,
  cardId: number,
  road: Road,
  flags: readonly ReceiptFlag[],
): StoredReceipt {
  return { ...receipt, id, cardId, road, state: 'posted', flags, onlineContent: null };
}

/** The report wins: the receipt takes the report's content; the content of the online call is kept beside it. */
export async function replaceReceiptContent(
  trx: Trx,
  id: number,
  receipt: Receipt,
  cardId: number,
  flags: readonly ReceiptFlag[],
  onlineContent: Receipt | null,
): Promise<void> {
  const kept = onlineContent === null ? null : JSON.stringify(onlineContent);
  await trx.change(replaceContent, { ...toContent(receipt, cardId, flags), id, onlineContent: kept });
}

export async function setReceiptState(trx: Trx, id: number, state: ReceiptState): Promise<void> {
  await trx.change(setState, { id, state });
}

/** Adds a flag to a receipt that does not have it. */
export async function addReceiptFlag(trx: Trx, id: number, flag: ReceiptFlag): Promise<void> {
  await trx.change(addFlag, { id, flag });
}

function toContent(receipt: Receipt, cardId: number, flags: readonly ReceiptFlag[]): ContentParameters {
  const { original } = receipt;
  return {
    operationId: receipt.operationId,
    receiptAt: receipt.receiptAt,
    cardId,
    sum: receipt.sumKopecks,
    sumWithDiscount: receipt.sumWithDiscountKopecks,
    bonusAccrued: receipt.bonusAccruedKopecks,
    bonusRedeemed: receipt.bonusRedeemedKopecks,
    accumulationDelta: receipt.accumulationDeltaKopecks,
    receiptCountDelta: receipt.receiptCountDelta,
    offline: receipt.offline ? 1 : 0,
    cashier: receipt.cashier,
    fn: receipt.fn,
    fd: receipt.fd,
    fp: receipt.fp,
    originalKkm: original === null ? null : original.kkm,
    originalShiftNumber: original === null ? null : original.shiftNumber,
    originalReceiptNumber: original === null ? null : original.receiptNumber,
    originalReceiptOn: original === null ? null : dateOf(original.receiptAt),
    originalReceiptAt: original === null ? null : original.receiptAt,
    lines: receipt.lines.length === 0 ? '[]' : JSON.stringify(receipt.lines),
    flags: flags.join(','),
    isPayment: receipt.isPayment === true ? 1 : 0,
  };
}

// By name: to copy the rest of a row takes 8 us, and switching billing on reads millions of them.
function fromRow(row: ReceiptRow): StoredReceipt {
  return {
    id: row.id,
    operationId: row.operationId,
    kind: row.kind,
    kkm: row.kkm,
    shiftNumber: row.shiftNumber,
    receiptNumber: row.receiptNumber,
    receiptAt: row.receiptAt,
    cardId: row.cardId,
    cardNumber: row.cardNumber,
    sumKopecks: row.sumKopecks,
    sumWithDiscountKopecks: row.sumWithDiscountKopecks,
    bonusAccruedKopecks: row.bonusAccruedKopecks,
    bonusRedeemedKopecks: row.bonusRedeemedKopecks,
    accumulationDeltaKopecks: row.accumulationDeltaKopecks,
    receiptCountDelta: row.receiptCountDelta,
    offline: row.offline === 1,
    cashier: row.cashier,
    fn: row.fn,
    fd: row.fd,
    fp: row.fp,
    original: toOriginal(row),
    lines: row.lines === '[]' ? [] : (JSON.parse(row.lines) as ReceiptLine[]),
    road: row.road,
    state: row.state,
    flags: splitFlags(row.flags),
    onlineContent: row.onlineContent === null ? null : (JSON.parse(row.onlineContent) as Receipt),
    isPayment: row.isPayment === 1,
  };
}

/** Flags as a row has them, joined by commas. */
export function splitFlags(flags: string): ReceiptFlag[] {
  return flags === '' ? [] : (flags.split(',') as ReceiptFlag[]);
}

type OriginalRow = Pick<
  ReceiptRow,
  'originalKkm' | 'originalShiftNumber' | 'originalReceiptNumber' | 'originalReceiptAt'
>;

/** The sale that a return names. */
export function toOriginal(row: OriginalRow): ReceiptKey | null {
  const { originalKkm, originalShiftNumber, originalReceiptNumber, originalReceiptAt } = row;
  if (originalKkm === null) return null;
  return {
    kkm: originalKkm,
    shiftNumber: originalShiftNumber,
    receiptNumber: originalReceiptNumber,
    receiptAt: originalReceiptAt,
  } as ReceiptKey;
}

const any = statement<Record<string, never>, { id: number }>((knex) => knex('receipt').select('id').limit(1, written));

export async function hasReceipts(trx: Trx): Promise<boolean> {
  return (await trx.first(any, {})) !== undefined;
}
