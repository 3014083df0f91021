// Since when billing counts, and how far its nights have come.
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { breakSeals } from '../seals/seal.ts';
import { statement } from '../statement.ts';

export interface BillingState {
  /** The first business date whose facts change the billing registers. */
  readonly startOn: LocalDate;
  /** The last date whose night is done; before the first one, the day before the start. */
  readonly lastNightOn: LocalDate;
  /**
   * The last receipt that was there when billing opened: a receipt dated before the start is in the opening balance if its
   * id is not greater; otherwise it came late, and is not in billing at all.
   */
  readonly lastReceiptId: number;
  /** The night that runs now: its date, and the last card that it has handled. */
  readonly running?: { readonly businessOn: LocalDate; readonly doneCardId: number } | undefined;
}

type Row = Omit<BillingState, 'running'> & {
  readonly runOn: LocalDate | null;
  readonly doneCardId: number | null;
  readonly finishedAt: LocalDateTime | null;
};

const row = statement<Record<string, never>, Row>((knex) =>
  knex('billing_state')
    .leftJoin('night_run', 'night_run.business_on', knex.raw('(select max(business_on) from night_run)'))
    .select({
      startOn: 'billing_state.start_on',
      lastNightOn: 'billing_state.last_night_on',
      lastReceiptId: 'billing_state.last_receipt_id',
      runOn: 'night_run.business_on',
      doneCardId: 'night_run.done_card_id',
      finishedAt: 'night_run.finished_at',
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
export async function findBillingState(trx: Trx): Promise<BillingState | undefined> {
  const found = await trx.first(row, {});
  if (found === undefined) return undefined;
  const { startOn, lastNightOn, lastReceiptId, runOn, doneCardId, finishedAt } = found;
  const isRunning = runOn !== null && doneCardId !== null && finishedAt === null && runOn > lastNightOn;
  const running = isRunning ? { businessOn: runOn, doneCardId } : undefined;
  return { startOn, lastNightOn, lastReceiptId, running };
}

/**
 * The last night that a card has been through: the night that runs now, if it has handled the card; otherwise the last
 * that is done. A fact that comes in the middle of a night is calculated by this date.
 */
export function lastNightOfCard({ lastNightOn, running }: BillingState, cardId: number): LocalDate {
  return running !== undefined && running.doneCardId >= cardId ? running.businessOn : lastNightOn;
}

/** Opens billing with the receipts there are. */
export async function openBillingState(trx: Trx, state: Pick<BillingState, 'startOn' | 'lastNightOn'>): Promise<void> {
  // Nights of a billing that was closed before it had a document do not belong to this one.
  for (const forget of forgetNights) await trx.change(forget, { startOn: state.startOn });
  await trx.change(insert, { startOn: state.startOn, lastNightOn: state.lastNightOn });
  await breakSeals(trx, 'enabling');
}

export async function setLastNight(trx: Trx, lastNightOn: LocalDate): Promise<void> {
  await trx.change(move, { lastNightOn });
}

export async function removeBillingState(trx: Trx): Promise<void> {
  await trx.change(remove, {});
}
