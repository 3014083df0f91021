// What is on its way to a card and what will leave it, if nothing else happens: accruals by write-off date, credits that
// are pending, and what each night to come does.
import { loadAccount } from '../../db/billing/billing-register.ts';
import { lastNightOfCard, type BillingState } from '../../db/billing/billing-state.ts';
import type { CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { findHeldNights } from '../../db/night/night-hold.ts';
import { measureNames, type Account, type MeasureName, type PendingCredit } from '../../ledger/account.ts';
import { foreseeNights, type ForeseenNight } from '../../ledger/foresee-nights.ts';
import { nothingHeld } from '../../ledger/hold.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import { isNothing, type Measures } from '../../ledger/measures.ts';

export interface AccrualAhead extends Measures {
  readonly writeOffOn: LocalDate;
}

export interface CardOutlook {
  /** «Обороты начислений» that no night has come to yet, by date: what was accrued, whatever of it is spent. */
  readonly accruals: readonly AccrualAhead[];
  /** By credit date. */
  readonly pending: readonly PendingCredit[];
  /** The first of those that change the card. */
  readonly nights: readonly ForeseenNight[];
  readonly hasMoreNights: boolean;
}

/**
 * @param nights how many to foresee.
 * @param now the holds that stand then are taken off the balances by the nights that find them.
 */
export async function foreseeCard(
  trx: Trx,
  billing: BillingState,
  { id: cardId, held }: CardReading,
  nights: number,
  now: LocalDateTime,
): Promise<CardOutlook> {
  const account = await loadAccount(trx, cardId);
  const lastNightOn = lastNightOfCard(billing, cardId);
  // Without a hold that stands now nothing is set aside over a night to come.
  const heldAt = held === 0 ? nothingHeld : (await findHeldNights(trx, cardId, held, now)).heldAt;
  const accruals = listAccruals(account, lastNightOn);
  const pending = [...account.pending.values()].toSorted((a, b) => compareDates(a.creditOn, b.creditOn));
  const foreseen: ForeseenNight[] = [];
  for (const night of foreseeNights(account, lastNightOn, heldAt)) {
    foreseen.push(night);
    if (foreseen.length > nights) break;
  }
  return { accruals, pending, nights: foreseen.slice(0, nights), hasMoreNights: foreseen.length > nights };
}

function listAccruals({ rows }: Account, lastNightOn: LocalDate): AccrualAhead[] {
  const dates = new Set(measureNames.flatMap((measure) => [...rows[measure].keys()]));
  return [...dates]
    .filter((writeOffOn) => writeOffOn > lastNightOn)
    .toSorted(compareDates)
    .map((writeOffOn) => {
      const sumOf = (measure: MeasureName): number => rows[measure].get(writeOffOn) ?? 0;
      return {
        writeOffOn,
        bonus: sumOf('bonus'),
        accumulation: sumOf('accumulation'),
        receipts: sumOf('receipts'),
      };
    })
    .filter((accrual) => !isNothing(accrual));
}

function compareDates(a: LocalDate, b: LocalDate): number {
  return a < b ? -1 : Number(a > b);
}
