// Ping and GetServiceInfo: what this service is and how its infobase stands.
import { startOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { ResultCode } from '../../ledger/result.ts';
import type { Infobase } from '../infobase.ts';
import { loadStanding } from '../standing.ts';

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

/** In a stage that refuses tills the answer has the refusal's code (8, 9, 10), and everything else is in it all the same. */
export function describeService(infobase: Infobase, now: LocalDateTime, version: string): Promise<ServiceDescription> {
  return infobase.db.read(async (trx) => {
    const { settings, billing, gate } = await loadStanding(trx, infobase);
    return {
      code: gate,
      version,
      serverAt: now,
      stage: settings.stage,
      billingEnabled: settings.stage === 'billing',
      billingStartAt: billing === undefined ? null : startOf(billing.startOn),
      hasSubscription: infobase.hasSubscription,
    };
  });
}
