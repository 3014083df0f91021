// Shifts whose receipts came online and whose report has not come, or lacks some of them.
import type { LocalDate } from '../../ledger/local-date-time.ts';
import type { Trx } from '../db.ts';
import { statement } from '../statement.ts';

type None = Record<string, never>;

/** A shift with receipts that came online and stand in no report. */
export interface UnreportedShift {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptOn: LocalDate;
  readonly receipts: number;
}

type Between = { afterId: number; upToId: number };

const unreported = statement<Between, UnreportedShift>((knex, p) =>
  knex('receipt')
    .leftJoin('department_report as report', (on) =>
      on
        .on('report.kkm', '=', 'receipt.kkm')
        .andOn('report.shift_number', '=', 'receipt.shift_number')
        .andOn('report.report_on', '=', 'receipt.receipt_on'),
    )
    .leftJoin('department_report_receipt as reported', (on) =>
      on
        .on('reported.report_id', '=', 'report.id')
        .andOn('reported.kind', '=', 'receipt.kind')
        .andOn('reported.receipt_number', '=', 'receipt.receipt_number'),
    )
    .where('receipt.id', '>', p.afterId)
    .where('receipt.id', '<=', p.upToId)
    .where({ 'receipt.road': 'online', 'receipt.state': 'posted' })
    .whereNull('reported.report_id')
    .groupBy('receipt.kkm', 'receipt.shift_number', 'receipt.receipt_on')
    .select({ kkm: 'receipt.kkm', shiftNumber: 'receipt.shift_number', receiptOn: 'receipt.receipt_on' })
    .count({ receipts: 'receipt.id' }),
);

/** Shifts whose report («Отчет отдела») is missing or lacks some of the receipts with ids above one and up to another. */
export function listUnreportedShifts(trx: Trx, afterId: number, upToId: number): Promise<UnreportedShift[]> {
  return trx.list(unreported, { afterId, upToId });
}

const lastReceipt = statement<None, { id: number | null }>((knex) => knex('receipt').max({ id: 'id' }));

/** The greatest id of a receipt; 0 before the first. */
export async function getLastReceiptId(trx: Trx): Promise<number> {
  return (await trx.first(lastReceipt, {}))?.id ?? 0;
}
