// Bonus of a card that is to burn and to come, read in parts: the first rows of «Обороты начислений» that no night has come to
// with all that is pending, sums of rows between two dates, and the rows of a few days.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import type { Trx } from '../db.ts';
import { statement, written } from '../statement.ts';

export interface BonusRow {
  readonly writeOffOn: LocalDate;
  readonly amount: Kopecks;
}

export interface PendingBonus extends BonusRow {
  readonly source: string;
  readonly creditOn: LocalDate;
}

export interface UpcomingBonus {
  /** By date, no more than `mostRows`. */
  readonly rows: readonly BonusRow[];
  readonly pending: readonly PendingBonus[];
}

/** A card has seldom more; one with a thousand is read in constant time, by sums. */
export const mostRows = 24;

type AfterParameters = { cardId: number; after: string };
type BetweenParameters = AfterParameters & { upTo: string };
type Part = BonusRow & { readonly source: string | null; readonly creditOn: LocalDate | null };

// The limit is written out: where it is bound, SQLite plans the statement again at every call.
const upcoming = statement<AfterParameters, Part>((knex, p) =>
  knex.raw(
    `select null as source, null as "creditOn", write_off_on as "writeOffOn", bonus as amount from
       (select write_off_on, bonus from accrual_turnover where card_id = ? and write_off_on > ? and bonus <> 0
         order by write_off_on limit ${mostRows}) nearest
     union all
     select source, credit_on, write_off_on, bonus from pending_credit where card_id = ? and bonus <> 0`,
    [p.cardId, p.after, p.cardId],
  ),
);

const between = statement<BetweenParameters, BonusRow>((knex, p) =>
  knex('accrual_turnover')
    .where('card_id', p.cardId)
    .where('write_off_on', '>', p.after)
    .where('write_off_on', '<=', p.upTo)
    .where('bonus', '<>', 0)
    .orderBy('write_off_on')
    .select({ writeOffOn: 'write_off_on', amount: 'bonus' }),
);

const sumBetween = statement<BetweenParameters, { amount: Kopecks }>((knex, p) =>
  knex.raw(
    `select cast(coalesce(sum(bonus), 0) as bigint) as amount from accrual_turnover
     where card_id = ? and write_off_on > ? and write_off_on <= ?`,
    [p.cardId, p.after, p.upTo],
  ),
);

const lastBefore = statement<{ cardId: number; before: string }, { writeOffOn: LocalDate }>((knex, p) =>
  knex('accrual_turnover')
    .where('card_id', p.cardId)
    .where('write_off_on', '<', p.before)
    .orderBy('write_off_on', 'desc')
    .limit(1, written)
    .select({ writeOffOn: 'write_off_on' }),
);

/** @param after the last night that the card has been through. */
export async function listUpcomingBonus(trx: Trx, cardId: number, after: LocalDate): Promise<UpcomingBonus> {
  const rows: BonusRow[] = [];
  const pending: PendingBonus[] = [];
  for (const { source, creditOn, writeOffOn, amount } of await trx.list(upcoming, { cardId, after })) {
    if (source === null || creditOn === null) rows.push({ writeOffOn, amount });
    else pending.push({ source, creditOn, writeOffOn, amount });
  }
  // The order of the parts of a union is not defined.
  rows.sort((a, b) => (a.writeOffOn < b.writeOffOn ? -1 : 1));
  return { rows, pending };
}

/** By date, those after one date, up to another. */
export function listBonusRows(trx: Trx, cardId: number, after: LocalDate, upTo: LocalDate): Promise<BonusRow[]> {
  return trx.list(between, { cardId, after, upTo });
}

export async function sumBonusRows(trx: Trx, cardId: number, after: LocalDate, upTo: LocalDate): Promise<Kopecks> {
  return (await trx.first(sumBetween, { cardId, after, upTo }))?.amount ?? 0;
}

/** The date of the last row before that date, whatever measure it is of. */
export async function findLastRowBefore(trx: Trx, cardId: number, before: LocalDate): Promise<LocalDate | undefined> {
  return (await trx.first(lastBefore, { cardId, before }))?.writeOffOn;
}
