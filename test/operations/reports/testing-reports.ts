// Reports as tests ask for them: whole, with what is not asked for left out.
import { everything } from '../../../src/operations/reports/report-scope.ts';
import { openReport, type ReportName, type ReportRequest } from '../../../src/operations/reports/open-report.ts';
import { readReportPage } from '../../../src/operations/reports/read-report-page.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';

export const askAll: ReportRequest = { ...everything, by: null, measure: null, register: null };

/** Every row of a report. @throws where it is refused. */
export async function readReport(
  infobase: Infobase,
  name: ReportName,
  request: Partial<ReportRequest> = {},
): Promise<object[]> {
  const report = await openReport(infobase, name, { ...askAll, ...request });
  if (!report.ok) throw new Error(`${report.field}: ${report.why}`);
  const all: object[] = [];
  for await (const rows of report.read()) all.push(...rows.map(({ row }) => row));
  return all;
}

/** The same by pages. */
export async function readByPages(
  infobase: Infobase,
  name: ReportName,
  request: Partial<ReportRequest>,
  limit: number,
): Promise<object[]> {
  const all: object[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const report = await openReport(infobase, name, { ...askAll, ...request }, cursor);
    if (!report.ok) throw new Error(`${report.field}: ${report.why}`);
    const page = await readReportPage(report, limit);
    // Rows of one card stay together.
    const beyond = (page.rows as { readonly card?: string }[]).slice(limit - 1);
    if (new Set(beyond.map(({ card }) => card)).size > 1) throw new Error('a page is too long');
    all.push(...page.rows);
    cursor = page.next;
  }
  return all;
}
