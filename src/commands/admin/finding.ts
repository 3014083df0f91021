// One finding of `kkm doctor`: what was looked at, how it is, and what to do about it.

export type Verdict = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly told: string;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}

export function ok(check: string, told: string): Finding {
  return { check, verdict: 'ok', told, remedy: null };
}

export function warn(check: string, told: string, remedy: string): Finding {
  return { check, verdict: 'warn', told, remedy };
}

export function fail(check: string, told: string, remedy: string): Finding {
  return { check, verdict: 'fail', told, remedy };
}
