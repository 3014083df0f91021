// One finding of `kkm doctor`: what was looked at, how it is, and what to do about it.

/** Every check there is; docs/doctor.md has a row for each. */
export const checkNames = [
  'node',
  'variables',
  'password',
  'data folder',
  'modes',
  'free space',
  'database',
  'integrity',
  'commits',
  'schema',
  'users',
  'hashes',
  'card kinds',
  'cards',
  'balances',
  'database file',
  'clock',
  'clock jump',
  'time zone',
  'nights',
  'tills',
  'switching',
  'leases',
  'seals',
  'service',
  'backup',
  'exchange',
  'contract',
  'certificate',
  'key',
] as const;
export type CheckName = (typeof checkNames)[number];

export type Verdict = 'ok' | 'warn' | 'fail';

export interface Finding {
  readonly check: CheckName;
  readonly verdict: Verdict;
  readonly found: string;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}

export function ok(check: CheckName, found: string): Finding {
  return { check, verdict: 'ok', found, remedy: null };
}

export function warn(check: CheckName, found: string, remedy: string): Finding {
  return { check, verdict: 'warn', found, remedy };
}

export function fail(check: CheckName, found: string, remedy: string): Finding {
  return { check, verdict: 'fail', found, remedy };
}
