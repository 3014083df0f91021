// RegisterReceipt: a till reports a receipt closed with a card.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { resultCodes } from '../../ledger/result.ts';
import { boundReceipt } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import { receiptOperationId, refuse, type OperationReply } from '../operation-reply.ts';
import { postReceipt } from './post-receipt.ts';
import { answeringOverflow, refuseUndoneReceipt } from './refuse-overflow.ts';
import { changeServed, gateOfCards, loadStanding } from '../standing.ts';

/**
 * Order of refusals: 8, 9, 10, 11, 14, 6, 1, 2, 3, 4, 5 (sale) or 8, 9, 10, 11, 14, 6, 1, 14, 7, 11 (return).
 * If a sum would be beyond a register, the answer is 11, known when the receipt is posted.
 */
export function registerReceipt(
  infobase: Infobase,
  now: LocalDateTime,
  sent: Checked<Receipt>,
): Promise<OperationReply> {
  const receipt = boundReceipt(sent);
  const given = receipt.ok ? receipt.value : receipt.partial;
  const operationId = receiptOperationId(given);
  const answer = changeServed(
    infobase,
    (gate) => refuse(gate, operationId),
    async (trx, standing) =>
      receipt.ok
        ? postReceipt(trx, { ...standing, now, road: 'online' }, receipt.value)
        : refuse(resultCodes.badArgument, operationId, undefined, receipt.trouble),
    // A receipt closed while the line was down has happened, whether cards are accepted now or not.
    given.offline === true ? ({ gate }) => gate : gateOfCards,
  );
  if (!receipt.ok) return answer;
  return answeringOverflow(answer, (overflow) =>
    infobase.db.read(async (trx) =>
      refuseUndoneReceipt(trx, await loadStanding(trx, infobase), now, receipt.value, overflow),
    ),
  );
}
