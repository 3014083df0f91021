// Rules of life on the worked examples, and the mistakes that are refused when a rule is saved.
import cases from '../../fixtures/ledger/life-rules.json';
import {
  findCreditDate,
  findRuleMistake,
  findTerm,
  findWriteOffDate,
  formatDelay,
  formatLife,
  neverOn,
  parseDelay,
  parseLife,
  type LifeRule,
} from '../../src/ledger/life-rule.ts';
import type { LocalDate } from '../../src/ledger/local-date-time.ts';

interface LifeCase {
  readonly from: string;
  readonly life?: { readonly kind: string; readonly n?: number };
  readonly delay?: { readonly kind: string; readonly n?: number };
  readonly writeOffDate?: string;
  readonly creditDate?: string;
}

const textOf = ({ kind, n }: { readonly kind: string; readonly n?: number }): string =>
  n === undefined ? kind : `${kind}:${n}`;

describe('worked examples of rules of life', () => {
  test.each((cases.cases as readonly LifeCase[]).filter(({ life }) => life !== undefined))(
    'from $from by $life to $writeOffDate',
    ({ from, life, writeOffDate }) => {
      const parsed = parseLife(textOf(life!));
      expect(findWriteOffDate(parsed!, from as LocalDate)).toBe(writeOffDate);
      expect(formatLife(parsed!)).toBe(textOf(life!));
    },
  );

  test.each((cases.cases as readonly LifeCase[]).filter(({ delay }) => delay !== undefined))(
    'from $from after $delay on $creditDate',
    ({ from, delay, creditDate }) => {
      const parsed = parseDelay(textOf(delay!));
      expect(findCreditDate(parsed!, from as LocalDate)).toBe(creditDate);
      expect(formatDelay(parsed!)).toBe(textOf(delay!));
    },
  );
});

const rule = (delay: string, life: string, lifeFrom: LifeRule['lifeFrom'] = 'credit'): LifeRule => ({
  code: 'R',
  name: 'rule',
  register: 'bonus',
  delay: parseDelay(delay)!,
  life: parseLife(life)!,
  lifeFrom,
});
const today = '2026-11-22' as LocalDate;

describe('the term of an accrual', () => {
  test('no rule is unlimited life without delay', () => {
    expect(findTerm(undefined, today)).toEqual({ creditOn: today, writeOffOn: neverOn });
  });

  test('life is counted from the credit, or from the operation', () => {
    expect(findTerm(rule('days:14', 'days:20'), today)).toEqual({ creditOn: '2026-12-06', writeOffOn: '2026-12-26' });
    expect(findTerm(rule('days:14', 'days:20', 'operation'), today)).toEqual({
      creditOn: '2026-12-06',
      writeOffOn: '2026-12-12',
    });
  });
});

describe('rules that cannot be', () => {
  test.each([
    ['days:14', 'days:14', 'operation'],
    ['months:1', 'days:30', 'operation'],
    ['next_month', 'end_of_month:0', 'operation'],
    ['none', 'fixed_date:2026-11-22', 'credit'],
    ['days:14', 'fixed_date:2026-12-01', 'credit'],
  ] as const)('delay %s, life %s from %s is refused with the reason', (delay, life, from) => {
    expect(findRuleMistake(rule(delay, life, from), today)).toMatch(/\d{4}-\d{2}-\d{2}/);
  });

  test.each([
    ['days:14', 'days:14', 'credit'],
    ['days:14', 'days:15', 'operation'],
    ['months:1', 'days:32', 'operation'],
    ['none', 'days:1', 'operation'],
    ['none', 'fixed_date:2026-11-23', 'credit'],
  ] as const)('delay %s, life %s from %s is kept', (delay, life, from) => {
    expect(findRuleMistake(rule(delay, life, from), today)).toBeUndefined();
  });

  test.each([
    '',
    'days',
    'days:0',
    'days:-1',
    'days:1.5',
    'days:99999',
    'weeks:1',
    'unlimited:1',
    'fixed_date:2026-02-30',
    'days:1:2',
  ])('life "%s" is not understood', (text) => expect(parseLife(text)).toBeUndefined());

  test.each(['', 'none:1', 'days:0', 'years:1', 'next_month:1'])('delay "%s" is not understood', (text) =>
    expect(parseDelay(text)).toBeUndefined(),
  );
});
