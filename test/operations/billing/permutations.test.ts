// Every order of a few facts, each sent as soon as that order allows, while nights run: whatever comes late,
// the account ends as if all had come in time. The table says what it ends in, for people to check by hand.
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth } from '../../deep.ts';
import { playStart, tellAll, type Arrival, type CardName, type Fact, type ReceiptFact, type Telling } from './plays.ts';
import { openBilling, type KindRules } from './testing-billing.ts';

const kinds: Readonly<Record<string, KindRules>> = {
  // Lives that end within the history, so that every night a fact misses matters.
  short: { bonus: 'days:3', accumulation: 'days:4' },
  delayed: { bonus: 'days:4 days:2', accumulation: 'days:6 days:1' },
  long: { bonus: 'days:20', accumulation: 'unlimited' },
};
const lastDay = 10;

type Given = Partial<ReceiptFact> & { readonly day: number };

const sale = (number: number, given: Given): Fact => ({ ...blank, kind: 'sale', number, of: null, ...given });
const report = (number: number, given: Given): Fact => ({ ...blank, kind: 'report', number, of: null, ...given });
const back = (of: number, number: number, given: Given): Fact => ({ ...blank, kind: 'return', number, of, ...given });
const cancelSale = (of: number, on: number): Fact => ({ kind: 'cancel_sale', of, day: on });
const cancelReturn = (of: number, on: number): Fact => ({ kind: 'cancel_return', of, day: on });
const blank = { card: 'A', sum: 1_000, accrued: 0, redeemed: 0, accumulation: null, count: null } as const;

interface FactSet {
  readonly title: string;
  readonly kinds?: Readonly<Record<CardName, string>>;
  readonly facts: readonly Fact[];
  /** Documents of the shop, each on its day. */
  readonly documents?: readonly Fact[];
  /** Bonus, accumulation sum and receipt count after the last night, by card. */
  readonly A: readonly [number, number, number];
  readonly B?: readonly [number, number, number];
  readonly rows: Readonly<Record<string, number>>;
  readonly pending?: readonly string[];
}

const both = (name: string): Readonly<Record<CardName, string>> => ({ A: name, B: name });

const table: readonly FactSet[] = [
  {
    // 100 to the 4th, half of it taken back on the 3rd: the night of the 4th takes the other 50.
    title: 'a sale, two parts of it returned, one of them cancelled',
    kinds: both('short'),
    facts: [
      sale(1, { day: 0, accrued: 100 }),
      back(1, 101, { day: 2, sum: 500 }),
      back(1, 102, { day: 2, sum: 300 }),
      cancelReturn(102, 4),
      sale(2, { day: 7, accrued: 40, redeemed: 50 }),
    ],
    // The second sale owes 50 and gets 40 to the 11th.
    A: [-10, 1_000, 1],
    rows: { '2026-01-04': 50, '2026-01-11': 40 },
  },
  {
    // Of the 100 to the 4th, 40 are spent and 60 burn: all back, 40 are owed, as if the 100 had never been accrued.
    title: 'a sale returned in three parts, before and after its bonus has burned',
    kinds: both('short'),
    facts: [
      sale(1, { day: 0, accrued: 100 }),
      sale(2, { day: 1, redeemed: 40 }),
      back(1, 101, { day: 2, sum: 333 }),
      back(1, 102, { day: 5, sum: 333 }),
      back(1, 103, { day: 8, sum: 334 }),
    ],
    A: [-40, 0, 0],
    rows: {},
  },
  {
    title: 'a delayed accrual, returned in three parts: two before it is credited, one after',
    kinds: both('delayed'),
    facts: [
      sale(1, { day: 1, accrued: 100 }),
      back(1, 101, { day: 1, sum: 333 }),
      back(1, 102, { day: 2, sum: 333 }),
      back(1, 103, { day: 5, sum: 334 }),
      sale(2, { day: 9, accrued: 77 }),
    ],
    A: [0, 1_000, 1],
    rows: {},
    pending: ['bonus 77 2026-01-12 2026-01-16'],
  },
  {
    title: 'a sale spent from, cancelled, and its bonus never earned',
    kinds: both('long'),
    facts: [
      sale(1, { day: 0, accrued: 300 }),
      sale(2, { day: 2, redeemed: 200, accrued: 10 }),
      back(2, 101, { day: 3, sum: 400 }),
      cancelSale(1, 5),
      cancelSale(2, 6),
      sale(3, { day: 7, accrued: 5 }),
    ],
    A: [5, 1_000, 1],
    rows: { '2026-01-28': 5 },
  },
  {
    title: 'what the till told online, the report with other sums, and a return of it',
    kinds: both('short'),
    facts: [
      sale(1, { day: 0, accrued: 100 }),
      report(1, { day: 0, accrued: 160, redeemed: 20, sum: 2_000 }),
      back(1, 101, { day: 1, sum: 500 }),
      sale(2, { day: 2, redeemed: 30 }),
      cancelReturn(101, 5),
    ],
    // 160 to the 4th, less 20 and 30 spent: the night takes 110; the sums to the 5th and the 7th go too.
    A: [0, 0, 0],
    rows: { '2026-01-04': 160 },
  },
  {
    title: 'the report says that it was another card',
    kinds: { A: 'short', B: 'long' },
    facts: [
      sale(1, { day: 0, accrued: 100, redeemed: 10 }),
      report(1, { day: 0, accrued: 100, redeemed: 10, card: 'B' }),
      back(1, 101, { day: 3, sum: 250 }),
      sale(2, { day: 1, redeemed: 60 }),
      cancelSale(2, 8),
    ],
    A: [0, 0, 0],
    // 100 - 10 and a quarter of it back: 75 to the 21st, 2.50 given back, which has its old row.
    B: [68, 750, 1],
    rows: {},
  },
  {
    title: "the operator's documents between late sales",
    kinds: both('short'),
    facts: [
      sale(1, { day: 0, accrued: 100 }),
      sale(2, { day: 3, redeemed: 80 }),
      back(2, 101, { day: 4, sum: 1_000 }),
      sale(3, { day: 5, accrued: 30 }),
    ],
    documents: [
      { kind: 'document', card: 'A', day: 1, measure: 'bonus', amount: 200, life: 5, delay: 0 },
      { kind: 'document', card: 'A', day: 2, measure: 'bonus', amount: -70, life: 0, delay: 0 },
      { kind: 'document', card: 'A', day: 4, measure: 'bonus', amount: 500, life: 3, delay: 3 },
    ],
    A: [0, 0, 0],
    rows: { '2026-01-04': 100, '2026-01-07': 200, '2026-01-09': 30, '2026-01-11': 500 },
  },
  {
    title: 'returns without their sale, and the sale at last',
    kinds: both('delayed'),
    facts: [
      back(1, 101, { day: 3, sum: 500, accrued: 20, redeemed: 15 }),
      back(1, 102, { day: 4, sum: 200 }),
      sale(1, { day: 1, accrued: 90, redeemed: 30 }),
      back(9, 103, { day: 2, sum: 100, redeemed: 40 }),
    ],
    // 90 to the 8th, less 20 by the till's figure and 18 in proportion. The 40 of the sale that is not known live four days.
    A: [0, 0, 0],
    rows: { '2026-01-07': 40, '2026-01-08': 52 },
  },
  {
    title: 'a cancel that overtakes all of its facts',
    kinds: both('short'),
    facts: [
      cancelSale(1, 0),
      sale(1, { day: 0, accrued: 100, redeemed: 50 }),
      back(1, 101, { day: 1, sum: 1_000 }),
      sale(2, { day: 6, accrued: 70 }),
      back(2, 102, { day: 7, sum: 500, card: 'B' }),
      report(2, { day: 6, accrued: 70, sum: 900 }),
    ],
    A: [0, 0, 0],
    B: [0, 0, 0],
    // The return counts on the card of its sale: 500 of 900 take 39 of 70 back.
    rows: { '2026-01-10': 31 },
  },
];

function permute<T>(values: readonly T[]): T[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, index) => permute(values.toSpliced(index, 1)).map((rest) => [value, ...rest]));
}

/** As soon as the order allows: on its own day, or when the one before it has come; `pause` days later than that. */
function arrive(facts: readonly Fact[], pause: number): Arrival[] {
  let on = 0;
  return facts.map((fact, index) => {
    on = Math.min(lastDay, Math.max(on + (index === 0 ? 0 : pause), fact.day));
    return { fact, on };
  });
}

let infobase: Infobase;
beforeAll(async () => {
  infobase = await openBilling({ start: playStart, kinds });
});
afterAll(() => infobase.close());

const pauses = depth === 1 ? [0] : [0, 1, 2];

test('every order of every set ends in one account, without a fault', async () => {
  const tellings = table.map(({ facts, documents = [], kinds: chosen = both('short') }) =>
    pauses.flatMap((pause) =>
      permute(facts).map((order): Telling => {
        const shop = documents.map((fact) => ({ fact, on: fact.day }));
        const all = [...facts, ...documents];
        return { facts: all, kinds: chosen, lastDay, arrivals: [...arrive(order, pause), ...shop] };
      }),
    ),
  );
  const outcomes = await tellAll(infobase, tellings.flat());
  let from = 0;
  for (const [index, { title, A, B = [0, 0, 0], rows, pending = [] }] of table.entries()) {
    const orders = tellings[index] as Telling[];
    const own = outcomes.slice(from, from + orders.length);
    from += orders.length;
    const ends = own.map(({ billing }) => billing);
    const { bonus, accumulation, receipts } = (ends[0] as (typeof ends)[0]).A;
    const ofB = (ends[0] as (typeof ends)[0]).B;
    expect({
      title,
      A: [bonus, accumulation, receipts],
      B: [ofB.bonus, ofB.accumulation, ofB.receipts],
      rows: ends[0]?.A.rows.bonus,
      pending: ends[0]?.A.pending,
    }).toEqual({ title, A, B, rows, pending });
    const other = own.findIndex((outcome) => {
      return outcome.faults.length > 0 || JSON.stringify(outcome.billing) !== JSON.stringify(ends[0]);
    });
    expect({ title, order: orders[other]?.arrivals, ...own[other] }).toEqual({ title, order: undefined });
  }
});
