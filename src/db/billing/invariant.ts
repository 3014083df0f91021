// What must hold of the billing registers of every card (domain 7), checked for all cards at once.
import type { MeasureName } from '../../ledger/account.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { anyMeasure, eachMeasure, measuresOf } from '../measure-sql.ts';
import { statement } from '../statement.ts';

/** A row of «Обороты начислений» that has a measure below zero. */
export interface RowBelowZero extends Measures {
  readonly cardNumber: string;
  readonly writeOffOn: LocalDate;
}

const anyBelow = anyMeasure((measure) => `accrual_turnover.${measure} < 0`);

const firstBelow = statement<Record<string, never>, RowBelowZero>((knex) =>
  knex.raw(
    `select card.number as "cardNumber", accrual_turnover.write_off_on as "writeOffOn",
       ${eachMeasure((measure) => `accrual_turnover.${measure} as ${measure}`)}
     from accrual_turnover join card on card.id = accrual_turnover.card_id
     where ${anyBelow} order by accrual_turnover.card_id, accrual_turnover.write_off_on limit 1`,
  ),
);

const countBelow = statement<Record<string, never>, { cards: number }>((knex) =>
  knex.raw(`select count(distinct card_id) as cards from accrual_turnover where ${anyBelow}`),
);

/** The first row below zero, and how many cards have one; undefined where none has. */
export async function findRowsBelowZero(trx: Trx): Promise<(RowBelowZero & { readonly cards: number }) | undefined> {
  const row = await trx.first(firstBelow, {});
  return row === undefined ? undefined : { ...row, cards: (await trx.first(countBelow, {}))?.cards ?? 0 };
}

/** A card with a balance above S(T), where T is the last night it has been through. */
export interface UncoveredCard {
  readonly cardId: number;
  readonly cardNumber: string;
  /** B - S(T) of each measure. */
  readonly above: Readonly<Record<MeasureName, number>>;
}

type Nights = { lastNightOn: string; runOn: string; doneCardId: number; afterCardId: number; limit: number };

const coveredOf = (measure: MeasureName): string => `coalesce(sum(a.${measure}), 0)`;

// The night that runs now has handled the cards up to `doneCardId`.
const uncovered = statement<Nights, { cardId: number; cardNumber: string } & Measures>((knex, p) =>
  knex.raw(
    `select b.card_id as "cardId", card.number as "cardNumber",
       ${eachMeasure((measure) => `cast(b.${measure} - ${coveredOf(measure)} as bigint) as ${measure}`)}
     from billing_balance b join card on card.id = b.card_id
     left join accrual_turnover a on a.card_id = b.card_id
       and a.write_off_on > (case when b.card_id <= ? then cast(? as text) else cast(? as text) end)
     where b.card_id > ? and (${anyMeasure((measure) => `b.${measure} > 0`)})
     group by b.card_id, card.number, ${measuresOf('b')}
     having ${anyMeasure((measure) => `b.${measure} > ${coveredOf(measure)}`)}
     order by b.card_id limit ?`,
    [p.doneCardId, p.runOn, p.lastNightOn, p.afterCardId, p.limit],
  ),
);

/** The nights that have run: the last one done, and the one that runs now, with the last card it has handled. */
export interface NightsDone {
  readonly lastNightOn: LocalDate;
  readonly runOn: LocalDate;
  readonly doneCardId: number;
}

/** In the order of ids. */
export async function listUncovered(
  trx: Trx,
  { lastNightOn, runOn, doneCardId }: NightsDone,
  afterCardId: number,
  limit: number,
): Promise<UncoveredCard[]> {
  const found = await trx.list(uncovered, { lastNightOn, runOn, doneCardId, afterCardId, limit });
  return found.map(({ cardId, cardNumber, ...above }) => ({ cardId, cardNumber, above }));
}
