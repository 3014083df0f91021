// The latest runs of the nights of a base, and why no night is run, if none is.
import type { Trx } from '../../db/db.ts';
import { listNightRuns, type NightRun } from '../../db/night/night-run.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { findNightState, type NightObstacle } from './run-night.ts';

export interface NightRuns {
  /** Null if nights are run. */
  readonly obstacle: NightObstacle | null;
  /** The last date whose night is done; null while billing is off. */
  readonly lastNightOn: LocalDate | null;
  /** The latest first. */
  readonly runs: readonly NightRun[];
}

/** @param hasSubscription whether the process that would run them has it; default: whether this one has. */
export function readNightRuns(
  infobase: Infobase,
  limit: number,
  hasSubscription = infobase.hasSubscription,
): Promise<NightRuns> {
  return infobase.db.read(async (trx) => {
    const base = { hasSubscription, loadKnown: (own: Trx) => infobase.loadKnown(own) };
    const nightState = await findNightState(base, trx);
    const runs = await listNightRuns(trx, limit);
    return nightState.code === 'billing'
      ? { obstacle: null, lastNightOn: nightState.state.lastNightOn, runs }
      : { obstacle: nightState.why, lastNightOn: null, runs };
  });
}
