// Billing behind a trade document: what it does to «Остатки», «Обороты начислений» and pending credits. A new receipt
// posts its own effect; where it comes late, or undoes something, the card's account is reckoned anew from all facts and
// the difference posted: so any order of arrival, nights included, ends in one state (domain 7).
import { findMark, listBilledReceiptIds, listDocumentFacts, markReceipt } from '../db/billing-fact.ts';
import {
  insertBillingDocument,
  loadAccount,
  postBillingLine,
  type BillingDocumentKind,
  type BillingOrigin,
} from '../db/billing-register.ts';
import type { BillingState } from '../db/billing-state.ts';
import type { Trx } from '../db/db.ts';
import { findCardTerms } from '../db/life-rule.ts';
import { probeReceipt } from '../db/receipt-probe.ts';
import { getReceipt, listReturnsOf, type StoredReceipt } from '../db/receipt.ts';
import { isNoEffect, pendingKey, subtractAccounts, type BillingEffect } from '../ledger/account.ts';
import {
  reckonAccount,
  stepReceipt,
  type BilledReceipt,
  type BillingFact,
  type BillingPolicy,
  type RestoreTerm,
  type SaleProgress,
} from '../ledger/billing.ts';
import { dateOf, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import { naturalKeyOf, type Receipt } from '../ledger/receipt.ts';
import type { Settings } from '../ledger/settings.ts';
import type { ReturnFigures } from '../ledger/settlement.ts';

export interface BillingContext {
  readonly settings: Settings;
  readonly state: BillingState;
  readonly now: LocalDateTime;
}

/** The trade document that billing stands behind. */
export interface TradeEvent {
  readonly kind: 'KkmOperation' | 'TpOperation';
  readonly datedAt: LocalDateTime;
  readonly documentId: number;
  readonly receiptId: number | null;
  readonly comment: string | null;
  /** Cards whose «Накопления» moved or whose group changed. */
  readonly cardIds: readonly number[];
  /** Set where the document is a new receipt and nothing but it has changed. */
  readonly newReceiptId: number | undefined;
}

export function policyOf(settings: Settings): BillingPolicy {
  return {
    returnFigures: settings.returnFigures as ReturnFigures,
    restoreTerm: settings.restoreTerm as RestoreTerm,
  };
}

/**
 * Gives a new (or corrected) receipt its place in the order of reckoning: its own date, but never beyond the last night
 * done, for what has come before a night was there when the night ran.
 * @returns whether it counts for billing; one dated before the start does not (result 12).
 */
export async function placeReceipt(
  trx: Trx,
  state: BillingState,
  receiptId: number,
  receipt: Receipt,
  cardId: number,
): Promise<boolean> {
  const receiptOn = dateOf(receipt.receiptAt);
  const isBilled = receiptOn >= state.startOn;
  const known = await findMark(trx, receiptId);
  const terms = await findCardTerms(trx, cardId, isBilled ? receiptOn : state.startOn);
  const effectiveOn = known?.effectiveOn ?? (receiptOn < state.lastNightOn ? receiptOn : state.lastNightOn);
  await markReceipt(trx, receiptId, { effectiveOn: isBilled ? effectiveOn : null, terms });
  return isBilled;
}

/** Posts what the event does to the billing registers of its cards. */
export async function postBilling(trx: Trx, context: BillingContext, event: TradeEvent): Promise<void> {
  const own = event.newReceiptId === undefined ? undefined : await findOwnEffect(trx, context, event.newReceiptId);
  if (own !== undefined) await postEffect(trx, context, event, own.cardId, own.effect, 'receipt', event.comment);
  const isLate = own === undefined || own.effectiveOn < context.state.lastNightOn;
  if (!isLate || (own !== undefined && context.settings.lateOffline === 'keep')) return;
  const cardIds = new Set(own === undefined ? event.cardIds : [...event.cardIds, own.cardId]);
  for (const cardId of cardIds) {
    const rest = subtractAccounts(await reckonCard(trx, context, cardId), await loadAccount(trx, cardId));
    if (isNoEffect(rest)) continue;
    if (own === undefined) await postEffect(trx, context, event, cardId, rest, 'receipt', event.comment);
    else await postCompensation(trx, context, event, cardId, rest);
  }
}

interface OwnEffect {
  readonly cardId: number;
  readonly effectiveOn: LocalDate;
  readonly effect: BillingEffect;
}

/** The effect of a new receipt on the account as it stands; undefined where more than the receipt has changed. */
async function findOwnEffect(trx: Trx, context: BillingContext, receiptId: number): Promise<OwnEffect | undefined> {
  const receipt = await getReceipt(trx, receiptId);
  const billed = await findBilled(trx, receipt);
  const effectiveOn = billed?.effectiveOn ?? null;
  if (billed === undefined || effectiveOn === null) return undefined;
  const policy = policyOf(context.settings);
  if (receipt.kind === 'Sale') {
    const effect = stepReceipt({ sale: undefined, returns: [] }, billed, policy, () => 0);
    return { cardId: receipt.cardId, effectiveOn, effect };
  }
  if (receipt.original === null) return undefined;
  const saleKey = naturalKeyOf(receipt.original, 'Sale');
  const { byNaturalKey } = await probeReceipt(trx, null, saleKey, null);
  if (byNaturalKey === undefined) return undefined;
  const sale = await getReceipt(trx, byNaturalKey);
  const progress: SaleProgress = { sale: undefined, returns: [] };
  const before = (await listReturnsOf(trx, saleKey)).filter(({ id, state }) => id !== receiptId && state === 'posted');
  for (const known of [sale, ...before]) {
    const step = await findBilled(trx, known);
    if (step === undefined) return undefined;
    stepReceipt(progress, step, policy, () => 0);
  }
  const account = await loadAccount(trx, sale.cardId);
  const findPending = (credit: Parameters<typeof pendingKey>[0]): number =>
    account.pending.get(pendingKey(credit))?.amount ?? 0;
  return { cardId: sale.cardId, effectiveOn, effect: stepReceipt(progress, billed, policy, findPending) };
}

async function findBilled(
  trx: Trx,
  receipt: StoredReceipt,
): Promise<(BilledReceipt & { readonly effectiveOn: LocalDate | null }) | undefined> {
  const mark = await findMark(trx, receipt.id);
  return mark === undefined ? undefined : { receipt, source: nameSource(receipt), ...mark };
}

/** What a receipt's pending credits are kept under: its natural key, so that no order of arrival shows in it. */
function nameSource({ kkm, shiftNumber, receiptNumber, receiptAt, kind }: Receipt): string {
  return `${kind} ${kkm} ${shiftNumber} ${receiptNumber} ${dateOf(receiptAt)}`;
}

/** The account that a card should have now. */
export async function reckonCard(
  trx: Trx,
  { settings, state }: BillingContext,
  cardId: number,
): Promise<ReturnType<typeof reckonAccount>> {
  const facts = [...(await listReceiptFacts(trx, cardId)), ...(await listOtherFacts(trx, cardId))];
  return reckonAccount(facts, state.startOn, state.lastNightOn, policyOf(settings));
}

async function listOtherFacts(trx: Trx, cardId: number): Promise<BillingFact[]> {
  return (await listDocumentFacts(trx, cardId)).map(({ documentId, datedAt, effectiveOn, effect }) => ({
    on: effectiveOn,
    order: `${datedAt} 3 ${String(documentId).padStart(16, '0')}`,
    what: { sort: 'document', effect },
  }));
}

async function listReceiptFacts(trx: Trx, cardId: number): Promise<BillingFact[]> {
  const facts: BillingFact[] = [];
  for (const id of await listBilledReceiptIds(trx, cardId)) {
    const receipt = await getReceipt(trx, id);
    if (receipt.kind === 'Sale') {
      const key = naturalKeyOf(receipt, 'Sale');
      facts.push(...(await toFacts(trx, JSON.stringify(key), [receipt, ...(await listReturnsOf(trx, key))])));
    } else facts.push(...(await listReturnFacts(trx, receipt)));
  }
  // Returns of a sale dated before billing bring that sale along, each of them.
  return [...new Map(facts.map((fact) => [fact.order, fact])).values()];
}

/** A return counts with its sale, on the sale's card; by itself only while no sale is known. */
async function listReturnFacts(trx: Trx, part: StoredReceipt): Promise<BillingFact[]> {
  if (part.original === null) return toFacts(trx, `lone ${part.id}`, [part]);
  const key = naturalKeyOf(part.original, 'Sale');
  const traces = await probeReceipt(trx, null, key, null);
  if (traces.cancelId !== undefined) return [];
  if (traces.byNaturalKey === undefined) return toFacts(trx, JSON.stringify(key), [part]);
  const mark = await findMark(trx, traces.byNaturalKey);
  // A sale dated before billing is not among the card's facts itself, so its returns bring it along.
  if (mark === undefined || mark.effectiveOn !== null) return [];
  const sale = await getReceipt(trx, traces.byNaturalKey);
  return toFacts(trx, JSON.stringify(key), [sale, part]);
}

async function toFacts(trx: Trx, group: string, receipts: readonly StoredReceipt[]): Promise<BillingFact[]> {
  const facts: BillingFact[] = [];
  for (const receipt of receipts) {
    const billed = receipt.state === 'posted' ? await findBilled(trx, receipt) : undefined;
    if (billed === undefined) continue;
    const { kkm, shiftNumber, receiptNumber, kind, receiptAt } = receipt;
    const order = `${receiptAt} ${kind === 'Sale' ? 1 : 2} ${JSON.stringify([kkm, shiftNumber, receiptNumber])}`;
    const isCounted = billed.effectiveOn !== null;
    const on = billed.effectiveOn ?? dateOf(receiptAt);
    facts.push({ on, order, what: { sort: 'receipt', group, billed, isCounted } });
  }
  return facts;
}

async function postEffect(
  trx: Trx,
  context: BillingContext,
  event: TradeEvent,
  cardId: number,
  effect: BillingEffect,
  origin: BillingOrigin,
  comment: string | null,
  kind: BillingDocumentKind = event.kind,
): Promise<void> {
  const { datedAt, receiptId, documentId } = event;
  const head = { kind, origin, effectiveOn: null, recordedAt: context.now, receiptId, documentId, comment };
  const isReceipt = origin === 'receipt';
  const id = await insertBillingDocument(trx, { ...head, datedAt: isReceipt ? datedAt : context.now });
  await postBillingLine(trx, id, 1, cardId, effect, comment);
}

/** What the nights since would have done otherwise, made good by documents of the night's own kinds, with the reason. */
async function postCompensation(
  trx: Trx,
  context: BillingContext,
  event: TradeEvent,
  cardId: number,
  rest: BillingEffect,
): Promise<void> {
  const { balance } = rest;
  const more = {
    bonus: Math.max(0, balance.bonus),
    accumulation: Math.max(0, balance.accumulation),
    receipts: Math.max(0, balance.receipts),
  };
  const less = {
    bonus: balance.bonus - more.bonus,
    accumulation: balance.accumulation - more.accumulation,
    receipts: balance.receipts - more.receipts,
  };
  const reason = `Опоздавший факт от ${event.datedAt}: ночи после него прошли бы иначе`;
  const raising: BillingEffect = { balance: more, rows: rest.rows, pending: rest.pending };
  const lowering: BillingEffect = { balance: less, rows: [], pending: [] };
  if (!isNoEffect(raising)) await postEffect(trx, context, event, cardId, raising, 'compensation', reason, 'Accrual');
  if (!isNoEffect(lowering))
    await postEffect(trx, context, event, cardId, lowering, 'compensation', reason, 'WriteOff');
}

/** Whether the registers hold what the facts make: the check of `kkm verify` for one card. */
export async function isCardInOrder(trx: Trx, context: BillingContext, cardId: number): Promise<boolean> {
  return isNoEffect(subtractAccounts(await reckonCard(trx, context, cardId), await loadAccount(trx, cardId)));
}
