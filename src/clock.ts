// The infobase's clock: the wall clock of its time zone as 1C text. Only doors read it; below them time is an argument.
import type { LocalDateTime } from './ledger/local-date-time.ts';
import { openTimeZone } from './ledger/time-zone.ts';

export interface Clock {
  now(): LocalDateTime;
}

/**
 * The machine's time in an IANA time zone, whatever the host's own zone.
 * @throws RangeError for an unknown zone.
 */
export function systemClock(timeZone: string, readMs: () => number = Date.now): Clock {
  const zone = openTimeZone(timeZone);
  let knownSecond = Number.NaN;
  let knownNow = '' as LocalDateTime;
  return {
    now() {
      const second = Math.floor(readMs() / 1000);
      if (second !== knownSecond) {
        knownSecond = second;
        knownNow = new Date((second + zone.offsetAt(second)) * 1000).toISOString().slice(0, 19) as LocalDateTime;
      }
      return knownNow;
    },
  };
}

/** "2026-11-22T14:05:00.123Z", written once for all that happens in one millisecond: writing it takes 0.4 us. */
export function stampTimes(readMs: () => number): () => string {
  let knownMs = Number.NaN;
  let known = '';
  return () => {
    const ms = readMs();
    if (ms !== knownMs) {
      knownMs = ms;
      known = new Date(ms).toISOString();
    }
    return known;
  };
}

/**
 * The clock of an infobase. A test infobase's clock stays at the moment in its database until `kkm clock` moves it,
 * in every process that has the infobase open; until then holds do not expire and no night comes due. Any other infobase
 * uses the machine's time.
 */
export function clockOf(infobase: { readonly testNow: LocalDateTime | undefined }, machine: Clock): Clock {
  return { now: () => infobase.testNow ?? machine.now() };
}
