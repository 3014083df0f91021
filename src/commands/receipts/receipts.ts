// `kkm receipts`: what tills reported of their shifts, whether it agrees with what came online, and what to look at.
import { runGroup, type CommandIo } from '../command-io.ts';
import { receiptsFlagged } from './receipts-flagged.ts';
import { receiptsLoad } from './receipts-load.ts';
import { receiptsReport, receiptsReports } from './receipts-report.ts';
import { receiptsTieOut } from './receipts-tie-out.ts';

export function receipts(args: string[], io: CommandIo): Promise<number> {
  const commands = {
    load: receiptsLoad,
    reports: receiptsReports,
    report: receiptsReport,
    'tie-out': receiptsTieOut,
    flagged: receiptsFlagged,
  };
  return runGroup('kkm receipts', commands, args, io);
}
