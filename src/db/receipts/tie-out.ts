// The tie-out's read model: receipts that may differ between online calls and reports. Those that are plainly the same
// on both roads are only counted.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { ReceiptKind } from '../../ledger/receipt.ts';
import type { ResultCode } from '../../ledger/result.ts';
import type { Trx } from '../db.ts';
import { receiptOfNote, toFilterParameters, type FilterParameters, type ReportFilter } from './department-report.ts';
import type { ReceiptState, Road } from './receipt.ts';
import { statement } from '../statement.ts';

export interface TieOutCounts {
  /** Receipts of the base that came online; cancelled ones that are in no report are left out. */
  readonly online: number;
  /** Receipts in reports, refused ones too. */
  readonly reported: number;
}

// Came online: by the first call that brought it, or by one that came after its report.
const isToldOnline = `(receipt.road = 'online' or seen.receipt_id is not null)`;
const matches = `(? = '' or receipt.kkm = ?) and (? = -1 or receipt.shift_number = ?)
    and receipt.receipt_on between ? and ?`;

// A shift's report of a date, and its entry of the receipt: both looked up by key.
const joinNote = `left join department_report report on report.kkm = receipt.kkm
         and report.shift_number = receipt.shift_number and report.report_on = receipt.receipt_on
       left join department_report_receipt reported on reported.report_id = report.id
         and reported.kind = receipt.kind and reported.receipt_number = receipt.receipt_number`;

const countOnline = statement<FilterParameters, { count: number }>((knex, p) =>
  knex.raw(
    `select count(*) as count from receipt
       left join receipt_told_online seen on seen.receipt_id = receipt.id
       ${joinNote}
       where ${matches} and ${isToldOnline} and (receipt.state = 'posted' or reported.report_id is not null)`,
    [p.kkm, p.kkm, p.shiftNumber, p.shiftNumber, p.from, p.to],
  ),
);

const reportMatches = `(? = '' or report.kkm = ?) and (? = -1 or report.shift_number = ?)
    and report.report_on between ? and ?`;

const countReported = statement<FilterParameters, { count: number }>((knex, p) =>
  knex.raw(
    `select count(*) as count from department_report_receipt reported
       join department_report report on report.id = reported.report_id where ${reportMatches}`,
    [p.kkm, p.kkm, p.shiftNumber, p.shiftNumber, p.from, p.to],
  ),
);

export async function countTiedOut(trx: Trx, filter: ReportFilter): Promise<TieOutCounts> {
  const parameters = toFilterParameters(filter);
  const online = await trx.first(countOnline, parameters);
  const reported = await trx.first(countReported, parameters);
  return { online: online?.count ?? 0, reported: reported?.count ?? 0 };
}

/** A receipt of the base to compare. */
export interface TieOutCandidate {
  readonly receiptId: number;
  readonly road: Road;
  readonly state: ReceiptState;
  readonly isReported: 0 | 1;
  /** Whether any receipt of its shift and date has been reported. */
  readonly isShiftReported: 0 | 1;
  /** The content of a report's receipt that was refused. */
  readonly reportContent: string | null;
  /** The content of a call that came after the report. */
  readonly seenContent: string | null;
}

const candidates = statement<FilterParameters & { after: number; limit: number }, TieOutCandidate>((knex, p) =>
  knex.raw(
    `select receipt.id as "receiptId", receipt.road as road, receipt.state as state,
            case when reported.report_id is null then 0 else 1 end as "isReported",
            case when report.id is null then 0 else 1 end as "isShiftReported",
            reported.content as "reportContent", seen.content as "seenContent"
       from receipt
       left join receipt_told_online seen on seen.receipt_id = receipt.id
       ${joinNote}
       where ${matches} and receipt.id > ?
         and (reported.report_id is null or not ${isToldOnline} or reported.content is not null
              or receipt.online_content is not null or seen.receipt_id is not null or receipt.state = 'cancelled')
       order by receipt.id limit ?`,
    [p.kkm, p.kkm, p.shiftNumber, p.shiftNumber, p.from, p.to, p.after, p.limit],
  ),
);

/** A page of the base's receipts that are not plainly the same on both roads. */
export function listTieOutCandidates(
  trx: Trx,
  filter: ReportFilter,
  after: number,
  limit: number,
): Promise<TieOutCandidate[]> {
  return trx.list(candidates, { ...toFilterParameters(filter), after, limit });
}

/** A receipt of a report that was refused and that the base does not have. */
export interface UnknownReported {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly reportOn: LocalDate;
  readonly kind: ReceiptKind;
  readonly receiptNumber: number;
  readonly code: ResultCode;
  readonly content: string | null;
}

const unknown = statement<FilterParameters, UnknownReported>((knex, p) =>
  knex.raw(
    `select report.kkm as kkm, report.shift_number as "shiftNumber", report.report_on as "reportOn", reported.kind as kind,
            reported.receipt_number as "receiptNumber", reported.code as code, reported.content as content
       from department_report_receipt reported join department_report report on report.id = reported.report_id
       where ${reportMatches} and not exists (select 1 from receipt where ${receiptOfNote})
       order by report.id, reported.receipt_number, reported.kind desc`,
    [p.kkm, p.kkm, p.shiftNumber, p.shiftNumber, p.from, p.to],
  ),
);

export function listUnknownReported(trx: Trx, filter: ReportFilter): Promise<UnknownReported[]> {
  return trx.list(unknown, toFilterParameters(filter));
}
