// Switching billing on over live history (SEED: «Переход на ведение биллинга в новом механизме»): exclusive mode, opening
// balances, every trade document since the start posted again in order, with the nights between. Each step is one transaction
// that finds what comes next by itself, so after any interruption it continues to the state of an uninterrupted run.
import { enterExclusiveMode } from '../../db/admin/exclusive-mode.ts';
import type { Trx } from '../../db/db.ts';
import {
  beginEnablingRun,
  findEnabling,
  findItemOfReceipt,
  insertEnabling,
  removeEnabling,
  retryFailedItems,
  setItemState,
} from '../../db/enabling/enabling.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import { recordChange } from '../admin/record-change.ts';
import type { Infobase } from '../infobase.ts';
import { releaseRunnerLease, takeRunnerLease, type Runner } from '../runner-lease.ts';
import { billingLease, runWithLease, type EnablingEnd, type EnablingOptions } from './enabling-steps.ts';
import { findEnablingObstacle } from './find-enabling-obstacle.ts';

/** Begins to switch billing on, and continues to the end. */
export async function enableBilling(
  infobase: Infobase,
  now: LocalDateTime,
  startOn: LocalDate,
  options: EnablingOptions,
): Promise<EnablingEnd> {
  const begun = await infobase.db.write(async (trx): Promise<EnablingEnd | undefined> => {
    const refusal = await findEnablingObstacle(infobase, trx, now, startOn);
    if (refusal !== undefined) {
      const { why, remedy } = refusal;
      return { code: 'refused', why, ...(remedy === undefined ? {} : { remedy }) };
    }
    const held = await takeRunnerLease(trx, billingLease, options);
    if (held !== undefined) return held;
    // Left from a billing that was ended by the setting `stage` before it had a document.
    await removeEnabling(trx);
    await insertEnabling(trx, { startOn, beganAt: now, nowMs: options.readMs() });
    await enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: now });
    await recordChange(trx, infobase, { subject: 'billing', key: 'enable', after: { startOn } });
    return undefined;
  });
  return begun ?? runWithLease(infobase, now, options);
}

/** Continues after a pause, a kill or a failed document that has been posted again. */
export async function continueEnabling(
  infobase: Infobase,
  now: LocalDateTime,
  options: EnablingOptions,
): Promise<EnablingEnd> {
  const begun = await infobase.db.write(async (trx) => {
    const refused = await beginRun(trx, options, async () => undefined);
    if (refused === undefined) await recordRun(trx, infobase, 'continue');
    return refused;
  });
  return begun ?? runWithLease(infobase, now, options);
}

/** Which failed documents to post again: that of a receipt, or all of them. */
export type Repost = { readonly receiptId: number } | 'failed';

/** Posts failed documents again; if nothing else waits, switching on is finished. */
export async function repostDocuments(
  infobase: Infobase,
  now: LocalDateTime,
  which: Repost,
  options: EnablingOptions,
): Promise<EnablingEnd> {
  const begun = await infobase.db.write(async (trx) => {
    const refused = await beginRun(trx, options, () => retryItems(trx, which));
    if (refused === undefined) await recordRun(trx, infobase, 'repost', which);
    return refused;
  });
  return begun ?? runWithLease(infobase, now, options);
}

/** @param which documents it begins with. */
async function recordRun(trx: Trx, infobase: Infobase, key: 'continue' | 'repost', which?: Repost): Promise<void> {
  const startOn = (await findEnabling(trx))?.startOn;
  await recordChange(trx, infobase, { subject: 'billing', key, after: { startOn, which } });
}

/** Puts failed documents back to waiting. @returns why there is none, or undefined. */
export async function retryItems(trx: Trx, which: Repost): Promise<string | undefined> {
  if (which === 'failed') return (await retryFailedItems(trx)) > 0 ? undefined : 'no document has failed';
  const item = await findItemOfReceipt(trx, which.receiptId);
  if (item === undefined) return `receipt ${which.receiptId} is not among the documents to re-post`;
  if (item.state === 'posted') return `the document of receipt ${which.receiptId} is posted`;
  if (item.state === 'waiting') return `the document of receipt ${which.receiptId} is waiting to be posted`;
  await setItemState(trx, item.position, 'waiting');
  return undefined;
}

/** Takes the lease for a run that continues. @param prepare returns the reason if there is nothing to do. */
export async function beginRun(
  trx: Trx,
  options: Runner,
  prepare: () => Promise<string | undefined>,
): Promise<EnablingEnd | undefined> {
  const enabling = await findEnabling(trx);
  if (enabling === undefined) return { code: 'refused', why: 'billing is not being switched on' };
  if (enabling.phase === 'done') return { code: 'refused', why: 'billing is on: nothing is left to do' };
  const held = await takeRunnerLease(trx, billingLease, options);
  if (held !== undefined) return held;
  const why = await prepare();
  if (why !== undefined) {
    await releaseRunnerLease(trx, billingLease, options);
    return { code: 'refused', why };
  }
  await beginEnablingRun(trx, options.readMs());
  return undefined;
}
