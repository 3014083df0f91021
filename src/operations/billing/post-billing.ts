// Billing of a trade document: what it does to «Остатки», «Обороты начислений» and pending credits. A new receipt posts its
// own effect; where it comes late, undoes something, or takes back what may have burned, the card's account is calculated
// again from all facts and the difference posted: so any order of arrival, nights included, ends in one state (domain 7).
import { listReceiptEffects, type DocumentFact } from '../../db/billing/billing-fact.ts';
import { findMark } from '../../db/billing/billing-mark.ts';
import {
  insertBillingDocument,
  loadAccount,
  postUncheckedLine,
  type BillingDocumentKind,
  type BillingOrigin,
} from '../../db/billing/billing-register.ts';
import type { Trx } from '../../db/db.ts';
import { listHeldNights } from '../../db/night/night-hold.ts';
import { findLastNightOfCard } from '../../db/night/night-run.ts';
import { getReceipt, type StoredReceipt } from '../../db/receipts/receipt.ts';
import {
  addEffect,
  creditDue,
  findRowBelowZero,
  isNoEffect,
  openAccount,
  splitBySign,
  subtractAccounts,
  type BillingEffect,
} from '../../ledger/account.ts';
import { settleBilledGroup, sumGroup } from '../../ledger/billed-group.ts';
import { comparePlaces } from '../../ledger/fact-place.ts';
import { formatForPeople, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { noMeasures, subtractMeasures } from '../../ledger/measures.ts';
import {
  listGroupFacts,
  nameGroup,
  policyOf,
  reckonCard,
  type BillingContext,
  type ReceiptFact,
} from './card-facts.ts';
import { loadBilledGroup, type BilledGroup } from './load-billed-group.ts';

/** The trade document that billing follows. */
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
  /**
   * Whether it is of a receipt that is not in billing, or in the opening balance alone: it never touches billing (SEED),
   * but for returns that had been taken for returns of an unknown sale.
   */
  readonly isOutside?: boolean;
}

/**
 * Posts what the event does to the billing registers of its cards: on each, its own effect and, where nights have been
 * since, what they would have done otherwise.
 */
export async function postBilling(trx: Trx, context: BillingContext, event: TradeEvent): Promise<void> {
  for (const own of await listOwnEffects(trx, context, event)) {
    if (event.isOutside === true && isNoEffect(own.effect)) continue;
    if (!own.isInTime) await postDifference(trx, context, event, own);
    else if (!(await postOwnEffect(trx, context, event, own))) await repairCard(trx, context, event, own.cardId);
  }
}

/** Posts the effects alone: whoever does so has the cards calculated with a later event of the same transaction. */
export async function postOwnEffects(
  trx: Trx,
  context: BillingContext,
  event: TradeEvent,
  effects: readonly OwnEffect[],
): Promise<void> {
  for (const own of effects) await postOwnEffect(trx, context, event, own);
}

const nothing: BillingEffect = { balance: noMeasures, rows: [], pending: [] };

/** @returns whether no row that it has moved is below zero. */
async function postOwnEffect(
  trx: Trx,
  context: BillingContext,
  event: TradeEvent,
  { cardId, effect }: OwnEffect,
): Promise<boolean> {
  if (isNoEffect(effect)) return true;
  return postEffect(trx, context, event, { cardId, effect, origin: 'receipt', reason: event.comment });
}

export interface OwnEffect {
  readonly cardId: number;
  /** Of an old sale's group the balance alone: its rows are known once the whole card is calculated. */
  readonly effect: BillingEffect;
  readonly isOfOldSale: boolean;
  /** Whether it is a new receipt that no night and no later receipt of its group could have counted with. */
  readonly isInTime: boolean;
  /** Whether it is a new return that came in time: only what it takes back can have nights calculated again. */
  readonly isReturnInTime: boolean;
}

/** A receipt whose group is to be posted, with cards that are looked at whatever the group says. */
type GroupEvent = Pick<TradeEvent, 'receiptId' | 'cardIds' | 'newReceiptId'>;

/**
 * What the group of the event's receipt should have posted, less what its documents have: on the cards of its receipts
 * and on those that its documents moved while a receipt was another card's, or of another sale.
 */
export async function listOwnEffects(trx: Trx, context: BillingContext, event: GroupEvent): Promise<OwnEffect[]> {
  const receipt = event.receiptId === null ? undefined : await getReceipt(trx, event.receiptId);
  const group = receipt === undefined ? noGroup : await loadBilledGroup(trx, context.state, receipt);
  const posted: DocumentFact[] = [];
  for (const { id } of group.all) {
    if (id !== event.newReceiptId) posted.push(...(await listReceiptEffects(trx, id)));
  }
  const cardIds = [...event.cardIds, ...[...group.all, ...group.counted, ...posted].map(({ cardId }) => cardId)];
  const effects: OwnEffect[] = [];
  for (const cardId of new Set(cardIds)) {
    const onCard = posted.filter((fact) => fact.cardId === cardId).map(({ effect }) => effect);
    const facts = receipt === undefined ? [] : await listGroupFacts(trx, nameGroup(receipt), group.counted, cardId);
    const placed = { facts: facts.toSorted(comparePlaces), newReceiptId: event.newReceiptId };
    effects.push({ cardId, ...(await findOwnEffect(trx, context, group, placed, cardId, onCard)) });
  }
  return effects;
}

const noGroup: BilledGroup = { all: [], counted: [] };

interface GroupOnCard {
  /** In order. */
  readonly facts: readonly ReceiptFact[];
  readonly newReceiptId: number | undefined;
}

/** What the event changes of the group's effect on a card, with all that was pending and has come due credited. */
async function findOwnEffect(
  trx: Trx,
  context: BillingContext,
  group: BilledGroup,
  { facts, newReceiptId }: GroupOnCard,
  cardId: number,
  postedEffects: readonly BillingEffect[],
): Promise<Omit<OwnEffect, 'cardId'>> {
  const lastNightOn = await findLastNightOfCard(trx, context.state, cardId);
  const fresh = facts.find(({ receiptId }) => receiptId === newReceiptId);
  const isLate = fresh === undefined || fresh.on < lastNightOn;
  const isReturnInTime = fresh?.billed.sort === 'return' && !isLate;
  const moves = settleBilledGroup(
    facts.map(({ billed }) => billed),
    policyOf(context.settings),
  );
  const posted = openAccount();
  for (const effect of postedEffects) addEffect(posted, effect);
  if (group.counted[0]?.sort === 'old_sale') {
    // Which rows its returns come off depends on the card's other old returns.
    const effect = { ...nothing, balance: subtractMeasures(sumGroup(moves), posted.balance) };
    return { effect, isOfOldSale: true, isInTime: false, isReturnInTime };
  }
  const wanted = openAccount();
  for (const effect of moves.effects) addEffect(wanted, effect);
  const saleOn = facts.find(({ billed }) => billed.sort === 'sale')?.on ?? (await findPlaceOfSale(trx, group.all));
  // Only a night after the sale has credited what was pending of it.
  if (saleOn !== undefined && saleOn < lastNightOn)
    for (const account of [wanted, posted]) creditDue(account, lastNightOn);
  const effect = subtractAccounts(wanted, posted);
  const isNext = fresh === facts.at(-1) && (isReturnInTime || facts.length === 1);
  // Nor is a sale in time whose returns came before it: they were taken for returns of an unknown one.
  const isInTime = !isLate && isNext && !(await mayNightsDiffer(trx, cardId, effect, saleOn, lastNightOn));
  return { effect, isOfOldSale: false, isInTime, isReturnInTime };
}

/**
 * Whether a night since the sale would have done otherwise without what is taken back of it: where that may have burned,
 * and where a hold stood, which leaves the same sum whatever is covered. Else B and S(T) are less by the same.
 */
async function mayNightsDiffer(
  trx: Trx,
  cardId: number,
  { rows }: BillingEffect,
  saleOn: LocalDate | undefined,
  lastNightOn: LocalDate,
): Promise<boolean> {
  const takenBack = rows.filter(({ amount }) => amount < 0);
  if (takenBack.some(({ writeOffOn }) => writeOffOn <= lastNightOn)) return true;
  const mayBeHeld =
    saleOn !== undefined && saleOn < lastNightOn && takenBack.some(({ measure }) => measure === 'bonus');
  if (!mayBeHeld) return false;
  const held = await listHeldNights(trx, cardId);
  return [...held.keys()].some((nightOn) => nightOn > saleOn && nightOn <= lastNightOn);
}

async function findPlaceOfSale(trx: Trx, receipts: readonly StoredReceipt[]): Promise<LocalDate | undefined> {
  const sale = receipts.find(({ kind }) => kind === 'Sale');
  return sale === undefined ? undefined : (await findMark(trx, sale.id))?.effectiveOn;
}

/**
 * Posts the whole difference between the account as it should be and as it is: what is the event's own in its document;
 * what the nights since would have done otherwise in documents of the night's kinds, with the reason.
 */
async function postDifference(trx: Trx, context: BillingContext, event: TradeEvent, own: OwnEffect): Promise<void> {
  const { cardId, isOfOldSale } = own;
  const missing = subtractAccounts(await reckonCard(trx, context, cardId), await loadAccount(trx, cardId));
  const effect = isOfOldSale ? { ...missing, balance: own.effect.balance } : own.effect;
  const isWhole = await postOwnEffect(trx, context, event, { ...own, effect });
  const reason = explainCompensation(event, own);
  await postCompensation(trx, context, event, { cardId, effect: subtractEffects(missing, effect), reason });
  if (!isWhole) await assertRows(trx, cardId);
}

function subtractEffects(whole: BillingEffect, part: BillingEffect): BillingEffect {
  const [a, b] = [openAccount(), openAccount()];
  addEffect(a, whole);
  addEffect(b, part);
  return subtractAccounts(a, b);
}

/** A row that was below zero before is a defect of an earlier version: the card that is touched is put in order. */
async function repairCard(trx: Trx, context: BillingContext, event: TradeEvent, cardId: number): Promise<void> {
  const missing = subtractAccounts(await reckonCard(trx, context, cardId), await loadAccount(trx, cardId));
  const reason = 'Исправление: строка начислений карты была ниже нуля';
  await postCompensation(trx, context, event, { cardId, effect: missing, reason });
  await assertRows(trx, cardId);
}

/** Nothing is posted where a row would stay below zero: what is taken back was never accrued. */
async function assertRows(trx: Trx, cardId: number): Promise<void> {
  const row = findRowBelowZero(await loadAccount(trx, cardId));
  if (row === undefined) return;
  throw new Error(`card ${cardId}: the ${row.measure} accrued to ${row.writeOffOn} would be ${row.amount}`);
}

interface Line {
  readonly cardId: number;
  readonly effect: BillingEffect;
  readonly origin: BillingOrigin;
  readonly reason: string | null;
  /** Else that of the event. */
  readonly kind?: BillingDocumentKind;
}

/** @returns whether no row that it has moved is below zero. */
async function postEffect(trx: Trx, context: BillingContext, event: TradeEvent, line: Line): Promise<boolean> {
  const { kind = event.kind, origin, effect, reason } = line;
  const { datedAt, receiptId, documentId } = event;
  const head = { kind, origin, effectiveOn: null, recordedAt: context.now, receiptId, documentId, comment: reason };
  const isReceipt = origin === 'receipt';
  const id = await insertBillingDocument(trx, { ...head, datedAt: isReceipt ? datedAt : context.now });
  const { lowestRow } = await postUncheckedLine(trx, id, 1, line.cardId, effect, reason);
  return lowestRow >= 0;
}

async function postCompensation(
  trx: Trx,
  context: BillingContext,
  event: TradeEvent,
  { cardId, effect: whole, reason }: Pick<Line, 'cardId' | 'effect' | 'reason'>,
): Promise<void> {
  const [raising, lowering] = splitBySign(whole);
  for (const [kind, effect] of [
    ['Accrual', raising],
    ['WriteOff', lowering],
  ] as const) {
    if (isNoEffect(effect)) continue;
    await postEffect(trx, context, event, { cardId, effect, origin: 'compensation', reason, kind });
  }
}

function explainCompensation({ datedAt, comment, newReceiptId }: TradeEvent, { isReturnInTime }: OwnEffect): string {
  const isNew = newReceiptId !== undefined || comment === null;
  if (isReturnInTime) {
    return `Возврат от ${formatForPeople(datedAt)}: остаток пересчитан так, как если бы возвращённого не начисляли`;
  }
  const fact = isNew ? `Опоздавший факт от ${formatForPeople(datedAt)}` : comment;
  return `${fact}: ночи после него прошли бы иначе`;
}
