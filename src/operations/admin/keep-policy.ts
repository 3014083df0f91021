// Which backups of a schedule are kept: the newest of each of the last days, weeks and months that have one.
import { dateOf, daysBetween, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';

export interface KeepPolicy {
  readonly days: number;
  readonly weeks: number;
  readonly months: number;
}

const units = { d: 'days', w: 'weeks', m: 'months' } as const satisfies Readonly<Record<string, keyof KeepPolicy>>;

/** "7d,4w,12m", in any order; what is left out is 0. Undefined where it is not such a text, or keeps nothing. */
export function parseKeepPolicy(text: string): KeepPolicy | undefined {
  const policy = { days: 0, weeks: 0, months: 0 };
  for (const part of text.split(',')) {
    const [, count, unit] = /^([1-9]\d{0,2})([dwm])$/.exec(part.trim()) ?? [];
    if (unit === undefined) return undefined;
    const name = units[unit as keyof typeof units];
    if (policy[name] > 0) return undefined;
    policy[name] = Number(count);
  }
  return policy;
}

/** @returns those kept, the newest first; the newest of all is always among them. */
export function decideKept(moments: readonly LocalDateTime[], policy: KeepPolicy): LocalDateTime[] {
  const newestFirst = [...new Set(moments)].toSorted().toReversed();
  const kept = new Set([
    ...keepNewest(newestFirst, policy.days, dateOf),
    ...keepNewest(newestFirst, policy.weeks, (at) => nameWeek(dateOf(at))),
    ...keepNewest(newestFirst, policy.months, (at) => at.slice(0, 7)),
    ...newestFirst.slice(0, 1),
  ]);
  return newestFirst.filter((at) => kept.has(at));
}

/** The first, which is the newest, of each of the first so many periods. */
function keepNewest(
  newestFirst: readonly LocalDateTime[],
  periods: number,
  namePeriod: (at: LocalDateTime) => string,
): LocalDateTime[] {
  const newest = new Map<string, LocalDateTime>();
  for (const at of newestFirst) if (!newest.has(namePeriod(at))) newest.set(namePeriod(at), at);
  return [...newest.values()].slice(0, periods);
}

/** It is a Monday. */
const firstMonday = '0001-01-01' as LocalDate;

function nameWeek(date: LocalDate): string {
  return String(Math.floor(daysBetween(firstMonday, date) / 7));
}
