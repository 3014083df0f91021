// How the infobase stands to a run over its exchange folder, and the record of the last run with what it could not take, as
// an operator asks for it.
import type { Trx } from '../../db/db.ts';
import { findExchangeRun, saveExchangeRun, type ExchangeRunRow } from '../../db/exchange/exchange-file.ts';
import {
  listExchangeTroubles,
  removeExchangeTrouble,
  saveExchangeTrouble,
  type ExchangeTrouble,
  type StandingTrouble,
} from '../../db/exchange/exchange-trouble.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { resultCodes, type ResultCode } from '../../ledger/result.ts';
import type { Infobase } from '../infobase.ts';
import { loadExchangeStanding } from '../standing.ts';

export type { ExchangeCounts, ExchangeRunRow } from '../../db/exchange/exchange-file.ts';
export type { ExchangeTrouble, StandingTrouble } from '../../db/exchange/exchange-trouble.ts';

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

export function readExchangeTroubles(infobase: Infobase): Promise<readonly StandingTrouble[]> {
  return infobase.db.read(listExchangeTroubles);
}

/**
 * Writes down what a run could not take.
 * @param isWhole whether the run has seen the whole folder: what it has not found any more is over.
 * @returns the places that are new, or whose reason is.
 */
export function recordExchangeTroubles(
  infobase: Infobase,
  found: readonly ExchangeTrouble[],
  now: LocalDateTime,
  isWhole: boolean,
): Promise<ReadonlySet<string>> {
  return infobase.db.write(async (trx) => {
    const standing = new Map((await listExchangeTroubles(trx)).map(({ place, why }) => [place, why]));
    const current = new Map(found.map(({ place, why }) => [place, why]));
    const news = new Set<string>();
    for (const [place, why] of current) {
      if (standing.get(place) === why) continue;
      news.add(place);
      await saveExchangeTrouble(trx, { place, why, sinceAt: now });
    }
    const isOver = (place: string): boolean => isWhole && !current.has(place);
    for (const place of standing.keys()) if (isOver(place)) await removeExchangeTrouble(trx, place);
    return news;
  });
}
