// «Отчет отдела»: the report of a till's shift, receipt by receipt. Documents of billing are found through the
// receipt, so that switching billing off leaves no link.
import type { LocalDate, LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Receipt, ReceiptKind } from '../../ledger/receipt.ts';
import type { ResultCode } from '../../ledger/result.ts';
import type { Trx } from '../db.ts';
import type { ReceiptState, Road } from './receipt.ts';
import { limitMark, statement } from '../statement.ts';

/** How a report came: by UploadReceipts, or as a file of the exchange folder. */
export type ReportSource = 'upload' | 'exchange';

/** A shift that runs past midnight has a report of each of its two dates. */
export interface ReportKey {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly reportOn: LocalDate;
}

type OpenParameters = { kkm: string; shiftNumber: number; reportOn: string; at: string };

const open = statement<OpenParameters, { id: number }>((knex, p) =>
  knex('department_report')
    .insert({
      kkm: p.kkm,
      shift_number: p.shiftNumber,
      report_on: p.reportOn,
      received_at: p.at,
      changed_at: p.at,
    })
    .onConflict(['kkm', 'shift_number', 'report_on'])
    .merge({ changed_at: p.at })
    .returning('id'),
);

/** Makes the report, or finds it and says that it has changed. @returns its id. */
export async function openDepartmentReport(trx: Trx, key: ReportKey, at: LocalDateTime): Promise<number> {
  return trx.insert(open, { ...key, at });
}

type LinkParameters = {
  reportId: number;
  kind: string;
  receiptNumber: number;
  source: string;
  at: string;
  code: number;
  content: string | null;
};

const link = statement<LinkParameters>((knex, p) =>
  knex('department_report_receipt')
    .insert({
      report_id: p.reportId,
      kind: p.kind,
      receipt_number: p.receiptNumber,
      source: p.source,
      received_at: p.at,
      code: p.code,
      content: p.content,
    })
    .onConflict(['report_id', 'kind', 'receipt_number'])
    .merge({ code: p.code, content: p.content }),
);

/** An entry of a report and its receipt, which may be missing: by the natural key. */
export const receiptOfNote = `receipt.kkm = report.kkm and receipt.shift_number = report.shift_number
    and receipt.receipt_number = reported.receipt_number and receipt.receipt_on = report.report_on
    and receipt.kind = reported.kind`;

export interface ReportedReceipt {
  readonly source: ReportSource;
  readonly at: LocalDateTime;
  readonly code: ResultCode;
  /** Whether the books agree with the report. */
  readonly isTaken: boolean;
}

/** Links a receipt to its report; the last report counts. */
export async function linkReportedReceipt(
  trx: Trx,
  reportId: number,
  receipt: Receipt,
  { source, at, code, isTaken }: ReportedReceipt,
): Promise<void> {
  const { kind, receiptNumber } = receipt;
  const content = isTaken ? null : JSON.stringify(receipt);
  await trx.change(link, { reportId, kind, receiptNumber, source, at, code, content });
}

export interface ReportFilter {
  readonly kkm: string | undefined;
  readonly shiftNumber: number | undefined;
  /** Dates of the reports, both included. */
  readonly from: LocalDate;
  readonly to: LocalDate;
}

export type FilterParameters = { kkm: string; shiftNumber: number; from: string; to: string };

/** '' and -1 stand for any till and any shift. */
export function toFilterParameters({ kkm = '', shiftNumber = -1, from, to }: ReportFilter): FilterParameters {
  return { kkm, shiftNumber, from, to };
}

export interface DepartmentReport extends ReportKey {
  readonly id: number;
  readonly receivedAt: LocalDateTime;
  readonly changedAt: LocalDateTime;
  readonly receipts: number;
  readonly refused: number;
  /** Sums with discount of the receipts recorded: sales less returns, kopecks. */
  readonly sumKopecks: number;
  readonly fromUpload: number;
  readonly fromExchange: number;
}

// The page is taken before its receipts are added up, not after.
const list = statement<FilterParameters & { after: number; limit: number }, DepartmentReport>((knex, p) =>
  knex
    .from(
      knex('department_report')
        .whereRaw(`(? = '' or kkm = ?)`, [p.kkm, p.kkm])
        .whereRaw('(? = -1 or shift_number = ?)', [p.shiftNumber, p.shiftNumber])
        .whereBetween('report_on', [p.from, p.to])
        .where('id', '>', p.after)
        .orderBy('id')
        .limit(limitMark)
        .as('report'),
    )
    .leftJoin('department_report_receipt as reported', 'reported.report_id', 'report.id')
    .leftJoin('receipt', (join) => void join.on(knex.raw(receiptOfNote)))
    .groupBy(
      'report.id',
      'report.kkm',
      'report.shift_number',
      'report.report_on',
      'report.received_at',
      'report.changed_at',
    )
    .orderBy('report.id')
    .select({
      id: 'report.id',
      kkm: 'report.kkm',
      shiftNumber: 'report.shift_number',
      reportOn: 'report.report_on',
      receivedAt: 'report.received_at',
      changedAt: 'report.changed_at',
      receipts: knex.raw('count(reported.kind)'),
      refused: knex.raw('coalesce(sum(case when reported.content is not null then 1 else 0 end), 0)'),
      sumKopecks: knex.raw(
        `coalesce(sum(case when reported.content is not null or receipt.id is null then 0
                           when receipt.kind = 'Sale' then receipt.sum_with_discount
                           else -receipt.sum_with_discount end), 0)`,
      ),
      fromUpload: knex.raw(`coalesce(sum(case when reported.source = 'upload' then 1 else 0 end), 0)`),
      fromExchange: knex.raw(`coalesce(sum(case when reported.source = 'exchange' then 1 else 0 end), 0)`),
    }),
);

/** A page of the reports that match the filter, in the order they first came. */
export function listDepartmentReports(
  trx: Trx,
  filter: ReportFilter,
  after: number,
  limit: number,
): Promise<DepartmentReport[]> {
  return trx.list(list, { ...toFilterParameters(filter), after, limit });
}

/** A receipt of a report; a refused receipt that is not known has only its key. */
export interface ReportLine {
  readonly kind: ReceiptKind;
  readonly receiptNumber: number;
  readonly receiptId: number | null;
  readonly source: ReportSource;
  readonly receivedAt: LocalDateTime;
  readonly code: ResultCode;
  readonly content: string | null;
  readonly cardNumber: string | null;
  readonly receiptAt: LocalDateTime | null;
  readonly sumKopecks: number | null;
  readonly road: Road | null;
  readonly state: ReceiptState | null;
}

const linesOf = statement<{ reportId: number }, ReportLine>((knex, p) =>
  knex('department_report_receipt as reported')
    .join('department_report as report', 'report.id', 'reported.report_id')
    .leftJoin('receipt', (join) => void join.on(knex.raw(receiptOfNote)))
    .leftJoin('card', 'card.id', 'receipt.card_id')
    .where('reported.report_id', p.reportId)
    .orderBy(['reported.receipt_number', { column: 'reported.kind', order: 'desc' }])
    .select({
      kind: 'reported.kind',
      receiptNumber: 'reported.receipt_number',
      receiptId: 'receipt.id',
      source: 'reported.source',
      receivedAt: 'reported.received_at',
      code: 'reported.code',
      content: 'reported.content',
      cardNumber: 'card.number',
      receiptAt: 'receipt.receipt_at',
      sumKopecks: 'receipt.sum_with_discount',
      road: 'receipt.road',
      state: 'receipt.state',
    }),
);

/** The receipts of a report, by number, a sale before the return of its number. */
export function listReportLines(trx: Trx, reportId: number): Promise<ReportLine[]> {
  return trx.list(linesOf, { reportId });
}

export interface ReportDocument {
  readonly receiptId: number;
  readonly register: 'trade' | 'billing';
  readonly id: number;
  readonly kind: string;
  readonly datedAt: LocalDateTime;
}

const documentsOf = statement<{ reportId: number }, ReportDocument>((knex, p) =>
  knex.raw(
    `select document.receipt_id as "receiptId", 'trade' as register, document.id as id, document.kind as kind,
            document.dated_at as "datedAt"
       from department_report_receipt reported join department_report report on report.id = reported.report_id
         join receipt on ${receiptOfNote} join document on document.receipt_id = receipt.id
       where reported.report_id = ?
     union all
     select billing_document.receipt_id, 'billing', billing_document.id, billing_document.kind, billing_document.dated_at
       from department_report_receipt reported join department_report report on report.id = reported.report_id
         join receipt on ${receiptOfNote} join billing_document on billing_document.receipt_id = receipt.id
       where reported.report_id = ?
     order by 1, 2 desc, 3`,
    [p.reportId, p.reportId],
  ),
);

/** The documents that the receipts of a report have made, including those of billing while it is on. */
export function listReportDocuments(trx: Trx, reportId: number): Promise<ReportDocument[]> {
  return trx.list(documentsOf, { reportId });
}
