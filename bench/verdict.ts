// Whether a figure reaches its goal, in words.

/** Not more, or not less, than a value. */
export interface Goal {
  readonly sort: 'least' | 'most';
  readonly value: number;
}

export interface Verdict {
  readonly verdict: string;
  /** Undefined where it is not judged. */
  readonly isReached: boolean | undefined;
}

export const notJudged: Verdict = { verdict: 'not judged', isReached: undefined };

/** A figure that misses its goal says by how many per cent of the goal; NaN is not judged. */
export function decide(figure: number, { sort, value }: Goal): Verdict {
  if (Number.isNaN(figure)) return notJudged;
  const over = sort === 'least' ? (value - figure) / value : (figure - value) / value;
  if (over <= 0) return { verdict: 'reached', isReached: true };
  return { verdict: `MISSED by ${(over * 100).toFixed(over < 0.1 ? 1 : 0)} %`, isReached: false };
}
