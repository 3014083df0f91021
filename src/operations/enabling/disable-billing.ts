// Switching billing off (SEED: «все документы биллинга и данные сальдо будут физически уничтожены», after three
// confirmations): tills out, a backup on the disk, and one transaction that destroys it all and serves the tills again.
import { countBillingRemains, removeBilling, type BillingRemains } from '../../db/enabling/billing-removal.ts';
import { findBillingState } from '../../db/billing/billing-state.ts';
import type { Trx } from '../../db/db.ts';
import { findEnabling } from '../../db/enabling/enabling.ts';
import {
  enterExclusiveMode,
  findExclusiveMode,
  leaveExclusiveMode,
  type ExclusiveMode,
} from '../../db/admin/exclusive-mode.ts';
import { saveSetting } from '../../db/admin/setting.ts';
import { explainBackup, nameBackup, type BackUp } from '../admin/make-backup.ts';
import { recordChange } from '../admin/record-change.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { findNightFrom } from '../../ledger/night-moment.ts';
import { billingLease } from './enabling-steps.ts';
import type { Infobase } from '../infobase.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { releaseRunnerLease, takeRunnerLease, type Held, type Runner } from '../runner-lease.ts';

/** The three confirmations: that it is this infobase, that its billing is destroyed, where the backup goes. */
export const confirmations = ['1', '2', '3'] as const;

/** A copy that takes hours may outlast the lease: then the exclusive mode shows whether anything has changed. */
export interface DisablingOptions extends Runner {
  /** A file that does not exist yet. */
  readonly backupFile: string;
  /** Here, or in a thread of its own where tills of other infobases are served meanwhile. */
  readonly backUp: BackUp;
  /** All three of `confirmations`, each given by a person separately. */
  readonly confirm: readonly string[];
}

export type DisablingEnd =
  | { readonly code: 'done'; readonly removed: BillingRemains }
  | { readonly code: 'refused'; readonly why: string }
  | Held
  /** Nothing was removed, and tills are served as before. */
  | { readonly code: 'no_backup'; readonly why: string };

/** The name of the file for the copy that is made before anything is destroyed. */
export function nameDisablingBackup(infobaseName: string, now: LocalDateTime): string {
  return nameBackup(infobaseName, now, '-before-billing-off');
}

/** What would be destroyed; undefined if billing is off. */
export function findBillingRemains(infobase: Infobase): Promise<BillingRemains | undefined> {
  return infobase.db.read(async (trx) => ((await isOff(infobase, trx)) ? undefined : countBillingRemains(trx)));
}

async function isOff(infobase: Infobase, trx: Trx): Promise<boolean> {
  const { stage } = await infobase.loadSettings(trx);
  const isLeft = (await findBillingState(trx)) === undefined && (await findEnabling(trx)) === undefined;
  return stage !== 'billing' && isLeft;
}

/** Destroys what billing has written, or nothing of it. */
export async function disableBilling(
  infobase: Infobase,
  now: LocalDateTime,
  options: DisablingOptions,
): Promise<DisablingEnd> {
  const missing = confirmations.filter((one) => !options.confirm.includes(one));
  if (missing.length > 0) return { code: 'refused', why: `not confirmed: ${missing.join(', ')}` };
  const begun = await infobase.db.write((trx) => beginDisabling(infobase, trx, now, options));
  if (begun.code !== 'begun') return begun;
  // After exclusive mode has begun, so that the copy has all that is removed; in the copy itself tills are not kept out.
  const why = await findWhyNotBackedUp(infobase, now, options);
  if (why !== undefined) {
    await infobase.db.write((trx) => backOut(trx, options));
    return { code: 'no_backup', why };
  }
  return infobase.db.write((trx) => removeAll(trx, infobase, now, begun.exclusive, options));
}

/** Undefined where the backup is made. */
async function findWhyNotBackedUp(
  infobase: Infobase,
  now: LocalDateTime,
  { backUp, backupFile }: DisablingOptions,
): Promise<string | undefined> {
  try {
    const end = await backUp(infobase, { file: backupFile, madeAt: now, origin: 'disabling' });
    return end.code === 'done' ? undefined : explainBackup(end);
  } catch (reason) {
    return reason instanceof Error ? reason.message : String(reason);
  }
}

async function beginDisabling(
  infobase: Infobase,
  trx: Trx,
  now: LocalDateTime,
  options: DisablingOptions,
): Promise<DisablingEnd | { readonly code: 'begun'; readonly exclusive: ExclusiveMode }> {
  if (await isOff(infobase, trx)) return { code: 'refused', why: 'billing is off' };
  const held = await takeRunnerLease(trx, billingLease, options);
  if (held !== undefined) return held;
  // If exclusive mode is on already, a switching-on is being taken back, or a switching-off was interrupted.
  await enterExclusiveMode(trx, { purpose: 'disabling', sinceAt: now });
  return { code: 'begun', exclusive: (await findExclusiveMode(trx)) as ExclusiveMode };
}

async function backOut(trx: Trx, options: DisablingOptions): Promise<void> {
  if ((await findExclusiveMode(trx))?.purpose === 'disabling') await leaveExclusiveMode(trx);
  await releaseRunnerLease(trx, billingLease, options);
}

async function removeAll(
  trx: Trx,
  infobase: Infobase,
  now: LocalDateTime,
  before: ExclusiveMode,
  options: DisablingOptions,
): Promise<DisablingEnd> {
  const exclusive = await findExclusiveMode(trx);
  if (exclusive?.purpose !== before.purpose || exclusive.sinceAt !== before.sinceAt) {
    await releaseRunnerLease(trx, billingLease, options);
    return { code: 'refused', why: 'billing was switched by another process while the backup was made' };
  }
  const removed = await countBillingRemains(trx);
  // The log is no part of billing: the row stays.
  await recordChange(trx, infobase, { subject: 'billing', key: 'disable', before: removed });
  await removeBilling(trx, findNightFrom(now));
  await saveSetting(trx, 'stage', 'online');
  await leaveExclusiveMode(trx);
  await releaseRunnerLease(trx, billingLease, options);
  return { code: 'done', removed };
}

export type DisablingLeft = { readonly code: 'left' | 'none' } | Held;

/** Serves the tills again after a switching-off that was interrupted before it removed anything. */
export function leaveDisabling(
  infobase: Infobase,
  holder: string,
  nowMs: number,
  isDryRun = false,
): Promise<DisablingLeft> {
  return writeOrRehearse(infobase, isDryRun, async (trx): Promise<DisablingLeft> => {
    if ((await findExclusiveMode(trx))?.purpose !== 'disabling') return { code: 'none' };
    // Taken to check that no runner is at work, and given back at once.
    const runner = { holder, readMs: () => nowMs, leaseMs: 0 };
    const held = await takeRunnerLease(trx, billingLease, runner);
    if (held !== undefined) return held;
    await leaveExclusiveMode(trx);
    await releaseRunnerLease(trx, billingLease, runner);
    await recordChange(trx, infobase, { subject: 'billing', key: 'disable', before: { exclusive: true } });
    return { code: 'left' };
  });
}
