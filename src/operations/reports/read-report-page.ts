// A page of a report, and its sums over all.
import type { Infobase } from '../infobase.ts';
import type { Refusal } from '../refusal.ts';
import { openReport, type OpenReport, type ReportField, type ReportName, type ReportRequest } from './open-report.ts';
import type { ReportRow } from './report-row.ts';

export interface ReportPage {
  readonly rows: readonly object[];
  /** The cursor of the next page; null if this is the last. */
  readonly next: string | null;
}

/** @param limit how many rows; a page has more where rows that belong together would be torn apart. */
export async function readReportPage(report: Pick<OpenReport, 'read'>, limit: number): Promise<ReportPage> {
  const found: ReportRow[] = [];
  const isFull = (): boolean => found.length > limit && found[limit - 1]?.cursor !== found.at(-1)?.cursor;
  for await (const rows of report.read()) {
    found.push(...rows);
    if (isFull()) break;
  }
  const last = found[limit - 1]?.cursor;
  const end = last === undefined ? found.length : found.findLastIndex(({ cursor }) => cursor === last) + 1;
  const rows = found.slice(0, end).map(({ row }) => row);
  return { rows, next: found.length > end ? (last ?? null) : null };
}

/** The row of totals of a report whose rows can be added up; it reads all that the request is about. */
export async function sumReport(
  infobase: Infobase,
  name: Extract<ReportName, 'turnover' | 'sales' | 'burning'>,
  request: ReportRequest,
): Promise<{ readonly ok: true; readonly totals: object } | Refusal<ReportField>> {
  const report = await openReport(infobase, name, { ...request, by: 'total' });
  if (!report.ok) return report;
  const { rows } = await readReportPage(report, 1);
  return { ok: true, totals: rows[0] ?? {} };
}
