// Logins that failed, counted by address and name: one log line a minute, of bounded length, for any number of
// attempts.
import type { FailedLogin } from './operations/admin/credentials.ts';
import { maskEnds } from './mask-ends.ts';
import { openLogPeriod, type RunLater } from './log-period.ts';

export interface FailedLoginsLine {
  readonly seconds: number;
  readonly count: number;
  /** Of these, the passwords that were not checked: too many waited, or the pair had to wait. */
  readonly unchecked: number;
  /** The pairs that failed most. */
  readonly by: readonly {
    readonly infobase: string;
    readonly address: string;
    readonly name: string;
    readonly count: number;
  }[];
  /** Failures of all other pairs. */
  readonly others: number;
}

export interface InfobaseFailure extends FailedLogin {
  readonly infobase: string;
}

const periodMs = 60_000;
/** Pairs counted one by one; all further pairs are counted together. */
const countedPairs = 1_000;
const shownPairs = 20;
const shownCharacters = 40;

export interface FailedLogins {
  note(failed: InfobaseFailure): void;
  /** Writes the counts so far. */
  end(): void;
}

interface CountedPair {
  readonly infobase: string;
  readonly address: string;
  readonly name: string;
  count: number;
}

/** @param write writes a line. */
export function countFailedLogins(write: (line: FailedLoginsLine) => void, runLater: RunLater): FailedLogins {
  let pairs = new Map<string, CountedPair>();
  let [count, unchecked] = [0, 0];
  const period = openLogPeriod(periodMs, runLater, () => {
    const by = [...pairs.values()].toSorted((a, b) => b.count - a.count).slice(0, shownPairs);
    const others = by.reduce((left, pair) => left - pair.count, count);
    const line = { seconds: periodMs / 1000, count, unchecked, by, others };
    pairs = new Map();
    [count, unchecked] = [0, 0];
    write(line);
  });
  return {
    note(failed) {
      count += 1;
      if (!failed.isChecked) unchecked += 1;
      const { infobase, address } = failed;
      const name = showName(failed);
      const key = JSON.stringify([infobase, address, name]);
      const known = pairs.get(key);
      if (known !== undefined) known.count += 1;
      else if (pairs.size < countedPairs) pairs.set(key, { infobase, address, name, count: 1 });
      period.begin();
    },
    end: () => period.end(),
  };
}

/**
 * A user's name is shown; of any other text only the ends, for people type passwords into the field of the name. Control
 * characters are written as their codes.
 */
function showName({ name, isKnownName }: FailedLogin): string {
  const characters = Array.from(name);
  const shown = isKnownName
    ? characters.slice(0, shownCharacters).join('') + (characters.length > shownCharacters ? '…' : '')
    : maskEnds(name);
  return shown.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
}
