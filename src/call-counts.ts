// What is counted of the calls of each infobase since the service was started: by hour and result, and the last call of each
// till. In memory, and bounded: the log has every call.
import { addSeconds, type LocalDateTime } from './ledger/local-date-time.ts';

/** The calls of one hour: "2026-11-22T14". */
export interface HourCount {
  readonly hour: string;
  readonly calls: number;
  /** Answered with a code other than 0, a fault or an HTTP status other than 200. */
  readonly refused: number;
}

export interface TillCall {
  readonly kkm: string;
  readonly at: LocalDateTime;
  readonly operation: string;
  readonly calls: number;
}

export interface CountedCalls {
  readonly sinceAt: LocalDateTime;
  /** The last 24 hours, oldest first; hours without a call too. */
  readonly hours: readonly HourCount[];
  readonly today: { readonly calls: number; readonly refused: number };
  /** Today's calls by result: a code, `fault` or an HTTP status. */
  readonly results: ReadonlyMap<string, number>;
  /** Those that have been silent for the longest first. */
  readonly tills: readonly TillCall[];
}

/** What is known of a finished call. */
export interface CountedCall {
  readonly infobase: string;
  readonly status: number;
  readonly operation?: string;
  readonly code?: unknown;
  readonly fault?: string;
  readonly kkm?: string;
}

export interface CallCounts {
  note(call: CountedCall): void;
  describe(infobase: string): CountedCalls;
}

const hoursKept = 24;
/** The till that has been silent for the longest is dropped if there are more: any text may be a till's name. */
const tillLimit = 1_000;

interface Hour {
  calls: number;
  refused: number;
  /** By code, HTTP status or `fault`. */
  readonly results: Map<number | string, number>;
}

interface Till {
  at: LocalDateTime;
  operation: string;
  calls: number;
}

interface Counted {
  readonly hours: Map<string, Hour>;
  readonly tills: Map<string, Till>;
  /** The moment of the last call, and its hour: the next is most often of the same second. */
  lastAt: LocalDateTime | undefined;
  hour: Hour;
  lastTill: Till | undefined;
  lastKkm: string;
}

const openCounted = (): Counted => ({
  hours: new Map(),
  tills: new Map(),
  lastAt: undefined,
  hour: { calls: 0, refused: 0, results: new Map() },
  lastTill: undefined,
  lastKkm: '',
});

/** Takes well under a microsecond. @param readNow the machine's clock: that of a test infobase stands still. */
export function countCalls(readNow: () => LocalDateTime): CallCounts {
  const sinceAt = readNow();
  const counted = new Map<string, Counted>();
  return {
    note(call) {
      let own = counted.get(call.infobase);
      if (own === undefined) counted.set(call.infobase, (own = openCounted()));
      const now = readNow();
      if (now !== own.lastAt) {
        own.lastAt = now;
        own.hour = findHour(own, now.slice(0, 13));
      }
      noteResult(own.hour, call);
      const { kkm = '', operation = '' } = call;
      if (kkm !== '') noteTill(own, now, kkm, operation);
    },
    describe(infobase) {
      return describeCounted(counted.get(infobase) ?? openCounted(), sinceAt, readNow());
    },
  };
}

function findHour({ hours }: Counted, name: string): Hour {
  let hour = hours.get(name);
  if (hour === undefined) {
    hours.set(name, (hour = { calls: 0, refused: 0, results: new Map() }));
    if (hours.size > hoursKept) hours.delete(hours.keys().next().value as string);
  }
  return hour;
}

function noteResult(hour: Hour, { status, code, fault }: CountedCall): void {
  const result = fault !== undefined ? 'fault' : ((code as number | undefined) ?? status);
  hour.calls += 1;
  if (result !== 0 && result !== 200) hour.refused += 1;
  hour.results.set(result, (hour.results.get(result) ?? 0) + 1);
}

function noteTill(own: Counted, at: LocalDateTime, kkm: string, operation: string): void {
  let till = own.lastTill;
  if (till === undefined || own.lastKkm !== kkm) {
    const { tills } = own;
    till = tills.get(kkm) ?? { at, operation, calls: 0 };
    // Put at the end again: the first is the one that has been silent for the longest.
    tills.delete(kkm);
    tills.set(kkm, till);
    if (tills.size > tillLimit) tills.delete(tills.keys().next().value as string);
    own.lastTill = till;
    own.lastKkm = kkm;
  }
  till.at = at;
  till.operation = operation;
  till.calls += 1;
}

function describeCounted({ hours, tills }: Counted, sinceAt: LocalDateTime, now: LocalDateTime): CountedCalls {
  const names = Array.from({ length: hoursKept }, (_, index) =>
    addSeconds(now, (index + 1 - hoursKept) * 3_600).slice(0, 13),
  );
  const results = new Map<string, number>();
  const today = { calls: 0, refused: 0 };
  for (const [name, hour] of hours) {
    if (!name.startsWith(now.slice(0, 10))) continue;
    today.calls += hour.calls;
    today.refused += hour.refused;
    for (const [result, count] of hour.results) {
      results.set(String(result), (results.get(String(result)) ?? 0) + count);
    }
  }
  return {
    sinceAt,
    hours: names.map((hour) => {
      const { calls = 0, refused = 0 } = hours.get(hour) ?? {};
      return { hour, calls, refused };
    }),
    today,
    results,
    tills: [...tills].map(([kkm, till]) => ({ kkm, ...till })),
  };
}
