// How the infobase stands at a call: its settings, how far billing has come, and whether tills are served at all.
import { findBillingState, type BillingState } from '../db/billing/billing-state.ts';
import type { Trx } from '../db/db.ts';
import { resultCodes, type ResultCode } from '../ledger/result.ts';
import type { Settings } from '../ledger/settings.ts';
import type { Infobase, Known } from './infobase.ts';

export interface Standing {
  readonly settings: Settings;
  /** The shops of tills, for the documents that they bring. */
  readonly shops: ReadonlyMap<string, string>;
  /** Undefined where billing is off. */
  readonly billing: BillingState | undefined;
  /** 0, or why every information request and every change of sums is refused: 8, 9 or 10 (SEED). */
  readonly gate: ResultCode;
}

/** An infobase with what its process knows of the subscription, which another process may know otherwise. */
export type Subscribed = Pick<Infobase, 'hasSubscription' | 'loadKnown'>;

export async function loadStanding(trx: Trx, infobase: Subscribed): Promise<Standing> {
  const known = await infobase.loadKnown(trx);
  const { settings } = known;
  if (settings.stage === 'cards') return standAside(known, resultCodes.moduleOff);
  if (settings.stage === 'billing' && !infobase.hasSubscription) return standAside(known, resultCodes.noSubscription);
  if (settings.stage === 'online') return standAside(known, gateOfMode(known));
  const billing = await findBillingState(trx);
  if (billing === undefined) throw new Error('stage billing without a start date: set the stage again');
  return { ...standAside(known, gateOfMode(known)), billing };
}

/**
 * How it stands to the exchange: in stage cards receipts reach the base by exchange only (SEED), so there the module is
 * not asked for; exclusive mode keeps its files out like the tills.
 */
export async function loadExchangeStanding(trx: Trx, infobase: Subscribed): Promise<Standing> {
  const known = await infobase.loadKnown(trx);
  return known.settings.stage === 'cards' ? standAside(known, gateOfMode(known)) : loadStanding(trx, infobase);
}

/** Without billing, or where it does not matter. */
function standAside({ settings, shops }: Known, gate: ResultCode): Standing {
  return { settings, shops, billing: undefined, gate };
}

function gateOfMode({ isExclusive }: Known): ResultCode {
  return isExclusive ? resultCodes.exclusiveMode : resultCodes.done;
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
