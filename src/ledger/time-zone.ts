// A time zone by its IANA name: what its wall clock shows at a moment. The moment is always an argument. Moments that name
// a zone arrive on the wire and on the command line; inside, a moment is the infobase's wall clock (LocalDateTime).
import { fromSeconds, parseLocalDateTime, toSeconds, type LocalDateTime } from './local-date-time.ts';

export interface TimeZone {
  readonly name: string;
  /** Seconds by which the wall clock is ahead of UTC at a moment; the moment in seconds since 1970-01-01T00:00:00Z. */
  readonly offsetAt: (epochSeconds: number) => number;
  /**
   * "2026-11-22T10:11:12+05:00" by this zone's wall clock, a fraction of a second dropped. When clocks are set back, two
   * moments have the same text. Undefined for a text without a zone, and for a moment outside the years 1 to 9999.
   */
  readonly toLocal: (zoned: string) => LocalDateTime | undefined;
}

const known = new Map<string, TimeZone>();

/** @throws RangeError for an unknown zone. */
export function openTimeZone(name: string): TimeZone {
  // Its formatter takes an eighth of a millisecond to make, and every infobase asks for one.
  const zone = known.get(name) ?? makeTimeZone(name);
  known.set(name, zone);
  return zone;
}

function makeTimeZone(name: string): TimeZone {
  const offsetAt = rememberOffsets(compileOffset(name));
  return {
    name,
    offsetAt,
    toLocal(zoned) {
      const epochSeconds = parseZoned(zoned);
      return epochSeconds === undefined ? undefined : fromSeconds(epochSeconds + offsetAt(epochSeconds));
    },
  };
}

const zonedForm = /^(.{19})(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/;
/** The schema's bound: a zone is at most 14 hours away from UTC. */
const farthestMinutes = 14 * 60;

/** Seconds since 1970-01-01T00:00:00Z of "2026-11-22T10:11:12Z" or "...+05:00"; undefined for any other text. */
function parseZoned(text: string): number | undefined {
  const [, wallText = '', sign, hours = '0', minutes = '0'] = zonedForm.exec(text) ?? [];
  const wall = parseLocalDateTime(wallText);
  const offsetMinutes = Number(hours) * 60 + Number(minutes);
  if (wall === undefined || offsetMinutes > farthestMinutes || Number(minutes) > 59) return undefined;
  return toSeconds(wall) - (sign === '-' ? -60 : 60) * offsetMinutes;
}

type FindOffset = (epochSeconds: number) => number;

const offsetForm = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

/** The platform's own tables: ICU names the offset, with seconds for a town that kept its own mean time. */
function compileOffset(timeZone: string): FindOffset {
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (epochSeconds) => {
    const text = format.format(epochSeconds * 1000);
    const [whole, sign, hours = '0', minutes = '0', seconds = '0'] = offsetForm.exec(text) ?? [];
    if (whole === undefined) throw new Error(`the offset of ${timeZone} cannot be read from "${text}"`);
    const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
    return sign === '-' ? -offset : offset;
  };
}

const quarterSeconds = 15 * 60;
/** A month and a half of quarter hours: more than an offline queue of receipts spans. */
const mostQuarters = 4096;

/**
 * One look-up serves a quarter of an hour, where the offset is the same at both its ends: zones change at whole quarters
 * today, but not all did (Saint John's at one minute after midnight, towns of mean time at any second).
 */
function rememberOffsets(find: FindOffset): FindOffset {
  const offsets = new Map<number, number>();
  return (epochSeconds) => {
    const quarter = Math.floor(epochSeconds / quarterSeconds);
    const remembered = offsets.get(quarter);
    if (remembered !== undefined) return remembered;
    const offset = find(quarter * quarterSeconds);
    if (offset !== find((quarter + 1) * quarterSeconds - 1)) return find(epochSeconds);
    if (offsets.size >= mostQuarters) offsets.clear();
    offsets.set(quarter, offset);
    return offset;
  };
}
