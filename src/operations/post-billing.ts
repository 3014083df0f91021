// Billing behind a trade document: what it does to «Остатки», «Обороты начислений» and pending credits. A new receipt
// posts its own effect; where it comes late, or undoes something, the card's account is reckoned anew from all facts and
// the difference posted: so any order of arrival, nights included, ends in one state (domain 7).
import {
  findMark,
  listBilledReceiptIds,
  listDocumentFacts,
  listReceiptEffects,
  markReceipt,
  type BillingMark,
} from '../db/billing-fact.ts';
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
import { findLastNightOfCard } from '../db/night-run.ts';
import { probeReceipt } from '../db/receipt-probe.ts';
import { getReceipt, listReturnsOf, type StoredReceipt } from '../db/receipt.ts';
import {
  addEffect,
  creditDue,
  isNoEffect,
  openAccount,
  pendingKey,
  subtractAccounts,
  type Account,
  type BillingEffect,
} from '../ledger/account.ts';
import {
  compareFacts,
  reckonAccount,
  stepReceipt,
  type BilledReceipt,
  type BillingFact,
  type BillingPolicy,
  type FindPending,
  type RestoreTerm,
  type SaleProgress,
} from '../ledger/billing.ts';
import { findTerm, neverOn } from '../ledger/life-rule.ts';
import { dateOf, formatForPeople, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import { naturalKeyOf, type NaturalKey, type Receipt, type ReceiptKey } from '../ledger/receipt.ts';
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

/** A receipt that billing meets, or whose content a report has replaced. */
export interface PlacedReceipt {
  readonly receiptId: number;
  readonly receipt: Receipt;
  readonly cardId: number;
  readonly hasOtherCard: boolean;
}

/**
 * Gives a receipt its place in the order of reckoning, and the terms of its card's rules. A correction keeps both: a
 * change of a rule touches new accruals only.
 * @returns whether it counts for billing; one dated before the start does not (result 12).
 */
export async function placeReceipt(trx: Trx, context: BillingContext, placed: PlacedReceipt): Promise<boolean> {
  const { startOn } = context.state;
  const { receiptId, receipt, cardId, hasOtherCard } = placed;
  const receiptOn = dateOf(receipt.receiptAt);
  const isBilled = receiptOn >= startOn;
  const known = await findMark(trx, receiptId);
  const terms =
    known === undefined || hasOtherCard
      ? await findCardTerms(trx, cardId, isBilled ? receiptOn : startOn)
      : known.terms;
  const effectiveOn = known?.effectiveOn ?? (isBilled ? await findPlace(trx, context, cardId, receiptOn) : receiptOn);
  await markReceipt(trx, receiptId, { effectiveOn, terms });
  if (isBilled && receipt.kind === 'Return' && receipt.original !== null) {
    await placeOldSale(trx, startOn, naturalKeyOf(receipt.original, 'Sale'));
  }
  return isBilled;
}

/**
 * Its own date, but never beyond the last night done, for what has come before a night was there when the night ran.
 * Where late facts are kept as they come, the nights done stand: it is reckoned behind them.
 */
async function findPlace(
  trx: Trx,
  { state, settings }: BillingContext,
  cardId: number,
  receiptOn: LocalDate,
): Promise<LocalDate> {
  const lastNightOn = await findLastNightOfCard(trx, state, cardId);
  return settings.lateOffline === 'keep' || receiptOn > lastNightOn ? lastNightOn : receiptOn;
}

/** A sale that was there before billing is met by its first return: its accruals are in the opening balance. */
async function placeOldSale(trx: Trx, startOn: LocalDate, key: NaturalKey): Promise<void> {
  const { byNaturalKey } = await probeReceipt(trx, null, key, null);
  if (byNaturalKey === undefined || key.receiptOn >= startOn) return;
  if ((await findMark(trx, byNaturalKey)) !== undefined) return;
  const { cardId } = await getReceipt(trx, byNaturalKey);
  const terms = await findCardTerms(trx, cardId, startOn);
  await markReceipt(trx, byNaturalKey, { effectiveOn: key.receiptOn, terms });
}

/**
 * Posts what the event does to the billing registers of its cards: on each, its own effect and, where nights have been
 * since, what they would have done otherwise.
 */
export async function postBilling(trx: Trx, context: BillingContext, event: TradeEvent): Promise<void> {
  const group = event.receiptId === null ? noGroup : await loadGroup(trx, await getReceipt(trx, event.receiptId));
  for (const cardId of new Set([...event.cardIds, ...group.all.map((receipt) => receipt.cardId)])) {
    const own = await findOwnEffect(trx, context, event, group, cardId);
    if (!isNoEffect(own.effect)) await postEffect(trx, context, event, cardId, own.effect, 'receipt', event.comment);
    if (own.isInTime) continue;
    const rest = subtractAccounts(await reckonCard(trx, context, cardId), await loadAccount(trx, cardId));
    if (!isNoEffect(rest)) await postCompensation(trx, context, event, cardId, rest);
  }
}

/** Receipts that count together. */
interface ReceiptGroup {
  /** The sale first; none where it is cancelled, for it takes its returns with it. */
  readonly live: readonly StoredReceipt[];
  readonly all: readonly StoredReceipt[];
}

const noGroup: ReceiptGroup = { live: [], all: [] };

async function loadGroup(trx: Trx, receipt: StoredReceipt): Promise<ReceiptGroup> {
  const isLone = receipt.kind === 'Return' && receipt.original === null;
  const key = isLone
    ? undefined
    : naturalKeyOf(receipt.kind === 'Sale' ? receipt : (receipt.original as ReceiptKey), 'Sale');
  const { byNaturalKey, cancelId } = key === undefined ? noTraces : await probeReceipt(trx, null, key, null);
  const sale = byNaturalKey === undefined ? [] : [await getReceipt(trx, byNaturalKey)];
  const all = key === undefined ? [receipt] : [...sale, ...(await listReturnsOf(trx, key))];
  return { all, live: cancelId === undefined ? all.filter(({ state }) => state === 'posted') : [] };
}

const noTraces = { byNaturalKey: undefined, cancelId: undefined };

interface OwnEffect {
  readonly effect: BillingEffect;
  /** Whether it is a new receipt that nothing, no night and no receipt it counts with, is reckoned behind. */
  readonly isInTime: boolean;
}

/** What the event changes of the group's effect on a card, with all that was pending and has come due credited. */
async function findOwnEffect(
  trx: Trx,
  context: BillingContext,
  { newReceiptId }: TradeEvent,
  group: ReceiptGroup,
  cardId: number,
): Promise<OwnEffect> {
  const lastNightOn = await findLastNightOfCard(trx, context.state, cardId);
  const facts = (await toFacts(trx, context, '', group.live, cardId)).toSorted(compareFacts);
  const progress: SaleProgress = { sale: undefined, returns: [] };
  const [wanted, posted] = [openAccount(), openAccount()];
  const findPending: FindPending = (credit) => wanted.pending.get(pendingKey(credit))?.amount ?? 0;
  for (const { billed } of facts) {
    addEffect(wanted, stepReceipt(progress, billed, policyOf(context.settings), findPending));
  }
  for (const { id } of group.all) {
    if (id === newReceiptId) continue;
    for (const effect of await listReceiptEffects(trx, cardId, id)) addEffect(posted, effect);
  }
  const sale = group.all.find(({ kind }) => kind === 'Sale');
  const saleOn = sale === undefined ? undefined : (await findMark(trx, sale.id))?.effectiveOn;
  // Only a night behind the sale has credited what was pending of it.
  if (saleOn !== undefined && saleOn < lastNightOn)
    for (const account of [wanted, posted]) creditDue(account, lastNightOn);
  const last = facts.at(-1);
  const isInTime = last !== undefined && last.billed.receipt.id === newReceiptId && last.on >= lastNightOn;
  return { effect: subtractAccounts(wanted, posted), isInTime };
}

/** As billing reckons the receipt on that card; undefined where billing has not met it. */
async function findBilled(
  trx: Trx,
  { state }: BillingContext,
  receipt: StoredReceipt,
  cardId: number,
): Promise<(ReceiptFact['billed'] & BillingMark) | undefined> {
  const receiptOn = dateOf(receipt.receiptAt);
  const isCounted = receiptOn >= state.startOn;
  const known = await findMark(trx, receipt.id);
  if (known === undefined && isCounted) return undefined;
  const mark = known ?? { effectiveOn: receiptOn, terms: { bonus: noTerm, accumulation: noTerm } };
  return { receipt, source: nameSource(receipt), ...mark, isOwn: receipt.cardId === cardId, isCounted };
}

/** Of what moves nothing: a receipt from before billing that no return has named. */
const noTerm = findTerm(undefined, neverOn);

/** What a receipt's pending credits are kept under: its natural key, so that no order of arrival shows in it. */
function nameSource({ kkm, shiftNumber, receiptNumber, receiptAt, kind }: Receipt): string {
  return `${kind} ${kkm} ${shiftNumber} ${receiptNumber} ${dateOf(receiptAt)}`;
}

/** The account that a card should have now. */
export async function reckonCard(trx: Trx, context: BillingContext, cardId: number): Promise<Account> {
  const { settings, state } = context;
  const lastNightOn = await findLastNightOfCard(trx, state, cardId);
  const facts = await listCardFacts(trx, context, cardId);
  return reckonAccount(facts, state.startOn, lastNightOn, policyOf(settings));
}

/** All that a card's account is reckoned from. */
export async function listCardFacts(trx: Trx, context: BillingContext, cardId: number): Promise<BillingFact[]> {
  return [...(await listReceiptFacts(trx, context, cardId)), ...(await listOtherFacts(trx, cardId))];
}

async function listOtherFacts(trx: Trx, cardId: number): Promise<BillingFact[]> {
  return (await listDocumentFacts(trx, cardId)).map(({ documentId, datedAt, effectiveOn, effect }) => ({
    on: effectiveOn,
    order: `${datedAt} 3 ${String(documentId).padStart(16, '0')}`,
    what: { sort: 'document', effect },
  }));
}

async function listReceiptFacts(trx: Trx, context: BillingContext, cardId: number): Promise<BillingFact[]> {
  const facts = new Map<string, BillingFact>();
  for (const id of await listBilledReceiptIds(trx, cardId)) {
    const receipt = await getReceipt(trx, id);
    for (const fact of await listGroupFacts(trx, context, receipt, cardId)) facts.set(fact.order, fact);
  }
  return [...facts.values()];
}

/** The facts that a card's receipt brings along: a sale its returns, a return of another card's sale that sale. */
async function listGroupFacts(
  trx: Trx,
  context: BillingContext,
  receipt: StoredReceipt,
  cardId: number,
): Promise<BillingFact[]> {
  // The card's own sale comes with all its returns when its turn comes.
  if (receipt.kind === 'Return' && (await isOfOwnSale(trx, receipt, cardId))) return [];
  const { live } = await loadGroup(trx, receipt);
  const name = JSON.stringify(receipt.kind === 'Sale' ? naturalKeyOf(receipt, 'Sale') : nameOriginal(receipt));
  return toFacts(trx, context, name, live, cardId);
}

async function isOfOwnSale(trx: Trx, { original }: StoredReceipt, cardId: number): Promise<boolean> {
  if (original === null) return false;
  const { byNaturalKey } = await probeReceipt(trx, null, naturalKeyOf(original, 'Sale'), null);
  if (byNaturalKey === undefined || (await findMark(trx, byNaturalKey)) === undefined) return false;
  return (await getReceipt(trx, byNaturalKey)).cardId === cardId;
}

function nameOriginal({ id, original }: StoredReceipt): NaturalKey | string {
  return original === null ? `lone ${id}` : naturalKeyOf(original, 'Sale');
}

interface ReceiptFact extends BillingFact {
  readonly billed: BilledReceipt & { readonly receipt: StoredReceipt };
}

async function toFacts(
  trx: Trx,
  context: BillingContext,
  group: string,
  receipts: readonly StoredReceipt[],
  cardId: number,
): Promise<ReceiptFact[]> {
  const facts: ReceiptFact[] = [];
  for (const receipt of receipts) {
    const billed = await findBilled(trx, context, receipt, cardId);
    if (billed === undefined) continue;
    const { kkm, shiftNumber, receiptNumber, kind, receiptAt } = receipt;
    const order = `${receiptAt} ${kind === 'Sale' ? 1 : 2} ${JSON.stringify([kkm, shiftNumber, receiptNumber])}`;
    facts.push({ on: billed.effectiveOn, order, billed, what: { sort: 'receipt', group, billed } });
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
  const isNew = event.newReceiptId !== undefined || event.comment === null;
  const fact = isNew ? `Опоздавший факт от ${formatForPeople(event.datedAt)}` : event.comment;
  const reason = `${fact}: ночи после него прошли бы иначе`;
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
