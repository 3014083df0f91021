// «Отчет отдела»: what reports told is noted receipt by receipt, in the transaction that posts it, whichever way it came.
// A repeat and a refusal leave their note too: without it the tie-out could not tell what a report had.
import type { Trx } from '../../db/db.ts';
import { linkReportedReceipt, openDepartmentReport, type ReportSource } from '../../db/receipts/department-report.ts';
import { dateOf, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { resultCodes, type ResultCode } from '../../ledger/result.ts';

export interface ReportBook {
  note(receipt: Receipt, code: ResultCode): Promise<void>;
}

/** Whether the books stand as the receipt says; one dated before billing is taken note of all the same. */
export function isTaken(code: ResultCode): boolean {
  return code === resultCodes.done || code === resultCodes.beforeBilling;
}

/** A book for one turn of the commit queue: a shift's report is looked up once for all of its receipts there. */
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
