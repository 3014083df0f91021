// How the infobase stands at a call: its settings, how far billing has come, and whether tills are served at all.
import { findBillingState, type BillingState } from '../db/billing-state.ts';
import type { Trx } from '../db/db.ts';
import { resultCodes, type ResultCode } from '../ledger/result.ts';
import type { Settings } from '../ledger/settings.ts';
import type { Infobase } from './infobase.ts';

export interface Standing {
  readonly settings: Settings;
  /** Undefined where billing is off. */
  readonly billing: BillingState | undefined;
  /** 0, or why every information request and every change of sums is refused: 8 or 9 (SEED). */
  readonly gate: ResultCode;
}

export async function loadStanding(trx: Trx, infobase: Infobase): Promise<Standing> {
  const settings = await infobase.loadSettings(trx);
  if (settings.stage === 'cards') return { settings, billing: undefined, gate: resultCodes.moduleOff };
  if (settings.stage === 'online') return { settings, billing: undefined, gate: resultCodes.done };
  if (!infobase.hasSubscription) return { settings, billing: undefined, gate: resultCodes.noSubscription };
  const billing = await findBillingState(trx);
  if (billing === undefined) throw new Error('stage billing without a start date: set the stage again');
  return { settings, billing, gate: resultCodes.done };
}
