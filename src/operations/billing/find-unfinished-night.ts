// Why a document of billing must wait: a night that has handled some cards and not the others.
import type { Trx } from '../../db/db.ts';
import { findLatestRun } from '../../db/night/night-run.ts';

/** Undefined if no night is unfinished: a document has one date, but some of its cards would be after the night and others
 * before it. */
export async function findUnfinishedNight(trx: Trx): Promise<string | undefined> {
  const run = await findLatestRun(trx);
  if (run?.finishedAt !== null) return undefined;
  return `the night of ${run.businessOn} is on its way, or was broken off: wait for its end, or run it`;
}
