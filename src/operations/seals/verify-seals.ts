// Whether all that was sealed is as it was: the seals, the units of each source, the rows of each catalog, and what no seal covers
// yet as far as that can be said. Names the first day that differs and what in it.
import { keyedSources } from '../../db/seals/keyed-source.ts';
import { numberedSources } from '../../db/seals/numbered-source.ts';
import { findLastSeal, type Seal } from '../../db/seals/seal.ts';
import { listDanglingRows } from '../../db/sqlite/file-check.ts';
import { countSealsEver } from '../../db/sqlite/seal-count.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { checkChain, type ChainBreak } from './check-chain.ts';
import { checkOpenDay, isExplainedNew, type OpenDayDifference } from './check-open-day.ts';
import { compareKeyed } from './compare-keyed.ts';
import { compareNumbered, type UnitDifference } from './compare-numbered.ts';
import { sealForm } from './make-seal.ts';
import { nameUnit } from './name-unit.ts';
import { isCardExplained, isExplained, loadSealScope, type SealScope } from './seal-scope.ts';

export interface SealDifference {
  /** The day of the seal; null = of the day that is not sealed yet. */
  readonly businessOn: LocalDate | null;
  readonly sort:
    | UnitDifference['sort']
    | OpenDayDifference['sort']
    | 'seal_changed'
    | 'seal_missing'
    | 'seal_of_newer_version'
    | 'not_in_chain'
    | 'dangling';
  /** What it is, as people call it: "Чек 000000017 от 22.11.2026 12:00:00". */
  readonly what: string;
}

export interface SealsCheck {
  readonly seals: number;
  readonly last: Seal | null;
  /** The one before `from`; null = everything was checked. */
  readonly trusted: Seal | null;
  /** The first ones, by the day; what is not sealed yet comes last. */
  readonly differences: readonly SealDifference[];
  readonly found: number;
}

export interface VerifySealsOptions {
  /** Differences listed at most; the count goes on. */
  readonly limit: number;
  /** Only seals of this day and later are checked; the one before them is trusted with all that it covers. */
  readonly from?: LocalDate;
  /** The digest of a seal that was kept elsewhere. */
  readonly against?: string;
  /** Awaited again and again with what is being read. */
  readonly onProgress?: (what: string) => Promise<void>;
}

export async function verifySeals(infobase: Infobase, options: VerifySealsOptions): Promise<SealsCheck> {
  const scope = await loadScope(infobase, options);
  const { seals } = scope;
  let [first, found]: [SealDifference[], number] = [[], 0];
  for await (const one of listAll(infobase, scope, options)) {
    found += 1;
    first.push(one);
    // A table that is gone has a million differences.
    if (first.length > 1000 + options.limit) first = sortByDay(first).slice(0, options.limit);
  }
  // A seal that was made meanwhile has taken changed units again: only the seals of now say what differs.
  const newest = await infobase.db.read(findLastSeal);
  if (found > 0 && newest !== undefined && newest.id > scope.lastSealId) return verifySeals(infobase, options);
  const differences = sortByDay(first).slice(0, options.limit);
  const trusted = seals.find(({ id }) => id === scope.trustedSealId) ?? null;
  return { seals: seals.length, last: seals.at(-1) ?? null, trusted, differences, found };
}

function loadScope(infobase: Infobase, { from }: VerifySealsOptions): Promise<SealScope> {
  return infobase.db.read(async (trx) => {
    const scope = await loadSealScope(trx, infobase.timeZone);
    const trusted = from === undefined ? undefined : scope.seals.findLast(({ businessOn }) => businessOn < from);
    return { ...scope, trustedSealId: trusted?.id ?? 0 };
  });
}

/** What no seal covers comes last. */
function sortByDay(differences: readonly SealDifference[]): SealDifference[] {
  const order = ({ businessOn }: SealDifference): string => businessOn ?? '9999';
  return differences.toSorted((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

async function* listAll(
  infobase: Infobase,
  scope: SealScope,
  options: VerifySealsOptions,
): AsyncGenerator<SealDifference> {
  const { against } = options;
  const everCount = await infobase.db.read(countSealsEver);
  // With the trusted one: its numbers say where the others begin.
  const isFromTrusted = scope.trustedSealId > 0;
  const checked = isFromTrusted ? scope.seals.filter(({ id }) => id >= scope.trustedSealId) : scope.seals;
  const chain = { everCount, form: sealForm, isFromTrusted };
  for await (const one of checkChain(infobase, checked, chain)) yield describeChain(scope, one);
  if (against !== undefined && !scope.seals.some(({ digest }) => digest === against)) {
    yield { businessOn: null, sort: 'not_in_chain', what: against };
  }
  yield* listDifferences(infobase, scope, options);
  // A running sum of a card that is not there belongs to no card's sum.
  const dangling = await infobase.db.read(listDanglingRows);
  for (const what of new Set(dangling)) yield { businessOn: null, sort: 'dangling', what };
}

async function* listDifferences(
  infobase: Infobase,
  scope: SealScope,
  { onProgress }: VerifySealsOptions,
): AsyncGenerator<SealDifference> {
  const refresh = openRefresh(infobase);
  for (const source of numberedSources) {
    const onPiece = async (): Promise<void> => onProgress?.(source.name);
    for await (const one of compareNumbered(infobase, scope, source, { onPiece })) {
      const isCardChange = (at: SealScope): boolean =>
        source.name === 'card' && one.sort === 'changed' && isCardExplained(at, one.text);
      if (isCardChange(scope)) continue;
      const fresh = await refresh();
      if (!isCardChange(fresh) && fresh.touched.get(source.name)?.has(Number(one.key)) !== true) {
        yield describeUnit(scope, one);
      }
    }
  }
  for (const source of keyedSources) {
    await onProgress?.(source.name);
    for await (const one of compareKeyed(infobase, scope, source)) {
      if (!one.isExplained && !isExplained(await refresh(), source, one.key)) yield describeUnit(scope, one);
    }
  }
  for await (const one of checkOpenDay(infobase, scope)) {
    const isNewlyExplained = one.sort === 'unexplained' && one.source !== 'night_run';
    if (isNewlyExplained && isExplainedNew(one.source, (await refresh()).changes)) continue;
    yield { businessOn: null, sort: one.sort, what: nameUnit(one.source, one.key, one.text) };
  }
}

/** A table that is gone has a million differences: what explains them is not read again for each. */
const refreshedAtMost = 100;

/**
 * Tills and people go on meanwhile: what looks different may have been changed by a fact since the check began. So what
 * explains a difference is read again after the unit.
 */
function openRefresh(infobase: Infobase): () => Promise<SealScope> {
  let count = 0;
  let fresh: SealScope | undefined;
  return async () => {
    count += 1;
    if (fresh === undefined || count <= refreshedAtMost) {
      fresh = await infobase.db.read((trx) => loadSealScope(trx, infobase.timeZone));
    }
    return fresh;
  };
}

function describeUnit(scope: SealScope, { source, key, sort, sealId, text }: UnitDifference): SealDifference {
  return { businessOn: dayOf(scope, sealId), sort, what: nameUnit(source, key, text) };
}

const chainSorts = { changed: 'seal_changed', missing: 'seal_missing', newer_form: 'seal_of_newer_version' } as const;

function describeChain(scope: SealScope, { sealId, why }: ChainBreak): SealDifference {
  return { businessOn: dayOf(scope, sealId), sort: chainSorts[why], what: `${sealId}` };
}

function dayOf({ seals }: SealScope, sealId: number): LocalDate | null {
  return seals.find(({ id }) => id === sealId)?.businessOn ?? null;
}
