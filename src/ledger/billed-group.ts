// What a sale with its returns does to a card's account under billing, as a function of the set of receipts known: an
// accrual is net of all that its returns take back, from the day it was accrued. So what a night has burned is not
// taken a second time, and a return and a cancel of an accrual have the same result (domain 6).
import type { AccrualRow, BillingEffect, MeasureName, PendingCredit } from './account.ts';
import type { AccrualTerm } from './life-rule.ts';
import { dateOf, type LocalDate } from './local-date-time.ts';
import { addMeasures, noMeasures, subtractMeasures, type Measures } from './measures.ts';
import { saleAccumulation, saleCount, type Receipt } from './receipt.ts';
import { settleOrphanReturn, sumReturned, type Returned, type ReturnFigures } from './settlement.ts';

/** The terms that the card's rules gave to a sale's accruals when it was recorded. */
export interface SaleTerms {
  readonly bonus: AccrualTerm;
  /** One rule for the accumulation sum and the receipt count. */
  readonly accumulation: AccrualTerm;
}

/** The life of bonus that a return gives back. */
export interface ReturnTerms {
  /** Whether `restoreTerm` was `new_life` then; otherwise bonus given back has the term of what it was spent from. */
  readonly hasNewLife: boolean;
  /**
   * The write-off date by the card's rule, counted from the return's date: that of a new life, and of a return whose sale
   * is not known. Null where none was stored with the return: what it gives back has no life, and burns the next night.
   */
  readonly writeOffOn: LocalDate | null;
}

/** For a sale that is older than billing, and so in the opening balance. */
export interface OldSaleTerms {
  /** Its returns lower what the opening documents up to this id have posted; 0 if there was none. */
  readonly lastOpeningId: number;
  /** The write-off dates of what its returns give back where no opening document has a row. */
  readonly bonusOn: LocalDate;
  readonly accumulationOn: LocalDate;
}

/** A receipt as billing sees it. A return counts on the card of its sale, whatever card it names itself. */
export type BilledReceipt =
  | { readonly kind: 'sale'; readonly receipt: Receipt; readonly isOwn: boolean; readonly terms: SaleTerms }
  | { readonly kind: 'return'; readonly receipt: Receipt; readonly isOwn: boolean; readonly terms: ReturnTerms }
  /** Dated before billing and in the opening balance: it moves nothing, but its returns do. */
  | { readonly kind: 'old_sale'; readonly receipt: Receipt; readonly isOwn: boolean; readonly terms: OldSaleTerms }
  /** A return of an old sale, also in the opening balance: it leaves less to return. */
  | { readonly kind: 'old_return'; readonly receipt: Receipt };

export interface BillingPolicy {
  readonly returnFigures: ReturnFigures;
}

/** What the returns of an old sale take from the opening balance and give back to it. */
export interface OldReturns {
  readonly terms: OldSaleTerms;
  readonly takenBack: Measures;
  readonly givenBack: readonly GivenBack[];
}

export interface GivenBack {
  /** The index of the receipt of the group at whose place it is given back. */
  readonly index: number;
  readonly amount: number;
  /** Null if it lives as long as the opening sums do. */
  readonly newLifeOn: LocalDate | null;
}

export interface GroupMoves {
  /** The effect of each receipt on the card asked for, without what the returns of an old sale change. */
  readonly effects: readonly BillingEffect[];
  readonly old: OldReturns | undefined;
}

const nothingReturned: Returned = {
  sumKopecks: 0,
  accruedKopecks: 0,
  redeemedKopecks: 0,
  accumulationKopecks: 0,
  receipts: 0,
};

export const noEffect: BillingEffect = { balance: noMeasures, rows: [], pending: [] };

/** @param receipts a sale with its returns, or returns whose sale is not known, in the order of the facts. */
export function settleBilledGroup(receipts: readonly BilledReceipt[], { returnFigures }: BillingPolicy): GroupMoves {
  const saleIndex = receipts.findIndex(({ kind }) => kind === 'sale' || kind === 'old_sale');
  const sale = receipts[saleIndex];
  if (sale === undefined) return { effects: receipts.map(giveOrphan), old: undefined };
  const effects = receipts.map(() => noEffect);
  if (sale.kind === 'sale' && sale.isOwn) {
    effects[saleIndex] = accrueNet(sale, sumTaken(sale.receipt, receipts.filter(isReturn), returnFigures));
    for (const given of listGivenBack(sale.receipt, receipts, saleIndex, returnFigures)) {
      effects[given.index] = addEffects(effects[given.index] ?? noEffect, giveBack(given));
    }
  }
  if (sale.kind !== 'old_sale' || !sale.isOwn) return { effects, old: undefined };
  const taken = (parts: readonly BilledReceipt[]): Measures => {
    const { accruedKopecks, accumulationKopecks, receipts: count } = sumTaken(sale.receipt, parts, returnFigures);
    return { bonus: accruedKopecks, accumulation: accumulationKopecks, receipts: count };
  };
  const inOpening = receipts.filter(({ kind }) => kind === 'old_return');
  const takenBack = subtractMeasures(taken(receipts.filter(isReturn)), taken(inOpening));
  const givenBack = listGivenBack(sale.receipt, receipts, saleIndex, returnFigures);
  return { effects, old: { terms: sale.terms, takenBack, givenBack } };
}

/** What the receipts of a group change in the balance together, from whichever rows. */
export function sumGroup({ effects, old }: GroupMoves): Measures {
  const own = effects.reduce((sum, { balance }) => addMeasures(sum, balance), noMeasures);
  if (old === undefined) return own;
  const given = old.givenBack.reduce((sum, { amount }) => sum + amount, 0);
  return addMeasures(subtractMeasures(own, old.takenBack), { ...noMeasures, bonus: given });
}

function isReturn({ kind }: BilledReceipt): boolean {
  return kind === 'return' || kind === 'old_return';
}

function sumTaken(sale: Receipt, returns: readonly BilledReceipt[], mode: ReturnFigures): Returned {
  if (returns.length === 0) return nothingReturned;
  return sumReturned(
    sale,
    returns.map(({ receipt }) => receipt),
    mode,
  );
}

function addEffects(a: BillingEffect, b: BillingEffect): BillingEffect {
  const balance = addMeasures(a.balance, b.balance);
  return { balance, rows: [...a.rows, ...b.rows], pending: [...a.pending, ...b.pending] };
}

/**
 * The redeemed bonus that each return since billing began gives back: what it adds to those before it. A return that is
 * dated before its sale cannot give back what is not spent yet, so it gives it back when the sale comes.
 */
function listGivenBack(
  sale: Receipt,
  receipts: readonly BilledReceipt[],
  saleIndex: number,
  mode: ReturnFigures,
): GivenBack[] {
  if (sale.bonusRedeemedKopecks === 0) return [];
  const given: GivenBack[] = [];
  const returns: BilledReceipt[] = [];
  let before = 0;
  for (const [index, one] of receipts.entries()) {
    if (one.kind !== 'return' && one.kind !== 'old_return') continue;
    returns.push(one);
    const { redeemedKopecks } = sumTaken(sale, returns, mode);
    const amount = redeemedKopecks - before;
    before = redeemedKopecks;
    if (one.kind === 'old_return' || amount === 0) continue;
    const newLifeOn = one.terms.hasNewLife ? one.terms.writeOffOn : null;
    given.push({ index: Math.max(index, saleIndex), amount, newLifeOn });
  }
  return given;
}

/** Spending never touched A, so bonus given back finds its original row there; a new life needs a row of its own. */
function giveBack({ amount, newLifeOn }: GivenBack): BillingEffect {
  const rows = newLifeOn === null ? [] : [{ measure: 'bonus', writeOffOn: newLifeOn, amount } as const];
  return { balance: { ...noMeasures, bonus: amount }, rows, pending: [] };
}

/**
 * A return whose sale is not known moves its own figures, on its own card. No row exists to take back
 * from or to give bonus back to: bonus given back gets a row by the card's rule.
 */
function giveOrphan(one: BilledReceipt): BillingEffect {
  if (one.kind !== 'return' || !one.isOwn) return noEffect;
  const { receipt, terms } = one;
  const amount = receipt.bonusRedeemedKopecks;
  const hasRow = amount > 0 && terms.writeOffOn !== null;
  const rows = hasRow ? [{ measure: 'bonus', writeOffOn: terms.writeOffOn, amount } as const] : [];
  return { balance: settleOrphanReturn(receipt), rows, pending: [] };
}

/** A sale as if what its returns take back had never been accrued. */
function accrueNet({ receipt, terms }: BilledReceipt & { kind: 'sale' }, taken: Returned): BillingEffect {
  const on = dateOf(receipt.receiptAt);
  const source = nameSource(receipt);
  const balance = { bonus: 0 - receipt.bonusRedeemedKopecks, accumulation: 0, receipts: 0 };
  const rows: AccrualRow[] = [];
  const pending: PendingCredit[] = [];
  const accrue = (measure: MeasureName, amount: number, { creditOn, writeOffOn }: AccrualTerm): void => {
    if (amount === 0) return;
    if (creditOn > on) pending.push({ source, measure, creditOn, writeOffOn, amount });
    else {
      balance[measure] += amount;
      rows.push({ measure, writeOffOn, amount });
    }
  };
  accrue('bonus', receipt.bonusAccruedKopecks - taken.accruedKopecks, terms.bonus);
  accrue('accumulation', saleAccumulation(receipt) - taken.accumulationKopecks, terms.accumulation);
  accrue('receipts', saleCount(receipt) - taken.receipts, terms.accumulation);
  return { balance, rows, pending };
}

/** The key of a sale's pending credits: its natural key, which does not depend on the order of arrival. */
function nameSource({ kkm, shiftNumber, receiptNumber, receiptAt, kind }: Receipt): string {
  return `${kind} ${kkm} ${shiftNumber} ${receiptNumber} ${dateOf(receiptAt)}`;
}
