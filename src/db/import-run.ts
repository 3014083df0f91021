// What was imported: a row a file, with its control totals.
import type { LocalDate, LocalDateTime } from '../ledger/local-date-time.ts';
import type { Measures } from '../ledger/measures.ts';
import type { Trx } from './db.ts';
import { statement, written } from './statement.ts';

/** What a file's balances are brought in by: into the register «Накопления», or into those of billing. */
export const openingKinds = ['opening-accumulation', 'opening-balance'] as const;
export type OpeningKind = (typeof openingKinds)[number];

export interface ImportRun extends Measures {
  readonly kind: OpeningKind;
  readonly fileName: string;
  readonly fileSha256: string;
  readonly datedOn: LocalDate;
  readonly recordedAt: LocalDateTime;
  /** Of «Накопления», or of billing, by the kind. */
  readonly documentId: number | null;
  readonly billingDocumentId: number | null;
  readonly rows: number;
  /** Left out by the operator's choice. */
  readonly badRows: number;
  readonly cards: number;
  readonly created: number;
}

type RunParameters = { [K in keyof ImportRun]: ImportRun[K] };

const columns = {
  kind: 'kind',
  fileName: 'file_name',
  fileSha256: 'file_sha256',
  datedOn: 'dated_on',
  recordedAt: 'recorded_at',
  documentId: 'document_id',
  billingDocumentId: 'billing_document_id',
  rows: 'rows',
  badRows: 'bad_rows',
  cards: 'cards',
  created: 'created',
  bonus: 'bonus',
  accumulation: 'accumulation',
  receipts: 'receipts',
} as const;

const insert = statement<RunParameters>((knex, p) =>
  knex('import_run').insert(
    Object.fromEntries(Object.entries(columns).map(([field, column]) => [column, p[field as keyof ImportRun]])),
  ),
);

const lastOfFile = statement<{ fileSha256: string; kind: string }, ImportRun>((knex, p) =>
  knex('import_run')
    .select(columns)
    .where({ file_sha256: p.fileSha256, kind: p.kind })
    .orderBy('id', 'desc')
    .limit(1, written),
);

const all = statement<Record<string, never>, ImportRun>((knex) => knex('import_run').select(columns).orderBy('id'));

export async function insertImportRun(trx: Trx, run: ImportRun): Promise<void> {
  await trx.change(insert, { ...run });
}

/** The latest import of a file of the same content. */
export function findImportRun(trx: Trx, kind: OpeningKind, fileSha256: string): Promise<ImportRun | undefined> {
  return trx.first(lastOfFile, { fileSha256, kind });
}

/** Oldest first. */
export function listImportRuns(trx: Trx): Promise<ImportRun[]> {
  return trx.list(all, {});
}
