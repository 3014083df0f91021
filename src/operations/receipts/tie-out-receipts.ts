// The three-way tie-out of a till's shifts: receipts that came only online, only in the report, or by both roads with a
// difference. Receipts that are the same on both are only counted.
import type { Trx } from '../../db/db.ts';
import type { ReportFilter } from '../../db/receipts/department-report.ts';
import { getReceipt } from '../../db/receipts/receipt.ts';
import {
  countTiedOut,
  listTieOutCandidates,
  listUnknownReported,
  type TieOutCandidate,
  type UnknownReported,
} from '../../db/receipts/tie-out.ts';
import type { LocalDate } from '../../ledger/local-date-time.ts';
import { dateOf } from '../../ledger/local-date-time.ts';
import type { Kopecks } from '../../ledger/money.ts';
import { listDifferences, type Receipt, type ReceiptKind } from '../../ledger/receipt.ts';
import type { ResultCode } from '../../ledger/result.ts';
import type { Infobase } from '../infobase.ts';

export interface TiedReceipt {
  readonly kkm: string;
  readonly shiftNumber: number;
  readonly receiptNumber: number;
  readonly receiptOn: LocalDate;
  readonly kind: ReceiptKind;
  readonly cardNumber: string | null;
  readonly sumWithDiscountKopecks: Kopecks | null;
}

export interface FieldDifference {
  readonly field: keyof Receipt | 'state';
  readonly online: unknown;
  readonly report: unknown;
}

export type TieOutLine =
  /** `isShiftReported` false: nothing of its shift and date has been reported yet. */
  | { readonly side: 'online'; readonly receipt: TiedReceipt; readonly isShiftReported: boolean }
  /** `refusedCode`: the code it was refused with, so that it is not in the books; null if it was recorded. */
  | { readonly side: 'report'; readonly receipt: TiedReceipt; readonly refusedCode: ResultCode | null }
  | { readonly side: 'both'; readonly receipt: TiedReceipt; readonly differences: readonly FieldDifference[] };

export interface TieOutTotal {
  readonly online: number;
  readonly reported: number;
  readonly onlyOnline: number;
  readonly onlyReport: number;
  readonly different: number;
  readonly equal: number;
}

const pageReceipts = 500;

/**
 * Reports every receipt that does not tie out, in the order they came, and returns the totals. A cancelled receipt is not
 * expected in a report; if it is there, it differs in its `state`.
 */
export async function tieOutReceipts(
  infobase: Infobase,
  filter: ReportFilter,
  onLine: (line: TieOutLine) => void,
): Promise<TieOutTotal> {
  const counts = { online: 0, report: 0, both: 0 };
  const tell = (line: TieOutLine | undefined): void => {
    if (line === undefined) return;
    counts[line.side] += 1;
    onLine(line);
  };
  for (let after = 0; ;) {
    const from = after;
    const page = await infobase.db.read(async (trx) => {
      const candidates = await listTieOutCandidates(trx, filter, from, pageReceipts);
      const lines: (TieOutLine | undefined)[] = [];
      for (const candidate of candidates) lines.push(await compareRoads(trx, candidate));
      return { lines, last: candidates.at(-1)?.receiptId };
    });
    page.lines.forEach(tell);
    if (page.last === undefined) break;
    after = page.last;
  }
  const { online, reported, unknown } = await infobase.db.read(async (trx) => ({
    ...(await countTiedOut(trx, filter)),
    unknown: await listUnknownReported(trx, filter),
  }));
  unknown.map(describeUnknown).forEach(tell);
  const equal = online - counts.online - counts.both;
  return { online, reported, onlyOnline: counts.online, onlyReport: counts.report, different: counts.both, equal };
}

async function compareRoads(trx: Trx, candidate: TieOutCandidate): Promise<TieOutLine | undefined> {
  const known = await getReceipt(trx, candidate.receiptId);
  const { road, state, reportContent, seenContent } = candidate;
  const isOnline = road === 'online' || seenContent !== null;
  if (candidate.isReported === 0) {
    if (state === 'cancelled') return undefined;
    return { side: 'online', receipt: describe(known), isShiftReported: candidate.isShiftReported === 1 };
  }
  const report = reportContent === null ? known : (JSON.parse(reportContent) as Receipt);
  if (!isOnline) return { side: 'report', receipt: describe(report), refusedCode: null };
  const online = seenContent === null ? (known.onlineContent ?? known) : (JSON.parse(seenContent) as Receipt);
  const differences: FieldDifference[] = listDifferences(online, report)
    // A sale without a figure of its own follows its sum, which is reported already.
    .filter((field) => JSON.stringify(online[field]) !== JSON.stringify(report[field]))
    .map((field) => ({ field, online: online[field], report: report[field] }));
  if (state === 'cancelled') differences.push({ field: 'state', online: 'cancelled', report: 'posted' });
  return differences.length === 0 ? undefined : { side: 'both', receipt: describe(report), differences };
}

function describe(receipt: Receipt): TiedReceipt {
  const { kkm, shiftNumber, receiptNumber, kind, cardNumber, sumWithDiscountKopecks } = receipt;
  const receiptOn = dateOf(receipt.receiptAt);
  return { kkm, shiftNumber, receiptNumber, receiptOn, kind, cardNumber, sumWithDiscountKopecks };
}

function describeUnknown({ reportOn, code, content, ...key }: UnknownReported): TieOutLine {
  const reported = content === null ? undefined : (JSON.parse(content) as Receipt);
  const { cardNumber = null, sumWithDiscountKopecks = null } = reported ?? {};
  const { kkm, shiftNumber, receiptNumber, kind } = key;
  const receipt = { kkm, shiftNumber, receiptNumber, receiptOn: reportOn, kind, cardNumber, sumWithDiscountKopecks };
  return { side: 'report', receipt, refusedCode: code };
}
