// One finding of `kkm doctor`: what was looked at, how it is, and what to do about it.

export type Verdict = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly found: string;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}

export function ok(check: string, found: string): Finding {
  return { check, verdict: 'ok', found, remedy: null };
}

export function warn(check: string, found: string, remedy: string): Finding {
  return { check, verdict: 'warn', found, remedy };
}

export function fail(check: string, found: string, remedy: string): Finding {
  return { check, verdict: 'fail', found, remedy };
}
