// What a group of receipts does to each card's billing registers by itself, whatever nights have done with it since.
import { listReceiptEffects, type DocumentFact } from '../../db/billing/billing-fact.ts';
import { findMark, type BillingMark } from '../../db/billing/billing-mark.ts';
import { lastNightOfCard } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { listHeldNights } from '../../db/night/night-hold.ts';
import { listGroupReceipts, nameGroup, type ReceiptGroup } from '../../db/receipts/receipt-group.ts';
import type { StoredReceipt } from '../../db/receipts/receipt.ts';
import { addEffect, creditDue, openAccount, subtractAccounts, type BillingEffect } from '../../ledger/account.ts';
import { noEffect, settleBilledGroup, sumGroup } from '../../ledger/billed-group.ts';
import { comparePlaces } from '../../ledger/fact-place.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { subtractMeasures } from '../../ledger/measures.ts';
import { listGroupFacts, policyOf, type BillingContext, type ReceiptFact } from './card-facts.ts';
import { countGroup, type CountedReceipt } from './count-group.ts';

/** What has happened to a group. */
export interface GroupEvent {
  /** As it is now. */
  readonly group: ReceiptGroup;
  /** Cards whose «Накопления» changed, or that are checked in any case. */
  readonly cardIds: readonly number[];
  /** The mark of the group's new receipt: set if billing counts it, and nothing else has changed. */
  readonly newMark?: BillingMark | undefined;
}

export interface OwnEffect {
  readonly cardId: number;
  /** For an old sale's group only the balance: its rows are known when the whole card is calculated. */
  readonly effect: BillingEffect;
  readonly isOfOldSale: boolean;
  /** Whether it is a new receipt that no night and no later receipt of its group could depend on. */
  readonly isInTime: boolean;
  /** Whether it is a new return that came in time: only what it takes back can require nights to be calculated again. */
  readonly isReturnInTime: boolean;
}

/**
 * What the group should have posted, less what its documents have posted: on the cards of its receipts, and on the cards
 * that its documents changed while a receipt had another card or another sale.
 */
export async function listOwnEffects(
  trx: Trx,
  context: BillingContext,
  { group, cardIds, newMark }: GroupEvent,
): Promise<OwnEffect[]> {
  const counted = await countGroup(trx, context.state, group);
  const all = listGroupReceipts(group);
  const posted: DocumentFact[] = [];
  for (const { id } of all) if (id !== group.newReceiptId) posted.push(...(await listReceiptEffects(trx, id)));
  const { newReceiptId } = group;
  const isNew = newMark !== undefined && newReceiptId !== undefined;
  const marks = new Map(isNew ? [[newReceiptId, newMark]] : []);
  const effects: OwnEffect[] = [];
  for (const cardId of new Set([...cardIds, ...[...all, ...counted, ...posted].map((one) => one.cardId)])) {
    const onCard = posted.filter((fact) => fact.cardId === cardId).map(({ effect }) => effect);
    const facts = await listGroupFacts(trx, nameGroup(group.key), counted, cardId, marks);
    const placed = { facts: facts.toSorted(comparePlaces), newReceiptId: isNew ? newReceiptId : undefined };
    effects.push({ cardId, ...(await findOwnEffect(trx, context, { all, counted, ...placed }, cardId, onCard)) });
  }
  return effects;
}

interface GroupOnCard {
  readonly all: readonly StoredReceipt[];
  readonly counted: readonly CountedReceipt[];
  /** In order. */
  readonly facts: readonly ReceiptFact[];
  readonly newReceiptId: number | undefined;
}

/** What the event changes in the group's effect on a card, with all pending credits that have come due. */
async function findOwnEffect(
  trx: Trx,
  context: BillingContext,
  { all, counted, facts, newReceiptId }: GroupOnCard,
  cardId: number,
  postedEffects: readonly BillingEffect[],
): Promise<Omit<OwnEffect, 'cardId'>> {
  const lastNightOn = lastNightOfCard(context.state, cardId);
  const fresh = facts.find(({ receiptId }) => receiptId === newReceiptId);
  const isLate = fresh === undefined || fresh.on < lastNightOn;
  const isReturnInTime = fresh?.billed.kind === 'return' && !isLate;
  const moves = settleBilledGroup(
    facts.map(({ billed }) => billed),
    policyOf(context.settings),
  );
  const posted = openAccount();
  for (const effect of postedEffects) addEffect(posted, effect);
  if (counted[0]?.kind === 'old_sale') {
    // Which rows its returns come off depends on the card's other old returns.
    const effect = { ...noEffect, balance: subtractMeasures(sumGroup(moves), posted.balance) };
    return { effect, isOfOldSale: true, isInTime: false, isReturnInTime };
  }
  const wanted = openAccount();
  for (const effect of moves.effects) addEffect(wanted, effect);
  const saleOn = facts.find(({ billed }) => billed.kind === 'sale')?.on ?? (await findPlaceOfSale(trx, all));
  // Only a night after the sale can have credited its pending credits.
  if (saleOn !== undefined && saleOn < lastNightOn)
    for (const account of [wanted, posted]) creditDue(account, lastNightOn);
  const effect = subtractAccounts(wanted, posted);
  const isNext = fresh === facts.at(-1) && (isReturnInTime || facts.length === 1);
  // A sale whose returns came before it is not in time either: they were posted as returns of an unknown sale.
  const isInTime = !isLate && isNext && !(await mayNightsDiffer(trx, cardId, effect, saleOn, lastNightOn));
  return { effect, isOfOldSale: false, isInTime, isReturnInTime };
}

/**
 * Whether a night since the sale would have had another result without what is taken back of it: if that sum may have
 * burned, or if a hold was active, which leaves the same sum whatever is covered. Otherwise B and S(T) are lower by the same sum.
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
