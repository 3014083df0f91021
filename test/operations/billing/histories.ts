// Random histories under billing: sales, returns, cancels, corrections and documents over a few days with short lives, so
// that the nights between them take something.
import * as fc from 'fast-check';
import { measureNames } from '../../../src/ledger/account.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import {
  allLate,
  inTime,
  tellAll,
  type Arrival,
  type CardName,
  type Fact,
  type HeldNight,
  type Outcome,
  type Telling,
} from './plays.ts';
import type { KindRules } from './testing-billing.ts';

export const lastDay = 11;

/** Short lives, so that nights between the facts take something. */
export const kinds: Readonly<Record<string, KindRules>> = {
  short: { bonus: 'days:3', accumulation: 'days:4' },
  delayed: { bonus: 'days:2 days:2', accumulation: 'days:3 days:1' },
  endless: { bonus: 'unlimited', accumulation: 'unlimited' },
  fixed: { bonus: 'fixed_date:2026-01-07 days:3', accumulation: 'days:6' },
  counted: { bonus: 'days:4 days:1 operation', accumulation: 'days:1' },
  loaded: { bonus: 'days:5', purpose: 'payment' },
};
/** The first day on which a night may take something of what a sale of that day accrues. */
const firstBurn: Readonly<Record<keyof typeof kinds, (day: number) => number>> = {
  short: (day) => day + 3,
  delayed: (day) => day + 4,
  endless: () => Infinity,
  fixed: (day) => Math.min(6, day + 6),
  counted: (day) => day + 1,
  loaded: (day) => day + 5,
};

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
    arbitrary: fc.record({ kind: fc.constant('sale' as const), number: saleNumber, of: fc.constant(null), ...content }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('report' as const),
      number: saleNumber,
      of: fc.constant(null),
      ...content,
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('return' as const),
      number: fc.integer({ min: 101, max: 104 }),
      of: fc.option(saleNumber, { freq: 12 }),
      ...content,
      accrued: figure(40),
      redeemed: figure(40),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel_sale' as const), of: saleNumber, day }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('cancel_return' as const), of: fc.integer({ min: 101, max: 104 }), day }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('document' as const),
      card,
      day: fc.integer({ min: 0, max: 8 }),
      measure: fc.constantFrom(...measureNames),
      amount: fc.constantFrom(-70, 60, 200),
      life: fc.integer({ min: 1, max: 5 }),
      delay: fc.constantFrom(0, 0, 2),
    }),
  },
);

export interface History {
  readonly facts: readonly Fact[];
  readonly kinds: Readonly<Record<CardName, string>>;
  readonly delays: readonly number[];
  readonly held: readonly HeldNight[];
}

const kindName = fc.constantFrom(...Object.keys(kinds));
export const history: fc.Arbitrary<History> = fc.record({
  facts: fc.array(fact, { minLength: 2, maxLength: 10 }).map(tidy),
  kinds: fc.record({ A: kindName, B: kindName }),
  delays: fc.array(fc.nat(9), { minLength: 10, maxLength: 10 }),
  held: fc.array(
    fc.record({ card, day: fc.integer({ min: 1, max: lastDay }), amount: fc.integer({ min: 1, max: 150 }) }),
    {
      maxLength: 3,
    },
  ),
});

/** One receipt of each number; a report has its sale's date, and comes no sooner than the sale is made. */
function tidy(facts: readonly Fact[]): Fact[] {
  const seen = new Map<string, Fact>();
  const kept: Fact[] = [];
  for (const one of facts) {
    const name =
      one.kind === 'document' ? `document ${kept.length}` : `${one.kind} ${'number' in one ? one.number : one.of}`;
    if (seen.has(name)) continue;
    seen.set(name, one);
    kept.push(one);
  }
  return kept.flatMap((one): Fact[] => {
    if (one.kind !== 'report') return [one];
    const sale = seen.get(`sale ${one.number}`);
    return sale === undefined ? [] : [{ ...one, day: sale.day }];
  });
}

/**
 * Whether nothing has to be corrected if each fact comes in time: nothing is undone or reported differently, no return is
 * dated before its sale, and none takes back what may have burned.
 */
export function isQuiet({ facts, kinds: chosen }: History): boolean {
  return facts.every((one) => {
    if (one.kind.startsWith('cancel') || one.kind === 'report') return false;
    const sale = facts.find((other) => other.kind === 'sale' && one.kind === 'return' && other.number === one.of);
    if (sale?.kind !== 'sale' || sale.day < 0) return true;
    return one.day >= sale.day && one.day < (firstBurn[chosen[sale.card]]?.(sale.day) ?? 0);
  });
}

/** In time, with delays, and backwards after all nights. */
export function tellingsOf({ facts, kinds: chosen, delays, held }: History): Telling[] {
  const delayed: Arrival[] = facts.map((one, index) => ({
    fact: one,
    on: one.kind === 'document' ? one.day : Math.min(lastDay, Math.max(0, one.day) + (delays[index] ?? 0)),
  }));
  return [inTime(facts), delayed, allLate(facts.toReversed(), lastDay)].map((arrivals) => ({
    facts,
    kinds: chosen,
    arrivals,
    held,
    lastDay,
  }));
}

/** A history, and its facts that are older than billing and come before it is switched on; the rest comes later. */
export interface OlderHistory {
  readonly history: History;
  readonly toldBefore: readonly Fact[];
}

const lateness = fc.array(fc.constantFrom(true, false, false), { minLength: 12, maxLength: 12 });

/** More of what is older than billing, and returns of it. */
export const olderHistory: fc.Arbitrary<OlderHistory> = fc
  .record({ one: history, shift: fc.constantFrom(0, 2, 4), isLate: lateness })
  .map(({ one, shift, isLate }) => {
    const moved = one.facts.map((given): Fact =>
      given.kind === 'document' ? given : { ...given, day: Math.max(-2, given.day - shift) },
    );
    const toldBefore = moved.filter(
      (given, index) => given.kind !== 'document' && given.day < 0 && isLate[index] !== true,
    );
    const sales = toldBefore.flatMap((given) =>
      given.kind === 'sale' || given.kind === 'report' ? [given.number] : [],
    );
    // A return of an old sale is refused once that is cancelled, and stays if it came before: so the order matters.
    const facts = moved.filter(
      (given) => given.kind !== 'cancel_sale' || toldBefore.includes(given) || !sales.includes(given.of),
    );
    return { history: { ...one, facts }, toldBefore };
  });

/** Switches billing on over the earlier facts, and sends the rest in each of the orders. */
export function tellOver(infobase: Infobase, given: readonly OlderHistory[]): Promise<Outcome[]> {
  const before = new Map<Telling, readonly Fact[]>();
  for (const { history: one, toldBefore } of given) {
    for (const telling of tellingsOf(one)) {
      const arrivals = telling.arrivals.filter((arrival) => !toldBefore.includes(arrival.fact));
      before.set({ ...telling, arrivals }, toldBefore);
    }
  }
  return tellAll(infobase, [...before.keys()], { findBefore: (telling) => before.get(telling) ?? [] });
}
