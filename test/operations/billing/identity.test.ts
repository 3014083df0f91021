// A sale taken back whole leaves nothing of itself: not in the balances, not in the rows, not among the pending credits, in
// whatever parts, by returns or by its cancel, and with nights running, as long as none of them takes anything.
import * as fc from 'fast-check';
import type { Settings } from '../../../src/ledger/settings.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { allLate, inTime, playStart, tellAll, type Fact, type ReceiptFact, type Telling } from './plays.ts';
import { emptyAccount, openBilling, type KindRules, type PlainAccount } from './testing-billing.ts';

const runs = 135 * depth;
const lastDay = 8;

// No life ends before the last night, so that nothing burns; delays end before it, within it and after it.
const kinds: Readonly<Record<string, KindRules>> = {
  plain: { bonus: 'days:30', accumulation: 'days:40' },
  unlimited: {},
  soon: { bonus: 'days:30 days:2', accumulation: 'days:40 days:1' },
  later: { bonus: 'months:1 days:5', accumulation: 'end_of_month:1 next_month' },
};

interface Taken {
  readonly kind: string;
  readonly sale: ReceiptFact;
  /** Shares of the sale, in percent, and the day of each return; what is left goes with the last. */
  readonly parts: readonly {
    readonly percent: number;
    readonly day: number;
    readonly accrued: number;
    readonly redeemed: number;
  }[];
  readonly isLate: boolean;
}

const taken: fc.Arbitrary<Taken> = fc.record({
  kind: fc.constantFrom(...Object.keys(kinds)),
  sale: fc.record({
    kind: fc.constant('sale' as const),
    number: fc.constant(1),
    of: fc.constant(null),
    card: fc.constant('A' as const),
    day: fc.integer({ min: 1, max: 4 }),
    sum: fc.oneof(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom(1, 3, 100_000_000_000_000)),
    accrued: fc.oneof(fc.integer({ min: 0, max: 5_000 }), fc.constant(99_999_999_999_999)),
    redeemed: fc.integer({ min: 0, max: 5_000 }),
    accumulation: fc.option(fc.integer({ min: 0, max: 200_000 }), { freq: 3 }),
    count: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 3 }),
  }),
  parts: fc.array(
    fc.record({
      percent: fc.integer({ min: 1, max: 60 }),
      day: fc.integer({ min: 1, max: lastDay }),
      accrued: fc.constantFrom(0, 0, 1, 700),
      redeemed: fc.constantFrom(0, 0, 1, 700),
    }),
    { maxLength: 4 },
  ),
  isLate: fc.boolean(),
});

/** The returns of a sale, the last of which brings the rest; none before it is made. */
function returnsOf({ sale, parts }: Taken): ReceiptFact[] {
  let left = sale.sum;
  const returns = parts.flatMap(({ percent, day, accrued, redeemed }, index): ReceiptFact[] => {
    const sum = Math.min(left, Math.max(1, Math.floor((sale.sum / 100) * percent)));
    if (sum === 0 || sum === left) return [];
    left -= sum;
    const figures = { accrued: Math.min(accrued, sale.accrued), redeemed: Math.min(redeemed, sale.redeemed) };
    return [blank(sale, 101 + index, Math.max(day, sale.day), sum, figures)];
  });
  const last = Math.max(sale.day, ...returns.map(({ day }) => day));
  return [...returns, blank(sale, 110, last, left)];
}

function blank(
  sale: ReceiptFact,
  number: number,
  day: number,
  sum: number,
  figures = { accrued: 0, redeemed: 0 },
): ReceiptFact {
  return { ...sale, kind: 'return', number, of: 1, day, sum, ...figures, accumulation: null, count: null };
}

const opening = { kind: 'document', card: 'A', day: 0, measure: 'bonus', amount: 200, life: 90, delay: 0 } as const;

function tellingOf(given: Taken, facts: readonly Fact[]): Telling {
  const all = [opening, ...facts];
  const arrivals = given.isLate ? allLate(all, lastDay) : inTime(all);
  return { facts: all, kinds: { A: given.kind, B: given.kind }, arrivals, lastDay };
}

async function tellTaken(settings: Partial<Settings>, tellings: readonly Telling[]): Promise<PlainAccount[]> {
  const infobase: Infobase = await openBilling({ start: playStart, kinds, settings });
  try {
    const outcomes = await tellAll(infobase, tellings);
    expectSame(
      outcomes.flatMap(({ faults }) => faults),
      [],
    );
    return outcomes.map(({ billing }) => billing.A);
  } finally {
    await infobase.close();
  }
}

const withOpening: PlainAccount = {
  ...emptyAccount,
  bonus: 200,
  rows: { ...emptyAccount.rows, bonus: { '2026-04-01': 200 } },
};

const sample = (): Taken[] => fc.sample(taken, { numRuns: runs, seed: fileSeed });

test(`${runs} sales returned in parts leave the card as it was`, async () => {
  const given = sample();
  // More was redeemed than there is: for one who spends what he has not got, a night in debt takes nothing.
  const accounts = await tellTaken(
    {},
    given.map((one) => tellingOf(one, [one.sale, ...returnsOf(one)])),
  );
  given.forEach((one, index) => expectSame({ one, account: accounts[index] }, { one, account: withOpening }));
});

test('with a new life for what is given back, only its date is another', async () => {
  const given = sample();
  const accounts = await tellTaken(
    { restoreTerm: 'new_life' },
    given.map((one) => tellingOf(one, [one.sale, ...returnsOf(one)])),
  );
  given.forEach((one, index) => {
    const { rows, ...rest } = accounts[index] as PlainAccount;
    const { rows: noRows, ...bare } = withOpening;
    expectSame({ one, rest }, { one, rest: bare });
    expectSame([rows.accumulation, rows.receipts], [noRows.accumulation, noRows.receipts]);
    const { '2026-04-01': own, ...givenBack } = rows.bonus;
    expectSame(own, 200);
    const sum = Object.values(givenBack).reduce((total, amount) => total + amount, 0);
    expectSame({ one, sum }, { one, sum: one.sale.redeemed });
  });
});

test(`${runs} sales cancelled, with any returns of theirs, leave the card as it was`, async () => {
  const given = sample();
  const accounts = await tellTaken(
    {},
    given.map((one) => {
      const some = returnsOf(one).slice(0, -1);
      return tellingOf(one, [one.sale, ...some, { kind: 'cancel_sale', of: 1, day: lastDay }]);
    }),
  );
  given.forEach((one, index) => expectSame({ one, account: accounts[index] }, { one, account: withOpening }));
});

test('a return cancelled leaves the sale as it was', async () => {
  const given = sample();
  const accounts = await tellTaken(
    {},
    given.flatMap((one) => {
      const returns = returnsOf(one);
      const cancels = returns.map(({ number }): Fact => ({ kind: 'cancel_return', of: number, day: lastDay }));
      return [tellingOf(one, [one.sale]), tellingOf(one, [one.sale, ...returns, ...cancels])];
    }),
  );
  given.forEach((one, index) => {
    expectSame({ one, account: accounts[2 * index + 1] }, { one, account: accounts[2 * index] });
  });
});
