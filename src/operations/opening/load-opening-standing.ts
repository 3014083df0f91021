// How an infobase stands to opening sums that are brought in, or taken back: as tills see it, but in every stage.
import type { Trx } from '../../db/db.ts';
import { describeResult, resultCodes } from '../../ledger/result.ts';
import { findUnfinishedNight } from '../billing/find-unfinished-night.ts';
import type { Infobase } from '../infobase.ts';
import { loadStanding, type Standing } from '../standing.ts';

export type OpeningStanding =
  | { readonly ok: true; readonly standing: Standing }
  /** No opening sums can be moved now. */
  | { readonly ok: false; readonly why: string };

export async function loadOpeningStanding(trx: Trx, infobase: Infobase): Promise<OpeningStanding> {
  const standing = await loadStanding(trx, infobase);
  const { gate, billing } = standing;
  if (gate === resultCodes.exclusiveMode) {
    return { ok: false, why: 'billing is being switched on or off: wait until that is done' };
  }
  if (gate === resultCodes.noSubscription) return { ok: false, why: describeResult(gate) };
  const unfinished = billing === undefined ? undefined : await findUnfinishedNight(trx);
  return unfinished === undefined ? { ok: true, standing } : { ok: false, why: unfinished };
}
