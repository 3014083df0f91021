// How the infobase stands to a run over its exchange folder, and the record of the last run, as an operator asks for it.
import type { Trx } from '../db/db.ts';
import { findExchangeRun, saveExchangeRun, type ExchangeRunRow } from '../db/exchange-file.ts';
import { resultCodes, type ResultCode } from '../ledger/result.ts';
import type { Infobase } from './infobase.ts';
import { loadExchangeStanding } from './standing.ts';

export type { ExchangeCounts, ExchangeRunRow } from '../db/exchange-file.ts';

/**
 * 0, or why files are left where they are: 9 or 10.
 * @param hasSubscription whether the process that would take them has it; default: whether this one has.
 */
export async function readExchangeGate(
  infobase: Infobase,
  hasSubscription = infobase.hasSubscription,
): Promise<ResultCode> {
  const base = { hasSubscription, loadKnown: (own: Trx) => infobase.loadKnown(own) };
  return (await infobase.db.read((trx) => loadExchangeStanding(trx, base))).gate;
}

export function isExchangeOpen(gate: ResultCode): boolean {
  return gate === resultCodes.done;
}

export function readExchangeRun(infobase: Infobase): Promise<ExchangeRunRow | undefined> {
  return infobase.db.read(findExchangeRun);
}

export function recordExchangeRun(infobase: Infobase, run: ExchangeRunRow): Promise<void> {
  return infobase.db.write((trx) => saveExchangeRun(trx, run));
}
