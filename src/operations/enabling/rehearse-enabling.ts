// A dry run of continuing the switching-on of billing, and of posting failed documents again. The whole run is not
// rehearsed: it would keep all other processes from the database as long as it lasts.
import { findBillingState } from '../../db/billing/billing-state.ts';
import { isMachineTrouble } from '../../db/database-error.ts';
import type { Trx } from '../../db/db.ts';
import { countItems, findItemOfReceipt, listFailedItems, type EnablingItem } from '../../db/enabling/enabling.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { beginRun, retryItems, type Repost } from './enable-billing.ts';
import { explainCause, findLastNightBefore, type EnablingEnd } from './enabling-steps.ts';
import type { Infobase } from '../infobase.ts';
import { rehearse } from '../rehearse.ts';
import { repostReceipt } from './repost-receipt.ts';
import type { Runner } from '../runner-lease.ts';

export interface RehearseEnablingOptions extends Runner {
  /** When the night of a date is due. */
  readonly nightTime: string;
  /** Failed documents to post again; undefined if the run only continues. */
  readonly which?: Repost;
}

export type EnablingRehearsal =
  | Exclude<EnablingEnd, { readonly code: 'done' }>
  | {
      readonly code: 'ready';
      /** Documents that the run would post, including those that had failed. */
      readonly waiting: number;
      /** Documents that had failed and now pass: each was tried by itself, and undone. */
      readonly mended: number;
      readonly failing: readonly { readonly receiptId: number; readonly why: string }[];
    };

export async function rehearseEnabling(
  infobase: Infobase,
  now: LocalDateTime,
  options: RehearseEnablingOptions,
): Promise<EnablingRehearsal> {
  const { which, nightTime } = options;
  const begun = await rehearse(infobase, async (trx) => {
    const items = which === undefined ? [] : await listItems(trx, which);
    const prepare = async () => (which === undefined ? undefined : retryItems(trx, which));
    return (
      (await beginRun(trx, options, prepare)) ?? { code: 'ready', items, waiting: (await countItems(trx)).waiting }
    );
  });
  if (begun.code !== 'ready') return begun as Exclude<EnablingEnd, { readonly code: 'done' }>;
  const failing: { receiptId: number; why: string }[] = [];
  for (const item of begun.items) {
    const why = await findPostingFailure(infobase, now, item, nightTime);
    if (why !== undefined) failing.push({ receiptId: item.receiptId, why });
  }
  return { code: 'ready', waiting: begun.waiting, mended: begun.items.length - failing.length, failing };
}

async function listItems(trx: Trx, which: Repost): Promise<EnablingItem[]> {
  const failed = which === 'failed' ? await listFailedItems(trx, Number.MAX_SAFE_INTEGER) : [which];
  const items = await Promise.all(failed.map(({ receiptId }) => findItemOfReceipt(trx, receiptId)));
  return items.filter((item) => item !== undefined);
}

async function findPostingFailure(
  infobase: Infobase,
  now: LocalDateTime,
  item: EnablingItem,
  nightTime: string,
): Promise<string | undefined> {
  try {
    await rehearse(infobase, async (trx) => {
      const state = await findBillingState(trx);
      if (state === undefined) throw new Error('billing is being switched on without a start date');
      const settings = await infobase.loadSettings(trx);
      await repostReceipt(trx, { settings, state, now }, item, findLastNightBefore(item, now, nightTime));
    });
    return undefined;
  } catch (reason) {
    if (isMachineTrouble(reason)) throw reason;
    return explainCause(reason);
  }
}
