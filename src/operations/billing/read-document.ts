// One document of either register: what made it, its lines page by page with what each has accrued, and what they add up to.
import { findDocument } from '../../db/billing/document-list.ts';
import {
  beforeFirst,
  findCardBounds,
  findDocumentSource,
  listAccrualsOfLine,
  listDelayedOfLine,
  listDocumentLines,
  sumDocumentLines,
  type DocumentLine,
  type LinePlace,
} from '../../db/billing/document-lines.ts';
import type { Trx } from '../../db/db.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { addMeasures, noMeasures, type Measures } from '../../ledger/measures.ts';
import { explainWriteOff } from '../cards/explain-write-off.ts';
import type { Infobase } from '../infobase.ts';
import type { DocumentId } from './document-id.ts';
import { showDocumentHead, type DocumentHead } from './list-documents.ts';

export interface ReadDocument extends DocumentHead {
  /** The file that it came from, and who brought that in; null where it is not known. */
  readonly fileName: string | null;
  readonly madeBy: string | null;
  readonly total: Measures & { readonly count: number };
  /** By the order in which the cards were made. */
  readonly lines: readonly ReadDocumentLine[];
  /** The place after which the next page begins; null if this is the last. */
  readonly next: LinePlace | null;
}

export interface ReadDocumentLine extends DocumentLine {
  /** What it has posted to «Обороты начислений»; rows below zero take back. */
  readonly accruals: readonly (Measures & { readonly writeOffOn: LocalDate })[];
  /** What is to be credited later; below zero where it was taken back. */
  readonly delayed: readonly (Measures & { readonly creditOn: LocalDate; readonly writeOffOn: LocalDate })[];
}

/** Undefined if there is no such document. */
export async function readDocument(
  infobase: Infobase,
  place: DocumentId,
  { limit, after }: { readonly limit: number; readonly after: LinePlace | null },
): Promise<ReadDocument | undefined> {
  const found = await infobase.db.read(async (trx) => {
    const document = await findDocument(trx, place.register, place.id);
    if (document === undefined) return undefined;
    // One more line shows whether there is another page.
    const lines = await listDocumentLines(trx, place, after ?? beforeFirst, limit + 1);
    const page: ReadDocumentLine[] = [];
    for (const line of lines.slice(0, limit)) page.push(await readLine(trx, place, document, line));
    const last = page.at(-1);
    return {
      ...showDocumentHead(place.register, document),
      ...(await findDocumentSource(trx, place)),
      lines: page,
      next: lines.length > limit && last !== undefined ? { cardId: last.cardId, line: last.line } : null,
    };
  });
  return found === undefined ? undefined : { ...found, total: await sumLines(infobase, place) };
}

async function readLine(
  trx: Trx,
  { register, id }: DocumentId,
  { kind, origin, datedAt, comment }: Pick<DocumentHead, 'kind' | 'origin' | 'datedAt' | 'comment'>,
  line: DocumentLine,
): Promise<ReadDocumentLine> {
  const { cardId } = line;
  if (register === 'accumulation') return { ...line, accruals: [], delayed: [] };
  const explained = await explainWriteOff(trx, cardId, {
    ...line,
    documentKind: kind,
    origin,
    datedAt,
    // A night's own reason says more than its document's comment, and begins with it.
    comment: line.reason ?? (origin === 'night' ? comment : null),
  });
  return {
    ...line,
    reason: explained.comment,
    accruals: await listAccrualsOfLine(trx, id, cardId),
    delayed: await listDelayedOfLine(trx, id, cardId),
  };
}

/** About 5 ms a turn. */
const cardsPerTurn = 20_000;

/** In turns: a night's document or an opening may have a line of every card. */
async function sumLines({ db }: Infobase, place: DocumentId): Promise<ReadDocument['total']> {
  const bounds = await db.read((trx) => findCardBounds(trx, place));
  let total = { count: 0, ...noMeasures };
  if (bounds === undefined) return total;
  for (let after = bounds.first - 1; after < bounds.last; after += cardsPerTurn) {
    const from = after;
    const part = await db.read((trx) => sumDocumentLines(trx, place, from, from + cardsPerTurn));
    total = { count: total.count + part.count, ...addMeasures(total, part) };
  }
  return total;
}
