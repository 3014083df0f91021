// Under billing any order of arrival, nights included, ends in one state: balances, rows and pending credits, on both cards.
// Random histories, each sent in time, with delays, and backwards after all nights.
import * as fc from 'fast-check';
import type { Settings } from '../../../src/ledger/settings.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { history, isQuiet, kinds, tellingsOf, type History } from './histories.ts';
import { playStart, tellAll, type Outcome } from './plays.ts';
import { openBilling } from './testing-billing.ts';

const runs = 336 * depth;
const batch = 84;

const policies: readonly Partial<Settings>[] = [
  {},
  { restoreTerm: 'new_life' },
  { returnFigures: 'proportion' },
  { returnFigures: 'till', restoreTerm: 'new_life' },
];

interface Split {
  readonly history: History;
  readonly outcomes: readonly Outcome[];
}

/** Histories whose orders of arrival end in different states, or leave a defect. */
async function findSplits(settings: Partial<Settings>, histories: readonly History[]): Promise<Split[]> {
  const infobase: Infobase = await openBilling({ start: playStart, kinds, settings });
  try {
    const outcomes = await tellAll(infobase, histories.flatMap(tellingsOf));
    return histories.flatMap((one, index) => {
      const own = outcomes.slice(index * 3, index * 3 + 3);
      const isOne = new Set(own.map(({ billing, trade }) => JSON.stringify([billing, trade]))).size === 1;
      const isWhole = own.every(({ faults }) => faults.length === 0);
      const isAsQuiet = !isQuiet(one) || own[0]?.compensations === 0;
      return isOne && isWhole && isAsQuiet ? [] : [{ history: one, outcomes: own }];
    });
  } finally {
    await infobase.close();
  }
}

/** A history as short as it gets by leaving facts out, one after another, and telling the rest with less delay. */
async function shorten(settings: Partial<Settings>, split: Split): Promise<Split> {
  const { facts, delays } = split.history;
  const shorter = facts.map((_, index) => ({
    ...split.history,
    facts: facts.toSpliced(index, 1),
    delays: delays.toSpliced(index, 1),
  }));
  const sooner = delays.flatMap((delay, index) =>
    delay === 0 || index >= facts.length ? [] : [{ ...split.history, delays: delays.with(index, 0) }],
  );
  const [first] = await findSplits(settings, [...shorter.filter((one) => one.facts.length > 0), ...sooner]);
  return first === undefined ? split : shorten(settings, first);
}

test(
  `${runs} random histories end in one state in whatever order they are told`,
  async () => {
    const histories = fc.sample(history, { numRuns: runs, seed: fileSeed });
    for (let from = 0; from < runs; from += batch) {
      const settings = policies[(from / batch) % policies.length] as Partial<Settings>;
      const [split] = await findSplits(settings, histories.slice(from, from + batch));
      if (split === undefined) continue;
      const shortest = await shorten(settings, split);
      throw new Error(`told in time, delayed and backwards: ${JSON.stringify({ settings, ...shortest }, null, 1)}`);
    }
  },
  300_000 * depth,
);
