// The nights that will change a card, if nothing else happens, by the arithmetic of the night itself.
import { findNextBusyNight, applyNight, type Account, type PendingCredit, type WriteOff } from './account.ts';
import { nothingHeld, type HeldAt } from './hold.ts';
import { neverOn } from './life-rule.ts';
import { addDays, type LocalDate } from './local-date-time.ts';

export interface ForeseenNight {
  readonly on: LocalDate;
  /** One for each measure, with B and S(T). */
  readonly writeOffs: readonly WriteOff[];
  readonly credits: readonly PendingCredit[];
}

/**
 * The nights that write off or credit something, in order, up to the date of unlimited life. The account given is changed:
 * do not use it afterwards.
 * @param lastRunOn the last night that the card has been through.
 * @param heldAt what active holds have set aside at a night.
 */
export function* foreseeNights(
  account: Account,
  lastRunOn: LocalDate,
  heldAt: HeldAt = nothingHeld,
): Generator<ForeseenNight> {
  for (let on = addDays(lastRunOn, 1); on < neverOn; on = findNextBusyNight(account, on)) {
    const night = applyNight(account, on, heldAt(on));
    if (night.writeOffs.length + night.credits.length > 0) yield { on, ...night };
  }
}
