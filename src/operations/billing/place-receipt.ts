// Gives a receipt its place among the facts of its card under billing, and the terms of the card's rules.
import {
  findLastOpening,
  findMark,
  findOldSaleTerms,
  markReceipt,
  type BillingMark,
} from '../../db/billing/billing-mark.ts';
import { lastNightOfCard, type BillingState } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { findCardTerms, findUndelayedTerms } from '../../db/catalogs/life-rule.ts';
import { findOpeningGroup } from '../../db/billing/opening-group.ts';
import { probeReceipt } from '../../db/receipts/receipt-probe.ts';
import { getReceipt } from '../../db/receipts/receipt.ts';
import { dateOf, type LocalDate } from '../../ledger/local-date-time.ts';
import { naturalKeyOf, type Receipt, type ReceiptKey } from '../../ledger/receipt.ts';
import type { BillingContext } from './card-facts.ts';

/** A receipt that billing has to count. */
export interface PlacedReceipt {
  readonly receipt: Receipt;
  readonly cardId: number;
  /** For a receipt that is posted again: the last night before it, had it come in time. */
  readonly lastNightBefore?: LocalDate;
}

/**
 * Finds a new receipt's place and terms, to be stored with it. If it returns a sale from before billing, that sale is placed too.
 * @returns undefined if it does not count for billing: it, or the sale that it returns, is dated before the start and
 * came after billing had begun (result 12). A receipt dated before the start counts only in the opening balance.
 */
export async function placeNewReceipt(
  trx: Trx,
  context: BillingContext,
  placed: PlacedReceipt,
): Promise<BillingMark | undefined> {
  if (!(await isToBePlaced(trx, context.state, placed.receipt))) return undefined;
  return findTerms(trx, context, placed, findPlace(context, placed));
}

/**
 * The same for a receipt that exists already. A correction keeps place and terms: a change of a rule affects new accruals only.
 * @param hasOtherCard whether a report has named another card for it: then it has that card's terms.
 */
export async function placeKnownReceipt(
  trx: Trx,
  context: BillingContext,
  receiptId: number,
  placed: PlacedReceipt,
  hasOtherCard: boolean,
): Promise<BillingMark | undefined> {
  if (!(await isToBePlaced(trx, context.state, placed.receipt))) return undefined;
  const known = await findMark(trx, receiptId);
  const effectiveOn = known?.effectiveOn ?? findPlace(context, placed);
  const mark = known !== undefined && !hasOtherCard ? known : await findTerms(trx, context, placed, effectiveOn);
  await markReceipt(trx, receiptId, mark);
  return mark;
}

async function isToBePlaced(trx: Trx, state: BillingState, { kind, receiptAt, original }: Receipt): Promise<boolean> {
  if (dateOf(receiptAt) < state.startOn) return false;
  const oldSaleId = kind === 'Return' ? await findOldSale(trx, state, original) : undefined;
  if (oldSaleId === 'late') return false;
  if (oldSaleId !== undefined) await placeOldSale(trx, state, oldSaleId);
  return true;
}

/** Whether the receipt, or the sale that it returns, is dated before the start: it is answered 12 unless the sale was known then. */
export async function isOutsideBilling(
  trx: Trx,
  state: BillingState,
  { kind, receiptAt, original }: Pick<Receipt, 'kind' | 'receiptAt' | 'original'>,
): Promise<boolean> {
  if (dateOf(receiptAt) < state.startOn) return true;
  return kind === 'Return' && (await findOldSale(trx, state, original)) === 'late';
}

/** The sale from before the start that a return names, if it is known; "late" if it came after billing had begun. */
async function findOldSale(
  trx: Trx,
  state: BillingState,
  original: ReceiptKey | null,
): Promise<number | 'late' | undefined> {
  if (original === null || dateOf(original.receiptAt) >= state.startOn) return undefined;
  const { byNaturalKey: saleId } = await probeReceipt(trx, null, naturalKeyOf(original, 'Sale'), null);
  return saleId !== undefined && saleId > state.lastReceiptId ? 'late' : saleId;
}

/** What the rules, and for a return the setting `restoreTerm`, say now: a later change affects no existing receipt. */
async function findTerms(
  trx: Trx,
  { settings }: BillingContext,
  { receipt, cardId }: PlacedReceipt,
  effectiveOn: LocalDate,
): Promise<BillingMark> {
  const receiptOn = dateOf(receipt.receiptAt);
  if (receipt.kind === 'Sale') return { effectiveOn, kind: 'sale', terms: await findCardTerms(trx, cardId, receiptOn) };
  const { bonus } = await findUndelayedTerms(trx, cardId, receiptOn);
  const terms = { hasNewLife: settings.restoreTerm === 'new_life', writeOffOn: bonus.writeOffOn };
  return { effectiveOn, kind: 'return', terms };
}

/**
 * Its own date, but never after the last night done: what came before a night was there when the night ran. If late facts
 * are kept as they come, the nights done are not corrected: the receipt is placed after them.
 */
function findPlace(
  { state, settings }: BillingContext,
  { receipt, cardId, lastNightBefore }: PlacedReceipt,
): LocalDate {
  const receiptOn = dateOf(receipt.receiptAt);
  // At one in the morning, a receipt in time comes before the night of its date.
  const latestOn = lastNightBefore !== undefined && lastNightBefore < receiptOn ? lastNightBefore : receiptOn;
  const lastNightOn = lastNightOfCard(state, cardId);
  return settings.lateOffline === 'keep' || latestOn > lastNightOn ? lastNightOn : latestOn;
}

/**
 * A sale that was there before billing gets its place from the first return that names it: its accruals are in the opening
 * balance. All old sales of a card have the terms of the first of them, so that it does not matter which of their returns
 * comes first.
 */
async function placeOldSale(trx: Trx, state: BillingState, saleId: number): Promise<void> {
  if ((await findMark(trx, saleId)) !== undefined) return;
  const sale = await getReceipt(trx, saleId);
  const { cardId } = (await findOpeningGroup(trx, saleId)) ?? sale;
  const terms = (await findOldSaleTerms(trx, cardId)) ?? (await makeOldSaleTerms(trx, state, cardId));
  await markReceipt(trx, saleId, { effectiveOn: dateOf(sale.receiptAt), kind: 'old_sale', terms });
}

async function makeOldSaleTerms(trx: Trx, { startOn }: BillingState, cardId: number) {
  const { bonus, accumulation } = await findUndelayedTerms(trx, cardId, startOn);
  const lastOpeningId = await findLastOpening(trx, cardId);
  return { lastOpeningId, bonusOn: bonus.writeOffOn, accumulationOn: accumulation.writeOffOn };
}
