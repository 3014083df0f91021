// «Отчет отдела»: records the receipts of reports one by one, in the transaction that posts them, on every way that they come.
// Repeats and refusals are recorded too: without them the tie-out could not know what a report had.
import type { Trx } from '../../db/db.ts';
import { linkReportedReceipt, openDepartmentReport, type ReportSource } from '../../db/receipts/department-report.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { resultCodes, type ResultCode } from '../../ledger/result.ts';

export interface ReportBook {
  note(receipt: Receipt, code: ResultCode): Promise<void>;
}

/** Whether the books agree with the receipt; a receipt dated before billing is recorded too. */
export function isTaken(code: ResultCode): boolean {
  return code === resultCodes.done || code === resultCodes.beforeBilling;
}

/** A book for one turn of the commit queue: a shift's report is looked up once for all its receipts in the turn. */
export function openReportBook(trx: Trx, source: ReportSource, at: LocalDateTime): ReportBook {
  const ids = new Map<string, number>();
  return {
    async note(receipt, code) {
      const { kkm, shiftNumber } = receipt;
      const reportOn = dateOf(receipt.receiptAt);
      const key = JSON.stringify([kkm, shiftNumber, reportOn]);
      let id = ids.get(key);
      if (id === undefined) {
        id = await openDepartmentReport(trx, { kkm, shiftNumber, reportOn }, at);
        ids.set(key, id);
      }
      await linkReportedReceipt(trx, id, receipt, { source, at, code, isTaken: isTaken(code) });
    },
  };
}
