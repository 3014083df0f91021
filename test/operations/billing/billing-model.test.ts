// Random histories against a model that knows nothing of the product: sent in time, with delays and backwards after all
// nights, they end as the model says; so do those over which billing is switched on, with what is older in the opening or
// too late for it.
import * as fc from 'fast-check';
import type { Settings } from '../../../src/ledger/settings.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { openOnline } from '../enabling/testing-enabling.ts';
import { BillingModel } from './billing-model.ts';
import { history, kinds, lastDay, olderHistory, tellingsOf, tellOver, type OlderHistory } from './histories.ts';
import { playStart, tellAll, type Outcome } from './plays.ts';
import { openBilling } from './testing-billing.ts';

const runs = 80 * depth;
const batch = 20;

const policies: readonly Partial<Settings>[] = [
  {},
  { restoreTerm: 'new_life' },
  { returnFigures: 'proportion' },
  { returnFigures: 'till', restoreTerm: 'new_life' },
];

function modelOf({ history: one, toldBefore }: OlderHistory, settings: Partial<Settings>): BillingModel {
  return new BillingModel({
    start: playStart,
    facts: one.facts,
    toldBefore,
    rules: { A: kinds[one.kinds.A] ?? {}, B: kinds[one.kinds.B] ?? {} },
    returnFigures: settings.returnFigures ?? 'till_or_proportion',
    hasNewLife: settings.restoreTerm === 'new_life',
    held: one.held,
    lastDay,
  });
}

function expectModelled(
  cases: readonly OlderHistory[],
  settings: Partial<Settings>,
  outcomes: readonly Outcome[],
): void {
  for (const [index, one] of cases.entries()) {
    const model = modelOf(one, settings);
    const expected = { A: model.accountOf('A'), B: model.accountOf('B') };
    for (const [telling, { billing, faults }] of outcomes.slice(index * 3, index * 3 + 3).entries()) {
      expectSame(
        { ...one, settings, telling, billing, faults },
        {
          ...one,
          settings,
          telling,
          billing: expected,
          faults: [],
        },
      );
    }
  }
}

test(
  `${runs} random histories under billing end as the model says`,
  async () => {
    const histories = fc.sample(history, { numRuns: runs, seed: fileSeed });
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

test(
  `${runs} random histories over which billing is switched on end as the model says`,
  async () => {
    const cases = fc.sample(olderHistory, { numRuns: runs, seed: fileSeed });
    for (let from = 0; from < runs; from += batch) {
      const settings = policies[(from / batch) % policies.length] as Partial<Settings>;
      const own = cases.slice(from, from + batch);
      const infobase = await openOnline(kinds, settings);
      const outcomes = await tellOver(infobase, own);
      expectModelled(own, settings, outcomes);
      await infobase.close();
    }
  },
  120_000 * depth,
);
