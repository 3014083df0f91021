// True lots, to compare the documented regulation with: each accrual is a lot of its own, spending takes the lot that runs
// out first, and a lot's night burns what is left of it. The service decides nothing by them.
import type { BillingEffect, MeasureName, PendingCredit } from './account.ts';
import type { LocalDate } from './local-date-time.ts';

interface Lot {
  readonly writeOffOn: LocalDate;
  left: number;
}

/** One measure of a card by lots. */
export interface Lots {
  /** By write-off date, one lot for each date. */
  readonly lots: Lot[];
  /** What was spent beyond all lots; the next accruals pay it first. */
  debt: number;
  /** What spending took, the latest last: bonus given back goes to the lots it was taken from. A debt has no date. */
  readonly taken: { readonly writeOffOn: LocalDate | undefined; amount: number }[];
}

export function openLots(): Lots {
  return { lots: [], debt: 0, taken: [] };
}

/** The balance: what is left of all lots, less the debt. */
export function countLots({ lots, debt }: Lots): number {
  return lots.reduce((sum, { left }) => sum + left, 0) - debt;
}

export function accrueLot(account: Lots, amount: number, writeOffOn: LocalDate): void {
  const paid = Math.min(account.debt, amount);
  account.debt -= paid;
  if (amount > paid) addToLot(account, amount - paid, writeOffOn);
}

function addToLot({ lots }: Lots, amount: number, writeOffOn: LocalDate): void {
  let place = lots.findIndex((lot) => lot.writeOffOn >= writeOffOn);
  if (place < 0) place = lots.length;
  const known = lots[place];
  if (known?.writeOffOn === writeOffOn) known.left += amount;
  else lots.splice(place, 0, { writeOffOn, left: amount });
}

/** Spends, the earliest write-off first. */
export function spendLots(account: Lots, amount: number): void {
  let rest = amount;
  while (rest > 0) {
    const lot = account.lots[0];
    const part = lot === undefined ? rest : Math.min(rest, lot.left);
    account.taken.push({ writeOffOn: lot?.writeOffOn, amount: part });
    rest -= part;
    if (lot === undefined) {
      account.debt += part;
    } else {
      lot.left -= part;
      if (lot.left === 0) account.lots.shift();
    }
  }
}

/** Takes an accrual back: from its own lot, and what was spent of it from the others. */
export function takeBackLot(account: Lots, amount: number, writeOffOn: LocalDate): void {
  const place = account.lots.findIndex((lot) => lot.writeOffOn === writeOffOn);
  const lot = account.lots[place];
  const part = Math.min(amount, lot?.left ?? 0);
  if (lot !== undefined) {
    lot.left -= part;
    if (lot.left === 0) account.lots.splice(place, 1);
  }
  if (amount > part) spendLots(account, amount - part);
}

/** Gives bonus back to the lots it was last taken from; bonus that was never taken has no life, and burns the next night. */
export function giveBackLots(account: Lots, amount: number, on: LocalDate): void {
  let rest = amount;
  while (rest > 0) {
    const last = account.taken.at(-1);
    const part = last === undefined ? rest : Math.min(rest, last.amount);
    if (last !== undefined) {
      last.amount -= part;
      if (last.amount === 0) account.taken.pop();
    }
    rest -= part;
    accrueLot(account, part, last?.writeOffOn ?? on);
  }
}

/**
 * The night of that date.
 * @param held what active holds have set aside: it stays, and burns no earlier than the next night.
 * @returns what it burns.
 */
export function burnLots(account: Lots, on: LocalDate, held = 0): number {
  const { lots } = account;
  let free = held === 0 ? Number.POSITIVE_INFINITY : Math.max(0, countLots(account) - held);
  let burned = 0;
  while (lots[0] !== undefined && lots[0].writeOffOn <= on && free > 0) {
    const part = Math.min(free, lots[0].left);
    lots[0].left -= part;
    burned += part;
    free -= part;
    if (lots[0].left === 0) lots.shift();
  }
  return burned;
}

/** What an effect on the registers does to lots: rows are accruals and accruals taken back, the rest of it is spending. */
export function addEffectToLots(account: Lots, measure: MeasureName, effect: BillingEffect, on: LocalDate): void {
  const rows = effect.rows.filter((row) => row.measure === measure);
  const rest = effect.balance[measure] - rows.reduce((sum, { amount }) => sum + amount, 0);
  if (rest < 0) spendLots(account, -rest);
  if (rest > 0) giveBackLots(account, rest, on);
  for (const { amount, writeOffOn } of rows) {
    if (amount > 0) accrueLot(account, amount, writeOffOn);
    else if (amount < 0) takeBackLot(account, -amount, writeOffOn);
  }
}

/** The night's credits, each a lot. */
export function addCreditsToLots(account: Lots, measure: MeasureName, credits: readonly PendingCredit[]): void {
  for (const credit of credits) {
    if (credit.measure === measure) accrueLot(account, credit.amount, credit.writeOffOn);
  }
}
