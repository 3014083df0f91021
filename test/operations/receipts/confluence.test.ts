// Any order, repetition and mix of roads of the same facts ends in one state. A refusal is an answer and not a fact: online a
// return before its sale (7), a receipt that the report has differently (6) or one beyond the balance (5) leaves no
// trace, and the shift's report brings the fact. Two *reports* that differ are two facts: the later wins.
import * as fc from 'fast-check';
import type { Measures } from '../../../src/ledger/measures.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { depth, fileSeed } from '../../deep.ts';
import { expectSame } from '../../expect-same.ts';
import { Model, type ModelReceipt } from './model.ts';
import {
  addCard,
  buildCancel,
  buildReturn,
  buildSale,
  cancel,
  getBalance,
  keyOf,
  listMovements,
  moment,
  openBalances,
  openTestInfobase,
  register,
  sumMovements,
  upload,
} from '../testing-infobase.ts';

let infobase: Infobase;
let runs = 0;
beforeAll(async () => {
  infobase = await openTestInfobase();
});
afterAll(() => infobase.close());

type Fact =
  | { readonly by: 'report' | 'online'; readonly receipt: Receipt }
  | { readonly by: 'cancel'; readonly receipt: Receipt };

const report = (receipt: Receipt): Fact => ({ by: 'report', receipt });
const online = (receipt: Receipt): Fact => ({ by: 'online', receipt });
const cancelOf = (receipt: Receipt): Fact => ({ by: 'cancel', receipt });

/** The facts under names of the run's own, so that one database serves every order. */
async function tell(run: string, fact: Fact): Promise<void> {
  const { receipt } = fact;
  const rename = <T extends { readonly kkm: string }>(key: T): T => ({ ...key, kkm: `${run}-${key.kkm}` });
  const own: Receipt = {
    ...rename(receipt),
    cardNumber: `${run}-${receipt.cardNumber}`,
    original: receipt.original === null ? null : rename(receipt.original),
  };
  if (fact.by === 'report') await upload(infobase, [own]);
  else if (fact.by === 'online') await register(infobase, own);
  else await cancel(infobase, buildCancel(own));
}

interface State {
  readonly A: Measures;
  readonly B: Measures;
}

async function openRun(opening: number): Promise<string> {
  runs += 1;
  const run = `run ${runs}`;
  for (const card of ['A', 'B']) {
    await addCard(infobase, { number: `${run}-${card}` });
    if (opening > 0) await openBalances(infobase, `${run}-${card}`, { bonus: opening });
  }
  return run;
}

async function readState(run: string): Promise<State> {
  const [A, B] = await Promise.all(
    ['A', 'B'].map(async (card) => {
      const balance = await getBalance(infobase, `${run}-${card}`);
      expectSame(sumMovements(await listMovements(infobase, `${run}-${card}`)), balance);
      return balance;
    }),
  );
  return { A: A as Measures, B: B as Measures };
}

function permute<T>(values: readonly T[]): T[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, index) => permute(values.toSpliced(index, 1)).map((rest) => [value, ...rest]));
}

const sold = (receiptNumber: number, fields: Partial<Receipt> = {}): Receipt =>
  buildSale({ cardNumber: 'A', receiptNumber, bonusAccruedKopecks: 101, ...fields });
const back = (sale: Receipt, receiptNumber: number, sum: number, fields: Partial<Receipt> = {}): Receipt =>
  buildReturn(sale, { receiptNumber, sumWithDiscountKopecks: sum, ...fields });
const sums = (bonus: number, accumulation: number, receipts: number): Measures => ({ bonus, accumulation, receipts });

const one = sold(1);
const two = sold(2);
const spent = sold(3, { bonusAccruedKopecks: 800, bonusRedeemedKopecks: 2_000, sumWithDiscountKopecks: 8_000 });
const half = back(one, 101, 5_000);
const third = back(one, 102, 3_333);
const rest = back(one, 103, 5_000);
const elsewhere = { ...half, original: keyOf(two) };

type Row = [
  title: string,
  facts: readonly Fact[],
  bonus: number,
  accumulation: number,
  receipts: number,
  ofB?: Measures,
];
const table: readonly Row[] = [
  ['a sale and a part of it', [report(one), report(half)], 50, 5_000, 1],
  ['two parts, one of them cancelled', [report(one), report(half), report(third), cancelOf(half)], 67, 6_667, 1],
  [
    'three parts that are more than the sale, one cancelled',
    [report(one), report(half), report(third), report(rest), cancelOf(third)],
    0,
    0,
    0,
  ],
  ['all of it cancelled', [report(one), report(half), report(rest), cancelOf(rest), cancelOf(one)], 0, 0, 0],
  ['a cancel of what never came', [cancelOf(one), report(half), report(two), cancelOf(third)], 101, 10_000, 1],
  [
    "the till's own figures, and the rest",
    [
      report(spent),
      report(back(spent, 101, 2_000, { bonusAccruedKopecks: 150, bonusRedeemedKopecks: 400 })),
      report(back(spent, 102, 6_000)),
      report(two),
    ],
    101,
    10_000,
    1,
  ],
  [
    "the till's own figures, cancelled, and a part",
    [
      report(spent),
      report(back(spent, 101, 2_000, { bonusAccruedKopecks: 150, bonusRedeemedKopecks: 400 })),
      report(back(spent, 102, 4_000)),
      cancelOf(back(spent, 101, 2_000)),
    ],
    -600,
    4_000,
    1,
  ],
  [
    'a report that corrects an online sale',
    [
      online(one),
      report({ ...one, bonusAccruedKopecks: 301, sumWithDiscountKopecks: 20_000 }),
      report(half),
      cancelOf(third),
    ],
    // A quarter of 301 is 75.25.
    226,
    15_000,
    1,
  ],
  [
    'a report that corrects an online sale which is cancelled',
    [online(one), report({ ...one, bonusAccruedKopecks: 301 }), report(half), cancelOf(one)],
    0,
    0,
    0,
  ],
  [
    'a report that gives a sale to another card',
    [online(one), report({ ...one, cardNumber: 'B' }), report(half), report(third), cancelOf(third)],
    0,
    0,
    0,
    sums(50, 5_000, 1),
  ],
  [
    'a report that takes a return to another sale',
    [report(one), report(two), online(half), report(elsewhere), report(rest)],
    100,
    10_000,
    2,
  ],
  [
    'a report that takes a return from a cancelled sale',
    [report(one), report(two), online(half), report(elsewhere), cancelOf(one)],
    50,
    5_000,
    1,
  ],
  [
    'a return that names no sale, and its cancel',
    [report({ ...half, original: null }), report(one), report({ ...rest, original: null }), cancelOf(rest)],
    101,
    5_000,
    1,
  ],
  [
    'a return told for another card than its sale',
    [report(one), report({ ...half, cardNumber: 'B' }), report(third)],
    // 50.5 and 33.66 of 101 kopecks, each rounded up.
    16,
    1_667,
    1,
  ],
];

describe.each(table)('%s', (_, facts, bonus, accumulation, receipts, ofB) => {
  const orders = permute(facts);
  const state = { A: sums(bonus, accumulation, receipts), B: ofB ?? sums(0, 0, 0) };

  test(`ends in one state by all ${orders.length} orders, sent once and sent again`, async () => {
    for (const order of orders) {
      const run = await openRun(0);
      for (const fact of order) await tell(run, fact);
      const once = await readState(run);
      expectSame({ order: order.map(nameFact), state: once }, { order: order.map(nameFact), state });
      for (const fact of order.toReversed()) await tell(run, fact);
      const movements = await listMovements(infobase, `${run}-A`);
      expectSame(await readState(run), state);
      // Sent a third time, nothing at all is written: everything about them is known.
      for (const fact of order) await tell(run, fact);
      expectSame(await listMovements(infobase, `${run}-A`), movements);
    }
  });
});

function nameFact({ by, receipt }: Fact): string {
  return `${by} ${receipt.kind} ${receipt.receiptNumber}`;
}

const nameOf = ({ kind, receiptNumber, receiptAt }: Receipt): string =>
  `${kind} ${receiptNumber} ${receiptAt.slice(0, 10)}`;

describe('longer random mixtures', () => {
  const number = fc.integer({ min: 1, max: 3 });
  const bonus = fc.constantFrom(0, 0, 1, 33, 101, 400);
  const sum = fc.constantFrom(0, 1, 99, 100, 333, 1_000);
  const card = fc.constantFrom('A', 'A', 'A', 'B');
  const day = fc.constantFrom('2026-11-22', '2026-11-21');
  const content = fc.record({
    receiptNumber: number,
    receiptAt: day.map((text) => moment(`${text}T12:00:00`)),
    cardNumber: card,
    sumWithDiscountKopecks: sum,
    bonusAccruedKopecks: bonus,
    bonusRedeemedKopecks: bonus,
    accumulationDeltaKopecks: fc.option(sum, { freq: 6 }),
    receiptCountDelta: fc.option(fc.constantFrom(0, 1, 2), { freq: 6 }),
  });
  const sale = content.map((fields) => buildSale(fields));
  const part = fc.tuple(content, fc.option(fc.tuple(number, day), { freq: 8 })).map(([fields, original]) =>
    buildSale({
      ...fields,
      kind: 'Return',
      original:
        original === null
          ? null
          : { kkm: 'KKM-1', shiftNumber: 1, receiptNumber: original[0], receiptAt: moment(original[1]) },
    }),
  );
  const history = fc
    .record({
      opening: fc.constantFrom(0, 500),
      sales: fc.uniqueArray(sale, { minLength: 1, maxLength: 3, selector: nameOf }),
      parts: fc.uniqueArray(part, { maxLength: 4, selector: nameOf }),
      /** Online calls about the same receipts, often different from their report. */
      wrong: fc.array(fc.oneof(sale, part), { maxLength: 4 }),
      isCancelled: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
    })
    .chain(({ opening, sales, parts, wrong, isCancelled }) => {
      const told = [...sales, ...parts];
      const cancelled = told.filter((_, index) => isCancelled[index] === true && isCancelled[index + 1] === true);
      const facts: Fact[] = [...told.map(report), ...cancelled.map(cancelOf)];
      const isReported = (receipt: Receipt): boolean => told.some((other) => nameOf(other) === nameOf(receipt));
      const attempts: Fact[] = [...told, ...wrong.filter(isReported)].map(online);
      const order = fc.shuffledSubarray([...facts, ...facts, ...attempts], { minLength: 0 });
      return fc.record({
        opening: fc.constant(opening),
        facts: fc.constant(facts),
        order,
        last: fc.shuffledSubarray(facts, { minLength: facts.length }),
      });
    });

  test('of online calls, reports and cancels end in the state of the facts', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ opening, facts, order, last }) => {
        const run = await openRun(opening);
        for (const fact of order) await tell(run, fact);
        // The shift's report and the till's queue bring every fact in the end, in any order.
        for (const fact of last) await tell(run, fact);
        expectSame(await readState(run), modelState(opening, facts));
      }),
      { numRuns: 700 * depth, seed: fileSeed },
    );
  });
});

/** The state of the model after the facts in plain order. */
function modelState(opening: number, facts: readonly Fact[]): State {
  const model = new Model('till_or_proportion', 900);
  for (const card of ['A', 'B']) {
    model.statuses.set(card, 'active');
    model.opening.set(card, BigInt(opening));
  }
  facts.forEach(({ by, receipt }, call) => {
    const told = toModel(receipt);
    if (by === 'cancel') model.cancel(call, { ...told, operationId: null, card: null });
    else model.tell(call, by, told);
  });
  const stateOf = (card: string): Measures => {
    const { bonus, accumulation, receipts } = model.balanceOf(card);
    return sums(Number(bonus), Number(accumulation), Number(receipts));
  };
  return { A: stateOf('A'), B: stateOf('B') };
}

const toKey = (key: Pick<Receipt, 'kkm' | 'shiftNumber' | 'receiptNumber' | 'receiptAt'>) => ({
  kkm: key.kkm,
  shift: key.shiftNumber,
  number: key.receiptNumber,
  on: key.receiptAt.slice(0, 10),
});

function toModel(receipt: Receipt): ModelReceipt {
  const { accumulationDeltaKopecks, receiptCountDelta } = receipt;
  return {
    ...toKey(receipt),
    kind: receipt.kind,
    operationId: receipt.operationId,
    card: receipt.cardNumber,
    sum: BigInt(receipt.sumWithDiscountKopecks),
    accrued: BigInt(receipt.bonusAccruedKopecks),
    redeemed: BigInt(receipt.bonusRedeemedKopecks),
    accumulationDelta: accumulationDeltaKopecks === null ? null : BigInt(accumulationDeltaKopecks),
    countDelta: receiptCountDelta === null ? null : BigInt(receiptCountDelta),
    offline: receipt.offline,
    original: receipt.original === null ? null : toKey(receipt.original),
  };
}

describe('a refusal is an answer and not a fact', () => {
  test('a return that comes online before its sale is refused, and recorded when it is sent again', async () => {
    const run = await openRun(0);
    await tell(run, online(half));
    expect(await readState(run)).toEqual({ A: sums(0, 0, 0), B: sums(0, 0, 0) });
    await tell(run, online(one));
    await tell(run, online(half));
    expect((await readState(run)).A).toEqual(sums(50, 5_000, 1));
  });

  test('of two online calls of one receipt the first is the fact', async () => {
    const [first, second] = [await openRun(0), await openRun(0)];
    const other = { ...one, bonusAccruedKopecks: 1 };
    for (const fact of [online(one), online(other)]) await tell(first, fact);
    for (const fact of [online(other), online(one)]) await tell(second, fact);
    expect([(await readState(first)).A.bonus, (await readState(second)).A.bonus]).toEqual([101, 1]);
  });

  test('of two reports of one receipt the last is the fact', async () => {
    const [first, second] = [await openRun(0), await openRun(0)];
    const other = { ...one, bonusAccruedKopecks: 1 };
    for (const fact of [report(one), report(other)]) await tell(first, fact);
    for (const fact of [report(other), report(one)]) await tell(second, fact);
    expect([(await readState(first)).A.bonus, (await readState(second)).A.bonus]).toEqual([1, 101]);
  });

  test('one operation id names one receipt: of two that bear it the first is the fact, on the report road too', async () => {
    const [first, second] = [await openRun(0), await openRun(0)];
    for (const receipt of [one, two]) await tell(first, report({ ...receipt, operationId: `${first} id` }));
    for (const receipt of [two, one]) await tell(second, report({ ...receipt, operationId: `${second} id` }));
    expect((await readState(first)).A).toEqual((await readState(second)).A);
    expect((await readState(first)).A).toEqual(sums(101, 10_000, 1));
  });
});
