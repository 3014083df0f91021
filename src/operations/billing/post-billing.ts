// Billing of a trade document: what it does to «Остатки», «Обороты начислений» and pending credits. A new receipt posts its
// own effect; if it comes late, undoes something, or takes back what may have burned, the card's account is calculated
// again from all facts and the difference posted: any order of arrival, nights included, ends in one state (domain 7).
import {
  insertBillingDocument,
  loadAccount,
  postUncheckedLine,
  type BillingDocumentKind,
  type BillingOrigin,
} from '../../db/billing/billing-register.ts';
import type { Trx } from '../../db/db.ts';
import {
  addEffect,
  findRowBelowZero,
  isNoEffect,
  openAccount,
  splitBySign,
  subtractAccounts,
  type BillingEffect,
} from '../../ledger/account.ts';
import { formatForPeople, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import { calculateCard, type BillingContext } from './card-facts.ts';
import { listOwnEffects, type GroupEvent, type OwnEffect } from './list-own-effects.ts';

/** A trade document that billing follows. */
export interface BilledDocument extends GroupEvent {
  readonly kind: 'KkmOperation' | 'TpOperation';
  readonly datedAt: LocalDateTime;
  readonly documentId: number;
  /** The receipt that it counts for. */
  readonly receiptId: number | null;
  readonly comment: string | null;
  /**
   * Whether its receipt is not in billing, or only in the opening balance: such an event never changes billing (SEED),
   * except for returns that were posted as returns of an unknown sale.
   */
  readonly isOutside?: boolean;
}

/** The event that is posted, with the balances after it of the cards that it has changed so far. */
interface Posting {
  readonly trx: Trx;
  readonly context: BillingContext;
  readonly event: BilledDocument;
  readonly after: Map<number, Measures>;
}

/**
 * Posts what the event does to the billing registers of its cards: on each, its own effect and, if nights have run
 * since, what they would have done otherwise.
 * @returns the balances after it, by card; a card that it does not change is not in it.
 */
export async function postBilling(
  trx: Trx,
  context: BillingContext,
  event: BilledDocument,
): Promise<ReadonlyMap<number, Measures>> {
  const posting = { trx, context, event, after: new Map<number, Measures>() };
  for (const own of await listOwnEffects(trx, context, event)) {
    if (event.isOutside === true && isNoEffect(own.effect)) continue;
    if (!own.isInTime) await postDifference(posting, own);
    else if (!(await postOwnEffect(posting, own))) await repairCard(posting, own.cardId);
  }
  return posting.after;
}

/** Posts only the effects: the caller must have the cards calculated with a later event of the same transaction. */
export async function postOwnEffects(
  trx: Trx,
  context: BillingContext,
  event: BilledDocument,
  effects: readonly OwnEffect[],
): Promise<ReadonlyMap<number, Measures>> {
  const posting = { trx, context, event, after: new Map<number, Measures>() };
  for (const own of effects) await postOwnEffect(posting, own);
  return posting.after;
}

/** @returns whether no row that it has changed is below zero. */
async function postOwnEffect(posting: Posting, { cardId, effect }: OwnEffect): Promise<boolean> {
  if (isNoEffect(effect)) return true;
  return postEffect(posting, { cardId, effect, origin: 'receipt', reason: posting.event.comment });
}

/**
 * Posts the whole difference between the account as it should be and as it is: the event's own part in its document; what
 * the nights since would have done otherwise in documents of the night's kinds, with the reason.
 */
async function postDifference(posting: Posting, own: OwnEffect): Promise<void> {
  const { trx, context, event } = posting;
  const { cardId, isOfOldSale } = own;
  const missing = subtractAccounts(await calculateCard(trx, context, cardId), await loadAccount(trx, cardId));
  const effect = isOfOldSale ? { ...missing, balance: own.effect.balance } : own.effect;
  const isWhole = await postOwnEffect(posting, { ...own, effect });
  const reason = explainCompensation(event, own);
  await postCompensation(posting, { cardId, effect: subtractEffects(missing, effect), reason });
  if (!isWhole) await assertRows(trx, cardId);
}

function subtractEffects(whole: BillingEffect, part: BillingEffect): BillingEffect {
  const [a, b] = [openAccount(), openAccount()];
  addEffect(a, whole);
  addEffect(b, part);
  return subtractAccounts(a, b);
}

/** A row that was below zero before is a defect of an earlier version: the card is corrected with this event. */
async function repairCard(posting: Posting, cardId: number): Promise<void> {
  const { trx, context } = posting;
  const missing = subtractAccounts(await calculateCard(trx, context, cardId), await loadAccount(trx, cardId));
  const reason = 'Исправление: строка начислений карты была ниже нуля';
  await postCompensation(posting, { cardId, effect: missing, reason });
  await assertRows(trx, cardId);
}

/** Nothing is posted if a row would stay below zero: what is taken back was never accrued. */
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
  /** Default: that of the event. */
  readonly kind?: BillingDocumentKind;
}

/** @returns whether no row that it has changed is below zero. */
async function postEffect({ trx, context, event, after }: Posting, line: Line): Promise<boolean> {
  const { kind = event.kind, cardId, origin, effect, reason } = line;
  const { datedAt, receiptId, documentId } = event;
  const head = { kind, origin, effectiveOn: null, recordedAt: context.now, receiptId, documentId, comment: reason };
  const isReceipt = origin === 'receipt';
  const id = await insertBillingDocument(trx, { ...head, datedAt: isReceipt ? datedAt : context.now });
  const posted = await postUncheckedLine(trx, id, 1, cardId, effect, reason);
  after.set(cardId, posted.after);
  return posted.lowestRow >= 0;
}

async function postCompensation(
  posting: Posting,
  { cardId, effect: whole, reason }: Pick<Line, 'cardId' | 'effect' | 'reason'>,
): Promise<void> {
  const [raising, lowering] = splitBySign(whole);
  for (const [kind, effect] of [
    ['Accrual', raising],
    ['WriteOff', lowering],
  ] as const) {
    if (isNoEffect(effect)) continue;
    await postEffect(posting, { cardId, effect, origin: 'compensation', reason, kind });
  }
}

function explainCompensation({ datedAt, comment, newMark }: BilledDocument, { isReturnInTime }: OwnEffect): string {
  const isNew = newMark !== undefined || comment === null;
  if (isReturnInTime) {
    return `Возврат от ${formatForPeople(datedAt)}: остаток пересчитан так, как если бы возвращённого не начисляли`;
  }
  const fact = isNew ? `Опоздавший факт от ${formatForPeople(datedAt)}` : comment;
  return `${fact}: ночи после него прошли бы иначе`;
}
