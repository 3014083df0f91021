// How the infobase stands at a call: its settings, how far billing has come, and whether tills are served at all.
import { findBillingState, type BillingState } from '../db/billing-state.ts';
import type { Trx } from '../db/db.ts';
import { resultCodes, type ResultCode } from '../ledger/result.ts';
import type { Settings } from '../ledger/settings.ts';
import type { Infobase } from './infobase.ts';

export interface Standing {
  readonly settings: Settings;
  /** The shops of tills, for the documents that they bring. */
  readonly shops: ReadonlyMap<string, string>;
  /** Undefined where billing is off. */
  readonly billing: BillingState | undefined;
  /** 0, or why every information request and every change of sums is refused: 8, 9 or 10 (SEED). */
  readonly gate: ResultCode;
}

export async function loadStanding(trx: Trx, infobase: Infobase): Promise<Standing> {
  const settings = await infobase.loadSettings(trx);
  const shops = await infobase.loadShops(trx);
  if (settings.stage === 'cards') return { settings, shops, billing: undefined, gate: resultCodes.moduleOff };
  if (settings.stage === 'billing' && !infobase.hasSubscription) {
    return { settings, shops, billing: undefined, gate: resultCodes.noSubscription };
  }
  const gate = (await infobase.loadIsExclusive(trx)) ? resultCodes.exclusiveMode : resultCodes.done;
  if (settings.stage === 'online') return { settings, shops, billing: undefined, gate };
  const billing = await findBillingState(trx);
  if (billing === undefined) throw new Error('stage billing without a start date: set the stage again');
  return { settings, shops, billing, gate };
}

/**
 * How it stands to the exchange: in stage cards receipts reach the base by exchange only (SEED), so there the module is
 * not asked for; exclusive mode keeps its files out like the tills.
 */
export async function loadExchangeStanding(trx: Trx, infobase: Infobase): Promise<Standing> {
  const standing = await loadStanding(trx, infobase);
  if (standing.settings.stage !== 'cards') return standing;
  const gate = (await infobase.loadIsExclusive(trx)) ? resultCodes.exclusiveMode : resultCodes.done;
  return { ...standing, gate };
}

/**
 * The gate of what a till does with the card in the buyer's hand: where cards are not accepted it is refused with 10, while
 * receipts that were closed without asking are still taken note of.
 */
export function gateOfCards({ gate, settings }: Standing): ResultCode {
  return gate === resultCodes.done && settings.acceptCards === 'false' ? resultCodes.exclusiveMode : gate;
}

/**
 * A change in one transaction, where tills are served; `refuse` answers where they are not.
 * @param judgeGate the gate of this change, where it is not that of every call.
 */
export async function changeServed<Reply>(
  infobase: Infobase,
  refuse: (gate: ResultCode) => Reply,
  change: (trx: Trx, standing: Standing) => Promise<Reply>,
  judgeGate: (standing: Standing) => ResultCode = ({ gate }) => gate,
): Promise<Reply> {
  if (infobase.isKnownExclusive) {
    const gate = judgeGate(await infobase.db.read((trx) => loadStanding(trx, infobase)));
    if (gate !== resultCodes.done) return refuse(gate);
  }
  return infobase.db.write(async (trx) => {
    const standing = await loadStanding(trx, infobase);
    const gate = judgeGate(standing);
    return gate === resultCodes.done ? change(trx, standing) : refuse(gate);
  });
}
