// What can be said of rows that no seal covers yet: they came after the last seal, so none is recorded before it, and each
// receipt has its document. A copy of an old row, put in after the last seal, is found so.
import { findBillingState } from '../../db/billing/billing-state.ts';
import { keyedSources } from '../../db/seals/keyed-source.ts';
import { findMarks, numberedSources, type NumberedUnit } from '../../db/seals/numbered-source.ts';
import type { ExplainingChange } from '../../db/seals/explaining-change.ts';
import { hasDocument } from '../../db/receipts/document.ts';
import type { Infobase } from '../infobase.ts';
import { compareKeyed } from './compare-keyed.ts';
import { readUnits, type UnitDifference } from './compare-numbered.ts';
import { findMarkOf, findOpenSince, type SealScope } from './seal-scope.ts';

export interface OpenDayDifference extends Omit<UnitDifference, 'sealId' | 'sort'> {
  readonly sort: 'recorded_before' | 'without_document' | 'unexplained';
}

export async function* checkOpenDay(infobase: Infobase, scope: SealScope): AsyncGenerator<OpenDayDifference> {
  const last = scope.seals.at(-1);
  if (last === undefined) return;
  const since = findOpenSince(last, infobase.timeZone);
  // The log of changes has the machine's time, and everything else the clock of the test infobase.
  const hasOwnClock = infobase.testNow !== undefined;
  const isBefore = (at: string | null): boolean => at !== null && at < since.slice(0, at.length);
  const marks = await infobase.db.read(findMarks);
  for (const source of numberedSources) {
    const from = findMarkOf(scope, source.name, source.group);
    // Of a source without a mark all is new, and may well be older than the seal.
    if (from === undefined) continue;
    for await (const units of readUnits(infobase, source, from, marks[source.name] ?? 0)) {
      for (const unit of units) {
        const isOld = isBefore(unit.recordedAt) && !(hasOwnClock && source.name === 'change_log');
        const sort = isOld ? 'recorded_before' : await findFault(infobase, scope, source.name, unit);
        if (sort !== undefined) yield { source: source.name, key: unit.id, sort, text: unit.text };
      }
    }
  }
  for (const source of keyedSources) {
    if (source.subject !== null || findMarkOf(scope, source.name, source.group) === undefined) continue;
    for await (const { key, sort, text, recordedAt } of compareKeyed(infobase, scope, source)) {
      if (sort !== 'inserted') continue;
      const isAhead = source.name === 'night_run' && (await isNightAhead(infobase, key));
      const fault = isBefore(recordedAt) ? 'recorded_before' : isAhead ? 'unexplained' : undefined;
      if (fault !== undefined) yield { source: source.name, key, sort: fault, text };
    }
  }
}

/** Billing says how far its nights have come. */
async function isNightAhead(infobase: Infobase, businessOn: string): Promise<boolean> {
  const state = await infobase.db.read(findBillingState);
  return state !== undefined && businessOn > state.lastNightOn;
}

async function findFault(
  infobase: Infobase,
  { changes }: SealScope,
  source: string,
  { id }: NumberedUnit,
): Promise<OpenDayDifference['sort'] | undefined> {
  if (source === 'receipt') {
    return (await infobase.db.read((trx) => hasDocument(trx, id))) ? undefined : 'without_document';
  }
  return isExplainedNew(source, changes) ? undefined : 'unexplained';
}

/** Whether the log of changes has an entry for new rows of the source, if they need one. */
export function isExplainedNew(source: string, changes: readonly ExplainingChange[]): boolean {
  const explaining = explainers[source];
  return explaining === undefined || changes.some(explaining);
}

/** What the log of changes says of rows that come only by hand. */
const explainers: Readonly<Record<string, (change: ExplainingChange) => boolean>> = {
  card: ({ subject }) => subject === 'cards' || subject === 'import',
  certificate: ({ subject }) => subject === 'certificates',
  seal_break: ({ subject, key }) => subject === 'billing' || (subject === 'setting' && key === 'stage'),
};
