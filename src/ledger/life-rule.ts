// Rules of life (domain 4): when an accrual is credited, and the write-off date D whose night takes what is left of it.
// The last day it can be spent is D - 1.
import { addDays, daysInMonth, parseTypedDate, type LocalDate } from './local-date-time.ts';

export type LifeRegister = 'bonus' | 'accumulation';

/** "none", or a count of days or months from the operation, or the first of the next month. */
export type Delay =
  { readonly sort: 'none' | 'next_month' } | { readonly sort: 'days' | 'months'; readonly count: number };

export type Life =
  | { readonly sort: 'unlimited' }
  | {
      readonly sort: 'days' | 'months' | 'years' | 'end_of_month' | 'end_of_quarter' | 'end_of_year';
      readonly count: number;
    }
  | { readonly sort: 'fixed_date'; readonly on: LocalDate };

/** What the dates of an accrual follow from. */
export interface LifeTerms {
  readonly delay: Delay;
  readonly life: Life;
  /** Whether life is counted from the credit date (default) or from the operation's. */
  readonly lifeFrom: 'credit' | 'operation';
}

export interface LifeRule extends LifeTerms {
  readonly code: string;
  readonly name: string;
  readonly register: LifeRegister;
}

/** An accrual's two dates; they are stored with it, so that a change of the rule affects new accruals only. */
export interface AccrualTerm {
  readonly creditOn: LocalDate;
  readonly writeOffOn: LocalDate;
}

/** Unlimited life is a far date, never an empty one: an empty date would burn the first night (E10). */
export const neverOn = '3999-12-31' as LocalDate;

/**
 * The last date there is. A till's clock may show any date before it, and a rule of a hundred years at most must not
 * reach beyond it: one receipt would block the queue of its till for ever.
 */
const lastOn = '9999-12-31' as LocalDate;
const centuryBeforeLastOn = '9899-12-31' as LocalDate;

function addDaysOfRule(date: LocalDate, days: number): LocalDate {
  return date > centuryBeforeLastOn ? lastOn : addDays(date, days);
}

function addMonths(date: LocalDate, months: number): LocalDate {
  const index = Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1 + months;
  const year = Math.floor(index / 12);
  if (year > 9999) return lastOn;
  const month = (index % 12) + 1;
  const day = Math.min(Number(date.slice(8, 10)), daysInMonth(year, month));
  return formatDate(year, month, day);
}

function formatDate(year: number, month: number, day: number): LocalDate {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  return text as LocalDate;
}

/** The first day after the period of `months` months (1, 3 or 12) that holds the date. */
function startOfNext(date: LocalDate, months: 1 | 3 | 12): LocalDate {
  const year = Number(date.slice(0, 4));
  const month = Number(date.slice(5, 7)) - 1;
  const next = year * 12 + month - (month % months) + months;
  if (next >= 120_000) return lastOn;
  return formatDate(Math.floor(next / 12), (next % 12) + 1, 1);
}

/** The credit date of an accrual whose operation has that date. */
export function findCreditDate(delay: Delay, operationOn: LocalDate): LocalDate {
  switch (delay.sort) {
    case 'none':
      return operationOn;
    case 'next_month':
      return startOfNext(operationOn, 1);
    case 'days':
      return addDaysOfRule(operationOn, delay.count);
    case 'months':
      return addMonths(operationOn, delay.count);
  }
}

/** The write-off date of a life that is counted from that date. */
export function findWriteOffDate(life: Life, from: LocalDate): LocalDate {
  switch (life.sort) {
    case 'unlimited':
      return neverOn;
    case 'fixed_date':
      return life.on;
    case 'days':
      return addDaysOfRule(from, life.count);
    case 'months':
      return addMonths(from, life.count);
    case 'years':
      return addMonths(from, life.count * 12);
    case 'end_of_month':
      return startOfNext(addMonths(from, life.count), 1);
    case 'end_of_quarter':
      return startOfNext(addMonths(from, life.count * 3), 3);
    case 'end_of_year':
      return startOfNext(addMonths(from, life.count * 12), 12);
  }
}

/** Without a rule, life is unlimited and there is no delay. */
export function findTerm(rule: LifeTerms | undefined, operationOn: LocalDate): AccrualTerm {
  if (rule === undefined) return { creditOn: operationOn, writeOffOn: neverOn };
  const creditOn = findCreditDate(rule.delay, operationOn);
  const from = rule.lifeFrom === 'credit' ? creditOn : operationOn;
  return { creditOn, writeOffOn: findWriteOffDate(rule.life, from) };
}

/**
 * The term of a sum that is credited at once, whatever delay the rule has (DECIDED): a sum from before billing, its life
 * counted from the start date, and bonus that a return gives back, its life counted from the return's date.
 */
export function findUndelayedTerm(rule: LifeRule | undefined, creditOn: LocalDate): AccrualTerm {
  return { creditOn, writeOffOn: rule === undefined ? neverOn : findWriteOffDate(rule.life, creditOn) };
}

const greatestCounts: Readonly<Record<string, number>> = {
  days: 36_500,
  months: 1_200,
  years: 100,
  end_of_month: 1_200,
  end_of_quarter: 400,
  end_of_year: 100,
};

function parseCount(text: string | undefined, sort: string): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const count = Number(text);
  const least = sort.startsWith('end_of') ? 0 : 1;
  return count >= least && count <= (greatestCounts[sort] ?? 0) ? count : undefined;
}

/** "none", "days:14", "months:1", "next_month"; undefined for anything else. */
export function parseDelay(text: string): Delay | undefined {
  const [sort = '', count, ...rest] = text.split(':');
  if (rest.length > 0) return undefined;
  if (sort === 'none' || sort === 'next_month') return count === undefined ? { sort } : undefined;
  if (sort !== 'days' && sort !== 'months') return undefined;
  const parsed = parseCount(count, sort);
  return parsed === undefined ? undefined : { sort, count: parsed };
}

/** "unlimited", "days:20", "end_of_month:0", "fixed_date:2027-01-01"; undefined for anything else. */
export function parseLife(text: string): Life | undefined {
  const [sort = '', given, ...rest] = text.split(':');
  if (rest.length > 0) return undefined;
  if (sort === 'unlimited') return given === undefined ? { sort } : undefined;
  if (sort === 'fixed_date') {
    const on = parseTypedDate(given ?? '');
    return on === undefined ? undefined : { sort, on };
  }
  if (!Object.hasOwn(greatestCounts, sort)) return undefined;
  const count = parseCount(given, sort);
  return count === undefined ? undefined : ({ sort, count } as Life);
}

export function formatDelay(delay: Delay): string {
  return 'count' in delay ? `${delay.sort}:${delay.count}` : delay.sort;
}

export function formatLife(life: Life): string {
  if (life.sort === 'fixed_date') return `fixed_date:${life.on}`;
  return 'count' in life ? `${life.sort}:${life.count}` : life.sort;
}

/** Four years and a day: every month length, leap day and year end that a rule can reach. */
const daysTried = 1_462;

/**
 * Why a rule cannot be kept, or undefined: a fixed date that has come, or a delay that reaches the end of a life counted
 * from the operation, so that the sum would be credited only to burn.
 */
export function findRuleMistake(rule: LifeRule, today: LocalDate): string | undefined {
  if (rule.life.sort === 'fixed_date') {
    const firstCredit = findCreditDate(rule.delay, today);
    if (rule.life.on <= firstCredit) {
      return `the fixed date ${rule.life.on} is not after ${firstCredit}, the first date a sum could be credited`;
    }
    return undefined;
  }
  if (rule.lifeFrom === 'credit' || rule.delay.sort === 'none') return undefined;
  for (let shift = 0, on = today; shift < daysTried; shift += 1, on = addDays(on, 1)) {
    const { creditOn, writeOffOn } = findTerm(rule, on);
    if (writeOffOn <= creditOn) {
      return `the delay reaches the life: of ${on} it credits on ${creditOn}, and writes off on ${writeOffOn}`;
    }
  }
  return undefined;
}
