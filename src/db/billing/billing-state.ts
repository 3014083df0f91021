// Since when billing counts, and how far its nights have come.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface BillingState {
  /** The first business date whose facts move the billing registers. */
  readonly startOn: LocalDate;
  /** The last date whose night is done; before the first one, the day before the start. */
  readonly lastNightOn: LocalDate;
  /**
   * The last receipt that was there when billing opened: one dated before the start is in the opening balance where its id
   * is not greater; else it came late, and is not in billing at all.
   */
  readonly lastReceiptId: number;
}

const row = statement<Record<string, never>, BillingState>((knex) =>
  knex('billing_state').select({
    startOn: 'start_on',
    lastNightOn: 'last_night_on',
    lastReceiptId: 'last_receipt_id',
  }),
);

const insert = statement<{ startOn: string; lastNightOn: string }>((knex, p) =>
  knex('billing_state').insert({
    id: 1,
    start_on: p.startOn,
    last_night_on: p.lastNightOn,
    last_receipt_id: knex.raw('(select coalesce(max(id), 0) from receipt)'),
  }),
);

const forgetNights = (['night_run', 'night_mark'] as const).map((table) =>
  statement<{ startOn: string }>((knex, p) => knex(table).where('business_on', '>=', p.startOn).delete()),
);

const move = statement<{ lastNightOn: string }>((knex, p) =>
  knex('billing_state').update({ last_night_on: p.lastNightOn }),
);

const remove = statement<Record<string, never>>((knex) => knex('billing_state').delete());

/** Undefined while billing is off. */
export function findBillingState(trx: Trx): Promise<BillingState | undefined> {
  return trx.first(row, {});
}

/** Opens billing with the receipts there are. */
export async function openBillingState(trx: Trx, state: Pick<BillingState, 'startOn' | 'lastNightOn'>): Promise<void> {
  // Nights of a billing that was closed again before it had a document are no nights of this one.
  for (const forget of forgetNights) await trx.change(forget, { startOn: state.startOn });
  await trx.change(insert, { startOn: state.startOn, lastNightOn: state.lastNightOn });
}

export async function setLastNight(trx: Trx, lastNightOn: LocalDate): Promise<void> {
  await trx.change(move, { lastNightOn });
}

export async function removeBillingState(trx: Trx): Promise<void> {
  await trx.change(remove, {});
}
