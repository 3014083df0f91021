// What is remembered of logins by address and name: after a few wrong passwords in a row the pair has to wait, longer each
// time, and a pair that has logged in before is known. Bounded, whatever names are tried.

export interface LoginRecord {
  /** How long the pair has to wait before its next password is looked at; 0 = not at all. */
  countWaitMs(pair: string, nowMs: number): number;
  /** Whether a login of the pair has succeeded. */
  isAcquainted(pair: string): boolean;
  noteSuccess(pair: string): void;
  noteFailure(pair: string, nowMs: number): void;
}

interface Failures {
  readonly count: number;
  readonly lastMs: number;
}

/** A person at a till mistypes so often without noticing anything. */
export const freeFailures = 5;
const firstWaitMs = 1_000;
const longestWaitMs = 60_000;
const forgottenAfterMs = 15 * 60_000;
const pairLimit = 10_000;

/** Address and name as one text; an address has no blanks. */
export function pairOf(address: string, name: string): string {
  return `${address} ${name.normalize('NFC')}`;
}

export function openLoginRecord(): LoginRecord {
  const failures = new Map<string, Failures>();
  const successes = new Set<string>();
  const findFailures = (pair: string, nowMs: number): Failures | undefined => {
    const known = failures.get(pair);
    return known === undefined || nowMs - known.lastMs >= forgottenAfterMs ? undefined : known;
  };
  return {
    countWaitMs(pair, nowMs) {
      const known = findFailures(pair, nowMs);
      if (known === undefined || known.count < freeFailures) return 0;
      const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (known.count - freeFailures));
      return Math.max(0, known.lastMs + waitMs - nowMs);
    },
    isAcquainted: (pair) => successes.has(pair),
    noteSuccess(pair) {
      failures.delete(pair);
      if (!successes.has(pair) && successes.size >= pairLimit) dropOldest(successes);
      successes.add(pair);
    },
    noteFailure(pair, nowMs) {
      const count = (findFailures(pair, nowMs)?.count ?? 0) + 1;
      // Put at the end again: what is dropped for want of room is what has failed longest ago.
      failures.delete(pair);
      if (failures.size >= pairLimit) dropOldest(failures);
      failures.set(pair, { count, lastMs: nowMs });
    },
  };
}

function dropOldest(entries: { keys(): Iterator<string>; delete(key: string): boolean }): void {
  const oldest = entries.keys().next();
  if (oldest.done !== true) entries.delete(oldest.value);
}
