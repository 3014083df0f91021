// Where the sums of a card's registers end: the schema checks every row, and what is only ever added up (what is pending, what
// does not burn yet) is checked here. Beyond it a number would be rounded, and the night that credits it would fail.
import { measureNames, type MeasureName } from '../ledger/account.ts';
import { RegisterOverflow, type Measures } from '../ledger/measures.ts';
import { findFailedCheck } from './database-error.ts';
import type { Trx } from './db.ts';
import { eachMeasure } from './measure-sql.ts';
import { statement } from './statement.ts';

/** A running sum that the CHECK of its row refuses is thrown as RegisterOverflow. */
export async function guardRunningSum<T>(change: Promise<T>): Promise<T> {
  try {
    return await change;
  } catch (reason) {
    const measure = findRefusedMeasure(reason);
    throw measure === undefined ? reason : new RegisterOverflow(measure);
  }
}

/** Checks are named by table and measure ("billing_balance_bonus"); what a movement adds to a sum is within them by itself. */
function findRefusedMeasure(reason: unknown): MeasureName | undefined {
  const name = findFailedCheck(reason);
  return measureNames.find((measure) => name?.endsWith(`_${measure}`));
}

const sums = eachMeasure((measure) => `coalesce(sum(${measure}), 0) as ${measure}`);

// Rows that have run out cover nothing any more, and no night adds them up.
const upcoming = statement<{ cardId: number }, Measures & { part: 'pending' | 'rows' }>((knex, p) =>
  knex.raw(
    `select 'pending' as part, ${sums} from pending_credit where card_id = ?
     union all
     select 'rows', ${sums} from accrual_turnover
       where card_id = ? and write_off_on > (select last_night_on from billing_state)`,
    [p.cardId, p.cardId],
  ),
);

/** @throws RegisterOverflow where the balance, or what does not burn yet, would leave the register by what is pending. */
export async function checkUpcomingSums(trx: Trx, cardId: number, balance: Measures): Promise<void> {
  const found = await trx.list(upcoming, { cardId });
  const sumOf = (part: 'pending' | 'rows', measure: MeasureName): number =>
    found.find((row) => row.part === part)?.[measure] ?? 0;
  for (const measure of measureNames) {
    const pending = sumOf('pending', measure);
    const sumsToCome = [pending, balance[measure] + pending, sumOf('rows', measure) + pending];
    if (!sumsToCome.every(Number.isSafeInteger)) throw new RegisterOverflow(measure);
  }
}
