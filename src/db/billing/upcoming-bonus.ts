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

/** A card has seldom more; one with a thousand is read in constant time, by sums. */
export const mostRows = 24;

type AfterParameters = { cardId: number; after: string };
type BetweenParameters = AfterParameters & { upTo: string };

// The limit is written out: where it is bound, SQLite plans the statement again at every call.
const nearest = statement<AfterParameters, BonusRow>((knex, p) =>
  knex('accrual_turnover')
    .where('card_id', p.cardId)
    .where('write_off_on', '>', p.after)
    .where('bonus', '<>', 0)
    .orderBy('write_off_on')
    .limit(mostRows, written)
    .select({ writeOffOn: 'write_off_on', amount: 'bonus' }),
);

const pendingOfCard = statement<{ cardId: number }, PendingBonus>((knex, p) =>
  knex('pending_credit')
    .where('card_id', p.cardId)
    .where('bonus', '<>', 0)
    .select({ source: 'source', creditOn: 'credit_on', writeOffOn: 'write_off_on', amount: 'bonus' }),
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

/** The rows after that date, by date, no more than `mostRows`. */
export function listNearestBonus(trx: Trx, cardId: number, after: LocalDate): Promise<BonusRow[]> {
  return trx.list(nearest, { cardId, after });
}

export function listPendingBonus(trx: Trx, cardId: number): Promise<PendingBonus[]> {
  return trx.list(pendingOfCard, { cardId });
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
