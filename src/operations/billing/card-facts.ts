// All that a card's account under billing is calculated from, and the account itself.
import { listBilledReceipts, listStrangeReturnIds } from '../../db/billing/billed-receipt.ts';
import { listDocumentFacts } from '../../db/billing/billing-fact.ts';
import { findMark, listMarks, type BillingMark } from '../../db/billing/billing-mark.ts';
import { loadAccount } from '../../db/billing/billing-register.ts';
import { lastNightOfCard, type BillingState } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { listHeldNights } from '../../db/night/night-hold.ts';
import { listOpeningGroupSales } from '../../db/billing/opening-group.ts';
import { groupKeyOf, loadReceiptGroup, nameGroup, type GroupKey } from '../../db/receipts/receipt-group.ts';
import { getReceipt, type StoredReceipt } from '../../db/receipts/receipt.ts';
import { isNoEffect, subtractAccounts, type Account } from '../../ledger/account.ts';
import type { BilledReceipt, BillingPolicy } from '../../ledger/billed-group.ts';
import { calculateAccount, type BillingFact } from '../../ledger/billing.ts';
import { addDays, dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import type { Settings } from '../../ledger/settings.ts';
import { countGroup, isOlder, type CountedReceipt } from './count-group.ts';

export interface BillingContext {
  readonly settings: Settings;
  readonly state: BillingState;
  readonly now: LocalDateTime;
}

export function policyOf(settings: Settings): BillingPolicy {
  return { returnFigures: settings.returnFigures };
}

/** The account that a card should have now. */
export async function calculateCard(trx: Trx, context: BillingContext, cardId: number): Promise<Account> {
  const { settings, state } = context;
  const facts = await listCardFacts(trx, context, cardId);
  return calculateAccount(facts, state.startOn, lastNightOfCard(state, cardId), policyOf(settings));
}

/** Whether the registers hold what the facts make: what a check of the infobase asks of each card. */
export async function isCardInOrder(trx: Trx, context: BillingContext, cardId: number): Promise<boolean> {
  return isNoEffect(subtractAccounts(await calculateCard(trx, context, cardId), await loadAccount(trx, cardId)));
}

/** All that a card's account is calculated from. */
export async function listCardFacts(trx: Trx, { state }: BillingContext, cardId: number): Promise<BillingFact[]> {
  const receipts = await listReceiptFacts(trx, state, cardId);
  return [...receipts, ...(await listOtherFacts(trx, cardId)), ...(await listHoldFacts(trx, cardId))];
}

/** The holds that were active at nights: each comes after the trade of the day before its night. */
async function listHoldFacts(trx: Trx, cardId: number): Promise<BillingFact[]> {
  return [...(await listHeldNights(trx, cardId))].map(([nightOn, amount]) => ({
    on: addDays(nightOn, -1),
    order: '',
    what: { kind: 'hold', nightOn, amount },
  }));
}

async function listOtherFacts(trx: Trx, cardId: number): Promise<BillingFact[]> {
  return (await listDocumentFacts(trx, cardId)).map(({ documentId, datedAt, effectiveOn, isOpening, effect }) => ({
    on: effectiveOn,
    order: `${datedAt} 3 ${String(documentId).padStart(16, '0')}`,
    what: { kind: 'document', effect, ...(isOpening ? { openingId: documentId } : {}) },
  }));
}

/** All receipts to count with a card's own: the returns of its sales, and the sale of a return of another card's sale. */
async function listReceiptFacts(trx: Trx, state: BillingState, cardId: number): Promise<BillingFact[]> {
  const marks = await listMarks(trx, cardId);
  const receipts = await listBilledReceipts(trx, cardId);
  for (const id of await listStrangeReturnIds(trx, cardId)) receipts.push(await getReceipt(trx, id));
  const isOwnSale = (receipt: StoredReceipt): boolean => receipt.kind === 'Sale' && !isOlder(receipt, state);
  const own = new Set(receipts.filter(isOwnSale).map((sale) => nameGroup(groupKeyOf(sale, sale.id))));
  const facts: BillingFact[] = [];
  const others = new Map<string, GroupKey>();
  for (const receipt of receipts) {
    const key = groupKeyOf(receipt, receipt.id);
    const group = nameGroup(key);
    // Returns of a sale that is another card's, old, cancelled or not known: rare enough to look them up.
    if (!own.has(group)) others.set(group, key);
    else if (!isOlder(receipt, state)) {
      const counted = { ...receipt, receipt, kind: receipt.kind === 'Sale' ? 'sale' : 'return' } as const;
      const mark = receipt.cardId === cardId ? marks.get(receipt.id) : await findMark(trx, receipt.id);
      facts.push(...toFacts(counted, mark, group, cardId));
    }
  }
  for (const id of await listOpeningGroupSales(trx, cardId)) {
    const key = groupKeyOf(await getReceipt(trx, id), id);
    others.set(nameGroup(key), key);
  }
  for (const [group, key] of others) {
    const counted = await countGroup(trx, state, await loadReceiptGroup(trx, key));
    facts.push(...(await listGroupFacts(trx, group, counted, cardId)));
  }
  return facts;
}

export interface ReceiptFact extends BillingFact {
  readonly receiptId: number;
  readonly billed: BilledReceipt;
}

/**
 * @param counted the receipts of one group.
 * @param marks the marks that the caller knows already, by receipt.
 */
export async function listGroupFacts(
  trx: Trx,
  group: string,
  counted: readonly CountedReceipt[],
  cardId: number,
  marks: ReadonlyMap<number, BillingMark> = noMarks,
): Promise<ReceiptFact[]> {
  const facts: ReceiptFact[] = [];
  for (const one of counted) {
    const mark = one.kind === 'old_return' ? undefined : (marks.get(one.id) ?? (await findMark(trx, one.id)));
    facts.push(...toFacts(one, mark, group, cardId));
  }
  return facts;
}

const noMarks: ReadonlyMap<number, BillingMark> = new Map();

/** Empty if billing has not reached the receipt yet, while it is being switched on. */
function toFacts(
  { id, cardId: ofCardId, kind, receipt }: CountedReceipt,
  mark: BillingMark | undefined,
  group: string,
  cardId: number,
): ReceiptFact[] {
  const isOwn = ofCardId === cardId;
  const place = (on: BillingFact['on'], billed: BilledReceipt): ReceiptFact[] => {
    return [{ receiptId: id, on, order: orderOf(receipt), billed, what: { kind: 'receipt', group, billed } }];
  };
  if (kind === 'old_return') return place(dateOf(receipt.receiptAt), { kind, receipt });
  return mark?.kind === kind ? place(mark.effectiveOn, { receipt, isOwn, ...takeTerms(mark) }) : [];
}

function takeTerms({ effectiveOn: _effectiveOn, ...mark }: BillingMark) {
  return mark;
}

/** Facts of one date are ordered by their content: moment, kind and key. */
function orderOf({ kkm, shiftNumber, receiptNumber, kind, receiptAt }: Receipt): string {
  return `${receiptAt} ${kind === 'Sale' ? 1 : 2} ${JSON.stringify([kkm, shiftNumber, receiptNumber])}`;
}
