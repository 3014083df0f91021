// What holds have set aside at nights, past ones and those to come: a row for each hold and night.
import type { HeldAt } from '../../ledger/hold.ts';
import { dateOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import { momentOfNight } from '../../ledger/night-moment.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

/**
 * The sum that the night leaves, of `night_hold` as h with `receipt` as r that took the hold. A receipt placed before the
 * night has spent its part by then; a receipt placed after it, or cancelled, has taken nothing.
 */
export const leftForHolds = `cast(sum(h.amount - case
  when r.state = 'posted' and r.card_id = h.card_id and r.effective_on < h.business_on
    then case when r.bonus_redeemed < h.amount then r.bonus_redeemed else h.amount end
  else 0 end) as bigint)`;
export const nightHolds = 'night_hold h left join receipt r on r.id = h.receipt_id';

/** Cards with an id above `fromCardId`, up to `toCardId`, that a night comes to. */
interface CardChunk {
  readonly businessOn: LocalDate;
  readonly fromCardId: number;
  readonly toCardId: number;
}

type RowParameters = { holdId: number; businessOn: string; cardId: number; amount: number };

const insert = statement<RowParameters>((knex, p) =>
  knex('night_hold')
    .insert({ hold_id: p.holdId, business_on: p.businessOn, card_id: p.cardId, amount: p.amount })
    .onConflict(['hold_id', 'business_on'])
    .ignore(),
);

const insertStanding = statement<{ businessOn: string; fromCardId: number; toCardId: number; now: string }>((knex, p) =>
  knex.raw(
    `insert into night_hold (hold_id, business_on, card_id, amount)
       select id, cast(? as text), card_id, amount from hold
       where state = 'active' and card_id > ? and card_id <= ? and expires_at > ?
       on conflict (hold_id, business_on) do nothing`,
    [p.businessOn, p.fromCardId, p.toCardId, p.now],
  ),
);

// A night that has handled the card has left the sum, also if it ran before its time: what it left burns the next night, which
// finds the card by this row.
const removeFrom = statement<{ holdId: number; nightOn: string }>((knex, p) =>
  knex('night_hold').where('hold_id', p.holdId).where('business_on', '>=', p.nightOn).whereNull('kept').delete(),
);

const setReceipt = statement<{ holdId: number; receiptId: number }>((knex, p) =>
  knex('night_hold').where('hold_id', p.holdId).update({ receipt_id: p.receiptId }),
);

const ofCard = statement<{ cardId: number }, { businessOn: LocalDate; held: Kopecks }>((knex, p) =>
  knex.raw(
    `select h.business_on as "businessOn", ${leftForHolds} as held from ${nightHolds}
     where h.card_id = ? group by h.business_on order by h.business_on`,
    [p.cardId],
  ),
);

// What stayed above S(T) after the night's write-off: only a hold can have kept it.
const covered = `(select coalesce(sum(a.bonus), 0) from accrual_turnover a
  where a.card_id = night_hold.card_id and a.write_off_on > night_hold.business_on)`;
const setKept = statement<{ businessOn: string; fromCardId: number; toCardId: number }>((knex, p) =>
  knex.raw(
    `update night_hold set kept = coalesce((select case when b.bonus <= 0 then 0 when ${covered} <= 0 then b.bonus
       when b.bonus > ${covered} then b.bonus - ${covered} else 0 end
       from billing_balance b where b.card_id = night_hold.card_id), 0)
     where card_id > ? and card_id <= ? and business_on = ?`,
    [p.fromCardId, p.toCardId, p.businessOn],
  ),
);

const keptOfCard = statement<{ cardId: number }, { businessOn: LocalDate; kept: Kopecks }>((knex, p) =>
  knex('night_hold')
    .where('card_id', p.cardId)
    .where('kept', '>', 0)
    .groupBy('business_on')
    .select({ businessOn: 'business_on' })
    .max({ kept: 'kept' }),
);

const removeUpcoming = statement<{ nightOn: string }>((knex, p) =>
  knex('night_hold').where('business_on', '>=', p.nightOn).delete(),
);

/** Records that the hold is active at that night, whatever happens to it later. */
export async function insertNightHold(trx: Trx, row: RowParameters & { businessOn: LocalDate }): Promise<void> {
  await trx.change(insert, row);
}

/** The same for the holds that are active now on the cards of the chunk. */
export async function insertActiveHolds(trx: Trx, chunk: CardChunk, now: LocalDateTime): Promise<void> {
  await trx.change(insertStanding, { ...chunk, now });
}

/** Records what the night has left to holds, between its write-offs and its credits. */
export async function keepLeftForHolds(trx: Trx, chunk: CardChunk): Promise<void> {
  await trx.change(setKept, { ...chunk });
}

/** By night, what it left on the card only because of holds. */
export async function listKeptNights(trx: Trx, cardId: number): Promise<ReadonlyMap<LocalDate, Kopecks>> {
  return new Map((await trx.list(keptOfCard, { cardId })).map(({ businessOn, kept }) => [businessOn, kept]));
}

/** A hold that has ended is not active at any night from that one on, but for a night that has handled its card. */
export async function endNightHold(trx: Trx, holdId: number, nightOn: LocalDate): Promise<void> {
  await trx.change(removeFrom, { holdId, nightOn });
}

/** Records which receipt has taken the hold. */
export async function takeNightHold(trx: Trx, holdId: number, receiptId: number): Promise<void> {
  await trx.change(setReceipt, { holdId, receiptId });
}

/** By night, past ones and those to come, what active holds leave of the card's bonus. */
export async function listHeldNights(trx: Trx, cardId: number): Promise<ReadonlyMap<LocalDate, Kopecks>> {
  return new Map((await trx.list(ofCard, { cardId })).map(({ businessOn, held }) => [businessOn, held]));
}

export interface HeldNights {
  readonly heldAt: HeldAt;
  /** Nothing is set aside at any night after it. */
  readonly upTo: LocalDate;
}

/**
 * The same as the ledger asks for it, of nights to come.
 * @param held the sum of the holds active now: a night that is due and has not handled the card yet will leave it.
 */
export async function findHeldNights(trx: Trx, cardId: number, held: Kopecks, now: LocalDateTime): Promise<HeldNights> {
  const nights = await listHeldNights(trx, cardId);
  let upTo = dateOf(now);
  for (const on of nights.keys()) if (on > upTo) upTo = on;
  return { heldAt: (on) => Math.max(nights.get(on) ?? 0, momentOfNight(on) <= now ? held : 0), upTo };
}

/** When all holds are removed, removes their entries at nights to come; the entries at past nights have happened and stay. */
export async function removeUpcomingHolds(trx: Trx, nightOn: LocalDate): Promise<void> {
  await trx.change(removeUpcoming, { nightOn });
}
