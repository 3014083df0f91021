// What an administrator keeps an eye on: work that was cut off, leases, clocks, hashes of passwords, seals, the exchange.
import { findExclusiveMode, type ExclusiveMode } from '../../db/admin/exclusive-mode.ts';
import { findLastMoments } from '../../db/admin/last-moments.ts';
import { listServices } from '../../db/admin/service.ts';
import { listUsers } from '../../db/admin/service-user.ts';
import { findEnabling, type Enabling } from '../../db/enabling/enabling.ts';
import { listExchangeTroubles, type StandingTrouble } from '../../db/exchange/exchange-trouble.ts';
import { findStandingHolder, listLeases, type StandingLease } from '../../db/lease.ts';
import { findLastSeal, type Seal } from '../../db/seals/seal.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import { billingLease } from '../enabling/enabling-steps.ts';
import type { Infobase } from '../infobase.ts';
import { findDueSeal } from '../seals/find-due-seal.ts';
import { judgeHash } from './password.ts';

export type { StandingLease } from '../../db/lease.ts';

export interface OldHash {
  readonly user: string;
  /** Whether a login can be checked against it. */
  readonly isReadable: boolean;
}

export interface Upkeep {
  readonly exclusive: ExclusiveMode | null;
  readonly enabling: Enabling | null;
  /** Who switches billing on or off now. */
  readonly billingHolder: string | null;
  readonly leases: readonly StandingLease[];
  readonly services: readonly { readonly timeZone: string; readonly isUp: boolean }[];
  readonly oldHashes: readonly OldHash[];
  /** By the infobase's clock. */
  readonly lastDocumentAt: LocalDateTime | null;
  /** By the machine's clock. */
  readonly lastChangeAt: LocalDateTime | null;
  /** The last seal, and the day up to which days are to be sealed; null = none is due now. */
  readonly seals: { readonly last: Seal | null; readonly dueOn: LocalDate | null };
  readonly exchangeTroubles: readonly StandingTrouble[];
}

export interface UpkeepQuestion {
  readonly now: LocalDateTime;
  readonly nowMs: number;
  readonly nightTime: string;
}

export function readUpkeep(infobase: Infobase, { now, nowMs, nightTime }: UpkeepQuestion): Promise<Upkeep> {
  return infobase.db.read(async (trx) => {
    const due = await findDueSeal(infobase, trx, now, nightTime);
    const hashes = (await listUsers(trx)).map(({ name, passwordHash }) => ({
      user: name,
      hash: judgeHash(passwordHash),
    }));
    return {
      exclusive: (await findExclusiveMode(trx)) ?? null,
      enabling: (await findEnabling(trx)) ?? null,
      billingHolder: (await findStandingHolder(trx, billingLease, nowMs)) ?? null,
      leases: await listLeases(trx),
      services: (await listServices(trx)).map(({ timeZone, untilMs }) => ({ timeZone, isUp: untilMs >= nowMs })),
      oldHashes: hashes
        .filter(({ hash }) => hash !== 'current')
        .map(({ user, hash }) => ({ user, isReadable: hash === 'weaker' })),
      ...(await findLastMoments(trx)),
      seals: { last: (await findLastSeal(trx)) ?? null, dueOn: due.code === 'due' ? due.businessOn : null },
      exchangeTroubles: await listExchangeTroubles(trx),
    };
  });
}
