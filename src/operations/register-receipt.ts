// RegisterReceipt: a till tells of a receipt closed with a card.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { Receipt } from '../ledger/receipt.ts';
import { resultCodes } from '../ledger/result.ts';
import type { Checked } from './command.ts';
import type { Infobase } from './infobase.ts';
import { refuse, type OperationReply } from './operation-reply.ts';
import { postReceipt } from './post-receipt.ts';
import { loadStanding } from './standing.ts';

/** Order of refusals: 8, 9, 11, 14, 6, 1, 2, 3, 4, 5 (sale) or 8, 9, 11, 14, 6, 1, 14, 7, 11 (return). */
export function registerReceipt(
  infobase: Infobase,
  now: LocalDateTime,
  receipt: Checked<Receipt>,
): Promise<OperationReply> {
  return infobase.db.write(async (trx) => {
    const standing = await loadStanding(trx, infobase);
    const givenId = (receipt.ok ? receipt.value.operationId : receipt.partial.operationId) ?? '';
    if (standing.gate !== resultCodes.done) return refuse(standing.gate, givenId);
    if (!receipt.ok) return refuse(resultCodes.badArgument, givenId, undefined, receipt.trouble);
    return postReceipt(trx, { ...standing, now, road: 'online' }, receipt.value);
  });
}
