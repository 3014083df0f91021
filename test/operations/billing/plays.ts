// One history sent in several orders of arrival: each order has cards and tills of its own in one database, and the nights
// run over all of them together, as they do in a shop.
import { insertCard } from '../../../src/db/cards/card.ts';
import { insertNightHold } from '../../../src/db/night/night-hold.ts';
import type { MeasureName } from '../../../src/ledger/account.ts';
import { addDays, type LocalDate, type LocalDateTime } from '../../../src/ledger/local-date-time.ts';
import type { Measures } from '../../../src/ledger/measures.ts';
import type { Receipt } from '../../../src/ledger/receipt.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import {
  buildCancel,
  buildSale,
  cancel,
  getBalance,
  keyOf,
  moment,
  register,
  testCard,
  upload,
} from '../testing-infobase.ts';
import { enable } from '../enabling/testing-enabling.ts';
import {
  addAll,
  day,
  getAccount,
  getCardId,
  isInOrder,
  listBillingRows,
  passNightsTo,
  postManual,
  type PlainAccount,
} from './testing-billing.ts';

/** Day 0 of every history. */
export const playStart = day('2026-01-01');

export type CardName = 'A' | 'B';

export interface ReceiptFact {
  /** `report`: the shift's report has another content than the till's online call. */
  readonly kind: 'sale' | 'report' | 'return';
  readonly number: number;
  /** The sale that a return names; null for one that names none. */
  readonly of: number | null;
  readonly card: CardName;
  /** The receipt's business date, counted from the start; below zero it is dated before billing. */
  readonly day: number;
  readonly sum: number;
  readonly accrued: number;
  readonly redeemed: number;
  readonly accumulation: number | null;
  readonly count: number | null;
}

export type Fact =
  | ReceiptFact
  /** `of`: the number of the sale or return that is undone. */
  | { readonly kind: 'cancel_sale' | 'cancel_return'; readonly of: number; readonly day: number }
  /** An operator's document; it is never late. A write-off has a negative amount and no row. */
  | {
      readonly kind: 'document';
      readonly card: CardName;
      readonly day: number;
      readonly measure: MeasureName;
      readonly amount: number;
      readonly life: number;
      readonly delay: number;
    };

/** What holds had set aside at the night of a day; they are the same in every order of arrival. */
export interface HeldNight {
  readonly card: CardName;
  readonly day: number;
  readonly amount: number;
}

/** A fact, and the day on whose evening it arrives. */
export interface Arrival {
  readonly fact: Fact;
  readonly on: number;
}

export interface Telling {
  readonly facts: readonly Fact[];
  readonly kinds: Readonly<Record<CardName, string>>;
  /** In the order of arrival. */
  readonly arrivals: readonly Arrival[];
  readonly held?: readonly HeldNight[];
  readonly lastDay: number;
}

/** What a telling must leave: other orders of the same facts leave the same. */
export interface Outcome {
  readonly billing: Readonly<Record<CardName, PlainAccount>>;
  readonly trade: Readonly<Record<CardName, Measures>>;
  /** Empty. */
  readonly faults: readonly string[];
  /** Documents that made good what the nights had done. */
  readonly compensations: number;
  /** Its cards are "NAME-A" and "NAME-B". */
  readonly name: string;
}

const dateOfDay = (count: number): LocalDate => addDays(playStart, count);
const evening = (count: number): LocalDateTime => moment(`${dateOfDay(Math.max(0, count))}T20:00:00`);
const cardNames = ['A', 'B'] as const;

let tellings = 0;
let holds = 0;

export interface TellingOptions {
  /** In stage online there are no nights, no documents made by hand, and nothing in the billing registers. */
  readonly stage?: 'billing' | 'online';
  /** What a day brings comes while its night runs, a telling between two chunks of cards. */
  readonly isDuringNight?: boolean;
  /** Nights go through every card. */
  readonly isFull?: boolean;
  /** An infobase in stage online: these facts come first, and then billing is switched on over them. */
  readonly findBefore?: (telling: Telling) => readonly Fact[];
}

/** Sends all of them, night by night, in one infobase; outcomes in the same order. */
export async function tellAll(
  infobase: Infobase,
  given: readonly Telling[],
  { stage = 'billing', isDuringNight = false, isFull = false, findBefore }: TellingOptions = {},
): Promise<Outcome[]> {
  const named = given.map((telling) => ({ telling, name: `P${(tellings += 1)}` }));
  await infobase.db.write(async (trx) => {
    for (const { telling, name } of named) {
      for (const card of cardNames) {
        await insertCard(trx, { ...testCard, number: `${name}-${card}`, kindCode: telling.kinds[card] });
      }
    }
  });
  if (findBefore !== undefined) {
    for (const { telling, name } of named) {
      for (const fact of findBefore(telling)) await tell(infobase, name, telling, { fact, on: 0 });
    }
    const end = await enable(infobase, playStart, playStart);
    if (end.code !== 'done') throw new Error(`switching on: ${JSON.stringify(end)}`);
  }
  for (const { telling, name } of named) {
    for (const { card, day: count, amount } of telling.held ?? []) {
      const cardId = await getCardId(infobase, `${name}-${card}`);
      holds += 1;
      const row = { holdId: holds, businessOn: dateOfDay(count), cardId, amount };
      await infobase.db.write((trx) => insertNightHold(trx, row));
    }
  }
  const lastDay = Math.max(...given.map((telling) => telling.lastDay));
  for (let count = 0; count <= lastDay; count += 1) {
    const waiting = isDuringNight ? [...named] : [];
    const chunk = {
      chunkCards: 3,
      pause: async () => {
        const next = waiting.pop();
        if (next !== undefined) await tellDay(infobase, next.name, next.telling, count, stage);
      },
    };
    if (stage === 'billing')
      await passNightsTo(infobase, dateOfDay(count), { isFull, ...(isDuringNight ? chunk : {}) });
    const rest = isDuringNight ? waiting : named;
    await Promise.all(rest.map(({ telling, name }) => tellDay(infobase, name, telling, count, stage)));
  }
  return Promise.all(named.map(({ name }) => readOutcome(infobase, name, stage)));
}

async function tellDay(
  infobase: Infobase,
  name: string,
  telling: Telling,
  on: number,
  stage: 'billing' | 'online',
): Promise<void> {
  for (const arrival of telling.arrivals) {
    const isKnown = stage === 'billing' || arrival.fact.kind !== 'document';
    if (arrival.on === on && isKnown) await tell(infobase, name, telling, arrival);
  }
}

async function tell(infobase: Infobase, name: string, { facts }: Telling, { fact, on }: Arrival): Promise<void> {
  const now = evening(on);
  switch (fact.kind) {
    case 'sale': {
      // A till that reports an offline sale online is never refused; only the report may differ.
      const receipt = { ...toReceipt(fact, facts, name), offline: true };
      await register(infobase, receipt, now);
      return;
    }
    case 'report':
    case 'return':
      await upload(infobase, [toReceipt(fact, facts, name)], now);
      return;
    case 'cancel_sale':
    case 'cancel_return': {
      const kind = fact.kind === 'cancel_sale' ? 'sale' : 'return';
      const undone = facts.find((other) => other.kind === kind && other.number === fact.of) as ReceiptFact | undefined;
      if (undone !== undefined) await cancel(infobase, buildCancel(toReceipt(undone, facts, name)), now);
      return;
    }
    case 'document':
      await writeDocument(infobase, await getCardId(infobase, `${name}-${fact.card}`), fact);
  }
}

function toReceipt(fact: ReceiptFact, facts: readonly Fact[], name: string): Receipt {
  const key = { kkm: name, shiftNumber: 1 };
  const sale = facts.find(({ kind, ...other }) => kind === 'sale' && 'number' in other && other.number === fact.of);
  // A sale that is never sent has a date too.
  const saleAt = moment(`${dateOfDay(sale?.day ?? 0)}T12:00:00`);
  return buildSale({
    ...key,
    kind: fact.kind === 'return' ? 'Return' : 'Sale',
    receiptNumber: fact.number,
    receiptAt: moment(`${dateOfDay(fact.day)}T12:00:00`),
    cardNumber: `${name}-${fact.card}`,
    sumWithDiscountKopecks: fact.sum,
    bonusAccruedKopecks: fact.accrued,
    bonusRedeemedKopecks: fact.redeemed,
    accumulationDeltaKopecks: fact.accumulation,
    receiptCountDelta: fact.count,
    original:
      fact.kind === 'return' && fact.of !== null ? keyOf({ ...key, receiptNumber: fact.of, receiptAt: saleAt }) : null,
  });
}

async function writeDocument(infobase: Infobase, cardId: number, fact: Fact & { kind: 'document' }): Promise<void> {
  const { measure, amount, life, delay } = fact;
  const on = dateOfDay(fact.day);
  if (amount < 0) {
    await postManual(infobase, cardId, { on, balance: { [measure]: amount }, kind: 'WriteOff' });
    return;
  }
  const writeOffOn = dateOfDay(fact.day + delay + life);
  const row = { measure, writeOffOn, amount };
  const credit = { source: 'document', creditOn: dateOfDay(fact.day + delay), ...row };
  await postManual(
    infobase,
    cardId,
    delay === 0 ? { on, balance: { [measure]: amount }, rows: [row] } : { on, pending: [credit] },
  );
}

async function readOutcome(infobase: Infobase, name: string, stage: 'billing' | 'online'): Promise<Outcome> {
  const read = async (card: CardName): Promise<readonly [PlainAccount, Measures, string[]]> => {
    const number = `${name}-${card}`;
    const faults = stage === 'online' ? [] : await listFaults(infobase, number);
    return [await getAccount(infobase, number), await getBalance(infobase, number), faults];
  };
  const [A, B] = [await read('A'), await read('B')];
  const rows = [...(await listBillingRows(infobase, `${name}-A`)), ...(await listBillingRows(infobase, `${name}-B`))];
  const compensations = rows.filter(({ origin }) => origin === 'compensation').length;
  return {
    billing: { A: A[0], B: B[0] },
    trade: { A: A[1], B: B[1] },
    faults: [...A[2], ...B[2]],
    compensations,
    name,
  };
}

/** The rules that a card breaks, of those that hold for any history: sums, running figures, a reason for all that follows. */
export async function listFaults(infobase: Infobase, cardNumber: string): Promise<string[]> {
  const faults: string[] = [];
  const { bonus, accumulation, receipts, rows: accruals } = await getAccount(infobase, cardNumber);
  for (const [measure, dates] of Object.entries(accruals)) {
    for (const [on, amount] of Object.entries(dates)) {
      if (amount < 0) faults.push(`${cardNumber}: the row of ${measure} to ${on} is ${amount}`);
    }
  }
  const rows = await listBillingRows(infobase, cardNumber);
  const sums = addAll(rows);
  if (sums.bonus !== bonus || sums.accumulation !== accumulation || sums.receipts !== receipts) {
    faults.push(`${cardNumber}: movements add up to ${JSON.stringify(sums)}`);
  }
  let running = 0;
  for (const row of rows) {
    running += row.bonus;
    if (row.bonusAfter !== running) faults.push(`${cardNumber}: ${row.bonusAfter} after document ${row.documentId}`);
    const isTold = row.origin !== 'compensation' && row.origin !== 'night';
    if (!isTold && (row.reason ?? row.comment ?? '') === '') {
      faults.push(`${cardNumber}: document ${row.documentId} (${row.origin}) does not say why`);
    }
  }
  if (!(await isInOrder(infobase, cardNumber))) faults.push(`${cardNumber}: not what the facts make`);
  return faults;
}

/** The facts each on its own day. */
export function inTime(facts: readonly Fact[]): Arrival[] {
  return facts.map((fact) => ({ fact, on: Math.max(0, fact.day) }));
}

/** The facts after every night, in the order given; documents of the shop itself on their days. */
export function allLate(facts: readonly Fact[], lastDay: number): Arrival[] {
  return facts.map((fact) => ({ fact, on: fact.kind === 'document' ? Math.max(0, fact.day) : lastDay }));
}
