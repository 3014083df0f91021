// How the infobase stands to a run over its exchange folder, and the record of the last run, as an operator asks for it.
import { findExchangeRun, saveExchangeRun, type ExchangeRunRow } from '../db/exchange-file.ts';
import { resultCodes, type ResultCode } from '../ledger/result.ts';
import type { Infobase } from './infobase.ts';
import { loadExchangeStanding } from './standing.ts';

export type { ExchangeCounts, ExchangeRunRow } from '../db/exchange-file.ts';

/** 0, or why files are left where they are: 9 or 10. */
export async function readExchangeGate(infobase: Infobase): Promise<ResultCode> {
  return (await infobase.db.read((trx) => loadExchangeStanding(trx, infobase))).gate;
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
