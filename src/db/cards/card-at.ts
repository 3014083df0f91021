// A card as of a moment: the sum of its movements by the dates of their documents, and its active holds.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { noMeasures, type Measures } from '../../ledger/measures.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { Trx } from '../db.ts';
import { statement, type Statement } from '../statement.ts';

type AtParameters = { cardId: number; at: string };

/** The sum of movements, and how many they are. */
export interface MovementSum extends Measures {
  readonly count: number;
}

const makeSums = (movements: string, documents: string): Statement<AtParameters, MovementSum> =>
  statement((knex, p) =>
    knex(movements)
      .join(documents, `${documents}.id`, `${movements}.document_id`)
      .where(`${movements}.card_id`, p.cardId)
      .where(`${documents}.dated_at`, '<=', p.at)
      .select({
        count: knex.raw('count(*)'),
        bonus: knex.raw(`coalesce(sum(${movements}.bonus), 0)`),
        accumulation: knex.raw(`coalesce(sum(${movements}.accumulation), 0)`),
        receipts: knex.raw(`coalesce(sum(${movements}.receipts), 0)`),
      }),
  );

const sums = makeSums('accumulation_movement', 'document');
const billingSums = makeSums('billing_movement', 'billing_document');

/** A hold as people ask about it: which receipt holds how much, and until when. */
export interface ActiveHold {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly amount: Kopecks;
  readonly expiresAt: LocalDateTime;
}

const active = statement<{ cardId: number; now: string }, ActiveHold>((knex, p) =>
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

/** The card's measures, in the register of the stage, after every document dated at that moment or before. */
export async function sumMovementsUntil(
  trx: Trx,
  stage: string,
  cardId: number,
  at: LocalDateTime,
): Promise<MovementSum> {
  return (await trx.first(stage === 'billing' ? billingSums : sums, { cardId, at })) ?? { ...noMeasures, count: 0 };
}

export function listActiveHolds(trx: Trx, cardId: number, now: LocalDateTime): Promise<ActiveHold[]> {
  return trx.list(active, { cardId, now });
}
