// Why a document of billing must wait: a night that has passed some cards and not the others.
import type { Trx } from '../../db/db.ts';
import { findLatestRun } from '../../db/night/night-run.ts';

/** Undefined where no night is on its way: the cards it has passed stand behind it, a document stands at one date. */
export async function findUnfinishedNight(trx: Trx): Promise<string | undefined> {
  const run = await findLatestRun(trx);
  if (run?.finishedAt !== null) return undefined;
  return `the night of ${run.businessOn} is on its way, or was broken off: wait for its end, or run it`;
}
