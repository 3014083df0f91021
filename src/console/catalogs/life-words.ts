// Rules of life in words, and what they would make of an accrual.
import { findTerm, neverOn, type Delay, type Life, type LifeRegister, type LifeTerms } from '../../ledger/life-rule.ts';
import { addDays, type LocalDate } from '../../ledger/local-date-time.ts';
import { countedRu, type Say } from '../say.ts';
import { showDate } from '../show.ts';

export function nameRegister(register: LifeRegister, say: Say): string {
  return register === 'bonus' ? say('бонусы', 'bonus') : say('накопления и чеки', 'accumulation and receipts');
}

export function nameDelay(delay: Delay, say: Say): string {
  switch (delay.sort) {
    case 'none':
      return say('сразу', 'at once');
    case 'next_month':
      return say('с 1-го числа следующего месяца', 'from the 1st of the next month');
    case 'days':
    case 'months':
      return say(
        `через ${countSpan(delay.sort, delay.count, say)}`,
        `after ${countSpan(delay.sort, delay.count, say)}`,
      );
  }
}

export function nameLife(life: Life, say: Say): string {
  switch (life.sort) {
    case 'unlimited':
      return say('бессрочно', 'without end');
    case 'fixed_date':
      return say(`до ${showDate(life.on)}`, `until ${showDate(life.on)}`);
    case 'days':
    case 'months':
    case 'years':
      return countSpan(life.sort, life.count, say);
    case 'end_of_month':
      return nameEnd(life.count, say('до конца месяца', 'to the end of the month'), 'months', say);
    case 'end_of_quarter':
      return nameEnd(life.count, say('до конца квартала', 'to the end of the quarter'), 'quarters', say);
    case 'end_of_year':
      return nameEnd(life.count, say('до конца года', 'to the end of the year'), 'years', say);
  }
}

const spans = {
  days: ['день', 'дня', 'дней'],
  months: ['месяц', 'месяца', 'месяцев'],
  quarters: ['квартал', 'квартала', 'кварталов'],
  years: ['год', 'года', 'лет'],
} as const;

type Span = keyof typeof spans;

function countSpan(sort: Span, count: number, say: Say): string {
  const [one, few, many] = spans[sort];
  return say(`${count} ${countedRu(count, one, few, many)}`, `${count} ${count === 1 ? sort.slice(0, -1) : sort}`);
}

function nameEnd(count: number, end: string, sort: Span, say: Say): string {
  return count === 0 ? end : `${end} ${say('и ещё', 'and')} ${countSpan(sort, count, say)}`;
}

/** What the rule would make of an accrual of that date. */
export function explainTerm(rule: LifeTerms, on: LocalDate, say: Say): string {
  const { creditOn, writeOffOn } = findTerm(rule, on);
  const credited = say(
    `Начисленное ${showDate(on)} зачисляется ${showDate(creditOn)}`,
    `An accrual of ${showDate(on)} is credited on ${showDate(creditOn)}`,
  );
  if (writeOffOn === neverOn) return `${credited} ${say('и не сгорает.', 'and never expires.')}`;
  const last = addDays(writeOffOn, -1);
  return say(
    `${credited}, последний день — ${showDate(last)}, сгорает ночью ${showDate(writeOffOn)}.`,
    `${credited}, can be spent up to ${showDate(last)} and is written off by the night of ${showDate(writeOffOn)}.`,
  );
}
