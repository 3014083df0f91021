// The infobase's clock: the wall clock of its time zone as 1C text. Only doors ask it; below them time is an argument.
import type { LocalDateTime } from './ledger/local-date-time.ts';

export interface Clock {
  now(): LocalDateTime;
}

/** Zones change their offset at quarter hours only, so one look-up of the zone serves a quarter of an hour. */
const quarterHourMs = 15 * 60_000;

/**
 * The machine's time in an IANA time zone, whatever the host's own zone.
 * @throws RangeError for an unknown zone.
 */
export function systemClock(timeZone: string, readMs: () => number = Date.now): Clock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  let knownQuarter = Number.NaN;
  let offsetMs = 0;
  let knownSecond = Number.NaN;
  let knownNow = '' as LocalDateTime;
  const findOffset = (ms: number): number => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
  };
  return {
    now() {
      const ms = readMs();
      const second = Math.floor(ms / 1000);
      if (second === knownSecond) return knownNow;
      const quarter = Math.floor(ms / quarterHourMs);
      if (quarter !== knownQuarter) {
        offsetMs = findOffset(quarter * quarterHourMs);
        knownQuarter = quarter;
      }
      knownSecond = second;
      knownNow = new Date(ms + offsetMs).toISOString().slice(0, 19) as LocalDateTime;
      return knownNow;
    },
  };
}

/**
 * The clock of an infobase. A test infobase's stands still at the moment kept in its database until `kkm clock` moves it,
 * in every process that has the infobase open; holds do not run out and no night comes meanwhile. Any other infobase
 * keeps the machine's time.
 */
export function clockOf(infobase: { readonly testNow: LocalDateTime | undefined }, machine: Clock): Clock {
  return { now: () => infobase.testNow ?? machine.now() };
}
