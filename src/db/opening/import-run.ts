// What was imported: a row a file with its control totals, and a row a reversal, which takes the sums of one back.
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Measures } from '../../ledger/measures.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

/** What a file's balances are brought in by: into the register «Накопления», or into those of billing. */
export const openingKinds = ['opening-accumulation', 'opening-balance'] as const;
export type OpeningKind = (typeof openingKinds)[number];

export interface ImportRun extends Measures {
  readonly kind: OpeningKind;
  /** Of a reversal, what the import had: name and content. */
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
  /** The import whose sums it takes back; null of an import. */
  readonly reversesId: number | null;
  /** As the door names its users; null where it was not noted. */
  readonly madeBy: string | null;
}

/** As it stands now. */
export interface ListedImportRun extends ImportRun {
  /** The number that people call it by. */
  readonly id: number;
  readonly reversedById: number | null;
  /** Its document's date; null where the document has gone with the billing that was switched off. */
  readonly datedAt: LocalDateTime | null;
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
  reversesId: 'reverses_id',
  madeBy: 'made_by',
} as const;

const insert = statement<RunParameters, { id: number }>((knex, p) =>
  knex('import_run')
    .insert(Object.fromEntries(Object.entries(columns).map(([field, column]) => [column, p[field as keyof ImportRun]])))
    .returning('id'),
);

const joined = `from import_run run
  left join import_run reversal on reversal.reverses_id = run.id
  left join document d on d.id = run.document_id
  left join billing_document b on b.id = run.billing_document_id`;

/** Imports whose sums stand: not reversed, and their documents are there (d of «Накопления», b of billing). */
export const standingImports = `${joined}
  where run.reverses_id is null and reversal.id is null and coalesce(d.id, b.id) is not null`;

const listed = `select run.id as id, ${Object.entries(columns)
  .map(([field, column]) => `run.${column} as "${field}"`)
  .join(', ')}, reversal.id as "reversedById", coalesce(d.dated_at, b.dated_at) as "datedAt"`;

const all = statement<Record<string, never>, ListedImportRun>((knex) =>
  knex.raw(`${listed} ${joined} order by run.id`),
);

const ofNumber = statement<{ id: number }, ListedImportRun>((knex, p) =>
  knex.raw(`${listed} ${joined} where run.id = ?`, [p.id]),
);

const lastOfFile = statement<{ fileSha256: string; kind: string }, ListedImportRun>((knex, p) =>
  knex.raw(`${listed} ${standingImports} and run.file_sha256 = ? and run.kind = ? order by run.id desc limit 1`, [
    p.fileSha256,
    p.kind,
  ]),
);

/** @returns its number. */
export async function insertImportRun(trx: Trx, run: ImportRun): Promise<number> {
  return trx.insert(insert, { ...run });
}

/** The latest import of a file of the same content whose sums stand. */
export function findStandingImport(
  trx: Trx,
  kind: OpeningKind,
  fileSha256: string,
): Promise<ListedImportRun | undefined> {
  return trx.first(lastOfFile, { fileSha256, kind });
}

export function findImportRun(trx: Trx, id: number): Promise<ListedImportRun | undefined> {
  return trx.first(ofNumber, { id });
}

/** Oldest first. */
export function listImportRuns(trx: Trx): Promise<ListedImportRun[]> {
  return trx.list(all, {});
}
