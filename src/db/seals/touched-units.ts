// Units of earlier days that a fact recorded since has changed: a cancel, a report that has won, a movement of a certificate.
// Each is known by the fact, which has a number of its own.
import type { Trx } from '../db.ts';
import { statement, type Statement } from '../statement.ts';
import type { SealedMarks } from './numbered-source.ts';

interface Bounds {
  [name: string]: number | string;
  receipt: number;
  mark: number;
  document: number;
  cancel: number;
  certificate: number;
  operation: number;
  certificateDocument: number;
  report: number;
  since: string;
}

type Touched = Statement<Bounds, { id: number }>;

const sameReceipt = (one: string, other: string): string =>
  ['kkm', 'shift_number', 'receipt_number', 'receipt_on']
    .map((name) => `${one}.${name} = ${other}.${name}`)
    .join(' and ');

const touched: Readonly<Record<string, Touched>> = {
  // Each change of a receipt posts a document on it, and a cancel stays as such.
  receipt: statement((knex, p) =>
    knex.raw(
      `select receipt_id as "id" from document where id > ? and receipt_id <= ?
       union select receipt.id from receipt_cancel
         join receipt on ${sameReceipt('receipt', 'receipt_cancel')} and receipt.kind = receipt_cancel.kind
         where receipt_cancel.id > ? and receipt.id <= ?`,
      [p.document, p.receipt, p.cancel, p.receipt],
    ),
  ),
  // A return gives the sale that it names a place in billing, where the sale had none.
  receipt_mark: statement((knex, p) =>
    knex.raw(
      `select receipt_id as "id" from document where id > ? and receipt_id <= ?
       union select sale.id from document join receipt on receipt.id = document.receipt_id
         join receipt as sale on sale.kkm = receipt.original_kkm and sale.shift_number = receipt.original_shift_number
           and sale.receipt_number = receipt.original_receipt_number and sale.receipt_on = receipt.original_receipt_on
           and sale.kind = 'Sale'
         where document.id > ? and receipt.original_kkm is not null and sale.id <= ?`,
      [p.document, p.mark, p.document, p.mark],
    ),
  ),
  department_report: statement((knex, p) =>
    knex('department_report').select('id').where('id', '<=', p.report).where('changed_at', '>=', p.since),
  ),
  certificate: statement((knex, p) =>
    knex('certificate_movement')
      .distinct({ id: 'certificate_id' })
      .where('document_id', '>', p.certificateDocument)
      .where('certificate_id', '<=', p.certificate),
  ),
  certificate_operation: statement((knex, p) =>
    knex.raw(
      `select done.id as "id" from certificate_operation as cancel
         join certificate_operation as done on done.sort in ('sale', 'redemption') and ${sameReceipt('done', 'cancel')}
           and done.certificate_number = cancel.certificate_number
         where cancel.id > ? and cancel.sort = 'cancel' and done.id <= ?`,
      [p.operation, p.operation],
    ),
  ),
};

/**
 * @param marks of the last seal.
 * @param since the moment from which on a report's own time says that it has changed.
 */
export async function listTouched(
  trx: Trx,
  source: string,
  marks: SealedMarks,
  since: string,
): Promise<ReadonlySet<number>> {
  const found = touched[source];
  if (found === undefined) return new Set();
  const of = (name: string): number => marks[name] ?? 0;
  const rows = await trx.list(found, {
    receipt: of('receipt'),
    mark: of('receipt_mark'),
    document: of('document'),
    cancel: of('receipt_cancel'),
    certificate: of('certificate'),
    operation: of('certificate_operation'),
    certificateDocument: of('certificate_document'),
    report: of('department_report'),
    since,
  });
  return new Set(rows.map(({ id }) => id));
}
