// The order of dates, times and moments, for the ranges of a schema. They are compared as seconds of one calendar, in UTC
// where both name a zone, otherwise by their wall clocks: 1C's dates have no zone.
import type { ScalarKind } from './schema.ts';

const comparableKinds: ReadonlySet<ScalarKind> = new Set(['dateTime', 'date', 'time', 'gYear', 'gYearMonth']);

export function isComparableKind(kind: ScalarKind): boolean {
  return comparableKinds.has(kind);
}

const form = /^(?:(-?\d{4,})(?:-(\d\d))?(?:-(\d\d))?)?T?(?:(\d\d):(\d\d):(\d\d)(\.\d+)?)?(?:(Z)|([+-])(\d\d):(\d\d))?$/;

interface Moment {
  readonly seconds: number;
  /** Seconds east of UTC; undefined without a zone. */
  readonly zone: number | undefined;
}

/** Days from 0000-03-01 in the Gregorian calendar: leap days stand at the end of such years. */
function countDays(year: number, month: number, day: number): number {
  const shifted = month < 3 ? year - 1 : year;
  const century = Math.floor(shifted / 100);
  const leapDays = Math.floor(shifted / 4) - century + Math.floor(century / 4);
  return 365 * shifted + leapDays + Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day;
}

function number(piece: string | undefined, none: number): number {
  return piece === undefined ? none : Number(piece);
}

function parseMoment(text: string): Moment {
  const [, year, month, day, hours, minutes, seconds, fraction, utc, sign, zoneHours, zoneMinutes] = form.exec(text)!;
  const days = countDays(number(year, 1), number(month, 1), number(day, 1));
  const clock = (number(hours, 0) * 60 + number(minutes, 0)) * 60 + number(seconds, 0) + number(fraction, 0);
  const offset = (number(zoneHours, 0) * 60 + number(zoneMinutes, 0)) * 60 * (sign === '-' ? -1 : 1);
  return { seconds: days * 86_400 + clock, zone: utc === undefined && sign === undefined ? undefined : offset };
}

export function compareMoments(a: string, b: string): number {
  const [x, y] = [parseMoment(a), parseMoment(b)];
  if (x.zone === undefined || y.zone === undefined) return x.seconds - y.seconds;
  return x.seconds - x.zone - (y.seconds - y.zone);
}
