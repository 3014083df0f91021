// Under billing any order of arrival, nights included, ends in one state: balances, rows and pending credits, on both cards.
// Random histories, each told in time, with delays, and backwards behind all nights. SEED=n runs one again, DEEP=1 ten
// times as many.
import * as fc from 'fast-check';
import { measureNames } from '../../../src/ledger/account.ts';
import type { Settings } from '../../../src/ledger/settings.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, tellSeed } from '../../deep.ts';
import {
  allLate,
  inTime,
  playStart,
  tellAll,
  type Arrival,
  type CardName,
  type Fact,
  type Outcome,
  type Telling,
} from './plays.ts';
import { openBilling, type KindRules } from './testing-billing.ts';

const lastDay = 11;
const runs = 1_000 * depth;
const batch = 125;

/** Short lives, so that nights between the facts take something. */
const kinds: Readonly<Record<string, KindRules>> = {
  short: { bonus: 'days:3', accumulation: 'days:4' },
  delayed: { bonus: 'days:2 days:2', accumulation: 'days:3 days:1' },
  endless: { bonus: 'unlimited', accumulation: 'unlimited' },
  fixed: { bonus: 'fixed_date:2026-01-07 days:3', accumulation: 'days:6' },
  counted: { bonus: 'days:4 days:1 operation', accumulation: 'days:1' },
};
const policies: readonly Partial<Settings>[] = [
  {},
  { restoreTerm: 'new_life' },
  { returnFigures: 'proportion' },
  { returnFigures: 'till', restoreTerm: 'new_life' },
];

const card = fc.constantFrom<CardName>('A', 'A', 'A', 'B');
const day = fc.integer({ min: -2, max: 8 });
const content = {
  card,
  day,
  sum: fc.constantFrom(0, 300, 333, 700, 1_000),
  accrued: fc.constantFrom(0, 33, 100),
  redeemed: fc.constantFrom(0, 0, 50, 120),
  accumulation: fc.option(fc.constantFrom(0, 300, 900), { freq: 6 }),
  count: fc.option(fc.constantFrom(0, 1, 2), { freq: 6 }),
};
const saleNumber = fc.integer({ min: 1, max: 3 });
const figure = (greatest: number) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(greatest) });
const fact: fc.Arbitrary<Fact> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ sort: fc.constant('sale' as const), number: saleNumber, of: fc.constant(null), ...content }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      sort: fc.constant('report' as const),
      number: saleNumber,
      of: fc.constant(null),
      ...content,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      sort: fc.constant('return' as const),
      number: fc.integer({ min: 101, max: 104 }),
      of: fc.option(saleNumber, { freq: 12 }),
      ...content,
      accrued: figure(40),
      redeemed: figure(40),
    }),
  },
  { weight: 1, arbitrary: fc.record({ sort: fc.constant('cancel_sale' as const), of: saleNumber, day }) },
  {
    weight: 1,
    arbitrary: fc.record({ sort: fc.constant('cancel_return' as const), of: fc.integer({ min: 101, max: 104 }), day }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      sort: fc.constant('document' as const),
      card,
      day: fc.integer({ min: 0, max: 8 }),
      measure: fc.constantFrom(...measureNames),
      amount: fc.constantFrom(-70, 60, 200),
      life: fc.integer({ min: 1, max: 5 }),
      delay: fc.constantFrom(0, 0, 2),
    }),
  },
);

interface History {
  readonly facts: readonly Fact[];
  readonly kinds: Readonly<Record<CardName, string>>;
  readonly delays: readonly number[];
}

const kindName = fc.constantFrom(...Object.keys(kinds));
const history: fc.Arbitrary<History> = fc.record({
  facts: fc.array(fact, { minLength: 2, maxLength: 10 }).map(tidy),
  kinds: fc.record({ A: kindName, B: kindName }),
  delays: fc.array(fc.nat(9), { minLength: 10, maxLength: 10 }),
});

/** One receipt of each number; a report has its sale's date, and comes no sooner than the sale is made. */
function tidy(facts: readonly Fact[]): Fact[] {
  const seen = new Map<string, Fact>();
  const kept: Fact[] = [];
  for (const one of facts) {
    const name =
      one.sort === 'document' ? `document ${kept.length}` : `${one.sort} ${'number' in one ? one.number : one.of}`;
    if (seen.has(name)) continue;
    seen.set(name, one);
    kept.push(one);
  }
  return kept.flatMap((one): Fact[] => {
    if (one.sort !== 'report') return [one];
    const sale = seen.get(`sale ${one.number}`);
    return sale === undefined ? [] : [{ ...one, day: sale.day }];
  });
}

function tellingsOf({ facts, kinds: chosen, delays }: History): Telling[] {
  const delayed: Arrival[] = facts.map((one, index) => ({
    fact: one,
    on: one.sort === 'document' ? one.day : Math.min(lastDay, Math.max(0, one.day) + (delays[index] ?? 0)),
  }));
  return [inTime(facts), delayed, allLate(facts.toReversed(), lastDay)].map((arrivals) => ({
    facts,
    kinds: chosen,
    arrivals,
    lastDay,
  }));
}

interface Split {
  readonly history: History;
  readonly outcomes: readonly Outcome[];
}

/** Histories whose tellings do not end alike, or leave a fault behind. */
async function findSplits(settings: Partial<Settings>, histories: readonly History[]): Promise<Split[]> {
  const infobase: Infobase = await openBilling({ start: playStart, kinds, settings });
  try {
    const outcomes = await tellAll(infobase, histories.flatMap(tellingsOf));
    return histories.flatMap((one, index) => {
      const own = outcomes.slice(index * 3, index * 3 + 3);
      const isOne = new Set(own.map(({ billing, trade }) => JSON.stringify([billing, trade]))).size === 1;
      return isOne && own.every(({ faults }) => faults.length === 0) ? [] : [{ history: one, outcomes: own }];
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
    const seed = tellSeed('orders of arrival');
    const histories = fc.sample(history, { numRuns: runs, seed });
    for (let from = 0; from < runs; from += batch) {
      const settings = policies[(from / batch) % policies.length] as Partial<Settings>;
      const [split] = await findSplits(settings, histories.slice(from, from + batch));
      if (split === undefined) continue;
      const shortest = await shorten(settings, split);
      throw new Error(`told in time, delayed and backwards: ${JSON.stringify({ settings, ...shortest }, null, 1)}`);
    }
  },
  600_000 * depth,
);
