// Made-up figures of calls, as a run measures them.
import type { CallFigures } from '../../bench/measured.ts';

export function makeFigures(cpuMicroseconds: number, changed: Partial<CallFigures> = {}): CallFigures {
  return {
    cpuMicroseconds,
    cpuShare: 0.99,
    callsPerSecond: 1_000_000 / cpuMicroseconds,
    p50Ms: 1,
    p99Ms: 4,
    maxMs: 9,
    failures: 0,
    firstFailure: undefined,
    nextReceiptNumber: 0,
    busyShare: 0.5,
    heldUpShare: 0,
    ...changed,
  };
}
