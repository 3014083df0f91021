// A card's account under billing, as one calculation has it: «Остатки» (B), «Обороты начислений» (A) and pending credits, and
// the nightly regulation on it, word for word as documented (domain 5). The set-based night does the same in SQL.
import assert from 'node:assert';
import { nothingHeld, type HeldAt } from './hold.ts';
import { neverOn } from './life-rule.ts';
import { addDays, type LocalDate } from './local-date-time.ts';
import { RegisterOverflow } from './measures.ts';

export const measureNames = ['bonus', 'accumulation', 'receipts'] as const;
export type MeasureName = (typeof measureNames)[number];

/** A delayed accrual, kept outside both registers until its credit date, so that it cannot shield other sums (E7). */
export interface PendingCredit {
  /** What it comes from: a sale or a document; a return of that sale takes from here first. */
  readonly source: string;
  readonly measure: MeasureName;
  readonly creditOn: LocalDate;
  readonly writeOffOn: LocalDate;
  readonly amount: number;
}

/** A change of the two registers and of the pending credits, all by addition. */
export interface BillingEffect {
  readonly balance: Readonly<Record<MeasureName, number>>;
  readonly rows: readonly AccrualRow[];
  readonly pending: readonly PendingCredit[];
}

/** A row of «Обороты начислений»: the sum that was accrued, or taken back, with the write-off date `writeOffOn`. */
export interface AccrualRow {
  readonly measure: MeasureName;
  readonly writeOffOn: LocalDate;
  readonly amount: number;
}

export interface Account {
  readonly balance: Record<MeasureName, number>;
  /** Sum of rows by write-off date. */
  readonly rows: Readonly<Record<MeasureName, Map<LocalDate, number>>>;
  /** By `pendingKey`; no zero amounts. */
  readonly pending: Map<string, PendingCredit>;
}

export function openAccount(): Account {
  return {
    balance: { bonus: 0, accumulation: 0, receipts: 0 },
    rows: { bonus: new Map(), accumulation: new Map(), receipts: new Map() },
    pending: new Map(),
  };
}

export function pendingKey(credit: Omit<PendingCredit, 'amount'>): string {
  return `${credit.measure} ${credit.creditOn} ${credit.writeOffOn} ${credit.source}`;
}

/** @throws RegisterOverflow where a balance is beyond what is kept exactly. */
export function addEffect(account: Account, effect: BillingEffect): void {
  for (const measure of measureNames) addToBalance(account, measure, effect.balance[measure]);
  for (const row of effect.rows) addRow(account, row);
  for (const credit of effect.pending) addPending(account, credit);
}

function addToBalance({ balance }: Account, measure: MeasureName, amount: number): void {
  balance[measure] += amount;
  if (!Number.isSafeInteger(balance[measure])) throw new RegisterOverflow(measure);
}

function addRow(account: Account, { measure, writeOffOn, amount }: AccrualRow): void {
  const rows = account.rows[measure];
  const sum = (rows.get(writeOffOn) ?? 0) + amount;
  if (sum === 0) rows.delete(writeOffOn);
  else rows.set(writeOffOn, sum);
}

function addPending(account: Account, credit: PendingCredit): void {
  const key = pendingKey(credit);
  const amount = (account.pending.get(key)?.amount ?? 0) + credit.amount;
  if (amount === 0) account.pending.delete(key);
  else account.pending.set(key, { ...credit, amount });
}

/** S(T): what was accrued with a write-off date strictly later than T (SEED: «более чем текущая дата»). */
export function sumCovered(rows: ReadonlyMap<LocalDate, number>, on: LocalDate): number {
  let sum = 0;
  for (const [writeOffOn, amount] of rows) if (writeOffOn > on) sum += amount;
  return sum;
}

/**
 * W = max(0, B - S(T)), and no more than an active hold leaves: W <= B - held. A debt is never written off (E9): S(T) is
 * never below zero. Where a defect has made it negative, the night takes nothing of that measure until it is repaired
 * (`kkm verify`): it must not burn what it cannot explain.
 */
export function decideWriteOff(balance: number, covered: number, held = 0): number {
  return covered < 0 ? 0 : Math.max(0, balance - Math.max(covered, held));
}

/** A row of register A below zero is a defect: nothing can be taken back that was not accrued. */
export function findRowBelowZero({ rows }: Pick<Account, 'rows'>): AccrualRow | undefined {
  for (const measure of measureNames) {
    for (const [writeOffOn, amount] of rows[measure]) if (amount < 0) return { measure, writeOffOn, amount };
  }
  return undefined;
}

export interface WriteOff {
  readonly measure: MeasureName;
  /** B before, S(T) and W of domain 5: they explain a line of «Списание». */
  readonly balance: number;
  readonly covered: number;
  /** Of the bonus, what active holds had set aside. */
  readonly held: number;
  readonly amount: number;
}

/**
 * Applies the night of date T to the account: write-offs first, A untouched; then the pending credits that have come due.
 * @param heldBonus what the holds that are active at the night have set aside.
 */
export function applyNight(
  account: Account,
  on: LocalDate,
  heldBonus = 0,
): { writeOffs: WriteOff[]; credits: PendingCredit[] } {
  const writeOffs: WriteOff[] = [];
  for (const measure of measureNames) {
    const balance = account.balance[measure];
    const covered = sumCovered(account.rows[measure], on);
    const held = measure === 'bonus' ? heldBonus : 0;
    const amount = decideWriteOff(balance, covered, held);
    if (amount === 0) continue;
    account.balance[measure] -= amount;
    writeOffs.push({ measure, balance, covered, held, amount });
  }
  const credits = [...account.pending.values()].filter(({ creditOn }) => creditOn <= on);
  for (const credit of credits) {
    assert(credit.amount > 0, 'a pending credit is never below zero');
    account.pending.delete(pendingKey(credit));
    addToBalance(account, credit.measure, credit.amount);
    addRow(account, credit);
  }
  return { writeOffs, credits };
}

/** Puts every pending credit that has come due by that date into balance and rows, as the nights do. */
export function creditDue(account: Account, on: LocalDate): void {
  for (const [key, credit] of account.pending) {
    if (credit.creditOn > on) continue;
    account.pending.delete(key);
    addToBalance(account, credit.measure, credit.amount);
    addRow(account, credit);
  }
}

/**
 * The next night that can change anything, if nothing else happens: the nearest write-off or credit date. It is the
 * very next night where the night of `after` has credited a sum that had already run out (a fixed date within the delay),
 * or has left something to a hold.
 */
export function findNextBusyNight(account: Account, after: LocalDate): LocalDate {
  const hasLeft = (measure: MeasureName): boolean =>
    decideWriteOff(account.balance[measure], sumCovered(account.rows[measure], after)) > 0;
  if (measureNames.some(hasLeft)) return addDays(after, 1);
  let nearest = lastNightOn;
  for (const measure of measureNames) {
    for (const writeOffOn of account.rows[measure].keys()) {
      if (writeOffOn > after && writeOffOn < nearest) nearest = writeOffOn;
    }
  }
  for (const { creditOn } of account.pending.values()) if (creditOn > after && creditOn < nearest) nearest = creditOn;
  return nearest;
}

const lastNightOn = '9999-12-31' as LocalDate;

/**
 * The nearest night that takes bonus, if nothing else happens, by the arithmetic of the night itself; undefined if no
 * night does before the date of unlimited life. The account given is changed: do not use it afterwards.
 */
export function findNextBurn(
  account: Account,
  lastRunOn: LocalDate,
  heldAt: HeldAt = nothingHeld,
): { readonly on: LocalDate; readonly amount: number } | undefined {
  for (let on = addDays(lastRunOn, 1); on < neverOn; on = findNextBusyNight(account, on)) {
    const taken = applyNight(account, on, heldAt(on)).writeOffs.find(({ measure }) => measure === 'bonus');
    if (taken !== undefined) return { on, amount: taken.amount };
  }
  return undefined;
}

/** What must be added to one account to make it the other. */
export function subtractAccounts(wanted: Account, standing: Account): BillingEffect {
  const balance = { bonus: 0, accumulation: 0, receipts: 0 };
  const rows: AccrualRow[] = [];
  for (const measure of measureNames) {
    balance[measure] = wanted.balance[measure] - standing.balance[measure];
    const dates = new Set([...wanted.rows[measure].keys(), ...standing.rows[measure].keys()]);
    for (const writeOffOn of dates) {
      const amount = (wanted.rows[measure].get(writeOffOn) ?? 0) - (standing.rows[measure].get(writeOffOn) ?? 0);
      if (amount !== 0) rows.push({ measure, writeOffOn, amount });
    }
  }
  const pending: PendingCredit[] = [];
  for (const key of new Set([...wanted.pending.keys(), ...standing.pending.keys()])) {
    const [there, here] = [wanted.pending.get(key), standing.pending.get(key)];
    const amount = (there?.amount ?? 0) - (here?.amount ?? 0);
    const credit = there ?? here;
    if (credit !== undefined && amount !== 0) pending.push({ ...credit, amount });
  }
  return { balance, rows, pending };
}

/** The two parts as «Начисление» and «Списание» post them: what raises the balances, with rows and pending credits, and what
 * lowers them. */
export function splitBySign({ balance, rows, pending }: BillingEffect): readonly [BillingEffect, BillingEffect] {
  const more = { bonus: 0, accumulation: 0, receipts: 0 };
  const less = { bonus: 0, accumulation: 0, receipts: 0 };
  for (const measure of measureNames) (balance[measure] > 0 ? more : less)[measure] = balance[measure];
  return [
    { balance: more, rows, pending },
    { balance: less, rows: [], pending: [] },
  ];
}

export function isNoEffect({ balance, rows, pending }: BillingEffect): boolean {
  return measureNames.every((measure) => balance[measure] === 0) && rows.length === 0 && pending.length === 0;
}
