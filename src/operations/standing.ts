// The state of an infobase at a call: its settings, how far billing has come, and whether tills are served at all.
import { findBillingState, type BillingState } from '../db/billing/billing-state.ts';
import type { Trx } from '../db/db.ts';
import { resultCodes, type ResultCode } from '../ledger/result.ts';
import type { Settings } from '../ledger/settings.ts';
import type { Infobase, Known } from './infobase.ts';

export interface Standing {
  readonly settings: Settings;
  /** The shops of tills, for the documents of their calls. */
  readonly shops: ReadonlyMap<string, string>;
  /** Undefined where billing is off. */
  readonly billing: BillingState | undefined;
  /** 0, or why every information request and every change of sums is refused: 8, 9 or 10 (SEED). */
  readonly gate: ResultCode;
}

/** An infobase with the subscription as its process knows it; another process may have another setting. */
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
 * The standing for the exchange: in stage cards receipts reach the base only by exchange (SEED), so the online module is
 * not needed there; exclusive mode keeps its files out like the tills.
 */
export async function loadExchangeStanding(trx: Trx, infobase: Subscribed): Promise<Standing> {
  const known = await infobase.loadKnown(trx);
  return known.settings.stage === 'cards' ? standAside(known, gateOfMode(known)) : loadStanding(trx, infobase);
}

/** Without billing, or if it does not matter. */
function standAside({ settings, shops }: Known, gate: ResultCode): Standing {
  return { settings, shops, billing: undefined, gate };
}

function gateOfMode({ isExclusive }: Known): ResultCode {
  return isExclusive ? resultCodes.exclusiveMode : resultCodes.done;
}

/**
 * The gate of what a till does while the buyer shows the card: it is refused with 10 if cards are not accepted, while
 * receipts that were closed without asking are still recorded.
 */
export function gateOfCards({ gate, settings }: Standing): ResultCode {
  return gate === resultCodes.done && settings.acceptCards === 'false' ? resultCodes.exclusiveMode : gate;
}

/**
 * A change in one transaction, if tills are served; `refuse` answers if they are not.
 * @param judgeGate the gate of this change, if it differs from that of every call.
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
