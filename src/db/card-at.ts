// A card as of a moment: what its movements had come to by the dates of their documents, and the holds that stood.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import { noMeasures, type Measures } from '../ledger/measures.ts';
import type { Kopecks } from '../ledger/money.ts';
import type { Trx } from './db.ts';
import { statement } from './statement.ts';

const sums = statement<{ cardId: number; at: string }, Measures>((knex, p) =>
  knex('accumulation_movement')
    .join('document', 'document.id', 'accumulation_movement.document_id')
    .where('accumulation_movement.card_id', p.cardId)
    .where('document.dated_at', '<=', p.at)
    .select({
      bonus: knex.raw('coalesce(sum(accumulation_movement.bonus), 0)'),
      accumulation: knex.raw('coalesce(sum(accumulation_movement.accumulation), 0)'),
      receipts: knex.raw('coalesce(sum(accumulation_movement.receipts), 0)'),
    }),
);

/** A reserve as people ask about it: who holds how much, and until when. */
export interface StandingHold {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly amount: Kopecks;
  readonly expiresAt: LocalDateTime;
}

const standing = statement<{ cardId: number; now: string }, StandingHold>((knex, p) =>
  knex('hold')
    .where('card_id', p.cardId)
    .where('state', 'active')
    .where('expires_at', '>', p.now)
    .orderBy('id')
    .select({
      kkm: 'kkm',
      shiftNumber: 'shift_number',
      receiptNumber: 'receipt_number',
      amount: 'amount',
      expiresAt: 'expires_at',
    }),
);

/** The card's measures after every document dated at that moment or before. */
export async function sumMovementsUntil(trx: Trx, cardId: number, at: LocalDateTime): Promise<Measures> {
  return (await trx.first(sums, { cardId, at })) ?? noMeasures;
}

export function listStandingHolds(trx: Trx, cardId: number, now: LocalDateTime): Promise<StandingHold[]> {
  return trx.list(standing, { cardId, now });
}
