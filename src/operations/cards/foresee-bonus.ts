// What bonus is on its way to a card and what will leave it next, as every card read shows it. The ledger's own arithmetic
// calculates the burn, on no more of the account than it needs: loading it whole took 1,900 us for a card with a thousand
// rows, and held up every till.
import { lastNightOfCard, type BillingState } from '../../db/billing/billing-state.ts';
import {
  findLastRowBefore,
  listBonusRows,
  listNearestBonus,
  listPendingBonus,
  mostRows,
  sumBonusRows,
  type BonusRow,
  type PendingBonus,
} from '../../db/billing/upcoming-bonus.ts';
import type { CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { findHeldNights } from '../../db/night/night-hold.ts';
import { findNextBurn, openAccount, pendingKey } from '../../ledger/account.ts';
import { neverOn } from '../../ledger/life-rule.ts';
import {
  addDays,
  dateOf,
  daysBetween,
  lastMoment,
  startOf,
  type LocalDate,
  type LocalDateTime,
} from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';

export interface BonusFuture {
  readonly bonusPending: Kopecks;
  readonly expiringBonus: Kopecks;
  readonly expiringAt: LocalDateTime | null;
}

export const noBilling: BonusFuture = { bonusPending: 0, expiringBonus: 0, expiringAt: null };

/** @param now the holds that are active then are left by the nights that find them. */
export async function foreseeBonus(
  trx: Trx,
  billing: BillingState,
  card: CardReading,
  now: LocalDateTime,
): Promise<BonusFuture> {
  const lastRunOn = lastNightOfCard(billing, card.id);
  const rows = await listNearestBonus(trx, card.id, lastRunOn);
  const pending = await listPendingBonus(trx, card.id);
  // Without a hold that is active now nothing is set aside over a night to come.
  const holds = card.held === 0 ? undefined : await findHeldNights(trx, card.id, card.held, now);
  const needed =
    rows.length < mostRows
      ? rows
      : await listRowsAroundBurn(trx, { card, lastRunOn, pending, heldUpTo: holds?.upTo ?? lastRunOn });
  const account = openAccount();
  account.balance.bonus = card.bonus;
  for (const { writeOffOn, amount } of needed) account.rows.bonus.set(writeOffOn, amount);
  let bonusPending = 0;
  for (const part of pending) {
    const credit = { ...part, measure: 'bonus' } as const;
    account.pending.set(pendingKey(credit), credit);
    bonusPending += part.amount;
  }
  const burn = findNextBurn(account, lastRunOn, holds?.heldAt);
  if (burn === undefined) return { ...noBilling, bonusPending };
  return { bonusPending, expiringBonus: burn.amount, expiringAt: startOf(burn.on) };
}

/** So many days of rows are read as they are; of more, sums are cheaper. */
const windowDays = 12;

const lastOn = dateOf(lastMoment);

interface Ground {
  readonly card: CardReading;
  readonly lastRunOn: LocalDate;
  readonly pending: readonly PendingBonus[];
  /** After that night no hold keeps anything. */
  readonly heldUpTo: LocalDate;
}

/**
 * The rows among which the card's next burn is. What it has above S(T) never falls from one night to the next, so the night
 * that first finds something is found by halves, and each half is added up once. Earlier rows are left out: S(T) without
 * them still covers the balance until then. Later ones are one sum that never burns.
 */
async function listRowsAroundBurn(trx: Trx, ground: Ground): Promise<BonusRow[]> {
  const { card, lastRunOn, heldUpTo } = ground;
  let after = lastRunOn;
  let upTo = (await findLastRowBefore(trx, card.id, neverOn)) ?? lastRunOn;
  let covered = await sumBonusRows(trx, card.id, upTo, lastOn);
  if (!isAbove(ground, upTo, covered)) after = upTo;
  for (let days = daysBetween(after, upTo); days > windowDays; days = daysBetween(after, upTo)) {
    const middle = addDays(after, Math.floor(days / 2));
    const coveredThen = covered + (await sumBonusRows(trx, card.id, middle, upTo));
    if (isAbove(ground, middle, coveredThen)) [upTo, covered] = [middle, coveredThen];
    else after = middle;
  }
  // A hold may keep what has run out, until the night after the last one that it stands at.
  const until = heldUpTo >= upTo ? addDays(heldUpTo, 1) : upTo;
  const rows = await listBonusRows(trx, card.id, after, until);
  for (const { writeOffOn, amount } of rows) if (writeOffOn > upTo) covered -= amount;
  return [...rows, { writeOffOn: neverOn, amount: covered }];
}

/**
 * Whether the night of that date finds bonus above `covered`, what the rows cover then, if none before it does. Sums that are
 * credited by then raise both alike, until they run out.
 */
function isAbove({ card, lastRunOn, pending }: Ground, on: LocalDate, covered: Kopecks): boolean {
  const nextOn = addDays(lastRunOn, 1);
  let above = card.bonus - covered;
  for (const { creditOn, writeOffOn, amount } of pending) {
    const creditedOn = creditOn > nextOn ? creditOn : nextOn;
    if (creditedOn < on && writeOffOn <= on) above += amount;
  }
  return above > 0;
}
