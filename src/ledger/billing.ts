// What receipts and documents do to a card's account under billing, and the account reckoned anew from all of them and
// the nights between: the state that any order of arrival must end in.
import assert from 'node:assert';
import {
  addEffect,
  findNextNight,
  measureNames,
  openAccount,
  pendingKey,
  runNight,
  type Account,
  type AccrualRow,
  type BillingEffect,
  type MeasureName,
  type PendingCredit,
} from './account.ts';
import type { AccrualTerm } from './life-rule.ts';
import { addDays, type LocalDate } from './local-date-time.ts';
import { saleAccumulation, saleCount, type Receipt } from './receipt.ts';
import { sumReturned, type Returned, type ReturnFigures } from './settlement.ts';

/** Setting `restoreTerm`: whether bonus given back by a return has its original term or a new life. */
export const restoreTerms = ['original', 'new_life'] as const;
export type RestoreTerm = (typeof restoreTerms)[number];

/** The terms that the card's rules gave when the receipt was taken note of. */
export interface Terms {
  /**
   * Of a sale, what it accrues. Of a return, the new life of the bonus that it gives back; null where that has its
   * original term again, as the setting was then.
   */
  readonly bonus: AccrualTerm | null;
  /** One rule for the accumulation sum and the receipt count. */
  readonly accumulation: AccrualTerm;
}

export interface BilledReceipt {
  readonly receipt: Receipt;
  /** What its pending credits are kept under: the receipt's natural key, whatever order it came in. */
  readonly source: string;
  readonly terms: Terms;
  /** Whether it is of the card that is reckoned. A return counts with its sale on the sale's card, whatever its own. */
  readonly isOwn: boolean;
  /** A receipt dated before billing moves nothing; it only gives its returns their sale. */
  readonly isCounted: boolean;
}

/** A sale with its returns as far as they have been reckoned. */
export interface SaleProgress {
  sale: BilledReceipt | undefined;
  readonly returns: BilledReceipt[];
}

export interface BillingPolicy {
  readonly returnFigures: ReturnFigures;
}

const noEffect: BillingEffect = { balance: { bonus: 0, accumulation: 0, receipts: 0 }, rows: [], pending: [] };

/** Collects an effect by parts. */
class EffectBuilder {
  readonly balance: Record<MeasureName, number> = { bonus: 0, accumulation: 0, receipts: 0 };
  readonly rows: AccrualRow[] = [];
  readonly pending: PendingCredit[] = [];

  add(effect: BillingEffect, sign: 1 | -1 = 1): void {
    for (const measure of measureNames) this.balance[measure] += sign * effect.balance[measure];
    for (const row of effect.rows) this.rows.push({ ...row, amount: sign * row.amount });
    for (const credit of effect.pending) this.pending.push({ ...credit, amount: sign * credit.amount });
  }

  accrue(measure: MeasureName, amount: number, operationOn: LocalDate, term: AccrualTerm, source: string): void {
    if (amount === 0) return;
    const { creditOn, writeOffOn } = term;
    if (creditOn > operationOn) this.pending.push({ source, measure, creditOn, writeOffOn, amount });
    else this.post(measure, amount, writeOffOn);
  }

  post(measure: MeasureName, amount: number, writeOffOn: LocalDate): void {
    this.balance[measure] += amount;
    this.rows.push({ measure, writeOffOn, amount });
  }

  /** An accrual taken back: from its pending credit while there is one, then as a negative row on its own date (E5b). */
  takeBack(measure: MeasureName, amount: number, term: AccrualTerm, source: string, pendingLeft: number): void {
    if (amount === 0) return;
    const { creditOn, writeOffOn } = term;
    const fromPending = Math.min(amount, pendingLeft);
    if (fromPending > 0) this.pending.push({ source, measure, creditOn, writeOffOn, amount: -fromPending });
    if (amount > fromPending) this.post(measure, fromPending - amount, writeOffOn);
  }

  /** Spending never touched A, so bonus given back finds its original row there; a new life needs a row of its own. */
  giveBack(amount: number, newLife: AccrualTerm | null): void {
    if (newLife === null) this.balance.bonus += amount;
    else if (amount !== 0) this.post('bonus', amount, newLife.writeOffOn);
  }
}

const nothingReturned: Returned = {
  sumKopecks: 0,
  accruedKopecks: 0,
  redeemedKopecks: 0,
  accumulationKopecks: 0,
  receipts: 0,
};

/** The pending credits that are left, as the account (or the database) has them. */
export type FindPending = (credit: Omit<PendingCredit, 'amount'>) => number;

/**
 * What the next receipt of a group does to the card that is reckoned, given those before it; `progress` is moved on. A
 * return before its sale moves its own figures, on its own card, and is made good when the sale comes.
 */
export function stepReceipt(
  progress: SaleProgress,
  next: BilledReceipt,
  policy: BillingPolicy,
  findPending: FindPending,
): BillingEffect {
  const effect = new EffectBuilder();
  if (next.receipt.kind === 'Sale') {
    if (next.isOwn && next.isCounted) effect.add(saleEffect(next));
    const orphans = progress.returns.splice(0);
    progress.sale = next;
    for (const orphan of orphans) {
      effect.add(orphanEffect(orphan), -1);
      // The sale's own pending credits are part of this very effect, so they are what is left.
      const left: FindPending = (credit) =>
        findPending(credit) +
        effect.pending.reduce((sum, part) => sum + (isSamePlace(part, credit) ? part.amount : 0), 0);
      effect.add(returnEffect(progress, orphan, policy, left));
    }
  } else if (progress.sale === undefined) {
    effect.add(orphanEffect(next));
    progress.returns.push(next);
  } else {
    effect.add(returnEffect(progress, next, policy, findPending));
  }
  return effect;
}

function isSamePlace(a: Omit<PendingCredit, 'amount'>, b: Omit<PendingCredit, 'amount'>): boolean {
  return pendingKey(a) === pendingKey(b);
}

function saleEffect({ receipt, terms, source }: BilledReceipt): BillingEffect {
  const effect = new EffectBuilder();
  const on = receipt.receiptAt.slice(0, 10) as LocalDate;
  effect.accrue('bonus', receipt.bonusAccruedKopecks, on, accrualTermOf(terms), source);
  effect.balance.bonus -= receipt.bonusRedeemedKopecks;
  effect.accrue('accumulation', saleAccumulation(receipt), on, terms.accumulation, source);
  effect.accrue('receipts', saleCount(receipt), on, terms.accumulation, source);
  return effect;
}

function accrualTermOf({ bonus }: Terms): AccrualTerm {
  assert(bonus !== null, 'a sale has the term of its accrual');
  return bonus;
}

function orphanEffect({ receipt, terms, isOwn, isCounted }: BilledReceipt): BillingEffect {
  if (!isOwn || !isCounted) return noEffect;
  const effect = new EffectBuilder();
  effect.balance.bonus = -receipt.bonusAccruedKopecks;
  effect.giveBack(receipt.bonusRedeemedKopecks, terms.bonus);
  effect.balance.accumulation = -(receipt.accumulationDeltaKopecks ?? receipt.sumWithDiscountKopecks);
  effect.balance.receipts = 0 - (receipt.receiptCountDelta ?? 0);
  return effect;
}

function returnEffect(
  progress: SaleProgress,
  part: BilledReceipt,
  policy: BillingPolicy,
  findPending: FindPending,
): BillingEffect {
  const sale = progress.sale as BilledReceipt;
  const reckon = (): Returned =>
    progress.returns.length === 0
      ? nothingReturned
      : sumReturned(
          sale.receipt,
          progress.returns.map(({ receipt }) => receipt),
          policy.returnFigures,
        );
  const before = reckon();
  progress.returns.push(part);
  if (!sale.isOwn || !part.isCounted) return noEffect;
  const after = reckon();
  const effect = new EffectBuilder();
  const { source, terms } = sale;
  const takeBack = (measure: MeasureName, amount: number, term: AccrualTerm): void => {
    const left = amount === 0 ? 0 : findPending({ source, measure, ...term });
    effect.takeBack(measure, amount, term, source, left);
  };
  takeBack('bonus', after.accruedKopecks - before.accruedKopecks, accrualTermOf(terms));
  takeBack('accumulation', after.accumulationKopecks - before.accumulationKopecks, terms.accumulation);
  takeBack('receipts', after.receipts - before.receipts, terms.accumulation);
  effect.giveBack(after.redeemedKopecks - before.redeemedKopecks, part.terms.bonus);
  return effect;
}

/** A fact in the order of the trade: its business date, then an order that no arrival can change. */
export interface BillingFact {
  readonly on: LocalDate;
  readonly order: string;
  /** A receipt with its group's name, or what a document moved by itself. */
  readonly what:
    | { readonly sort: 'receipt'; readonly group: string; readonly billed: BilledReceipt }
    | { readonly sort: 'document'; readonly effect: BillingEffect };
}

/** What a reckoning tells of its way: the facts' effects, and the nights that it has not skipped. */
export interface ReckoningWatch {
  readonly onFact: (on: LocalDate, effect: BillingEffect) => void;
  readonly onNight: (on: LocalDate, night: ReturnType<typeof runNight>) => void;
}

/**
 * The account after all facts and every night up to `lastNightOn`, nights before the day's trade. Cancelled receipts
 * are no facts. A night can take something only where a row runs out, a credit comes due or something happened since.
 */
export function reckonAccount(
  facts: readonly BillingFact[],
  firstNightOn: LocalDate,
  lastNightOn: LocalDate,
  policy: BillingPolicy,
  watch?: ReckoningWatch,
): Account {
  const account = openAccount();
  const groups = new Map<string, SaleProgress>();
  const ordered = facts.toSorted(compareFacts);
  let nextNightOn = firstNightOn;
  const runNightsTo = (on: LocalDate): void => {
    const last = on < lastNightOn ? on : lastNightOn;
    while (nextNightOn <= last) {
      const night = runNight(account, nextNightOn);
      watch?.onNight(nextNightOn, night);
      nextNightOn = findNextNight(account, nextNightOn);
    }
  };
  for (const fact of ordered) {
    runNightsTo(fact.on);
    const effect = effectOf(fact, groups, account, policy);
    addEffect(account, effect);
    watch?.onFact(fact.on, effect);
    if (nextNightOn > addDays(fact.on, 1)) nextNightOn = addDays(fact.on, 1);
    if (nextNightOn < firstNightOn) nextNightOn = firstNightOn;
  }
  runNightsTo(lastNightOn);
  return account;
}

/** The order of reckoning. */
export function compareFacts(a: Pick<BillingFact, 'on' | 'order'>, b: Pick<BillingFact, 'on' | 'order'>): number {
  return compare(a.on, b.on) || compare(a.order, b.order);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function effectOf(
  { what }: BillingFact,
  groups: Map<string, SaleProgress>,
  account: Account,
  policy: BillingPolicy,
): BillingEffect {
  if (what.sort === 'document') return what.effect;
  let progress = groups.get(what.group);
  if (progress === undefined) {
    progress = { sale: undefined, returns: [] };
    groups.set(what.group, progress);
  }
  const findPending: FindPending = (credit) => account.pending.get(pendingKey(credit))?.amount ?? 0;
  return stepReceipt(progress, what.billed, policy, findPending);
}
