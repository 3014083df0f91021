// What documents of billing have posted: those made by hand or by an opening are facts by themselves; those of a receipt
// must add up to what it changes.
import type { AccrualRow, BillingEffect, MeasureName, PendingCredit } from '../../ledger/account.ts';
import { measureNames } from '../../ledger/account.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { eachMeasure } from '../measure-sql.ts';
import { statement } from '../statement.ts';

interface DocumentPart extends Measures {
  readonly documentId: number;
  readonly cardId: number;
  readonly datedAt: LocalDateTime;
  readonly effectiveOn: LocalDate;
  readonly isOpening: number;
  readonly part: 'balance' | 'row' | 'pending';
  readonly source: string | null;
  readonly creditOn: LocalDate | null;
  readonly writeOffOn: LocalDate | null;
}

const measures = eachMeasure((measure) => `m.${measure} as ${measure}`);
// A reversed import and its reversal are not opening sums of a card any more, though both have changed its account.
const isReversed = `exists (select 1 from import_run i left join import_run r on r.reverses_id = i.id
    where i.billing_document_id = d.id and (i.reverses_id is not null or r.id is not null))`;
const document = `d.id as "documentId", m.card_id as "cardId", d.dated_at as "datedAt", d.effective_on as "effectiveOn",
  case when d.origin = 'opening' and not ${isReversed} then 1 else 0 end as "isOpening"`;

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

// From the receipt's few documents, not from all movements: SQLite keeps the order of a cross join.
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
  /** «Ввод начальных остатков», by switching on or by an import that was not reversed. */
  readonly isOpening: boolean;
  readonly effect: BillingEffect;
}

/** What the documents that are facts by themselves have posted to a card. */
export async function listDocumentFacts(trx: Trx, cardId: number): Promise<DocumentFact[]> {
  return toFacts(await trx.list(factParts, { cardId }));
}

/** What the documents of one receipt have posted, each to the card of its line, without compensations for nights. */
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
  const { documentId, cardId, datedAt, effectiveOn, isOpening } = parts[0] as DocumentPart;
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
  const head = { documentId, cardId, datedAt, effectiveOn, isOpening: isOpening === 1 };
  return { ...head, effect: { balance, rows, pending } };
}
