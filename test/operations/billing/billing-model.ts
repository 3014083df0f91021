// A small shop written from the description of billing, not from the product: every night of every day is run, and what a
// history leaves on a card is counted from all of its facts. The random tests hold the service against it.
import { Model, type ModelKey, type ModelReceipt, type ReturnFigures } from '../receipts/model.ts';
import type { CardName, Fact, HeldNight, ReceiptFact } from './plays.ts';
import type { KindRules, PlainAccount } from './testing-billing.ts';

type Measure = 'bonus' | 'accumulation' | 'receipts';
const measures = ['bonus', 'accumulation', 'receipts'] as const;
const cardNames = ['A', 'B'] as const;

export interface Shop {
  /** Day 0 is the start of billing; the night of each day comes before its trade. */
  readonly start: string;
  readonly facts: readonly Fact[];
  /** Facts dated before the start that came while the base was in stage online, in that order. */
  readonly toldBefore: readonly Fact[];
  readonly rules: Readonly<Record<CardName, KindRules>>;
  readonly returnFigures: ReturnFigures;
  readonly hasNewLife: boolean;
  readonly held: readonly HeldNight[];
  readonly lastDay: number;
}

const forEver = 1_000_000;

function dateOf(start: string, day: number): string {
  if (day === forEver) return '3999-12-31';
  return new Date(Date.parse(`${start}T00:00:00Z`) + day * 86_400_000).toISOString().slice(0, 10);
}

const dayOf = (start: string, date: string): number =>
  (Date.parse(`${date}T00:00:00Z`) - Date.parse(`${start}T00:00:00Z`)) / 86_400_000;

/** The day a sum of that day is credited on, and the day whose night takes it; "days:4 days:1 operation". */
function readRule(
  start: string,
  text: string | undefined,
  day: number,
  hasDelay = true,
): { credit: number; end: number } {
  const [life = 'unlimited', delay = 'none', from = 'credit'] = (text ?? '').split(' ').filter((part) => part !== '');
  const credit = hasDelay && delay.startsWith('days:') ? day + Number(delay.slice(5)) : day;
  if (life === 'unlimited') return { credit, end: forEver };
  if (life.startsWith('fixed_date:')) return { credit, end: dayOf(start, life.slice(11)) };
  return { credit, end: (from === 'operation' ? day : credit) + Number(life.slice(5)) };
}

class CardModel {
  readonly balance: Record<Measure, number> = { bonus: 0, accumulation: 0, receipts: 0 };
  readonly rows: Record<Measure, Map<number, number>> = {
    bonus: new Map(),
    accumulation: new Map(),
    receipts: new Map(),
  };
  pending: { measure: Measure; credit: number; end: number; amount: number; of: string }[] = [];

  accrue(measure: Measure, amount: number, end: number): void {
    this.balance[measure] += amount;
    this.rows[measure].set(end, (this.rows[measure].get(end) ?? 0) + amount);
  }

  /** @param held what is set aside of the bonus: it stays, covered or not. */
  night(day: number, held: number): void {
    for (const measure of measures) {
      const covered = [...this.rows[measure]].reduce((sum, [end, amount]) => (end > day ? sum + amount : sum), 0);
      const kept = measure === 'bonus' ? Math.max(covered, held) : covered;
      if (this.balance[measure] > kept) this.balance[measure] = kept;
    }
    for (const { measure, amount, end } of this.pending.filter(({ credit }) => credit <= day)) {
      this.accrue(measure, amount, end);
    }
    this.pending = this.pending.filter(({ credit }) => credit > day);
  }

  show(start: string): PlainAccount {
    const rowsOf = (measure: Measure): Record<string, number> =>
      Object.fromEntries(
        [...this.rows[measure]]
          .filter(([, amount]) => amount !== 0)
          .toSorted(([a], [b]) => a - b)
          .map(([end, amount]) => [dateOf(start, end), amount]),
      );
    const sums = new Map<string, number>();
    const nameOf = ({ measure, credit, end, of }: CardModel['pending'][number]): string =>
      [measure, dateOf(start, credit), dateOf(start, end), of].join('|');
    for (const credit of this.pending) sums.set(nameOf(credit), (sums.get(nameOf(credit)) ?? 0) + credit.amount);
    const pending = [...sums].map(([name, amount]) => {
      const [measure, credit, end] = name.split('|');
      return `${measure} ${amount} ${credit} ${end}`;
    });
    const rows = { bonus: rowsOf('bonus'), accumulation: rowsOf('accumulation'), receipts: rowsOf('receipts') };
    return { ...this.balance, rows, pending: pending.toSorted() };
  }
}

interface Taken {
  readonly bonus: number;
  readonly accumulation: number;
  readonly receipts: number;
  readonly redeemed: number;
}

/** What returns take of a sale together (domain 6). */
function countTaken(sale: ReceiptFact, returns: readonly ReceiptFact[], mode: ReturnFigures): Taken {
  const isAll = returns.length > 0 && returns.reduce((sum, part) => sum + part.sum, 0) >= sale.sum;
  const share = (whole: number, part: number): number =>
    sale.sum === 0 ? 0 : Math.floor((2 * whole * Math.min(part, sale.sum) + sale.sum) / (2 * sale.sum));
  const take = (whole: number, figure: (part: ReceiptFact) => number | null, isCount = false): number => {
    const figures = returns.map(figure);
    if (isAll && figures.includes(null)) return whole;
    const parts = figures.map((own, index) => own ?? (isCount ? 0 : share(whole, (returns[index] as ReceiptFact).sum)));
    return Math.min(
      whole,
      parts.reduce((sum, part) => sum + part, 0),
    );
  };
  const own = (figure: number): number | null =>
    mode === 'till' || (mode === 'till_or_proportion' && figure > 0) ? figure : null;
  return {
    bonus: take(sale.accrued, (part) => own(part.accrued)),
    accumulation: take(sale.accumulation ?? sale.sum, (part) => part.accumulation),
    receipts: take(sale.count ?? 1, (part) => part.count, true),
    redeemed: take(sale.redeemed, (part) => own(part.redeemed)),
  };
}

const keyOf = (number: number, day: number): ModelKey => ({ kkm: 'T', shift: 1, number, on: String(day) });
const big = (figure: number | null): bigint | null => (figure === null ? null : BigInt(figure));

type Effect = { readonly day: number; readonly apply: () => void };

export class BillingModel {
  readonly cards: Readonly<Record<CardName, CardModel>> = { A: new CardModel(), B: new CardModel() };
  private readonly shop: Shop;
  private readonly effects: Effect[] = [];
  /** What returns of old sales take back, by card. */
  private readonly takenOfOld = {
    A: { bonus: 0, accumulation: 0, receipts: 0 },
    B: { bonus: 0, accumulation: 0, receipts: 0 },
  };
  private readonly debts = { A: 0, B: 0 };

  constructor(shop: Shop) {
    this.shop = shop;
    this.addReceipts();
    this.open();
    for (let day = 0; day <= shop.lastDay; day += 1) {
      for (const card of cardNames) this.cards[card].night(day, this.sumHeld(card, day));
      for (const { apply } of this.effects.filter((effect) => effect.day === day)) apply();
    }
  }

  private sumHeld(card: CardName, day: number): number {
    const own = this.shop.held.filter((one) => one.card === card && one.day === day);
    return own.reduce((sum, { amount }) => sum + amount, 0);
  }

  /** A payment card has no accumulation and no count. */
  private isStill(card: CardName, measure: Measure): boolean {
    return measure !== 'bonus' && this.shop.rules[card].purpose === 'payment';
  }

  accountOf(card: CardName): PlainAccount {
    return this.cards[card].show(this.shop.start);
  }

  private has(kind: Fact['kind'], number: number, among = this.shop.facts): boolean {
    return among.some(
      (fact) => fact.kind === kind && ('number' in fact ? fact.number : 'of' in fact && fact.of) === number,
    );
  }

  /** A report decides about a sale; `among` the facts that had come by then. */
  private findSale(number: number, among = this.shop.facts): ReceiptFact | undefined {
    const told = among.filter((fact): fact is ReceiptFact => 'number' in fact && fact.number === number);
    return told.find(({ kind }) => kind === 'report') ?? told.find(({ kind }) => kind === 'sale');
  }

  private addReceipts(): void {
    const { facts, toldBefore, returnFigures } = this.shop;
    const live = facts.filter((fact): fact is ReceiptFact => {
      return fact.kind === 'return' && fact.day >= 0 && !this.has('cancel_return', fact.number);
    });
    // Within one day they are ordered by their numbers.
    const returns = live.toSorted((a, b) => a.day - b.day || a.number - b.number);
    const numbers = new Set(
      facts.flatMap((fact) => (fact.kind === 'sale' || fact.kind === 'report' ? [fact.number] : [])),
    );
    for (const number of numbers) {
      const parts = returns.filter(({ of }) => of === number);
      const sale = this.findSale(number) as ReceiptFact;
      if (sale.day >= 0) {
        if (!this.has('cancel_sale', number)) this.addSale(sale, parts);
        continue;
      }
      const old = this.findSale(number, toldBefore);
      if (old === undefined || this.has('cancel_sale', number, toldBefore)) continue;
      const partsBefore = toldBefore.filter((fact): fact is ReceiptFact => {
        return fact.kind === 'return' && fact.of === number && !this.has('cancel_return', fact.number, toldBefore);
      });
      this.addOldSale(old, partsBefore, parts, returnFigures);
    }
    for (const part of returns) {
      if (part.of === null || !numbers.has(part.of)) this.addOrphan(part);
    }
    for (const fact of facts) if (fact.kind === 'document') this.addDocument(fact);
  }

  private addSale(sale: ReceiptFact, returns: readonly ReceiptFact[]): void {
    const { start, rules, returnFigures } = this.shop;
    const card = this.cards[sale.card];
    const taken = countTaken(sale, returns, returnFigures);
    const accrue = (measure: Measure, amount: number): void => {
      const rule = rules[sale.card][measure === 'bonus' ? 'bonus' : 'accumulation'];
      const { credit, end } = readRule(start, rule, sale.day);
      if (amount === 0 || this.isStill(sale.card, measure)) return;
      if (credit > sale.day) card.pending.push({ measure, credit, end, amount, of: String(sale.number) });
      else card.accrue(measure, amount, end);
    };
    this.effects.push({
      day: sale.day,
      apply: () => {
        // As if what its returns take back had never been accrued.
        accrue('bonus', sale.accrued - taken.bonus);
        accrue('accumulation', (sale.accumulation ?? sale.sum) - taken.accumulation);
        accrue('receipts', (sale.count ?? 1) - taken.receipts);
        card.balance.bonus -= sale.redeemed;
      },
    });
    for (const [index, part] of returns.entries()) {
      const before = countTaken(sale, returns.slice(0, index), returnFigures).redeemed;
      const given = countTaken(sale, returns.slice(0, index + 1), returnFigures).redeemed - before;
      // Nothing is given back before it is spent.
      this.effects.push({
        day: Math.max(part.day, sale.day),
        apply: () => {
          if (this.shop.hasNewLife) card.accrue('bonus', given, this.newEnd(part));
          else card.balance.bonus += given;
        },
      });
    }
  }

  /** By the rule of the card that the return names, from its day, without delay. */
  private newEnd(part: ReceiptFact): number {
    return readRule(this.shop.start, this.shop.rules[part.card].bonus, part.day, false).end;
  }

  private openEnd(card: CardName, measure: Measure): number {
    const rule = this.shop.rules[card][measure === 'bonus' ? 'bonus' : 'accumulation'];
    return readRule(this.shop.start, rule, 0, false).end;
  }

  private addOldSale(
    sale: ReceiptFact,
    before: readonly ReceiptFact[],
    since: readonly ReceiptFact[],
    mode: ReturnFigures,
  ): void {
    const inOpening = countTaken(sale, before, mode);
    const inAll = countTaken(sale, [...before, ...since], mode);
    for (const measure of measures) {
      if (!this.isStill(sale.card, measure)) this.takenOfOld[sale.card][measure] += inAll[measure] - inOpening[measure];
    }
    const card = this.cards[sale.card];
    for (const [index, part] of since.entries()) {
      const upTo = (count: number): number => countTaken(sale, [...before, ...since.slice(0, count)], mode).redeemed;
      const given = upTo(index + 1) - upTo(index);
      const end = this.shop.hasNewLife ? this.newEnd(part) : this.openEnd(sale.card, 'bonus');
      this.effects.push({
        day: part.day,
        apply: () => {
          // A debt of old returns is paid first.
          const paid = Math.min(this.debts[sale.card], given);
          this.debts[sale.card] -= paid;
          card.balance.bonus += paid;
          card.accrue('bonus', given - paid, end);
        },
      });
    }
  }

  private addOrphan(part: ReceiptFact): void {
    const card = this.cards[part.card];
    this.effects.push({
      day: part.day,
      apply: () => {
        card.balance.bonus -= part.accrued;
        if (!this.isStill(part.card, 'accumulation')) card.balance.accumulation -= part.accumulation ?? part.sum;
        if (!this.isStill(part.card, 'receipts')) card.balance.receipts -= part.count ?? 0;
        card.accrue('bonus', part.redeemed, this.newEnd(part));
      },
    });
  }

  private addDocument(fact: Fact & { readonly kind: 'document' }): void {
    const { card: name, day, measure, amount, life, delay } = fact;
    const card = this.cards[name];
    const end = day + delay + life;
    this.effects.push({
      day,
      apply: () => {
        if (amount < 0) card.balance[measure] += amount;
        else if (delay > 0) card.pending.push({ measure, credit: day + delay, end, amount, of: 'document' });
        else card.accrue(measure, amount, end);
      },
    });
  }

  /** What stage online had of the cards, less what returns take back of it; beyond the opening row that is a debt. */
  private open(): void {
    const trade = new Model(this.shop.returnFigures, 900);
    for (const card of cardNames) {
      trade.statuses.set(card, 'active');
      if (this.shop.rules[card].purpose === 'payment') trade.payment.add(card);
    }
    for (const [call, fact] of this.shop.toldBefore.entries()) this.tellTrade(trade, call, fact);
    for (const card of cardNames) {
      const sums = trade.balanceOf(card);
      for (const measure of measures) {
        const [opening, taken] = [Number(sums[measure]), this.takenOfOld[card][measure]];
        const row = Math.max(0, opening);
        this.cards[card].balance[measure] = opening - taken;
        this.cards[card].rows[measure].set(this.openEnd(card, measure), Math.max(0, row - taken));
        if (measure === 'bonus') this.debts[card] = Math.max(0, taken - row);
      }
    }
  }

  private tellTrade(trade: Model, call: number, fact: Fact): void {
    if (fact.kind === 'document') return;
    const dayOfSale = (number: number): number => this.findSale(number)?.day ?? 0;
    if (!('number' in fact)) {
      const kind = fact.kind === 'cancel_sale' ? 'Sale' : 'Return';
      const undone =
        kind === 'Sale'
          ? this.findSale(fact.of)
          : this.shop.facts.find((other) => other.kind === 'return' && other.number === fact.of);
      if (undone !== undefined)
        trade.cancel(call, { ...keyOf(fact.of, undone.day), kind, operationId: null, card: null });
      return;
    }
    const { number, day, card, sum, accrued, redeemed, accumulation, count, of } = fact;
    const receipt: ModelReceipt = {
      ...keyOf(number, day),
      kind: fact.kind === 'return' ? 'Return' : 'Sale',
      operationId: null,
      card,
      sum: BigInt(sum),
      accrued: BigInt(accrued),
      redeemed: BigInt(redeemed),
      accumulationDelta: big(accumulation),
      countDelta: big(count),
      offline: true,
      original: fact.kind === 'return' && of !== null ? keyOf(of, dayOfSale(of)) : null,
    };
    trade.tell(call, fact.kind === 'sale' ? 'online' : 'report', receipt);
  }
}
