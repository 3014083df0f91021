// Whether the staged sums of a file fit into the registers, on top of what the cards have there already.
import { measureNames } from '../../ledger/account.ts';
import { eachMeasure } from '../measure-sql.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

/** A sum exact up to what a register can hold, and without an overflow beyond it. */
export const wide = (measure: string): string => `sum(cast(${measure} as double precision))`;

const sumOf = (running: string, measure: string, isBelow: boolean): string =>
  `coalesce((select ${wide(`r.${measure}`)} from ${running} r
    where r.card_id = c.card_id and r.${measure} ${isBelow ? '<' : '>'} 0), 0)`;

/** Whether what the file gives a card, on top of what tables of a register have for it, is more than that can hold. */
const overLimit = (runnings: readonly string[], isBelow: boolean): string =>
  measureNames
    .map((measure) => [`c.${measure}`, ...runnings.map((running) => sumOf(running, measure, isBelow))].join(' + '))
    .map((sum) => `${sum} ${isBelow ? '< -' : '> '}9007199254740991`)
    .join(' or ');

/** Only what the file gives each card, or only what it takes: the sum of both would hide a part. */
const oneSide = (isBelow: boolean): string =>
  `(select card_number, min(card_id) as card_id, ${eachMeasure(
    (name) => `${wide(`case when ${name} ${isBelow ? '<' : '>'} 0 then ${name} else 0 end`)} as ${name}`,
  )} from import_row where fault is null group by card_number)`;

/** @param runnings tables of the registers; those of one list are added up, with the card's own sum on top. */
const markTooMuch = (runnings: readonly (readonly string[])[], cards = 'import_card', isBelow = false) =>
  statement<None>((knex) =>
    knex.raw(
      `update import_row set fault = 'too_much' where fault is null and card_number in
         (select card_number from ${cards} c where ${runnings.map((added) => overLimit(added, isBelow)).join(' or ')})`,
    ),
  );
const makeLimits = (runnings: readonly (readonly string[])[]) => ({
  ofGains: [markTooMuch(runnings)],
  ofDebts: [false, true].map((isBelow) => markTooMuch(runnings, oneSide(isBelow), isBelow)),
});
export const accumulationLimits = makeLimits([['accumulation_balance']]);
// A night adds what is pending to the balance and to the rows.
export const billingLimits = makeLimits([
  ['billing_balance', 'pending_credit'],
  ['accrual_turnover', 'pending_credit'],
]);
