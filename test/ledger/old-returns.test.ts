// Returns of what is older than billing, as a table: what the openings have, what is taken back and given back in order,
// and what that leaves of the card. Sums in kopecks; the openings' rows are [write-off date, bonus].
import { addEffect, openAccount } from '../../src/ledger/account.ts';
import type { FactPlace } from '../../src/ledger/fact-place.ts';
import type { LocalDate } from '../../src/ledger/local-date-time.ts';
import { noMeasures } from '../../src/ledger/measures.ts';
import { settleOldReturns, type Opening, type PlacedOldReturns } from '../../src/ledger/old-returns.ts';

const day = (text: string): LocalDate => `2026-${text}` as LocalDate;
const place = (on: string, order = '1'): FactPlace => ({ on: day(on), order });
const first = place('02-28', '');

interface Line {
  readonly title: string;
  /** By document id: 1 on 02-28, 2 on 03-02, 3 on 03-03. */
  readonly openings?: readonly (readonly [date: string, amount: number])[][];
  /** The openings up to this document count; by default all. */
  readonly lastOpeningId?: number;
  readonly taken: number;
  readonly given?: readonly (readonly [on: string, amount: number, newLife?: string])[];
  readonly balance: number;
  readonly rows: Readonly<Record<string, number>>;
}

const openingDays = ['02-28', '03-02', '03-03'];

test.each<Line>([
  { title: 'the row has enough', openings: [[['09-01', 100]]], taken: 70, balance: 30, rows: { '09-01': 30 } },
  { title: 'the row has less: a debt without a row', openings: [[['09-01', 60]]], taken: 100, balance: -40, rows: {} },
  { title: 'no opening at all', taken: 100, balance: -100, rows: {} },
  { title: 'given back, with no debt', taken: 0, given: [['03-05', 100]], balance: 100, rows: { '10-01': 100 } },
  {
    title: 'given back pays the debt first',
    openings: [[['09-01', 60]]],
    taken: 100,
    given: [
      ['03-05', 30],
      ['03-06', 30],
    ],
    balance: 20,
    rows: { '09-01': 20 },
  },
  {
    title: 'a new life is of what is left when the debt is paid',
    openings: [[['09-01', 60]]],
    taken: 100,
    given: [
      ['03-06', 30, '11-01'],
      ['03-05', 30],
    ],
    balance: 20,
    rows: { '11-01': 20 },
  },
  {
    title: 'of several rows the latest',
    openings: [
      [['09-01', 100]],
      [
        ['12-31', 50],
        ['04-01', 10],
      ],
    ],
    taken: 70,
    given: [['03-05', 25]],
    balance: 115,
    rows: { '04-01': 10, '09-01': 100, '12-31': 5 },
  },
  {
    title: 'not a row that came after the first of its old returns',
    openings: [[['09-01', 100]], [['12-31', 50]]],
    lastOpeningId: 1,
    taken: 120,
    balance: 30,
    rows: { '12-31': 50 },
  },
  {
    title: 'not a row that an opening has taken back',
    openings: [[['09-01', 100]], [['12-31', 50]], [['12-31', -50]]],
    taken: 70,
    balance: 30,
    rows: { '09-01': 30 },
  },
  {
    title: 'what was taken back of the row since then is not there, but its date stands',
    openings: [[['09-01', 100]], [['12-31', 50]], [['12-31', -40]]],
    lastOpeningId: 2,
    taken: 30,
    given: [['03-05', 25]],
    balance: 105,
    rows: { '09-01': 100, '12-31': 5 },
  },
])('$title', ({ openings = [], lastOpeningId = 9, taken, given = [], balance, rows }) => {
  const account = openAccount();
  const known = openings.map((parts, index): Opening => {
    const accruals = parts.map(([date, amount]) => ({ measure: 'bonus', writeOffOn: day(date), amount }) as const);
    const sum = parts.reduce((total, [, amount]) => total + amount, 0);
    const effect = { balance: { ...noMeasures, bonus: sum }, rows: accruals, pending: [] };
    addEffect(account, effect);
    return { documentId: index + 1, place: place(openingDays[index] ?? ''), effect };
  });
  const group: PlacedOldReturns = {
    terms: { lastOpeningId, bonusOn: day('10-01'), accumulationOn: day('10-01') },
    takenBack: { ...noMeasures, bonus: taken },
    givenBack: given.map(([, amount, newLife], index) => {
      return { index, amount, newLifeOn: newLife === undefined ? null : day(newLife) };
    }),
    places: given.map(([on]) => place(on)),
  };
  for (const { effect } of settleOldReturns([group], known, first)) addEffect(account, effect);
  expect(account.balance).toEqual({ ...noMeasures, bonus: balance });
  expect(Object.fromEntries(account.rows.bonus)).toEqual(
    Object.fromEntries(Object.entries(rows).map(([date, amount]) => [day(date), amount])),
  );
});

test('each measure comes off its own latest row, and a night between finds what is left', () => {
  const rows = [
    { measure: 'bonus', writeOffOn: day('09-01'), amount: 100 },
    { measure: 'accumulation', writeOffOn: day('10-01'), amount: 500 },
    { measure: 'receipts', writeOffOn: day('10-01'), amount: 2 },
  ] as const;
  const opening = { balance: { bonus: 100, accumulation: 500, receipts: 2 }, rows, pending: [] };
  const terms = { lastOpeningId: 1, bonusOn: day('09-01'), accumulationOn: day('10-01') };
  const takenBack = { bonus: 30, accumulation: 700, receipts: 1 };
  const group = { terms, takenBack, givenBack: [], places: [] };
  const openings = [{ documentId: 1, place: place('02-28'), effect: opening }];
  expect(settleOldReturns([group], openings, first)).toEqual([
    {
      place: place('02-28'),
      effect: {
        balance: { ...noMeasures, bonus: -30 },
        rows: [{ measure: 'bonus', writeOffOn: day('09-01'), amount: -30 }],
        pending: [],
      },
    },
    {
      place: place('02-28'),
      effect: {
        balance: { ...noMeasures, accumulation: -700 },
        rows: [{ measure: 'accumulation', writeOffOn: day('10-01'), amount: -500 }],
        pending: [],
      },
    },
    {
      place: place('02-28'),
      effect: {
        balance: { ...noMeasures, receipts: -1 },
        rows: [{ measure: 'receipts', writeOffOn: day('10-01'), amount: -1 }],
        pending: [],
      },
    },
  ]);
});
