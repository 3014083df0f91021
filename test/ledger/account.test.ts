// The nightly regulation on the worked examples, on whole histories, and as a property: nights that nothing can change
// may be skipped.
import * as fc from 'fast-check';
import { depth, fileSeed } from '../deep.ts';
import { expectSame } from '../expect-same.ts';
import histories from '../../fixtures/ledger/histories.json';
import regulation from '../../fixtures/ledger/regulation.json';
import {
  addEffect,
  decideWriteOff,
  measureNames,
  openAccount,
  applyNight,
  sumCovered,
  type BillingEffect,
} from '../../src/ledger/account.ts';
import { calculateAccount, type BillingFact } from '../../src/ledger/billing.ts';
import { findTerm, parseDelay, parseLife, type LifeRule } from '../../src/ledger/life-rule.ts';
import { addDays, type LocalDate } from '../../src/ledger/local-date-time.ts';

const policy = { returnFigures: 'till_or_proportion', restoreTerm: 'original' } as const;
const noBalance = { bonus: 0, accumulation: 0, receipts: 0 };

interface RegulationCase {
  readonly id: string;
  readonly title: string;
  readonly before?: {
    readonly balance: number;
    readonly accruals: readonly { readonly writeOffDate: string; readonly amount: number }[];
  };
  readonly night?: string;
  readonly expect?: { readonly covered: number; readonly writeOff: number; readonly balance: number };
}

describe('worked examples of the night', () => {
  const cases = (regulation.cases as readonly RegulationCase[]).filter(({ before }) => before !== undefined);
  test.each(cases)('$id $title', ({ before, night, expect: expected }) => {
    const rows = new Map<LocalDate, number>();
    for (const { writeOffDate, amount } of before!.accruals) {
      rows.set(writeOffDate as LocalDate, (rows.get(writeOffDate as LocalDate) ?? 0) + amount);
    }
    const covered = sumCovered(rows, night as LocalDate);
    const writeOff = decideWriteOff(before!.balance, covered);
    expect({ covered, writeOff, balance: before!.balance - writeOff }).toEqual(expected);
  });
});

interface HistoryRule {
  readonly life: readonly [string, number?];
  readonly delay?: readonly [string, number?];
}

interface HistoryEvent {
  readonly night?: string;
  readonly on?: string;
  readonly accrue?: number;
  readonly redeem?: number;
  readonly rule?: number;
  readonly writeOff?: number;
  readonly credited?: number;
  readonly balance: number;
}

const ruleOf = ({ life, delay = ['none'] }: HistoryRule): LifeRule => ({
  code: 'R',
  name: 'rule',
  register: 'bonus',
  life: parseLife(life.join(':'))!,
  delay: parseDelay(delay.join(':'))!,
  lifeFrom: 'credit',
});

function accrual(amount: number, on: LocalDate, rule: LifeRule, source: string): BillingEffect {
  const { creditOn, writeOffOn } = findTerm(rule, on);
  return creditOn > on
    ? { balance: noBalance, rows: [], pending: [{ source, measure: 'bonus', creditOn, writeOffOn, amount }] }
    : { balance: { ...noBalance, bonus: amount }, rows: [{ measure: 'bonus', writeOffOn, amount }], pending: [] };
}

function effectOf(event: HistoryEvent, rules: readonly HistoryRule[], source: string): BillingEffect {
  if (event.redeem !== undefined) return { balance: { ...noBalance, bonus: -event.redeem }, rows: [], pending: [] };
  return accrual(event.accrue!, event.on as LocalDate, ruleOf(rules[event.rule!]!), source);
}

describe('whole histories with mixed rules', () => {
  test.each(
    histories.histories as unknown as readonly { seed: number; rules: HistoryRule[]; events: HistoryEvent[] }[],
  )('history $seed, event by event and reckoned at once', ({ rules, events }) => {
    const account = openAccount();
    const facts: BillingFact[] = [];
    let lastNightOn = '' as LocalDate;
    events.forEach((event, index) => {
      if (event.night === undefined) {
        const effect = effectOf(event, rules, String(index));
        addEffect(account, effect);
        const order = String(index).padStart(6, '0');
        facts.push({ on: event.on as LocalDate, order, what: { kind: 'document', effect } });
      } else {
        lastNightOn = event.night as LocalDate;
        const { writeOffs, credits } = applyNight(account, lastNightOn);
        expect(writeOffs.reduce((sum, { amount }) => sum + amount, 0)).toBe(event.writeOff);
        expect(credits.reduce((sum, { amount }) => sum + amount, 0)).toBe(event.credited);
      }
      expect(account.balance.bonus).toBe(event.balance);
    });
    const first = events.find(({ night }) => night !== undefined)!.night as LocalDate;
    expect(calculateAccount(facts, first, lastNightOn, policy)).toEqual(account);
  });
});

test('skipping nights that nothing can change gives what every night gives', () => {
  const start = '2026-01-01' as LocalDate;
  const fact = fc.record({
    day: fc.nat(60),
    amount: fc.integer({ min: -500, max: 1_000 }),
    measure: fc.constantFrom(...measureNames),
    life: fc.constantFrom('days:3', 'days:20', 'months:1', 'end_of_month:0', 'unlimited'),
    delay: fc.constantFrom('none', 'none', 'days:5', 'next_month'),
  });
  fc.assert(
    fc.property(fc.array(fact, { maxLength: 12 }), fc.nat(90), (given, nights) => {
      const facts = given.map(({ day, amount, measure, life, delay }, index): BillingFact => {
        const on = addDays(start, day);
        const { creditOn, writeOffOn } = findTerm({ ...ruleOf({ life: [life], delay: [delay] }) }, on);
        const balance = { ...noBalance, [measure]: amount };
        let effect: BillingEffect = { balance, rows: amount > 0 ? [{ measure, writeOffOn, amount }] : [], pending: [] };
        if (amount > 0 && creditOn > on) {
          effect = {
            balance: noBalance,
            rows: [],
            pending: [{ source: String(index), measure, creditOn, writeOffOn, amount }],
          };
        }
        return { on, order: String(index).padStart(3, '0'), what: { kind: 'document', effect } };
      });
      const account = openAccount();
      for (let day = 0; day <= 61 + nights; day += 1) {
        const on = addDays(start, day);
        if (day <= nights) applyNight(account, on);
        for (const { on: factOn, what } of facts) {
          if (factOn === on && what.kind === 'document') addEffect(account, what.effect);
        }
      }
      expectSame(calculateAccount(facts, start, addDays(start, nights), policy), account);
    }),
    { numRuns: 700 * depth, seed: fileSeed },
  );
});
