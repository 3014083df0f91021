// What a document made by hand would do to each card that it names, or what is wrong with its rows.
import { loadAccount } from '../../db/billing/billing-register.ts';
import type { BillingState } from '../../db/billing/billing-state.ts';
import { findCardReading, type CardReading } from '../../db/cards/card-reading.ts';
import type { Trx } from '../../db/db.ts';
import { findCardRules, findLifeRule } from '../../db/catalogs/life-rule.ts';
import {
  measureNames,
  type Account,
  type AccrualRow,
  type BillingEffect,
  type MeasureName,
  type PendingCredit,
} from '../../ledger/account.ts';
import { countAvailable } from '../../ledger/hold.ts';
import { findWriteOffDate, neverOn, type LifeRegister, type LifeRule } from '../../ledger/life-rule.ts';
import { dateOf, formatForPeople, startOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import { addMeasures, type Measures } from '../../ledger/measures.ts';
import { formatRubles } from '../../ledger/money.ts';
import type { Settings } from '../../ledger/settings.ts';
import type { DocumentField, DocumentRow, DocumentSort, RowMistake } from './read-document-sheet.ts';

export interface MakeDocumentRequest {
  readonly sort: DocumentSort;
  readonly rows: readonly DocumentRow[];
  /** The comment of the whole document; a row's own comment adds to it for its card. */
  readonly comment: string | null;
  /** A write-off may take more than is available. */
  readonly mayOwe?: boolean;
  /** The file, if the rows come from one. */
  readonly fileName?: string;
  /** Whether rows of a file that have made such a document before may make another one. */
  readonly isForced?: boolean;
}

export interface PlanContext {
  readonly now: LocalDateTime;
  readonly settings: Settings;
  readonly billing: BillingState;
}

/** A card's line: all rows that name it together. */
export interface CardPlan {
  readonly cardId: number;
  readonly cardNumber: string;
  readonly reading: CardReading;
  readonly rules: Readonly<Record<LifeRegister, LifeRule | undefined>>;
  readonly balance: Record<MeasureName, number>;
  readonly rows: AccrualRow[];
  readonly pending: Omit<PendingCredit, 'source'>[];
  readonly reasons: Set<string>;
  /** What the card has pending and in register A, with what the document adds. */
  readonly delayed: Record<MeasureName, number>;
  readonly accrued: Record<MeasureName, number>;
  after: Measures;
}

/** @param source the source of its pending credits. */
export function effectOf({ balance, rows, pending }: CardPlan, source: string): BillingEffect {
  return { balance: { ...balance }, rows, pending: pending.map((credit) => ({ ...credit, source })) };
}

export class DocumentPlanner {
  /** By card id, in the order the rows name them. */
  readonly plans = new Map<number, CardPlan>();
  readonly mistakes: RowMistake[] = [];
  private readonly trx: Trx;
  private readonly context: PlanContext;
  private readonly request: MakeDocumentRequest;
  private readonly knownRules = new Map<string, LifeRule | undefined>();

  constructor(trx: Trx, context: PlanContext, request: MakeDocumentRequest) {
    this.trx = trx;
    this.context = context;
    this.request = request;
  }

  async take(row: DocumentRow): Promise<void> {
    const plan = await this.findPlan(row.cardNumber);
    if (plan === undefined) return this.report(row, 'card', row.cardNumber, 'there is no card of this number');
    const isTaken = this.request.sort === 'accrual' ? await this.accrue(plan, row) : this.writeOff(plan, row);
    if (isTaken && row.comment !== null) plan.reasons.add(row.comment);
  }

  private report(row: DocumentRow, field: DocumentField | null, value: string | null, why: string): void {
    this.mistakes.push({ line: row.line, field, value, why });
  }

  private async findPlan(cardNumber: string): Promise<CardPlan | undefined> {
    const { trx, context } = this;
    const reading = await findCardReading(trx, cardNumber, context.now, context.settings);
    if (reading === undefined) return undefined;
    const { id: cardId, bonus, accumulation, receipts } = reading;
    let plan = this.plans.get(cardId);
    if (plan === undefined) {
      const rules = await findCardRules(trx, cardId);
      const effect = { balance: { bonus: 0, accumulation: 0, receipts: 0 }, rows: [], pending: [] };
      const sums = sumAccount(await loadAccount(trx, cardId));
      const after = { bonus, accumulation, receipts };
      plan = { cardId, cardNumber, reading, rules, ...effect, ...sums, reasons: new Set(), after };
      this.plans.set(cardId, plan);
    }
    return plan;
  }

  /** A write-off lowers only B: like the night's own, it leaves A unchanged. */
  private writeOff(plan: CardPlan, row: DocumentRow): boolean {
    const { spendable, held, accumulation, receipts } = plan.reading;
    const available: Measures = { bonus: countAvailable(spendable, held), accumulation, receipts };
    const before = this.mistakes.length;
    for (const measure of measureNames) {
      const amount = row.sums[measure];
      const left = available[measure] + plan.balance[measure];
      // What a card had before its kind became a payment kind may be cleared, and no more.
      const mayOwe = this.request.mayOwe === true && !isStill(plan, measure);
      if (amount > 0 && amount > left && !mayOwe) {
        const ground = isStill(plan, measure) ? onPaymentCard : 'a debt must be allowed';
        const why = `only ${show(measure, Math.max(0, left))} is available; ${ground}`;
        this.report(row, measure, show(measure, amount), why);
      }
    }
    if (this.mistakes.length > before) return false;
    for (const measure of measureNames) plan.balance[measure] -= row.sums[measure];
    return this.settle(plan, row);
  }

  private async accrue(plan: CardPlan, row: DocumentRow): Promise<boolean> {
    const today = dateOf(this.context.now);
    const creditOn = row.creditOn ?? today;
    if (creditOn < today) {
      this.report(row, 'creditDate', creditOn, `it is earlier than today, ${today}`);
      return false;
    }
    const rule = row.ruleCode === null ? undefined : await this.findRule(row, row.ruleCode);
    if (row.ruleCode !== null && rule === undefined) return false;
    const parts: { measure: MeasureName; amount: number; writeOffOn: LocalDate }[] = [];
    for (const measure of measureNames) {
      if (row.sums[measure] === 0) continue;
      if (isStill(plan, measure)) {
        this.report(row, measure, show(measure, row.sums[measure]), onPaymentCard);
        return false;
      }
      const writeOffOn = this.findWriteOff(plan, row, measure, rule, creditOn);
      if (writeOffOn === undefined) return false;
      parts.push({ measure, amount: row.sums[measure], writeOffOn });
    }
    for (const part of parts) {
      if (creditOn > today) plan.pending.push({ ...part, creditOn });
      else plan.rows.push(part);
      (creditOn > today ? plan.delayed : plan.balance)[part.measure] += part.amount;
      plan.accrued[part.measure] += part.amount;
    }
    if (creditOn > today) plan.reasons.add(`Отложено до ${formatForPeople(startOf(creditOn)).slice(0, 10)}`);
    return this.settle(plan, row);
  }

  private async findRule(row: DocumentRow, code: string): Promise<LifeRule | undefined> {
    if (!this.knownRules.has(code)) this.knownRules.set(code, await findLifeRule(this.trx, code));
    const rule = this.knownRules.get(code);
    const covers = measureNames.some((measure) => row.sums[measure] > 0 && registerOf(measure) === rule?.register);
    if (rule === undefined) this.report(row, 'rule', code, 'there is no such rule of life');
    else if (!covers)
      this.report(row, 'rule', code, `it is for the register ${rule.register}, which the row does not change`);
    return covers ? rule : undefined;
  }

  /**
   * The date given, or that of the rule given, or of the card kind's own rule. A rule's delay is for trade, where goods may
   * be returned: by hand, the operator gives the credit date.
   */
  private findWriteOff(
    plan: CardPlan,
    row: DocumentRow,
    measure: MeasureName,
    given: LifeRule | undefined,
    creditOn: LocalDate,
  ): LocalDate | undefined {
    const today = dateOf(this.context.now);
    const isGiven = given?.register === registerOf(measure);
    const rule = isGiven ? given : plan.rules[registerOf(measure)];
    const from = rule?.lifeFrom === 'operation' ? today : creditOn;
    const writeOffOn = row.writeOffOn ?? (rule === undefined ? neverOn : findWriteOffDate(rule.life, from));
    const field = row.writeOffOn !== null ? 'writeOffDate' : isGiven ? 'rule' : 'card';
    const value = row.writeOffOn ?? (isGiven ? given.code : row.cardNumber);
    const source = row.writeOffOn === null ? `rule "${rule?.code}" gives ${writeOffOn}, which is ` : '';
    const nightDone = this.context.billing.lastNightOn;
    if (writeOffOn <= today) this.report(row, field, value, `${source}not after today, ${today}`);
    else if (writeOffOn <= creditOn) this.report(row, field, value, `${source}not after the credit date, ${creditOn}`);
    else if (writeOffOn <= nightDone) this.report(row, field, value, `${source}not after the last night, ${nightDone}`);
    else return writeOffOn;
    return undefined;
  }

  /** Refuses what the registers could not hold, now or when the pending credits have come due. */
  private settle(plan: CardPlan, row: DocumentRow): boolean {
    plan.after = addMeasures(plan.reading, plan.balance);
    for (const measure of measureNames) {
      const balance = plan.after[measure];
      if ([balance, balance + plan.delayed[measure], plan.accrued[measure]].every(Number.isSafeInteger)) continue;
      this.report(row, measure, show(measure, row.sums[measure]), 'the card would hold more than a register can');
      return false;
    }
    return true;
  }
}

/** Whether the card has a payment kind, which holds only money. */
function isStill({ reading }: CardPlan, measure: MeasureName): boolean {
  return reading.purpose === 'payment' && measure !== 'bonus';
}

const onPaymentCard = 'the accumulation sum and the receipt count of a payment card never change';

function sumAccount({ rows, pending }: Account): Pick<CardPlan, 'delayed' | 'accrued'> {
  const delayed = { bonus: 0, accumulation: 0, receipts: 0 };
  for (const { measure, amount } of pending.values()) delayed[measure] += amount;
  const accrued = { ...delayed };
  for (const measure of measureNames) for (const amount of rows[measure].values()) accrued[measure] += amount;
  return { delayed, accrued };
}

function registerOf(measure: MeasureName): LifeRegister {
  return measure === 'bonus' ? 'bonus' : 'accumulation';
}

function show(measure: MeasureName, amount: number): string {
  return measure === 'receipts' ? String(amount) : formatRubles(amount);
}
