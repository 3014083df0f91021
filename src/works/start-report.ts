// Starts a report whose rows are of more than cards: it adds up all that it is about, which may take minutes.
import { WorkEnded, type BackgroundWork } from '../background-work.ts';
import { openReport, type ReportName, type ReportRequest } from '../operations/reports/open-report.ts';
import type { RowColumn } from '../tables/row-column.ts';
import type { WorkPlace, WorkTools } from './work-tools.ts';

export interface ReportResult {
  readonly name: ReportName;
  readonly request: ReportRequest;
  readonly columns: readonly RowColumn[];
  readonly rows: readonly object[];
  /** Whether there are more rows than are kept: a file has all. */
  readonly isCut: boolean;
}

/** Days of five years. */
const rowsKept = 2_000;

/** The caller has found that the request can be answered. */
export function startReport(
  tools: Pick<WorkTools, 'work' | 'readReport'>,
  place: WorkPlace,
  name: ReportName,
  request: ReportRequest,
): ReturnType<BackgroundWork['start']> {
  return tools.work.start({
    ...place,
    kind: 'report',
    title: 'Отчёт',
    run: async (progress, signal) => {
      const report = await openReport(place.infobase, name, request);
      if (!report.ok) throw new WorkEnded('failed', report.why);
      const rows: object[] = [];
      let isCut = false;
      for await (const piece of tools.readReport(place.infobase, name, request)) {
        if (signal.aborted) throw new WorkEnded('stopped', 'Остановлено');
        rows.push(...piece.slice(0, rowsKept - rows.length));
        isCut ||= rows.length === rowsKept;
        progress(rows.length);
        if (isCut) break;
      }
      return { name, request, columns: report.columns, rows, isCut } satisfies ReportResult;
    },
  });
}
