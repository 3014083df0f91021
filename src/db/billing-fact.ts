// What a card's account is reckoned from: the receipts that count for billing, with the terms they were given, and what
// documents made by hand or by an opening have posted.
import type { AccrualRow, BillingEffect, MeasureName, PendingCredit } from '../ledger/account.ts';
import { measureNames } from '../ledger/account.ts';
import type { Terms } from '../ledger/billing.ts';
import type { LocalDate, LocalDateTime } from '../ledger/local-date-time.ts';
import type { Measures } from '../ledger/measures.ts';
import type { Trx } from './db.ts';
import { statement } from './statement.ts';

export interface BillingMark {
  /** The date the receipt is reckoned at; one dated before billing has its own and moves nothing by itself. */
  readonly effectiveOn: LocalDate;
  readonly terms: Terms;
}

type MarkParameters = {
  id: number;
  effectiveOn: string;
  bonusCreditOn: string | null;
  bonusWriteOffOn: string | null;
  accumulationCreditOn: string;
  accumulationWriteOffOn: string;
};

const mark = statement<MarkParameters>((knex, p) =>
  knex('receipt').where('id', p.id).update({
    effective_on: p.effectiveOn,
    bonus_credit_on: p.bonusCreditOn,
    bonus_write_off_on: p.bonusWriteOffOn,
    accumulation_credit_on: p.accumulationCreditOn,
    accumulation_write_off_on: p.accumulationWriteOffOn,
  }),
);

interface MarkRow {
  readonly effectiveOn: LocalDate | null;
  readonly bonusCreditOn: LocalDate | null;
  readonly bonusWriteOffOn: LocalDate | null;
  readonly accumulationCreditOn: LocalDate;
  readonly accumulationWriteOffOn: LocalDate;
}

const markColumns = {
  effectiveOn: 'effective_on',
  bonusCreditOn: 'bonus_credit_on',
  bonusWriteOffOn: 'bonus_write_off_on',
  accumulationCreditOn: 'accumulation_credit_on',
  accumulationWriteOffOn: 'accumulation_write_off_on',
};

const markOf = statement<{ id: number }, MarkRow>((knex, p) => knex('receipt').select(markColumns).where('id', p.id));

const marksOfCard = statement<{ cardId: number }, MarkRow & { id: number }>((knex, p) =>
  knex('receipt')
    .select({ id: 'id', ...markColumns })
    .where('card_id', p.cardId)
    .whereNotNull('effective_on'),
);

/** Writes down how billing reckons a receipt. */
export async function markReceipt(trx: Trx, id: number, { effectiveOn, terms }: BillingMark): Promise<void> {
  await trx.change(mark, {
    id,
    effectiveOn,
    bonusCreditOn: terms.bonus?.creditOn ?? null,
    bonusWriteOffOn: terms.bonus?.writeOffOn ?? null,
    accumulationCreditOn: terms.accumulation.creditOn,
    accumulationWriteOffOn: terms.accumulation.writeOffOn,
  });
}

/** Undefined for a receipt that billing has not met. */
export async function findMark(trx: Trx, id: number): Promise<BillingMark | undefined> {
  const row = await trx.first(markOf, { id });
  return row === undefined ? undefined : toMark(row);
}

/** The marks of a card's receipts, by receipt. */
export async function listMarks(trx: Trx, cardId: number): Promise<ReadonlyMap<number, BillingMark>> {
  const marks = new Map<number, BillingMark>();
  for (const { id, ...row } of await trx.list(marksOfCard, { cardId })) {
    const found = toMark(row);
    if (found !== undefined) marks.set(id, found);
  }
  return marks;
}

function toMark(row: MarkRow): BillingMark | undefined {
  const { effectiveOn, bonusCreditOn: creditOn, bonusWriteOffOn: writeOffOn } = row;
  if (effectiveOn === null) return undefined;
  return {
    effectiveOn,
    terms: {
      bonus: creditOn === null || writeOffOn === null ? null : { creditOn, writeOffOn },
      accumulation: { creditOn: row.accumulationCreditOn, writeOffOn: row.accumulationWriteOffOn },
    },
  };
}

interface DocumentPart extends Measures {
  readonly documentId: number;
  readonly cardId: number;
  readonly datedAt: LocalDateTime;
  readonly effectiveOn: LocalDate;
  readonly part: 'balance' | 'row' | 'pending';
  readonly source: string | null;
  readonly creditOn: LocalDate | null;
  readonly writeOffOn: LocalDate | null;
}

const measures = 'm.bonus as bonus, m.accumulation as accumulation, m.receipts as receipts';
const document = `d.id as "documentId", m.card_id as "cardId", d.dated_at as "datedAt", d.effective_on as "effectiveOn"`;

/** The parts of the documents that `find` finds, out of the three registers of movements. */
const selectParts = (find: (table: string) => string): string =>
  `select ${document}, 'balance' as part, null as source, null as "creditOn", null as "writeOffOn", ${measures}
     ${find('billing_movement')}
   union all
   select ${document}, 'row', null, null, m.write_off_on, ${measures} ${find('accrual_movement')}
   union all
   select ${document}, 'pending', m.source, m.credit_on, m.write_off_on, ${measures} ${find('pending_movement')}
   order by "documentId"`;

const ofFacts = (table: string): string =>
  `from ${table} m join billing_document d on d.id = m.document_id
     where m.card_id = ? and d.origin in ('manual', 'opening')`;

const factParts = statement<{ cardId: number }, DocumentPart>((knex, p) =>
  knex.raw(selectParts(ofFacts), [p.cardId, p.cardId, p.cardId]),
);

// From the receipt's few documents, not from all that was ever moved: SQLite keeps the order of a cross join.
const ofReceipt = (table: string): string =>
  `from billing_document d cross join ${table} m
     where d.receipt_id = ? and d.origin = 'receipt' and m.document_id = d.id`;

const receiptParts = statement<{ receiptId: number }, DocumentPart>((knex, p) =>
  knex.raw(selectParts(ofReceipt), [p.receiptId, p.receiptId, p.receiptId]),
);

export interface DocumentFact {
  readonly documentId: number;
  readonly cardId: number;
  readonly datedAt: LocalDateTime;
  readonly effectiveOn: LocalDate;
  readonly effect: BillingEffect;
}

/** What the documents that are facts by themselves have posted to a card. */
export async function listDocumentFacts(trx: Trx, cardId: number): Promise<DocumentFact[]> {
  return toFacts(await trx.list(factParts, { cardId }));
}

/** What the documents of one receipt have posted, each to the card of its line, but for what made good the nights. */
export async function listReceiptEffects(trx: Trx, receiptId: number): Promise<DocumentFact[]> {
  return toFacts(await trx.list(receiptParts, { receiptId }));
}

function toFacts(found: readonly DocumentPart[]): DocumentFact[] {
  const byLine = new Map<string, DocumentPart[]>();
  for (const part of found) {
    const line = `${part.documentId} ${part.cardId}`;
    const parts = byLine.get(line);
    if (parts === undefined) byLine.set(line, [part]);
    else parts.push(part);
  }
  return [...byLine.values()].map(toFact);
}

function toFact(parts: readonly DocumentPart[]): DocumentFact {
  const { documentId, cardId, datedAt, effectiveOn } = parts[0] as DocumentPart;
  const balance: Record<MeasureName, number> = { bonus: 0, accumulation: 0, receipts: 0 };
  const rows: AccrualRow[] = [];
  const pending: PendingCredit[] = [];
  for (const part of parts) {
    for (const measure of measureNames) {
      const amount = part[measure];
      if (part.part === 'balance') balance[measure] += amount;
      else if (amount !== 0 && part.part === 'row') {
        rows.push({ measure, amount, writeOffOn: part.writeOffOn as LocalDate });
      } else if (amount !== 0) {
        const { source, creditOn, writeOffOn } = part;
        pending.push({
          measure,
          amount,
          source: source as string,
          creditOn: creditOn as LocalDate,
          writeOffOn: writeOffOn as LocalDate,
        });
      }
    }
  }
  return { documentId, cardId, datedAt, effectiveOn, effect: { balance, rows, pending } };
}
