// The documents that a turnover is made of: the movements of a card, a kind or a shop in a period, with sums that add up to
// its in and out.
import {
  getMovementDetail,
  type MovementDetail,
  type MovementKey,
  type Register,
  type ReportedMovement,
} from '../../db/reports/movement.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Infobase } from '../infobase.ts';
import { nextTurn } from '../next-turn.ts';
import { nameDocument } from '../operation-reply.ts';
import { readMovements } from './read-turnover.ts';
import type { Scope } from './report-scope.ts';

export interface MovementRow extends Measures {
  readonly cursor: string;
  readonly cardNumber: string;
  readonly datedAt: LocalDateTime;
  /** As the till was answered, where a receipt made it. */
  readonly document: string;
  readonly documentKind: ReportedMovement['documentKind'];
  readonly kkm: string | null;
  readonly receiptNumber: number | null;
  readonly shopCode: string | null;
  readonly comment: string | null;
}

/** "CARD.DOCUMENT.LINE" in ids. */
export function parseMovementCursor(cursor: string): MovementKey | undefined {
  const [, cardId, documentId, line] = /^(\d{1,10})\.(\d{1,15})\.(\d{1,9})$/.exec(cursor) ?? [];
  if (cardId === undefined) return undefined;
  return { cardId: Number(cardId), documentId: Number(documentId), line: Number(line) };
}

/** Each is looked up by itself. */
const detailsPerTurn = 100;

/** Card after card, in the order they were added; those of a card in the order they were posted. */
export async function* listMovements(
  infobase: Infobase,
  register: Register,
  scope: Scope,
  after?: MovementKey,
): AsyncGenerator<readonly MovementRow[]> {
  for await (const movements of readMovements(infobase, register, scope, true, after)) {
    const within = movements.filter(({ datedAt }) => dateOf(datedAt) >= scope.from);
    for (let first = 0; first < within.length; first += detailsPerTurn) {
      const part = within.slice(first, first + detailsPerTurn);
      yield await infobase.db.read(async (trx) => {
        const rows: MovementRow[] = [];
        for (const movement of part) {
          rows.push(toRow(movement, await getMovementDetail(trx, register, movement), register));
        }
        return rows;
      });
      await nextTurn();
    }
  }
}

function toRow(movement: ReportedMovement, detail: MovementDetail, register: Register): MovementRow {
  const { cardId, documentId, line, cardNumber, datedAt, documentKind, shopCode } = movement;
  const { bonus, accumulation, receipts } = movement;
  const { comment, kkm, receiptNumber, origin, tradeDocumentId } = detail;
  const isTrade = register === 'accumulation' || origin === 'receipt';
  const shownId = isTrade && tradeDocumentId !== null ? tradeDocumentId : documentId;
  const document = nameDocument(documentKind, shownId, datedAt);
  const about = { cursor: `${cardId}.${documentId}.${line}`, cardNumber, datedAt, document, documentKind };
  return { ...about, kkm, receiptNumber, shopCode, bonus, accumulation, receipts, comment };
}
