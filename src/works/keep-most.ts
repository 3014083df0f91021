// The rows that weigh most of a long list, without holding the list.

export interface KeptMost<T> {
  add(row: T): void;
  /** The heaviest first. */
  list(): readonly T[];
}

/** As many rows more than are kept wait for a sort: one a row would take longer than what makes the rows. */
const sortEvery = 20;

export function keepMost<T>(limit: number, weigh: (row: T) => number): KeptMost<T> {
  let kept: T[] = [];
  const cut = (): void => {
    kept = kept.toSorted((a, b) => weigh(b) - weigh(a)).slice(0, limit);
  };
  return {
    add(row) {
      kept.push(row);
      if (kept.length >= limit * sortEvery) cut();
    },
    list() {
      cut();
      return kept;
    },
  };
}
