// Writes a document with its movements and keeps the balances in step, all in the caller's transaction.
import { insertAccumulationMovement, keepAccumulationBalance } from '../../db/receipts/accumulation.ts';
import type { Trx } from '../../db/db.ts';
import { insertDocument, type NewDocument } from '../../db/receipts/document.ts';
import { isNothing, type Measures } from '../../ledger/measures.ts';
import type { CardMove } from './settle-groups.ts';

/**
 * @param answer makes the stored reply from the balances after the movements, by card.
 * @returns the document's id and the balances after it of the cards it moved.
 */
export async function postDocument(
  trx: Trx,
  document: Omit<NewDocument, 'reply'>,
  moves: readonly CardMove[],
  answer?: (after: ReadonlyMap<number, Measures>) => string,
): Promise<{ readonly documentId: number; readonly after: ReadonlyMap<number, Measures> }> {
  const after = new Map<number, Measures>();
  const real = moves.filter(({ move }) => !isNothing(move));
  for (const { cardId, move } of real) after.set(cardId, await keepAccumulationBalance(trx, cardId, move));
  const documentId = await insertDocument(trx, { ...document, reply: answer === undefined ? null : answer(after) });
  for (const { cardId, move } of real) {
    await insertAccumulationMovement(trx, documentId, cardId, move, after.get(cardId)?.bonus ?? 0);
  }
  return { documentId, after };
}
