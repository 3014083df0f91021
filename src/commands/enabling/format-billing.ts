// The switching-on of billing as commands show it.
import { countOf } from '../../ledger/count-of.ts';
import { formatForPeople } from '../../ledger/local-date-time.ts';
import type { EnablingProgress, FailedItem } from '../../operations/enabling/read-billing-status.ts';

/** "2110 documents a second in the last run"; undefined before its first turn. */
export function findBillingPace({ documentsPerSecond }: EnablingProgress): string | undefined {
  return documentsPerSecond === null
    ? undefined
    : `${countOf(documentsPerSecond, 'document')} a second in the last run`;
}

/** "17 failed: Sale 5 of shift 2, till K-01, 22.11.2026 10:11:12, card 2900...: why" */
export function formatFailed(item: FailedItem): string {
  const { receiptId, kind, receiptNumber, shiftNumber, kkm, receiptAt, cardNumber, why } = item;
  const receipt = `${kind} ${receiptNumber} of shift ${shiftNumber}, till ${kkm}, ${formatForPeople(receiptAt)}`;
  return `${receiptId} failed: ${receipt}, card ${cardNumber}: ${why}`;
}
