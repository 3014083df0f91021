// Calls and failed logins, from what was counted while they came.
import {
  countedCodes,
  durationBuckets,
  meteredDoors,
  noCode,
  type CallMeter,
  type InfobaseMeter,
  type OperationMeter,
} from './call-meter.ts';
import type { Families } from './families.ts';

export function fillCalls(families: Families['calls'], meter: CallMeter): void {
  for (const [infobase, own] of meter.infobases) fillInfobase(families, infobase === '' ? '-' : infobase, own);
}

function fillInfobase(families: Families['calls'], infobase: string, { doors, tills }: InfobaseMeter): void {
  for (const door of meteredDoors) {
    const { operations, refusals } = doors[door];
    for (const [operation, one] of operations) fillOperation(families, { infobase, door, operation }, one);
    for (const [status, count] of refusals.entries()) {
      if (count > 0) families.refusals.inc({ infobase, door, status: String(status) }, count);
    }
  }
  for (const [kkm, atMs] of tills) families.tills.set({ infobase, kkm }, atMs / 1000);
}

function fillOperation(families: Families['calls'], labels: Record<string, string>, one: OperationMeter): void {
  const { codes, faults, defects, durations, seconds } = one;
  for (const [place, count] of codes.entries()) {
    if (count > 0) families.calls.inc({ ...labels, code: nameCode(place) }, count);
  }
  // Zeros too: Prometheus sees no increase in a series that begins with its first fault.
  families.faults.inc({ ...labels, kind: 'fault' }, faults);
  families.faults.inc({ ...labels, kind: 'defect' }, defects);
  families.durations.set(labels, { bounds: durationBuckets, counts: durations, sum: seconds });
}

function nameCode(place: number): string {
  if (place < countedCodes) return String(place);
  return place === noCode ? 'none' : 'other';
}
