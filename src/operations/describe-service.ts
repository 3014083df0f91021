// Ping and GetServiceInfo: what this service is and how its infobase stands.
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import { resultCodes, type ResultCode } from '../ledger/result.ts';
import type { Infobase } from './infobase.ts';

export interface ServiceDescription {
  readonly code: ResultCode;
  readonly version: string;
  readonly serverAt: LocalDateTime;
  readonly stage: string;
  readonly billingEnabled: boolean;
  readonly billingStartAt: LocalDateTime | null;
  readonly hasSubscription: boolean;
}

/** Answers whether the infobase's database answers. */
export function ping(infobase: Infobase): Promise<{ readonly isAlive: boolean }> {
  return infobase.db.read(async (trx) => {
    await infobase.loadSettings(trx);
    return { isAlive: true };
  });
}

/** In stage cards the answer is code 8, with everything told all the same. */
export function describeService(infobase: Infobase, now: LocalDateTime, version: string): Promise<ServiceDescription> {
  return infobase.db.read(async (trx) => {
    const { stage } = await infobase.loadSettings(trx);
    return {
      code: stage === 'cards' ? resultCodes.moduleOff : resultCodes.done,
      version,
      serverAt: now,
      stage,
      billingEnabled: false,
      billingStartAt: null,
      hasSubscription: infobase.hasSubscription,
    };
  });
}
