// Register «Накопления»: movements, never changed, and the running balance that every movement keeps in step.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { ReceiptKind } from '../../ledger/receipt.ts';
import type { Trx } from '../db.ts';
import { listHistory, makeHistory, type Period } from '../card-period.ts';
import type { DocumentKind } from './document.ts';
import { mergeExcluded } from '../measure-sql.ts';
import { guardRunningSum } from '../register-limit.ts';
import { statement } from '../statement.ts';

type MoveParameters = { cardId: number; bonus: number; accumulation: number; receipts: number };

const keepBalance = statement<MoveParameters, Measures>((knex, p) =>
  knex('accumulation_balance')
    .insert({ card_id: p.cardId, bonus: p.bonus, accumulation: p.accumulation, receipts: p.receipts })
    .onConflict('card_id')
    .merge(mergeExcluded(knex, 'accumulation_balance'))
    .returning(['bonus', 'accumulation', 'receipts']),
);

const insertMovement = statement<MoveParameters & { documentId: number; bonusAfter: number }>((knex, p) =>
  knex('accumulation_movement').insert({
    document_id: p.documentId,
    card_id: p.cardId,
    bonus: p.bonus,
    accumulation: p.accumulation,
    receipts: p.receipts,
    bonus_after: p.bonusAfter,
    dated_at: knex.raw('(select dated_at from document where id = ?)', [p.documentId]),
  }),
);

/**
 * Adds a movement to a card's running balance; the balance after it. The movement itself must follow.
 * @throws RegisterOverflow if a sum would be beyond the register.
 */
export async function keepAccumulationBalance(trx: Trx, cardId: number, move: Measures): Promise<Measures> {
  const { bonus, accumulation, receipts } = move;
  const after = await guardRunningSum(trx.first(keepBalance, { cardId, bonus, accumulation, receipts }));
  if (after === undefined) throw new Error('an upsert gave no balance');
  return after;
}

export async function insertAccumulationMovement(
  trx: Trx,
  documentId: number,
  cardId: number,
  move: Measures,
  bonusAfter: number,
): Promise<void> {
  const { bonus, accumulation, receipts } = move;
  await trx.change(insertMovement, { documentId, cardId, bonus, accumulation, receipts, bonusAfter });
}

const postedOfReceipt = statement<{ receiptId: number }, Measures & { cardId: number }>((knex, p) =>
  knex('document')
    .join('accumulation_movement', 'accumulation_movement.document_id', 'document.id')
    .where('document.receipt_id', p.receiptId)
    .groupBy('accumulation_movement.card_id')
    .orderBy('accumulation_movement.card_id')
    .select({ cardId: 'accumulation_movement.card_id' })
    .sum({ bonus: 'accumulation_movement.bonus' })
    .sum({ accumulation: 'accumulation_movement.accumulation' })
    .sum({ receipts: 'accumulation_movement.receipts' }),
);

/** The movements of the documents of one receipt so far, by card. */
export function listPosted(trx: Trx, receiptId: number): Promise<(Measures & { cardId: number })[]> {
  return trx.list(postedOfReceipt, { receiptId });
}

/** A movement with its document, as a card's history shows it. */
export interface CardMovement extends Measures {
  readonly documentId: number;
  readonly documentKind: DocumentKind;
  readonly datedAt: LocalDateTime;
  readonly comment: string | null;
  readonly bonusAfter: number;
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
  readonly receiptKind: ReceiptKind | null;
  /** The shop that the till stood in then; null if none is known. */
  readonly shopCode: string | null;
}

const history = makeHistory<CardMovement>('accumulation_movement', ['document_id'], (_knex, movements) =>
  movements
    .join('document', 'document.id', 'accumulation_movement.document_id')
    .leftJoin('receipt', 'receipt.id', 'document.receipt_id')
    .select({
      documentId: 'document.id',
      documentKind: 'document.kind',
      datedAt: 'document.dated_at',
      comment: 'document.comment',
      bonus: 'accumulation_movement.bonus',
      accumulation: 'accumulation_movement.accumulation',
      receipts: 'accumulation_movement.receipts',
      bonusAfter: 'accumulation_movement.bonus_after',
      kkm: 'receipt.kkm',
      receiptNumber: 'receipt.receipt_number',
      receiptKind: 'receipt.kind',
      shopCode: 'document.shop_code',
    }),
);

/** The latest movements of a card within the period, oldest first. */
export async function listCardMovements(
  trx: Trx,
  cardId: number,
  period: Period,
  limit: number,
): Promise<CardMovement[]> {
  return (await listHistory(trx, history, cardId, period, limit)).toReversed();
}
