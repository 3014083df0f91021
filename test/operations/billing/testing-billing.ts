// An infobase under billing for tests: rules of life by kind of card, nights as the service runs them, documents made by
// hand, and what the registers hold of a card.
import { insertBillingDocument, loadAccount, postUncheckedLine } from '../../../src/db/billing/billing-register.ts';
import { findBillingState, lastNightOfCard } from '../../../src/db/billing/billing-state.ts';
import { saveLifeRule } from '../../../src/db/catalogs/life-rule.ts';
import { statement } from '../../../src/db/statement.ts';
import { measureNames, type Account, type BillingEffect, type MeasureName } from '../../../src/ledger/account.ts';
import type { CardPurpose } from '../../../src/ledger/card.ts';
import { parseDelay, parseLife, type LifeRule } from '../../../src/ledger/life-rule.ts';
import { addDays, dateOf, startOf, type LocalDate, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import { noMeasures, type Measures } from '../../../src/ledger/measures.ts';
import type { Settings } from '../../../src/ledger/settings.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { isCardInOrder } from '../../../src/operations/billing/card-facts.ts';
import { listCardOperations, type CardOperation } from '../../../src/operations/cards/list-card-operations.ts';

import { catchUpNights, runNight, type NightOptions } from '../../../src/operations/night/run-night.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { addKind, moment, openTestInfobase, read, setSetting } from '../testing-infobase.ts';

/** A date written out in a test. */
export function day(text: string): LocalDate {
  return dateOf(moment(text));
}

/** The shop's first day under billing, in tests that do not care. */
export const billingStart = day('2021-01-01');

/** "LIFE" or "LIFE DELAY" or "LIFE DELAY operation", as `kkm rules set` takes them. */
export type RuleText = string;

export interface KindRules {
  readonly bonus?: RuleText;
  readonly accumulation?: RuleText;
  /** Default: a discount kind. */
  readonly purpose?: CardPurpose;
}

export interface BillingOptions {
  readonly start?: LocalDate;
  readonly settings?: Partial<Settings>;
  readonly hasSubscription?: boolean;
  /** By code of the kind. */
  readonly kinds?: Readonly<Record<string, KindRules>>;
}

/** An infobase in stage billing since `start`, whose night has not been yet. Close it when done. */
export async function openBilling(options: BillingOptions = {}): Promise<Infobase> {
  const { start = billingStart, settings = {}, hasSubscription = true, kinds = {} } = options;
  const infobase = await openTestInfobase({ hasSubscription });
  for (const [code, rules] of Object.entries(kinds)) await addRuledKind(infobase, code, rules);
  for (const [name, value] of Object.entries(settings)) await setSetting(infobase, name as keyof Settings, value);
  const outcome = await saveSetting(infobase, startOf(start), 'stage', 'billing');
  if (!outcome.ok) throw new Error(outcome.why);
  return infobase;
}

export async function addRuledKind(infobase: Infobase, code: string, rules: KindRules): Promise<void> {
  const bonusRuleCode = await keepRule(infobase, 'bonus', rules.bonus);
  const accumulationRuleCode = await keepRule(infobase, 'accumulation', rules.accumulation);
  const { purpose = 'discount' } = rules;
  await addKind(infobase, { code, name: code, bonusRuleCode, accumulationRuleCode, purpose });
}

/** Rules are named by what they say, so that kinds share them. */
async function keepRule(infobase: Infobase, register: LifeRule['register'], text?: RuleText): Promise<string | null> {
  if (text === undefined) return null;
  const rule = parseRule(register, text);
  await infobase.db.write((trx) => saveLifeRule(trx, rule));
  return rule.code;
}

export function parseRule(register: LifeRule['register'], text: RuleText): LifeRule {
  const [lifeText = '', delayText = 'none', lifeFrom = 'credit'] = text.split(' ');
  const [life, delay] = [parseLife(lifeText), parseDelay(delayText)];
  if (life === undefined || delay === undefined) throw new Error(`${text} is no rule`);
  const code = `${register} ${text}`;
  return { code, name: code, register, life, delay, lifeFrom: lifeFrom as LifeRule['lifeFrom'] };
}

export const nightOptions = { holder: 'test', readMs: () => 0 };

/** Runs the next night, which must be that of `on`. */
export async function passNight(infobase: Infobase, on: LocalDate, options: Partial<NightOptions> = {}): Promise<void> {
  const end = await runNight(infobase, on, moment(`${on}T02:00:00`), { ...nightOptions, ...options });
  if (end.code !== 'done') throw new Error(`the night of ${on}: ${JSON.stringify(end)}`);
}

/** Runs every night that is due on that morning, in order. */
export async function passNightsTo(
  infobase: Infobase,
  on: LocalDate,
  options: Partial<NightOptions> = {},
): Promise<void> {
  const { end } = await catchUpNights(infobase, moment(`${on}T02:00:00`), { ...nightOptions, ...options });
  if (end.code !== 'up_to_date') throw new Error(`the nights to ${on}: ${JSON.stringify(end)}`);
}

/** The date of the last night that was run. */
export async function getLastNight(infobase: Infobase): Promise<LocalDate> {
  const state = await infobase.db.read(findBillingState);
  if (state === undefined) throw new Error('billing is off');
  return state.lastNightOn;
}

const cardIdByNumber = statement<{ number: string }, { id: number }>((knex, p) =>
  knex('card').select('id').where('number', p.number),
);

export async function getCardId(infobase: Infobase, cardNumber: string): Promise<number> {
  const row = await infobase.db.read((trx) => trx.first(cardIdByNumber, { number: cardNumber }));
  if (row === undefined) throw new Error(`card ${cardNumber} is missing`);
  return row.id;
}

/** An account as a test can write it down: rows by write-off date, pending credits without their sources. */
export interface PlainAccount extends Measures {
  readonly rows: Readonly<Record<MeasureName, Readonly<Record<string, number>>>>;
  readonly pending: readonly string[];
}

export async function getAccount(infobase: Infobase, cardNumber: string): Promise<PlainAccount> {
  const cardId = await getCardId(infobase, cardNumber);
  return toPlain(await infobase.db.read((trx) => loadAccount(trx, cardId)));
}

export function toPlain({ balance, rows, pending }: Account): PlainAccount {
  const sorted = (measure: MeasureName): Record<string, number> =>
    Object.fromEntries([...rows[measure]].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...balance,
    rows: { bonus: sorted('bonus'), accumulation: sorted('accumulation'), receipts: sorted('receipts') },
    pending: [...pending.values()]
      .map(({ measure, creditOn, writeOffOn, amount }) => `${measure} ${amount} ${creditOn} ${writeOffOn}`)
      .toSorted(),
  };
}

export const emptyAccount: PlainAccount = {
  ...noMeasures,
  rows: { bonus: {}, accumulation: {}, receipts: {} },
  pending: [],
};

/** Whether the registers hold what the facts and the nights make, calculated again. */
export async function isInOrder(infobase: Infobase, cardNumber: string): Promise<boolean> {
  const cardId = await getCardId(infobase, cardNumber);
  return infobase.db.read(async (trx) => {
    const state = await findBillingState(trx);
    if (state === undefined) throw new Error('billing is off');
    const settings = await infobase.loadSettings(trx);
    return isCardInOrder(trx, { settings, state, now: startOf(state.lastNightOn) }, cardId);
  });
}

/** What a document made by hand does; `kind` follows from the sign if it is left out. */
export interface ManualDocument {
  readonly on: LocalDate;
  readonly balance?: Partial<Measures>;
  readonly rows?: BillingEffect['rows'];
  readonly pending?: BillingEffect['pending'];
  readonly kind?: 'Accrual' | 'WriteOff' | 'OpeningBalance';
  readonly comment?: string;
}

/** Posts a document of one line as it is given: rows may be left out, as no document of the product leaves them. */
export function postManual(infobase: Infobase, cardId: number, document: ManualDocument): Promise<Measures> {
  const { on, balance = {}, rows = [], pending = [], kind = 'Accrual', comment = null } = document;
  return infobase.db.write(async (trx) => {
    const datedAt = moment(`${on}T12:00:00`);
    const origin = kind === 'OpeningBalance' ? 'opening' : 'manual';
    const state = await findBillingState(trx);
    if (state === undefined) throw new Error('billing is off');
    // What comes before a night was there when the night ran.
    const lastNightOn = lastNightOfCard(state, cardId);
    const effectiveOn = on < lastNightOn ? on : lastNightOn;
    const head = { kind, origin, effectiveOn, receiptId: null, documentId: null, comment } as const;
    const documentId = await insertBillingDocument(trx, { ...head, datedAt, recordedAt: datedAt });
    const effect = { balance: { ...noMeasures, ...balance }, rows, pending };
    return (await postUncheckedLine(trx, documentId, 1, cardId, effect, comment)).after;
  });
}

/** A movement of a card in a billing register, with its document. */
export interface BillingRow extends Measures {
  readonly documentId: number;
  readonly kind: string;
  readonly origin: string;
  readonly datedAt: LocalDateTime;
  readonly comment: string | null;
  readonly reason: string | null;
  readonly bonusAfter: number;
}

const rowsOfCard = statement<{ cardId: number }, BillingRow>((knex, p) =>
  knex('billing_movement')
    .join('billing_document', 'billing_document.id', 'billing_movement.document_id')
    .where('billing_movement.card_id', p.cardId)
    .orderBy('billing_movement.rowid')
    .select({
      documentId: 'billing_movement.document_id',
      kind: 'billing_document.kind',
      origin: 'billing_document.origin',
      datedAt: 'billing_document.dated_at',
      comment: 'billing_document.comment',
      reason: 'billing_movement.reason',
      bonusAfter: 'billing_movement.bonus_after',
      bonus: 'billing_movement.bonus',
      accumulation: 'billing_movement.accumulation',
      receipts: 'billing_movement.receipts',
    }),
);

/** Every movement of «Остатки» of a card, in the order they were posted: a night writes in one document for hours. */
export async function listBillingRows(infobase: Infobase, cardNumber: string): Promise<BillingRow[]> {
  const cardId = await getCardId(infobase, cardNumber);
  return infobase.db.read((trx) => trx.list(rowsOfCard, { cardId }));
}

export async function listOperations(infobase: Infobase, cardNumber: string): Promise<readonly CardOperation[]> {
  const request = { cardNumber, from: null, to: null, limit: null };
  const { code, operations } = await listCardOperations(infobase, read(request));
  if (code !== 0) throw new Error(`the history of ${cardNumber} is refused: ${code}`);
  return operations;
}

export function addAll(parts: readonly Measures[]): Measures {
  const total = { ...noMeasures } as Record<MeasureName, number>;
  for (const part of parts) for (const measure of measureNames) total[measure] += part[measure];
  return total;
}

/** Dates one after another, both ends included. */
export function listDates(from: LocalDate, to: LocalDate): LocalDate[] {
  const dates: LocalDate[] = [];
  for (let on = from; on <= to; on = addDays(on, 1)) dates.push(on);
  return dates;
}
