// Random histories against a model that knows nothing of the product: told in time, with delays and backwards after all
// nights, they end as the model says; so do those over which billing is switched on, with what is older in the opening or
// too late for it. SEED=n runs one again, DEEP=1 ten times as many.
import * as fc from 'fast-check';
import type { Settings } from '../../../src/ledger/settings.ts';
import { depth, tellSeed } from '../../deep.ts';
import { openOnline } from '../enabling/testing-enabling.ts';
import type { ReturnFigures } from '../model.ts';
import { BillingModel } from './billing-model.ts';
import { history, kinds, lastDay, tellingsOf, type History } from './histories.ts';
import { playStart, tellAll, type Arrival, type Fact, type Outcome } from './plays.ts';
import { openBilling } from './testing-billing.ts';

const runs = 500 * depth;
const batch = 125;

const policies: readonly Partial<Settings>[] = [
  {},
  { restoreTerm: 'new_life' },
  { returnFigures: 'proportion' },
  { returnFigures: 'till', restoreTerm: 'new_life' },
];

interface Case {
  readonly history: History;
  readonly toldBefore: readonly Fact[];
}

function modelOf({ history: one, toldBefore }: Case, settings: Partial<Settings>): BillingModel {
  return new BillingModel({
    start: playStart,
    facts: one.facts,
    toldBefore,
    rules: { A: kinds[one.kinds.A] ?? {}, B: kinds[one.kinds.B] ?? {} },
    returnFigures: (settings.returnFigures ?? 'till_or_proportion') as ReturnFigures,
    hasNewLife: settings.restoreTerm === 'new_life',
    lastDay,
  });
}

function expectModelled(cases: readonly Case[], settings: Partial<Settings>, outcomes: readonly Outcome[]): void {
  for (const [index, one] of cases.entries()) {
    const model = modelOf(one, settings);
    const expected = { A: model.accountOf('A'), B: model.accountOf('B') };
    for (const [telling, { billing, faults }] of outcomes.slice(index * 3, index * 3 + 3).entries()) {
      expect({ ...one, settings, telling, billing, faults }).toEqual({
        ...one,
        settings,
        telling,
        billing: expected,
        faults: [],
      });
    }
  }
}

test(
  `${runs} random histories under billing end as the model says`,
  async () => {
    const histories = fc.sample(history, { numRuns: runs, seed: tellSeed('the model') });
    for (let from = 0; from < runs; from += batch) {
      const settings = policies[(from / batch) % policies.length] as Partial<Settings>;
      const own = histories.slice(from, from + batch);
      const infobase = await openBilling({ start: playStart, kinds, settings });
      const outcomes = await tellAll(infobase, own.flatMap(tellingsOf));
      expectModelled(
        own.map((one) => ({ history: one, toldBefore: [] })),
        settings,
        outcomes,
      );
      await infobase.close();
    }
  },
  120_000 * depth,
);

/** More of what is older than billing, and returns of it. */
const olderHistory = fc
  .record({
    one: history,
    shift: fc.constantFrom(0, 2, 4),
    isLate: fc.array(fc.constantFrom(true, false, false), { minLength: 12, maxLength: 12 }),
  })
  .map(({ one, shift, isLate }) => {
    const moved = one.facts.map((fact) =>
      fact.sort === 'document' ? fact : { ...fact, day: Math.max(-2, fact.day - shift) },
    );
    const isBefore = (fact: Fact, index: number): boolean =>
      fact.sort !== 'document' && fact.day < 0 && isLate[index] !== true;
    const toldBefore = moved.filter(isBefore);
    const inOpening = new Set(
      toldBefore.flatMap((fact) => (fact.sort === 'sale' || fact.sort === 'report' ? [fact.number] : [])),
    );
    // A return of an old sale is refused once that is cancelled, and stands where it came before: the order shows.
    const facts = moved.filter(
      (fact) => fact.sort !== 'cancel_sale' || toldBefore.includes(fact) || !inOpening.has(fact.of),
    );
    return { history: { ...one, facts }, toldBefore };
  });

test(
  `${runs} random histories over which billing is switched on end as the model says`,
  async () => {
    const cases = fc.sample(olderHistory, { numRuns: runs, seed: tellSeed('the model, switched on') });
    for (let from = 0; from < runs; from += batch) {
      const settings = policies[(from / batch) % policies.length] as Partial<Settings>;
      const own = cases.slice(from, from + batch);
      const infobase = await openOnline(kinds, settings);
      const tellings = own.flatMap(({ history: one, toldBefore }) =>
        tellingsOf(one).map((telling) => ({
          ...telling,
          toldBefore,
          arrivals: telling.arrivals.filter(({ fact }) => !toldBefore.includes(fact)),
        })),
      );
      const before = new Map(tellings.map((telling) => [telling.arrivals as readonly Arrival[], telling.toldBefore]));
      const outcomes = await tellAll(infobase, tellings, { findBefore: ({ arrivals }) => before.get(arrivals) ?? [] });
      expectModelled(own, settings, outcomes);
      await infobase.close();
    }
  },
  120_000 * depth,
);
