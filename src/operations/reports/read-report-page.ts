// A page of a report.
import type { OpenReport } from './open-report.ts';
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
