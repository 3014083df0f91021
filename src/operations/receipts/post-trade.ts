// Posts all that a receipt, its correction or its cancel changes: a document with movements of «Накопления» and, if billing is
// on, what follows in the billing registers.
import type { Trx } from '../../db/db.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { BillingContext } from '../billing/card-facts.ts';
import type { OwnEffect } from '../billing/list-own-effects.ts';
import { postBilling, postOwnEffects, type BilledDocument } from '../billing/post-billing.ts';
import type { Standing } from '../standing.ts';
import { postDocument } from './post-document.ts';
import type { CardMove } from './settle-group.ts';

export interface TradeContext extends Standing {
  /** The infobase's clock at the moment of the call. */
  readonly now: LocalDateTime;
}

export interface TradeEvent {
  readonly kind: 'KkmOperation' | 'TpOperation';
  readonly datedAt: LocalDateTime;
  /** The till of the receipt. */
  readonly kkm: string;
  /** The receipt that the document counts for: one of the group. */
  readonly receiptId: number | null;
  readonly comment: string | null;
  /** What its group still has to post to «Накопления», by card. */
  readonly moves: readonly CardMove[];
  /** What billing has to know of it; undefined if billing is off. */
  readonly billed: BilledEvent | undefined;
}

export interface BilledEvent extends Pick<BilledDocument, 'group' | 'newMark' | 'isOutside'> {
  /** Cards that billing checks in any case. */
  readonly cardIds: readonly number[];
  /** Why billing changes, if that says more than the document. */
  readonly comment?: string | null;
  /** What billing has to post, if that is known: then its cards are calculated with a later event of the transaction. */
  readonly ownEffects?: readonly OwnEffect[];
}

export interface PostedTrade {
  readonly documentId: number;
  /** The balances after it of the cards that it changed: of billing if that is on, otherwise of «Накопления». */
  readonly after: ReadonlyMap<number, Measures>;
}

/**
 * @param answer makes the stored reply from the balances of «Накопления» after the movements; under billing the
 *   answer is taken from its registers, and the caller stores it.
 */
export async function postTrade(
  trx: Trx,
  context: TradeContext,
  event: TradeEvent,
  answer?: (after: ReadonlyMap<number, Measures>) => string,
): Promise<PostedTrade> {
  const { kind, datedAt, receiptId, comment, moves } = event;
  const shopCode = context.shops.get(event.kkm) ?? null;
  const document = { kind, datedAt, recordedAt: context.now, receiptId, comment, shopCode };
  const posted = await postDocument(trx, document, moves, answer);
  const billing = billingOf(context);
  if (billing === undefined || event.billed === undefined) return posted;
  const { documentId } = posted;
  return { documentId, after: await postTradeBilling(trx, billing, event, event.billed, documentId) };
}

/** What billing posts for an event whose trade document is there. */
export async function postTradeBilling(
  trx: Trx,
  billing: BillingContext,
  { kind, datedAt, receiptId, moves, ...event }: Omit<TradeEvent, 'billed' | 'kkm'>,
  { comment = event.comment, ownEffects, ...billed }: BilledEvent,
  documentId: number,
): Promise<ReadonlyMap<number, Measures>> {
  const cardIds = [...billed.cardIds, ...moves.map(({ cardId }) => cardId)];
  const document = { ...billed, kind, datedAt, documentId, receiptId, comment, cardIds };
  return ownEffects === undefined
    ? postBilling(trx, billing, document)
    : postOwnEffects(trx, billing, document, ownEffects);
}

/** Undefined if billing is off. */
export function billingOf({ billing: state, settings, now }: TradeContext): BillingContext | undefined {
  return state === undefined ? undefined : { settings, state, now };
}
