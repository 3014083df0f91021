// The one place where movements of billing are removed: switching it off destroys them physically (SEED), all in the
// caller's transaction.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { removeUpcomingHolds } from '../night/night-hold.ts';
import { breakSeals } from '../seals/seal.ts';
import { withoutBillingTriggers } from '../sqlite/billing-triggers.ts';
import { statement, type Statement } from '../statement.ts';

type None = Record<string, never>;

/** What a switching-off destroys, for the operator to confirm. */
export interface BillingRemains {
  readonly documents: number;
  /** Documents made by hand, and openings by import: switching billing on again does not make them again. */
  readonly manualDocuments: number;
  readonly movements: number;
  readonly pendingCredits: number;
  readonly nights: number;
  readonly holds: number;
}

const counts = statement<None, BillingRemains>((knex) =>
  knex.raw(
    `select (select count(*) from billing_document) as "documents",
       (select count(*) from billing_document
          where origin = 'manual' or origin = 'opening' and id not in
            (select opening_document_id from enabling where opening_document_id is not null)) as "manualDocuments",
       (select count(*) from billing_movement) as "movements",
       (select count(*) from pending_credit) as "pendingCredits",
       (select count(*) from night_run) as "nights",
       (select count(*) from hold) as "holds"`,
  ),
);

export async function countBillingRemains(trx: Trx): Promise<BillingRemains> {
  const found = await trx.first(counts, {});
  if (found === undefined) throw new Error('a count gave no row');
  return found;
}

const removal = (table: string): Statement<None, never> => statement((knex) => knex(table).delete());

// A table comes after all tables that refer to it.
const removals = [
  'enabling_item',
  'enabling',
  'billing_movement',
  'accrual_movement',
  'pending_movement',
  'billing_balance',
  'accrual_turnover',
  'pending_credit',
  'night_run',
  'night_mark',
  'document_file',
  'billing_document',
  'billing_state',
  'opening_group',
  'hold',
].map(removal);

const clearMarks = statement<None>((knex) =>
  knex('receipt').whereNotNull('effective_on').update({
    effective_on: null,
    bonus_credit_on: null,
    bonus_write_off_on: null,
    accumulation_credit_on: null,
    accumulation_write_off_on: null,
    last_opening_id: null,
  }),
);

/** Removes from receipts how billing has calculated them; the receipts stay. */
export async function clearBillingMarks(trx: Trx): Promise<void> {
  await trx.change(clearMarks, {});
}

/**
 * Destroys every document, movement, sum, pending credit and night of billing, and every hold. What holds had set aside at
 * past nights stays with the receipts: billing that is switched on again runs those nights again, to the same sums.
 * @param nightOn the first night that has not come yet.
 */
export async function removeBilling(trx: Trx, nightOn: LocalDate): Promise<void> {
  await withoutBillingTriggers(trx, async () => {
    for (const remove of removals) await trx.change(remove, {});
  });
  await removeUpcomingHolds(trx, nightOn);
  await clearBillingMarks(trx);
  await breakSeals(trx, 'disabling');
}
