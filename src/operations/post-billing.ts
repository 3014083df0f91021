// Billing behind a trade document: what it does to «Остатки», «Обороты начислений» and pending credits. A new receipt
// posts its own effect; where it comes late, or undoes something, the card's account is reckoned anew from all facts and
// the difference posted: so any order of arrival, nights included, ends in one state (domain 7).
import {
  findMark,
  listDocumentFacts,
  listMarks,
  listReceiptEffects,
  markReceipt,
  type BillingMark,
  type DocumentFact,
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
import { findCardTerms, findOpeningTerms } from '../db/life-rule.ts';
import { findLastNightOfCard } from '../db/night-run.ts';
import { findOpeningDates } from '../db/opening-balance.ts';
import { probeReceipt } from '../db/receipt-probe.ts';
import {
  getReceipt,
  listBilledReceipts,
  listReturnsOf,
  listStrangeReturnIds,
  type StoredReceipt,
} from '../db/receipt.ts';
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
  type SaleProgress,
  type Terms,
} from '../ledger/billing.ts';
import { findTerm, neverOn, type AccrualTerm, type LifeRegister } from '../ledger/life-rule.ts';
import { dateOf, formatForPeople, type LocalDate, type LocalDateTime } from '../ledger/local-date-time.ts';
import { naturalKeyOf, type NaturalKey, type Receipt } from '../ledger/receipt.ts';
import type { Settings } from '../ledger/settings.ts';

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
  return { returnFigures: settings.returnFigures };
}

/** A receipt that billing meets, or whose content a report has replaced. */
export interface PlacedReceipt {
  readonly receiptId: number;
  readonly receipt: Receipt;
  readonly cardId: number;
  readonly hasOtherCard: boolean;
  /** Of a receipt that is re-posted: the last night before it, had it come in time. */
  readonly metNightOn?: LocalDate;
}

/**
 * Gives a receipt its place in the order of reckoning, and the terms of its card's rules. A correction keeps both: a
 * change of a rule touches new accruals only.
 * @returns whether it counts for billing; one dated before the start does not (result 12).
 */
export async function placeReceipt(trx: Trx, context: BillingContext, placed: PlacedReceipt): Promise<boolean> {
  const { startOn } = context.state;
  const { receiptId, receipt, cardId, hasOtherCard, metNightOn } = placed;
  const receiptOn = dateOf(receipt.receiptAt);
  const isBilled = receiptOn >= startOn;
  const known = await findMark(trx, receiptId);
  const hasTerms = known !== undefined && !hasOtherCard;
  const terms = hasTerms ? known.terms : await findTerms(trx, context, placed, isBilled);
  // At one o'clock, what comes in time comes before the night of its date.
  const latestOn = metNightOn !== undefined && metNightOn < receiptOn ? metNightOn : receiptOn;
  const effectiveOn = known?.effectiveOn ?? (isBilled ? await findPlace(trx, context, cardId, latestOn) : receiptOn);
  await markReceipt(trx, receiptId, { effectiveOn, terms });
  if (isBilled && receipt.kind === 'Return' && receipt.original !== null) {
    await placeOldSale(trx, startOn, naturalKeyOf(receipt.original, 'Sale'));
  }
  return isBilled;
}

/** What the rules, and for a return the setting `restoreTerm`, say now: a later change touches no receipt there is. */
async function findTerms(
  trx: Trx,
  { settings, state }: BillingContext,
  { receipt, cardId }: PlacedReceipt,
  isBilled: boolean,
): Promise<Terms> {
  const { bonus, accumulation } = isBilled
    ? await findCardTerms(trx, cardId, dateOf(receipt.receiptAt))
    : await findTermsBefore(trx, cardId, state.startOn);
  const hasOwn = receipt.kind === 'Sale' || settings.restoreTerm === 'new_life';
  return { bonus: hasOwn ? bonus : null, accumulation };
}

/**
 * The terms of what was there before billing are those that its opening sums were given; where it was given none, those
 * of the card's rules, as an opening gives them.
 */
async function findTermsBefore(
  trx: Trx,
  cardId: number,
  startOn: LocalDate,
): Promise<Readonly<Record<LifeRegister, AccrualTerm>>> {
  const { bonus, accumulation } = await findOpeningTerms(trx, cardId, startOn);
  const given = await findOpeningDates(trx, cardId);
  return {
    bonus: { ...bonus, writeOffOn: given.bonus ?? bonus.writeOffOn },
    accumulation: { ...accumulation, writeOffOn: given.accumulation ?? accumulation.writeOffOn },
  };
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
  const terms = await findTermsBefore(trx, cardId, startOn);
  await markReceipt(trx, byNaturalKey, { effectiveOn: key.receiptOn, terms });
}

/**
 * Posts what the event does to the billing registers of its cards: on each, its own effect and, where nights have been
 * since, what they would have done otherwise.
 */
export async function postBilling(trx: Trx, context: BillingContext, event: TradeEvent): Promise<void> {
  for (const own of await listOwnEffects(trx, context, event)) {
    await postOwnEffects(trx, context, event, [own]);
    if (own.isInTime) continue;
    const rest = subtractAccounts(await reckonCard(trx, context, own.cardId), await loadAccount(trx, own.cardId));
    if (!isNoEffect(rest)) await postCompensation(trx, context, event, own.cardId, rest);
  }
}

/** Posts the effects alone: whoever does so has the cards reckoned with a later event of the same transaction. */
export async function postOwnEffects(
  trx: Trx,
  context: BillingContext,
  event: TradeEvent,
  effects: readonly OwnEffect[],
): Promise<void> {
  for (const { cardId, effect } of effects) {
    if (!isNoEffect(effect)) await postEffect(trx, context, event, cardId, effect, 'receipt', event.comment);
  }
}

export interface OwnEffect {
  readonly cardId: number;
  readonly effect: BillingEffect;
  /** Whether it is a new receipt that nothing, no night and no receipt it counts with, is reckoned behind. */
  readonly isInTime: boolean;
}

/** A receipt whose group is to be posted, with cards that are looked at whatever the group says. */
type GroupEvent = Pick<TradeEvent, 'receiptId' | 'cardIds' | 'newReceiptId'>;

/**
 * What the group of the event's receipt should have posted, less what its documents have: on the cards of its receipts
 * and on those that its documents moved while a receipt was another card's, or of another sale.
 */
export async function listOwnEffects(trx: Trx, context: BillingContext, event: GroupEvent): Promise<OwnEffect[]> {
  const group = event.receiptId === null ? noGroup : await loadGroup(trx, await getReceipt(trx, event.receiptId));
  const posted: DocumentFact[] = [];
  for (const { id } of group.all) {
    if (id !== event.newReceiptId) posted.push(...(await listReceiptEffects(trx, id)));
  }
  const cardIds = [...event.cardIds, ...[...group.all, ...posted].map(({ cardId }) => cardId)];
  const effects: OwnEffect[] = [];
  for (const cardId of new Set(cardIds)) {
    const onCard = posted.filter((fact) => fact.cardId === cardId).map(({ effect }) => effect);
    effects.push({ cardId, ...(await findOwnEffect(trx, context, event, group, cardId, onCard)) });
  }
  return effects;
}

/** Receipts that count together. */
interface ReceiptGroup {
  /** The sale first; none where it is cancelled, for it takes its returns with it. */
  readonly live: readonly StoredReceipt[];
  readonly all: readonly StoredReceipt[];
}

const noGroup: ReceiptGroup = { live: [], all: [] };

async function loadGroup(trx: Trx, receipt: StoredReceipt): Promise<ReceiptGroup> {
  if (receipt.kind === 'Sale')
    return gather(trx, receipt, naturalKeyOf(receipt, 'Sale'), receipt.state === 'cancelled');
  const { original } = receipt;
  if (original === null) return { all: [receipt], live: receipt.state === 'posted' ? [receipt] : [] };
  const key = naturalKeyOf(original, 'Sale');
  const { byNaturalKey, cancelId } = await probeReceipt(trx, null, key, null);
  const sale = byNaturalKey === undefined ? undefined : await getReceipt(trx, byNaturalKey);
  return gather(trx, sale, key, cancelId !== undefined);
}

async function gather(
  trx: Trx,
  sale: StoredReceipt | undefined,
  key: NaturalKey,
  isCancelled: boolean,
): Promise<ReceiptGroup> {
  const all = [...(sale === undefined ? [] : [sale]), ...(await listReturnsOf(trx, key))];
  return { all, live: isCancelled ? [] : all.filter(({ state }) => state === 'posted') };
}

/** What the event changes of the group's effect on a card, with all that was pending and has come due credited. */
async function findOwnEffect(
  trx: Trx,
  context: BillingContext,
  { newReceiptId }: GroupEvent,
  group: ReceiptGroup,
  cardId: number,
  postedEffects: readonly BillingEffect[],
): Promise<Omit<OwnEffect, 'cardId'>> {
  const lastNightOn = await findLastNightOfCard(trx, context.state, cardId);
  const facts = (await listGroupFacts(trx, context, group.live, cardId)).toSorted(compareFacts);
  const progress: SaleProgress = { sale: undefined, returns: [] };
  const [wanted, posted] = [openAccount(), openAccount()];
  const findPending: FindPending = (credit) => wanted.pending.get(pendingKey(credit))?.amount ?? 0;
  for (const { billed } of facts) {
    addEffect(wanted, stepReceipt(progress, billed, policyOf(context.settings), findPending));
  }
  for (const effect of postedEffects) addEffect(posted, effect);
  const sale = group.all.find(({ kind }) => kind === 'Sale');
  const saleOn = facts.find(({ billed }) => billed.receipt === sale)?.on ?? (await findPlaceOf(trx, sale));
  // Only a night behind the sale has credited what was pending of it.
  if (saleOn !== undefined && saleOn < lastNightOn)
    for (const account of [wanted, posted]) creditDue(account, lastNightOn);
  const last = facts.at(-1);
  const isInTime = last !== undefined && last.billed.receipt.id === newReceiptId && last.on >= lastNightOn;
  return { effect: subtractAccounts(wanted, posted), isInTime };
}

async function findPlaceOf(trx: Trx, receipt: StoredReceipt | undefined): Promise<LocalDate | undefined> {
  return receipt === undefined ? undefined : (await findMark(trx, receipt.id))?.effectiveOn;
}

/** As billing reckons the receipt on that card; undefined where billing has not met it. */
function toBilled(
  { state }: BillingContext,
  receipt: StoredReceipt,
  known: BillingMark | undefined,
  cardId: number,
): (ReceiptFact['billed'] & BillingMark) | undefined {
  const receiptOn = dateOf(receipt.receiptAt);
  const isCounted = receiptOn >= state.startOn;
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

/** All that a card's receipts bring along: a sale its returns, a return of another card's sale that sale. */
async function listReceiptFacts(trx: Trx, context: BillingContext, cardId: number): Promise<BillingFact[]> {
  const marks = await listMarks(trx, cardId);
  const receipts = await listBilledReceipts(trx, cardId);
  for (const id of await listStrangeReturnIds(trx, cardId)) receipts.push(await getReceipt(trx, id));
  const own = new Set(receipts.filter(({ kind }) => kind === 'Sale').map(nameGroup));
  const facts: BillingFact[] = [];
  const strange = new Map<string, StoredReceipt>();
  for (const receipt of receipts) {
    const group = nameGroup(receipt);
    // Of another card's sale, of one that is cancelled, of one that is not known: rare enough to be looked for.
    if (receipt.original !== null && receipt.kind === 'Return' && !own.has(group)) strange.set(group, receipt);
    else {
      const mark = receipt.cardId === cardId ? marks.get(receipt.id) : await findMark(trx, receipt.id);
      facts.push(...toFacts(toBilled(context, receipt, mark, cardId), group));
    }
  }
  for (const receipt of strange.values()) {
    facts.push(...(await listGroupFacts(trx, context, (await loadGroup(trx, receipt)).live, cardId)));
  }
  return facts;
}

/** The sale that receipts count together with, or the receipt itself. */
function nameGroup({ id, ...receipt }: StoredReceipt): string {
  if (receipt.kind === 'Sale') return JSON.stringify(naturalKeyOf(receipt, 'Sale'));
  return receipt.original === null ? `lone ${id}` : JSON.stringify(naturalKeyOf(receipt.original, 'Sale'));
}

interface ReceiptFact extends BillingFact {
  readonly billed: BilledReceipt & { readonly receipt: StoredReceipt };
}

async function listGroupFacts(
  trx: Trx,
  context: BillingContext,
  receipts: readonly StoredReceipt[],
  cardId: number,
): Promise<ReceiptFact[]> {
  const facts: ReceiptFact[] = [];
  for (const receipt of receipts) {
    const mark = await findMark(trx, receipt.id);
    facts.push(...toFacts(toBilled(context, receipt, mark, cardId), nameGroup(receipt)));
  }
  return facts;
}

function toFacts(billed: ReturnType<typeof toBilled>, group: string): ReceiptFact[] {
  if (billed === undefined) return [];
  const { receipt, effectiveOn } = billed;
  const { kkm, shiftNumber, receiptNumber, kind, receiptAt } = receipt;
  const order = `${receiptAt} ${kind === 'Sale' ? 1 : 2} ${JSON.stringify([kkm, shiftNumber, receiptNumber])}`;
  return [{ on: effectiveOn, order, billed, what: { sort: 'receipt', group, billed } }];
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
