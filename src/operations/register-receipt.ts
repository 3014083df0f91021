// RegisterReceipt: a till tells of a receipt closed with a card.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Receipt } from '../ledger/receipt.ts';
import { resultCodes } from '../ledger/result.ts';
import { boundReceipt } from './bound-texts.ts';
import type { Checked } from './command.ts';
import type { Infobase } from './infobase.ts';
import { refuse, type OperationReply } from './operation-reply.ts';
import { postReceipt, receiptOperationId } from './post-receipt.ts';
import { changeServed, gateOfCards } from './standing.ts';

/** Order of refusals: 8, 9, 10, 11, 14, 6, 1, 2, 3, 4, 5 (sale) or 8, 9, 10, 11, 14, 6, 1, 14, 7, 11 (return). */
export function registerReceipt(
  infobase: Infobase,
  now: LocalDateTime,
  sent: Checked<Receipt>,
): Promise<OperationReply> {
  const receipt = boundReceipt(sent);
  const given = receipt.ok ? receipt.value : receipt.partial;
  const operationId = receiptOperationId(given);
  return changeServed(
    infobase,
    (gate) => refuse(gate, operationId),
    async (trx, standing) =>
      receipt.ok
        ? postReceipt(trx, { ...standing, now, road: 'online' }, receipt.value)
        : refuse(resultCodes.badArgument, operationId, undefined, receipt.trouble),
    // What was closed while the line was down has happened, whether cards are accepted now or not.
    given.offline === true ? ({ gate }) => gate : gateOfCards,
  );
}
