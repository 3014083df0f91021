// Which shift reports are still to be taken before a sync document may be posted («снять все отчеты отдела»).
import { getLastReceiptId, listUnreportedShifts, type UnreportedShift } from '../../db/sync/unreported-shift.ts';
import type { Infobase } from '../infobase.ts';

export interface MissingReports {
  /** Oldest first. */
  readonly shifts: readonly UnreportedShift[];
  /** Receipts after this one have not been looked at. */
  readonly lastReceiptId: number;
}

/** All receipts at once are a statement of six seconds at a million of them; these take 20 ms each. */
const defaultReceiptsPerTurn = 5_000;

/**
 * Goes through all receipts without a transaction, a piece at a time. What is reported stays reported, so the
 * posting needs to look again only at receipts that came after `lastReceiptId`.
 */
export async function findMissingReports(
  infobase: Infobase,
  receiptsPerTurn = defaultReceiptsPerTurn,
): Promise<MissingReports> {
  const lastReceiptId = await infobase.db.read(getLastReceiptId);
  const shifts = new Map<string, UnreportedShift>();
  for (let afterId = 0; afterId < lastReceiptId; afterId += receiptsPerTurn) {
    const upToId = Math.min(afterId + receiptsPerTurn, lastReceiptId);
    for (const shift of await infobase.db.read((trx) => listUnreportedShifts(trx, afterId, upToId))) {
      const key = JSON.stringify([shift.kkm, shift.shiftNumber, shift.receiptOn]);
      shifts.set(key, { ...shift, receipts: shift.receipts + (shifts.get(key)?.receipts ?? 0) });
    }
  }
  return { shifts: [...shifts.values()].toSorted(compareShifts), lastReceiptId };
}

function compareShifts(one: UnreportedShift, other: UnreportedShift): number {
  if (one.receiptOn !== other.receiptOn) return one.receiptOn < other.receiptOn ? -1 : 1;
  if (one.kkm !== other.kkm) return one.kkm < other.kkm ? -1 : 1;
  return one.shiftNumber - other.shiftNumber;
}
