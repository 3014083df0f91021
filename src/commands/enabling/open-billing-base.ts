// An infobase as the commands of billing need it: how its billing stands, and when its nights are due.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { readBillingStatus, type BillingStatus } from '../../operations/enabling/read-billing-status.ts';
import type { CommandIo } from '../command-io.ts';
import { readCommandConfig, withInfobase, type InfobaseFlags } from '../open-infobase.ts';

export interface BillingBase {
  readonly infobase: Infobase;
  readonly now: LocalDateTime;
  /** When the night of a date is due: "02:00:00". */
  readonly nightTime: string;
  readonly found: BillingStatus;
  /** How it stands after the work. */
  readonly readAgain: () => Promise<BillingStatus>;
  /** Where a backup is put that nobody has named a place for. */
  readonly backupDir: string;
}

/** Failed documents that are listed. */
const failedLimit = 20;

export function withBillingBase(
  io: CommandIo,
  flags: InfobaseFlags,
  work: (base: BillingBase) => Promise<number>,
): Promise<number> {
  const { nightSchedule, dataDir, backupDir = dataDir } = readCommandConfig(io, flags);
  const nightTime = nightSchedule.time;
  return withInfobase(io, flags, 'in bulk', async (infobase, clock) => {
    const now = clock.now();
    const readAgain = () => readBillingStatus(infobase, now, { limit: failedLimit, nightTime, nowMs: Date.now() });
    return work({ infobase, now, nightTime, found: await readAgain(), readAgain, backupDir });
  });
}
