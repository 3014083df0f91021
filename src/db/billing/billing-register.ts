// The billing registers: «Остатки» (B), «Обороты начислений» (A) and pending credits. Every change is a movement of a
// billing document and keeps the running sum in step, in the same transaction.
import type { Account, BillingEffect, MeasureName, PendingCredit } from '../../ledger/account.ts';
import { measureNames, openAccount, pendingKey } from '../../ledger/account.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import { isNothing, noMeasures, type Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { mergeExcluded } from '../measure-sql.ts';
import { checkUpcomingSums, guardRunningSum } from '../register-limit.ts';
import { statement, written } from '../statement.ts';

export type BillingDocumentKind = 'OpeningBalance' | 'KkmOperation' | 'TpOperation' | 'Accrual' | 'WriteOff';

/** What made a document: facts are calculated again when a late one comes; nights and compensations follow from them. */
export type BillingOrigin = 'receipt' | 'manual' | 'opening' | 'night' | 'compensation';

export interface NewBillingDocument {
  readonly kind: BillingDocumentKind;
  readonly origin: BillingOrigin;
  /** The date at which a fact counts; null for what follows from facts. */
  readonly effectiveOn: LocalDate | null;
  readonly datedAt: LocalDateTime;
  readonly recordedAt: LocalDateTime;
  readonly receiptId: number | null;
  /** The trade document that it follows from. */
  readonly documentId: number | null;
  readonly comment: string | null;
}

type DocumentParameters = {
  kind: string;
  origin: string;
  effectiveOn: string | null;
  datedAt: string;
  recordedAt: string;
  receiptId: number | null;
  documentId: number | null;
  comment: string | null;
};

const insertDocument = statement<DocumentParameters, { id: number }>((knex, p) =>
  knex('billing_document')
    .insert({
      kind: p.kind,
      origin: p.origin,
      effective_on: p.effectiveOn,
      dated_at: p.datedAt,
      recorded_at: p.recordedAt,
      receipt_id: p.receiptId,
      document_id: p.documentId,
      comment: p.comment,
    })
    .returning('id'),
);

type MeasureParameters = { bonus: number; accumulation: number; receipts: number };
type BalanceParameters = MeasureParameters & { cardId: number };

const keepBalance = statement<BalanceParameters, Measures>((knex, p) =>
  knex('billing_balance')
    .insert({ card_id: p.cardId, bonus: p.bonus, accumulation: p.accumulation, receipts: p.receipts })
    .onConflict('card_id')
    .merge(mergeExcluded(knex, 'billing_balance'))
    .returning(['bonus', 'accumulation', 'receipts']),
);

type LineParameters = BalanceParameters & {
  documentId: number;
  line: number;
  bonusAfter: number;
  reason: string | null;
};

const insertLine = statement<LineParameters>((knex, p) =>
  knex('billing_movement').insert({
    document_id: p.documentId,
    card_id: p.cardId,
    line: p.line,
    bonus: p.bonus,
    accumulation: p.accumulation,
    receipts: p.receipts,
    bonus_after: p.bonusAfter,
    reason: p.reason,
    dated_at: knex.raw('(select dated_at from billing_document where id = ?)', [p.documentId]),
  }),
);

type RowParameters = BalanceParameters & { documentId: number; writeOffOn: string };

const insertRow = statement<RowParameters>((knex, p) =>
  knex('accrual_movement').insert({
    document_id: p.documentId,
    card_id: p.cardId,
    write_off_on: p.writeOffOn,
    bonus: p.bonus,
    accumulation: p.accumulation,
    receipts: p.receipts,
  }),
);

const keepTurnover = statement<Omit<RowParameters, 'documentId'>, Measures>((knex, p) =>
  knex('accrual_turnover')
    .insert({
      card_id: p.cardId,
      write_off_on: p.writeOffOn,
      bonus: p.bonus,
      accumulation: p.accumulation,
      receipts: p.receipts,
    })
    .onConflict(['card_id', 'write_off_on'])
    .merge(mergeExcluded(knex, 'accrual_turnover'))
    .returning(['bonus', 'accumulation', 'receipts']),
);

type PendingKeyParameters = { cardId: number; source: string; creditOn: string; writeOffOn: string };
type PendingParameters = PendingKeyParameters & MeasureParameters;

const pendingValues = (p: Readonly<Record<keyof PendingParameters, string>>): Record<string, string> => ({
  card_id: p.cardId,
  source: p.source,
  credit_on: p.creditOn,
  write_off_on: p.writeOffOn,
  bonus: p.bonus,
  accumulation: p.accumulation,
  receipts: p.receipts,
});

const insertPendingMovement = statement<PendingParameters & { documentId: number }>((knex, p) =>
  knex('pending_movement').insert({ document_id: p.documentId, ...pendingValues(p) }),
);

const keepPending = statement<PendingParameters>((knex, p) =>
  knex('pending_credit')
    .insert(pendingValues(p))
    .onConflict(['card_id', 'source', 'credit_on', 'write_off_on'])
    .merge(mergeExcluded(knex, 'pending_credit')),
);

const removeSpentPending = statement<PendingKeyParameters>((knex, p) =>
  knex('pending_credit')
    .where({ card_id: p.cardId, source: p.source, credit_on: p.creditOn, write_off_on: p.writeOffOn })
    .where({ bonus: 0, accumulation: 0, receipts: 0 })
    .delete(),
);

export async function insertBillingDocument(trx: Trx, document: NewBillingDocument): Promise<number> {
  return trx.insert(insertDocument, { ...document });
}

export interface PostedLine {
  /** The balance after it. */
  readonly after: Measures;
  /** The least value now of the rows it has lowered, or 0: below zero is a defect, and must not stay. */
  readonly lowestRow: number;
}

/**
 * Posts one line of a document: what it does to a card's balance, rows and pending credits.
 * @returns the balance after it.
 * @throws if a row would be below zero: nothing can be taken back that was not accrued.
 * @throws RegisterOverflow where a sum would leave the register.
 */
export async function postBillingLine(...line: Parameters<typeof postUncheckedLine>): Promise<Measures> {
  const { after, lowestRow } = await postUncheckedLine(...line);
  if (lowestRow < 0) throw new Error(`card ${line[3]}: a row of accruals would be below zero, at ${lowestRow}`);
  return after;
}

/** The same for a caller that checks the rows by itself. */
export async function postUncheckedLine(
  trx: Trx,
  documentId: number,
  line: number,
  cardId: number,
  effect: BillingEffect,
  reason: string | null,
): Promise<PostedLine> {
  const after = await guardRunningSum(trx.first(keepBalance, { cardId, ...effect.balance }));
  if (after === undefined) throw new Error('an upsert gave no balance');
  const { bonus, accumulation, receipts } = effect.balance;
  await trx.change(insertLine, {
    documentId,
    cardId,
    line,
    bonus,
    accumulation,
    receipts,
    bonusAfter: after.bonus,
    reason,
  });
  let lowestRow = 0;
  for (const [writeOffOn, measures] of widen(effect.rows, ({ writeOffOn: on }) => on)) {
    await trx.change(insertRow, { documentId, cardId, writeOffOn, ...measures });
    const row = await guardRunningSum(trx.first(keepTurnover, { cardId, writeOffOn, ...measures }));
    if (row === undefined) throw new Error('an upsert gave no row');
    for (const measure of measureNames) if (measures[measure] < 0) lowestRow = Math.min(lowestRow, row[measure]);
  }
  const places = new Map(effect.pending.map((credit) => [placeOf(credit), credit]));
  for (const [place, measures] of widen(effect.pending, placeOf)) {
    const { source, creditOn, writeOffOn } = places.get(place) as PendingCredit;
    const key = { cardId, source, creditOn, writeOffOn };
    await trx.change(insertPendingMovement, { documentId, ...key, ...measures });
    await guardRunningSum(trx.change(keepPending, { ...key, ...measures }));
    await trx.change(removeSpentPending, key);
  }
  if (isRaising(effect)) await checkUpcomingSums(trx, cardId, after);
  return { after, lowestRow };
}

function isRaising({ balance, rows, pending }: BillingEffect): boolean {
  return (
    measureNames.some((measure) => balance[measure] > 0) ||
    rows.some(({ amount }) => amount > 0) ||
    pending.some(({ amount }) => amount > 0)
  );
}

function placeOf({ source, creditOn, writeOffOn }: PendingCredit): string {
  return `${creditOn} ${writeOffOn} ${source}`;
}

/** Narrow parts (a measure each) as the registers' wide rows; parts with a sum of zero are left out. */
function widen<T extends { readonly measure: MeasureName; readonly amount: number }>(
  parts: readonly T[],
  keyOf: (part: T) => string,
): [string, Measures][] {
  const wide = new Map<string, Measures>();
  for (const part of parts) {
    const measures = wide.get(keyOf(part)) ?? noMeasures;
    wide.set(keyOf(part), { ...measures, [part.measure]: measures[part.measure] + part.amount });
  }
  return [...wide].filter(([, measures]) => !isNothing(measures));
}

const balanceOfCard = statement<{ cardId: number }, Measures>((knex, p) =>
  knex('billing_balance').select('bonus', 'accumulation', 'receipts').where('card_id', p.cardId),
);

const turnoversOfCard = statement<{ cardId: number }, Measures & { writeOffOn: LocalDate }>((knex, p) =>
  knex('accrual_turnover')
    .select({ writeOffOn: 'write_off_on', bonus: 'bonus', accumulation: 'accumulation', receipts: 'receipts' })
    .where('card_id', p.cardId),
);

type PendingRow = Measures & { readonly source: string; readonly creditOn: LocalDate; readonly writeOffOn: LocalDate };

const pendingOfCard = statement<{ cardId: number }, PendingRow>((knex, p) =>
  knex('pending_credit')
    .select({
      source: 'source',
      creditOn: 'credit_on',
      writeOffOn: 'write_off_on',
      bonus: 'bonus',
      accumulation: 'accumulation',
      receipts: 'receipts',
    })
    .where('card_id', p.cardId),
);

/** A card's account as the registers have it. */
export async function loadAccount(trx: Trx, cardId: number): Promise<Account> {
  const account = openAccount();
  const balance = await trx.first(balanceOfCard, { cardId });
  for (const measure of measureNames) account.balance[measure] = balance?.[measure] ?? 0;
  for (const { writeOffOn, ...measures } of await trx.list(turnoversOfCard, { cardId })) {
    for (const measure of measureNames) {
      if (measures[measure] !== 0) account.rows[measure].set(writeOffOn, measures[measure]);
    }
  }
  for (const { source, creditOn, writeOffOn, ...measures } of await trx.list(pendingOfCard, { cardId })) {
    for (const measure of measureNames) {
      const credit = { source, measure, creditOn, writeOffOn, amount: measures[measure] };
      if (credit.amount !== 0) account.pending.set(pendingKey(credit), credit);
    }
  }
  return account;
}

const removeDocument = statement<{ id: number }>((knex, p) => knex('billing_document').where('id', p.id).delete());

/** Removes a document that turned out to have no line; one with lines is kept by the schema (foreign keys). */
export async function removeEmptyDocument(trx: Trx, id: number): Promise<void> {
  await trx.change(removeDocument, { id });
}

const anyDocument = statement<Record<string, never>, { id: number }>((knex) =>
  knex('billing_document').select('id').limit(1, written),
);

export async function hasBillingDocuments(trx: Trx): Promise<boolean> {
  return (await trx.first(anyDocument, {})) !== undefined;
}
