// The report that lies beside a file of the exchange folder: what became of it, receipt by receipt.
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { dateOf, type LocalDate } from '../../ledger/local-date-time.ts';
import type { Receipt, ReceiptKind } from '../../ledger/receipt.ts';
import type { ResultCode } from '../../ledger/result.ts';
import type { LoadedShiftFile } from './load-shift-file.ts';
import type { ShiftFileReader } from './shift-file.ts';

export interface ShiftFileHead {
  readonly file: string;
  readonly kkm: string;
  /** The infobase's clock when the file was read. */
  readonly at: LocalDateTime;
  readonly sha256: string | null;
}

export interface ReceiptReport {
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly receiptOn: LocalDate;
  readonly kind: ReceiptKind;
  readonly outcome: 'accepted' | 'linked' | 'rejected';
  readonly code: ResultCode;
  readonly text: string;
  readonly operationId: string;
  readonly document: string | null;
}

export type ShiftFileReport = ShiftFileHead &
  (
    | { readonly result: 'failed'; readonly why: string }
    | { readonly result: 'repeat'; readonly earlierFile: string; readonly earlierAt: LocalDateTime }
    | {
        readonly result: 'loaded';
        readonly accepted: number;
        readonly linked: number;
        readonly rejected: number;
        readonly receipts: readonly ReceiptReport[];
      }
  );

export function reportLoaded(
  head: ShiftFileHead,
  receipts: readonly Receipt[],
  outcome: Extract<LoadedShiftFile, { readonly code: 'loaded' | 'repeat' }>,
  reader: ShiftFileReader,
): ShiftFileReport {
  if (outcome.code === 'repeat') {
    return { ...head, result: 'repeat', earlierFile: outcome.earlier.name, earlierAt: outcome.earlier.loadedAt };
  }
  const { accepted, linked, rejected, results } = outcome;
  const reports = results.map((reply, index): ReceiptReport => {
    const receipt = receipts[index] as Receipt;
    const { shiftNumber, receiptNumber, kind } = receipt;
    const key = { shiftNumber, receiptNumber, receiptOn: dateOf(receipt.receiptAt), kind };
    const isTaken = reply.document !== null;
    return {
      ...key,
      outcome: reply.duplicate ? 'linked' : isTaken ? 'accepted' : 'rejected',
      code: reply.code,
      text: reader.describe(reply.code, reply.trouble),
      operationId: reply.operationId,
      document: reply.document,
    };
  });
  return { ...head, result: 'loaded', accepted, linked, rejected, receipts: reports };
}
