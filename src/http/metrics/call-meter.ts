// What is counted of every request of the service: on the path of each call, so it adds to plain numbers and makes no text.
// One call costs 0.1 us (test/http/metrics says how it is measured). Everything that a client may choose is bounded.
import type { RequestReport } from '../../request-report.ts';

export const meteredDoors = ['soap', 'json', 'console'] as const;
export type MeteredDoor = (typeof meteredDoors)[number];

/** Seconds; a last count is of what took longer. A card read takes 0.1 ms, a receipt on a slow disk some 10 ms. */
export const durationBuckets = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/** Result codes are 0 to 14; the last places are of an answer without a code, and of codes that are unknown here. */
export const countedCodes = 30;
export const noCode = countedCodes;
export const otherCode = countedCodes + 1;
/** Place 0 is of clients that left before their answer. */
const countedStatuses = 600;
const bucketsMs = durationBuckets.map((seconds) => seconds * 1000);

/** More operations than all contracts and endpoints have; a further one is counted as `other`. */
export const operationLimit = 300;
/** The till that has been silent for the longest is dropped if there are more: any text may be a till's name. */
export const tillLimit = 500;
const shownTillCharacters = 64;
const none = 'none';
const other = 'other';

export interface OperationMeter {
  /** Answers by result code. */
  readonly codes: Float64Array;
  faults: number;
  defects: number;
  /** By `durationBuckets`, and one more. */
  readonly durations: Float64Array;
  seconds: number;
}

export interface DoorMeter {
  readonly operations: Map<string, OperationMeter>;
  /** Requests that got neither an answer nor a fault, by HTTP status. */
  readonly refusals: Float64Array;
}

export interface InfobaseMeter {
  readonly doors: Readonly<Record<MeteredDoor, DoorMeter>>;
  /** The machine's clock in milliseconds at the last call of each till; the one that was heard first stands first. */
  readonly tills: ReadonlyMap<string, number>;
}

interface OwnMeter extends InfobaseMeter {
  readonly tills: Map<string, number>;
}

export interface CallMeter {
  note(door: MeteredDoor, request: RequestReport): void;
  readonly infobases: ReadonlyMap<string, InfobaseMeter>;
}

const openDoorMeter = (): DoorMeter => ({ operations: new Map(), refusals: new Float64Array(countedStatuses) });

const openOperationMeter = (): OperationMeter => ({
  codes: new Float64Array(countedCodes + 2),
  faults: 0,
  defects: 0,
  durations: new Float64Array(bucketsMs.length + 1),
  seconds: 0,
});

/** @param readWallMs the machine's clock in milliseconds. */
export function meterCalls(readWallMs: () => number): CallMeter {
  const infobases = new Map<string, OwnMeter>();
  return {
    infobases,
    note(door, request) {
      let own = infobases.get(request.infobase);
      if (own === undefined) {
        own = { doors: { soap: openDoorMeter(), json: openDoorMeter(), console: openDoorMeter() }, tills: new Map() };
        infobases.set(request.infobase, own);
      }
      noteRequest(own.doors[door], request);
      if (request.kkm !== undefined && request.kkm !== '') noteTill(own.tills, request.kkm, readWallMs());
    },
  };
}

/** Each request is counted once: as a defect, a fault, a refusal or an answer. Its duration is counted in any case. */
function noteRequest(door: DoorMeter, request: RequestReport): void {
  const { status, code, durationMs } = request;
  const meter = findOperation(door, request.operation ?? none);
  let bucket = 0;
  while (bucket < bucketsMs.length && durationMs > (bucketsMs[bucket] as number)) bucket += 1;
  add(meter.durations, bucket);
  meter.seconds += durationMs / 1000;
  if (request.defect !== undefined) meter.defects += 1;
  else if (request.fault !== undefined) meter.faults += 1;
  else if (typeof code === 'number' && code < countedCodes) add(meter.codes, code >= 0 ? code : otherCode);
  else if (status < 200 || status >= 400) add(door.refusals, status < countedStatuses ? status : 0);
  else add(meter.codes, code === undefined ? noCode : otherCode);
}

function add(counts: Float64Array, place: number): void {
  counts[place] = (counts[place] as number) + 1;
}

function findOperation({ operations }: DoorMeter, name: string): OperationMeter {
  const known = operations.get(name);
  if (known !== undefined) return known;
  const kept = operations.size < operationLimit ? name : other;
  const meter = operations.get(kept) ?? openOperationMeter();
  operations.set(kept, meter);
  return meter;
}

function noteTill(tills: Map<string, number>, kkm: string, nowMs: number): void {
  const name = kkm.length > shownTillCharacters ? kkm.slice(0, shownTillCharacters) : kkm;
  // Put at the end again: the first is the one that has been silent for the longest.
  tills.delete(name);
  tills.set(name, nowMs);
  if (tills.size > tillLimit) tills.delete(tills.keys().next().value as string);
}
