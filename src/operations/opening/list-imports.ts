// Every import and every reversal, as an operator looks at them.
import { listImportRuns, type ListedImportRun, type OpeningKind } from '../../db/opening/import-run.ts';
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Infobase } from '../infobase.ts';
import { nameDocument } from '../operation-reply.ts';

export { openingKinds, type OpeningKind } from '../../db/opening/import-run.ts';

export interface ListedImport extends Measures {
  readonly number: number;
  readonly kind: OpeningKind;
  /** Stands: its sums count. Gone: its document went with the billing that was switched off. */
  readonly state: 'stands' | 'reversed' | 'gone';
  /** The import that it takes back; null of an import. */
  readonly reverses: number | null;
  readonly reversedBy: { readonly number: number; readonly at: LocalDateTime; readonly by: string | null } | null;
  readonly recordedAt: LocalDateTime;
  /** Who made it; null where it was not noted. */
  readonly by: string | null;
  readonly fileName: string;
  readonly fileSha256: string;
  /** The document's date. */
  readonly datedOn: LocalDate;
  /** How people call the document; null where it has gone. */
  readonly document: string | null;
  readonly rows: number;
  readonly badRows: number;
  readonly cards: number;
  readonly created: number;
}

/** Oldest first. */
export async function listImports(infobase: Infobase): Promise<ListedImport[]> {
  const runs = await infobase.db.read(listImportRuns);
  const byId = new Map(runs.map((run) => [run.id, run]));
  return runs.map((run) => describe(run, run.reversedById === null ? undefined : byId.get(run.reversedById)));
}

function describe(run: ListedImportRun, reversal: ListedImportRun | undefined): ListedImport {
  const { id, kind, reversesId, recordedAt, madeBy, fileName, fileSha256, datedOn, datedAt } = run;
  const documentId = run.documentId ?? run.billingDocumentId;
  const documentKind = kind === 'opening-balance' ? 'OpeningBalance' : 'OpeningAccumulation';
  return {
    number: id,
    kind,
    state: reversal === undefined ? (datedAt === null ? 'gone' : 'stands') : 'reversed',
    reverses: reversesId,
    reversedBy: reversal === undefined ? null : { number: reversal.id, at: reversal.recordedAt, by: reversal.madeBy },
    recordedAt,
    by: madeBy,
    fileName,
    fileSha256,
    datedOn,
    document: documentId === null || datedAt === null ? null : nameDocument(documentKind, documentId, datedAt),
    rows: run.rows,
    badRows: run.badRows,
    cards: run.cards,
    created: run.created,
    bonus: run.bonus,
    accumulation: run.accumulation,
    receipts: run.receipts,
  };
}
