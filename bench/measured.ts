// What a run of `npm run bench` has measured.
import type { LoadFigures } from './load.ts';
import type { CallKind } from './requests.ts';
import type { ServerName } from './servers.ts';

export interface CallFigures extends LoadFigures {
  /** Processor time of the server per call; NaN where the system does not tell it. */
  readonly cpuMicroseconds: number;
  /** The part of one core that the server had. */
  readonly cpuShare: number;
}

/** Calls about cards with many rows or a long history, which only the service answers. */
export const longCalls = ['richCard', 'tenOnline', 'dayOnline', 'tenBilling', 'dayBilling'] as const;
export type LongCall = (typeof longCalls)[number];

export interface Round {
  readonly full: Partial<Record<CallKind, Partial<Record<ServerName, CallFigures>>>>;
  /** The service and the ceiling at the same rate. */
  readonly half: Partial<Record<CallKind, Readonly<Record<'service' | 'ceiling', CallFigures>>>>;
  readonly long: Partial<Record<LongCall, CallFigures>>;
}

export interface Measured {
  readonly cards: number;
  readonly tills: number;
  readonly hasCores: boolean;
  readonly fsyncMs: number;
  /** Why PHP was not measured. */
  readonly phpLack: string | undefined;
  readonly readyMs: number;
  readonly idleBytes: number | undefined;
  readonly busyBytes: number | undefined;
  readonly rounds: readonly Round[];
}
