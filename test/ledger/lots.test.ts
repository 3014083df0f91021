// The documented regulation beside true lots: with one constant life they are one and the same; with mixed lives they part,
// and the documented rule never burns more in all.
import * as fc from 'fast-check';
import regulation from '../../fixtures/ledger/regulation.json';
import { addEffect, openAccount, applyNight, type BillingEffect } from '../../src/ledger/account.ts';
import { findTerm, parseDelay, parseLife, type LifeRule } from '../../src/ledger/life-rule.ts';
import { addDays, type LocalDate } from '../../src/ledger/local-date-time.ts';
import {
  accrueLot,
  addCreditsToLots,
  addEffectToLots,
  burnLots,
  countLots,
  openLots,
  spendLots,
} from '../../src/ledger/lots.ts';
import { depth, fileSeed } from '../deep.ts';

const start = '2021-01-01' as LocalDate;
const runs = 6_700 * depth;

interface Event {
  readonly day: number;
  /** Above zero accrued, below zero spent; what is not there is spent into a debt. */
  readonly amount: number;
  readonly rule: number;
}

const event: fc.Arbitrary<Event> = fc.record({
  day: fc.nat(40),
  amount: fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: -250, max: -1 })),
  rule: fc.nat(5),
});
const events = fc.array(event, { minLength: 1, maxLength: 25 });

function ruleOf(life: string, delay = 'none'): LifeRule {
  const dates = { life: parseLife(life)!, delay: parseDelay(delay)! };
  return { code: 'R', name: 'rule', register: 'bonus', lifeFrom: 'credit', ...dates };
}

function effectOf({ day, amount, rule }: Event, rules: readonly LifeRule[], index: number): BillingEffect {
  const balance = { bonus: 0, accumulation: 0, receipts: 0 };
  if (amount < 0) return { balance: { ...balance, bonus: amount }, rows: [], pending: [] };
  const on = addDays(start, day);
  const { creditOn, writeOffOn } = findTerm(rules[rule % rules.length], on);
  const row = { measure: 'bonus', writeOffOn, amount } as const;
  if (creditOn === on) return { balance: { ...balance, bonus: amount }, rows: [row], pending: [] };
  return { balance, rows: [], pending: [{ source: String(index), creditOn, ...row }] };
}

interface Night {
  readonly documented: number;
  readonly lots: number;
  readonly balances: readonly [number, number];
}

const dates = Array.from({ length: 111 }, (_, count) => addDays(start, count));

/**
 * The nights of both, one after another: each before its day's trade.
 * @param held by day, what active holds have set aside.
 */
function liveThrough(
  given: readonly Event[],
  rules: readonly LifeRule[],
  held: Readonly<Record<number, number>> = {},
): Night[] {
  const account = openAccount();
  const lots = openLots();
  const trade = given.map((one, index) => ({ day: one.day, effect: effectOf(one, rules, index) }));
  const ordered = trade.toSorted((a, b) => a.day - b.day);
  let next = 0;
  return dates.map((on, count) => {
    const { writeOffs, credits } = applyNight(account, on, held[count]);
    const burned = burnLots(lots, on, held[count]);
    addCreditsToLots(lots, 'bonus', credits);
    const balances = [account.balance.bonus, countLots(lots)] as const;
    for (let one = ordered[next]; one?.day === count; one = ordered[next]) {
      addEffect(account, one.effect);
      addEffectToLots(lots, 'bonus', one.effect, on);
      next += 1;
    }
    return { documented: writeOffs[0]?.amount ?? 0, lots: burned, balances };
  });
}

test(`with one constant life they burn the same every night, in ${runs} random histories`, () => {
  const life = fc.constantFrom(
    'days:1',
    'days:5',
    'days:20',
    'months:1',
    'end_of_month:0',
    'end_of_quarter:0',
    'unlimited',
  );
  const delay = fc.constantFrom('none', 'none', 'days:3', 'next_month');
  const held = fc.dictionary(fc.nat(60).map(String), fc.integer({ min: 1, max: 400 }), { maxKeys: 6 });
  fc.assert(
    fc.property(events, life, delay, held, (given, lifeText, delayText, set) => {
      for (const { documented, lots, balances } of liveThrough(given, [ruleOf(lifeText, delayText)], set)) {
        if (documented !== lots || balances[0] !== balances[1]) return false;
      }
      return true;
    }),
    { numRuns: runs, seed: fileSeed },
  );
});

test('with mixed lives the documented rule never burns more in all, and often less', () => {
  const rules = [
    ruleOf('days:3'),
    ruleOf('days:20'),
    ruleOf('months:1'),
    ruleOf('end_of_month:0'),
    ruleOf('days:10', 'days:5'),
    ruleOf('unlimited'),
  ];
  let histories = 0;
  let parted = 0;
  fc.assert(
    fc.property(events, (given) => {
      const nights = liveThrough(given, rules);
      let [documented, lots] = [0, 0];
      for (const night of nights) {
        documented += night.documented;
        lots += night.lots;
        if (documented > lots) return false;
      }
      histories += 1;
      if (nights.some((night) => night.documented !== night.lots)) parted += 1;
      return true;
    }),
    { numRuns: runs, seed: fileSeed },
  );
  expect(parted / histories).toBeGreaterThan(0.25);
});

test('E8: 100 to the 30th, 50 spent, 100 to the 10th', () => {
  const { before, expect: expected } = regulation.cases.find(({ id }) => id === 'E8') as {
    before: { accruals: { writeOffDate: string; amount: number }[] };
    expect: { writeOff: number };
  };
  const [later, sooner] = before.accruals as [
    { writeOffDate: string; amount: number },
    { writeOffDate: string; amount: number },
  ];
  const lots = openLots();
  accrueLot(lots, later.amount, later.writeOffDate as LocalDate);
  spendLots(lots, 5_000);
  accrueLot(lots, sooner.amount, sooner.writeOffDate as LocalDate);
  expect(burnLots(lots, '2021-01-10' as LocalDate)).toBe(10_000);
  expect(expected.writeOff).toBe(5_000);
  expect(countLots(lots)).toBe(5_000);
});

const effect = (bonus: number, rows: readonly [string, number][] = []): BillingEffect => ({
  balance: { bonus, accumulation: 0, receipts: 0 },
  rows: rows.map(([writeOffOn, amount]) => ({ measure: 'bonus', writeOffOn: writeOffOn as LocalDate, amount })),
  pending: [],
});
const told = (...effects: readonly BillingEffect[]) => {
  const lots = openLots();
  for (const one of effects) addEffectToLots(lots, 'bonus', one, start);
  return { lots: lots.lots.map(({ writeOffOn, left }) => [writeOffOn, left]), debt: lots.debt };
};

describe('lots', () => {
  test('a sale spends before it accrues', () => {
    expect(told(effect(100, [['2021-02-01', 100]]), effect(-30, [['2021-01-10', 20]]))).toEqual({
      lots: [
        ['2021-01-10', 20],
        ['2021-02-01', 50],
      ],
      debt: 0,
    });
  });

  test('what is given back goes where it was taken from, the latest first', () => {
    expect(
      told(
        effect(100, [
          ['2021-02-01', 60],
          ['2021-01-10', 40],
        ]),
        effect(-70),
        effect(50),
      ),
    ).toEqual({
      lots: [
        ['2021-01-10', 20],
        ['2021-02-01', 60],
      ],
      debt: 0,
    });
  });

  test('an accrual taken back comes out of its own lot, and what is spent of it out of the others', () => {
    expect(
      told(
        effect(50, [['2021-01-10', 50]]),
        effect(90, [['2021-02-01', 90]]),
        effect(-20),
        effect(-50, [['2021-01-10', -50]]),
      ),
    ).toEqual({
      lots: [['2021-02-01', 70]],
      debt: 0,
    });
  });

  test('a debt is paid by what comes next, and paid back as it was made', () => {
    expect(told(effect(-80), effect(50, [['2021-02-01', 50]]))).toEqual({ lots: [], debt: 30 });
    expect(told(effect(-80), effect(80))).toEqual({ lots: [], debt: 0 });
  });

  test('what was never taken has no life', () => {
    expect(told(effect(25))).toEqual({ lots: [[start, 25]], debt: 0 });
  });
});
