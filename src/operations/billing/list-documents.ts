// Documents of both registers in one list, the latest first: trade documents, which move «Накопления», and documents of billing.
import {
  findLastDocumentId,
  listDocumentRange,
  listDocumentsOfCard,
  type AnyDocumentKind,
  type ListedDocument,
} from '../../db/billing/document-list.ts';
import { beforeFirst, listDocumentLines, type DocumentLine } from '../../db/billing/document-lines.ts';
import { findCard } from '../../db/cards/card.ts';
import type { Trx } from '../../db/db.ts';
import { firstMoment, lastMoment, startOf, type LocalDate, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import { nameDocument } from '../operation-reply.ts';
import { cutPage, scanBack, type ScannedPage } from '../scan-back.ts';
import { documentRegisters, formatDocumentId, nameBillingDocument, type DocumentRegister } from './document-id.ts';

export type { AnyDocumentKind } from '../../db/billing/document-list.ts';

export const documentKinds = [
  'OpeningAccumulation',
  'OpeningBalance',
  'KkmOperation',
  'TpOperation',
  'Accrual',
  'WriteOff',
] as const satisfies readonly AnyDocumentKind[];

export interface DocumentHead extends Omit<ListedDocument, 'id' | 'tradeDocumentId'> {
  /** By which `readDocument` finds it. */
  readonly documentId: string;
  readonly register: DocumentRegister;
  /** As people call it. */
  readonly name: string;
  /** Of a document of billing, the trade document that it follows from; null if there is none. */
  readonly tradeDocumentId: string | null;
}

export interface DocumentInList extends DocumentHead {
  /** Null where no card has a line, and where several have one. */
  readonly onlyLine: DocumentLine | null;
  readonly hasMoreLines: boolean;
}

/** What is null does not restrict the list. */
export interface DocumentListFilter {
  readonly register: DocumentRegister | null;
  readonly kind: AnyDocumentKind | null;
  readonly cardNumber: string | null;
  /** Dates of the documents, both included. */
  readonly from: LocalDate | null;
  readonly to: LocalDate | null;
}

/** The ids before which the next page begins, by register; 0 = there are no more. */
export type DocumentCursor = Readonly<Record<DocumentRegister, number>>;

export interface DocumentPage {
  readonly documents: readonly DocumentInList[];
  /** Null if this is the last page. */
  readonly next: DocumentCursor | null;
}

export function showDocumentHead(register: DocumentRegister, document: ListedDocument): DocumentHead {
  const { id, tradeDocumentId, ...rest } = document;
  const { kind, origin, datedAt } = rest;
  const name =
    register === 'accumulation' || origin === null
      ? nameDocument(kind, id, datedAt)
      : nameBillingDocument({
          documentKind: kind as Parameters<typeof nameBillingDocument>[0]['documentKind'],
          origin,
          documentId: tradeDocumentId,
          billingDocumentId: id,
          datedAt,
        });
  return {
    ...rest,
    documentId: formatDocumentId({ register, id }),
    register,
    name,
    tradeDocumentId:
      tradeDocumentId === null ? null : formatDocumentId({ register: 'accumulation', id: tradeDocumentId }),
  };
}

/**
 * In the order they were made, which for facts of tills that were offline is not that of their dates.
 * @param before the `next` of the last page; null for the first.
 */
export async function listDocuments(
  infobase: Infobase,
  filter: DocumentListFilter,
  { limit, before }: { readonly limit: number; readonly before: DocumentCursor | null },
): Promise<DocumentPage> {
  const registers = filter.register === null ? documentRegisters : [filter.register];
  const found: FoundPage[] = [];
  for (const register of registers) {
    const beforeId = before?.[register] ?? Number.MAX_SAFE_INTEGER;
    found.push({ register, beforeId, page: await findPage(infobase, register, filter, beforeId, limit) });
  }
  const merged = mergeNewest(found, limit);
  const next = Object.fromEntries(documentRegisters.map((register) => [register, 0] as const)) as Record<
    DocumentRegister,
    number
  >;
  for (const { register, beforeId, page } of found) {
    const taken = merged.filter((one) => one.register === register);
    next[register] = taken.length === page.rows.length ? (page.next ?? 0) : (taken.at(-1)?.document.id ?? beforeId);
  }
  const documents = await infobase.db.read(async (trx) => {
    const shown: DocumentInList[] = [];
    for (const { register, document } of merged) shown.push(await showInList(trx, register, document));
    return shown;
  });
  return { documents, next: documentRegisters.some((register) => next[register] > 0) ? next : null };
}

interface FoundPage {
  readonly register: DocumentRegister;
  readonly beforeId: number;
  readonly page: ScannedPage<ListedDocument>;
}

interface Placed {
  readonly register: DocumentRegister;
  readonly document: ListedDocument;
}

/** By the moments they were recorded at; documents of one register stay in the order of their numbers. */
function mergeNewest(found: readonly FoundPage[], limit: number): Placed[] {
  const queues = found.map(({ register, page }) => page.rows.map((document) => ({ register, document })));
  const merged: Placed[] = [];
  while (merged.length < limit) {
    const heads = queues.flatMap((queue) => queue.slice(0, 1).map((placed) => ({ queue, placed })));
    const newest = heads.toSorted((a, b) => compareNewest(a.placed, b.placed))[0];
    if (newest === undefined) break;
    merged.push(newest.placed);
    newest.queue.shift();
  }
  return merged;
}

/** What billing made of a trade document has its moment, and came after it. */
function compareNewest(a: Placed, b: Placed): number {
  const [of, at] = [a.document.recordedAt, b.document.recordedAt];
  if (of !== at) return of > at ? -1 : 1;
  return documentRegisters.indexOf(b.register) - documentRegisters.indexOf(a.register);
}

async function findPage(
  { db }: Infobase,
  register: DocumentRegister,
  { kind, cardNumber, from, to }: DocumentListFilter,
  beforeId: number,
  limit: number,
): Promise<ScannedPage<ListedDocument>> {
  const matching = { kind, from: from === null ? firstMoment : startOf(from), to: endOf(to) };
  if (cardNumber !== null) {
    return db.read(async (trx) => {
      const card = await findCard(trx, cardNumber);
      const range = { beforeId, limit: limit + 1 };
      return cutPage(
        card === undefined ? [] : await listDocumentsOfCard(trx, register, card.id, matching, range),
        limit,
      );
    });
  }
  const last = await db.read((trx) => findLastDocumentId(trx, register));
  return scanBack(Math.min(beforeId, last + 1), limit, (range) =>
    db.read((trx) => listDocumentRange(trx, register, matching, range)),
  );
}

function endOf(to: LocalDate | null): LocalDateTime {
  return to === null ? lastMoment : (`${to}T23:59:59` as LocalDateTime);
}

async function showInList(trx: Trx, register: DocumentRegister, document: ListedDocument): Promise<DocumentInList> {
  const lines = await listDocumentLines(trx, { register, id: document.id }, beforeFirst, 2);
  return {
    ...showDocumentHead(register, document),
    onlyLine: lines.length === 1 ? (lines[0] as DocumentLine) : null,
    hasMoreLines: lines.length > 1,
  };
}
