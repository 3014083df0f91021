// Facts of a report, grouped by what its rows are of.
import { addDays, daysBetween, type LocalDate } from '../../ledger/local-date-time.ts';
import type { Grouping } from './report-scope.ts';

/** What a row is of: one of the four is set, none in a row of totals. A shop of null is no shop. */
export interface GroupKey {
  readonly cardNumber: string | null;
  /** With a card, the kind that it has now. */
  readonly kindCode: string | null;
  readonly shopCode: string | null;
  /** The day, or the first day of the week or month. */
  readonly on: LocalDate | null;
}

export const noKey: GroupKey = { cardNumber: null, kindCode: null, shopCode: null, on: null };

export function keyOf(by: Grouping, fact: GroupKey & { readonly on: LocalDate }): GroupKey {
  switch (by) {
    case 'card':
      return { ...noKey, cardNumber: fact.cardNumber, kindCode: fact.kindCode };
    case 'kind':
      return { ...noKey, kindCode: fact.kindCode };
    case 'shop':
      return { ...noKey, shopCode: fact.shopCode };
    case 'day':
    case 'week':
    case 'month':
      return { ...noKey, on: beginOf(by, fact.on) };
    case 'total':
      return noKey;
  }
}

const aMonday = '2001-01-01' as LocalDate;

/** Weeks begin on Monday. */
function beginOf(by: 'day' | 'week' | 'month', on: LocalDate): LocalDate {
  if (by === 'day') return on;
  if (by === 'month') return `${on.slice(0, 8)}01` as LocalDate;
  return addDays(on, -(((daysBetween(aMonday, on) % 7) + 7) % 7));
}

/** Rows of a report are in the order of these texts, save for cards: they are in the order they were added. */
export function cursorOf({ cardNumber, kindCode, shopCode, on }: GroupKey): string {
  return cardNumber ?? kindCode ?? shopCode ?? on ?? '';
}

export interface Group<S> {
  readonly key: GroupKey;
  readonly sums: S;
}

/** How facts are added up: what a fact is of, an empty sum, and the adding of a fact. */
export interface Adding<F, S> {
  /** Undefined = the fact is not in the report. */
  readonly keyOf: (fact: F) => GroupKey | undefined;
  readonly open: () => S;
  readonly add: (sums: S, fact: F) => void;
}

/** Facts come card after card: a group is over where the next begins, and memory holds one piece. */
export async function* groupByCard<F, S>(
  pieces: AsyncIterable<readonly F[]>,
  adding: Adding<F, S>,
): AsyncGenerator<readonly Group<S>[]> {
  let current: Group<S> | undefined;
  for await (const facts of pieces) {
    const done: Group<S>[] = [];
    for (const fact of facts) {
      const key = adding.keyOf(fact);
      if (key === undefined) continue;
      if (current?.key.cardNumber !== key.cardNumber) {
        if (current !== undefined) done.push(current);
        current = { key, sums: adding.open() };
      }
      adding.add(current.sums, fact);
    }
    yield done;
  }
  if (current !== undefined) yield [current];
}

/** All groups at the end, in the order of their keys: there are few of them. Totals are there even where nothing is added. */
export async function groupByKey<F, S>(
  by: Exclude<Grouping, 'card'>,
  pieces: AsyncIterable<readonly F[]>,
  adding: Adding<F, S>,
): Promise<readonly Group<S>[]> {
  const groups = new Map<string, Group<S>>();
  if (by === 'total') groups.set(cursorOf(noKey), { key: noKey, sums: adding.open() });
  for await (const facts of pieces) {
    for (const fact of facts) {
      const key = adding.keyOf(fact);
      if (key === undefined) continue;
      const text = cursorOf(key);
      let group = groups.get(text);
      if (group === undefined) groups.set(text, (group = { key, sums: adding.open() }));
      adding.add(group.sums, fact);
    }
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, group]) => group);
}
