// The files that documents made by hand were read from, by what was in them.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

export interface DocumentFile {
  readonly billingDocumentId: number;
  readonly fileName: string;
  /** Of the rows, in hexadecimal. */
  readonly rowsSha256: string;
}

type FileParameters = { [K in keyof DocumentFile]: DocumentFile[K] };

const insert = statement<FileParameters>((knex, p) =>
  knex('document_file').insert({
    billing_document_id: p.billingDocumentId,
    file_name: p.fileName,
    rows_sha256: p.rowsSha256,
  }),
);

export interface DocumentOfFile {
  readonly documentId: number;
  readonly datedAt: LocalDateTime;
  readonly fileName: string;
}

const last = statement<{ rowsSha256: string; kind: string }, DocumentOfFile>((knex, p) =>
  knex.raw(
    `select d.id as "documentId", d.dated_at as "datedAt", f.file_name as "fileName"
     from document_file f join billing_document d on d.id = f.billing_document_id
     where f.rows_sha256 = ? and d.kind = ? order by d.id desc limit 1`,
    [p.rowsSha256, p.kind],
  ),
);

export async function insertDocumentFile(trx: Trx, file: DocumentFile): Promise<void> {
  await trx.change(insert, { ...file });
}

/** The latest document of that kind that the same rows have made. */
export function findDocumentOfRows(
  trx: Trx,
  kind: 'Accrual' | 'WriteOff',
  rowsSha256: string,
): Promise<DocumentOfFile | undefined> {
  return trx.first(last, { kind, rowsSha256 });
}
