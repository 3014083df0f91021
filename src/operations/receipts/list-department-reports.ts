// «Отчет отдела» as an operator sees it: the reports of tills and shifts, and the receipts and documents of each.
import {
  listDepartmentReports as listPage,
  listReportDocuments,
  listReportLines,
  type DepartmentReport,
  type ReportDocument,
  type ReportFilter,
  type ReportLine,
} from '../../db/receipts/department-report.ts';
import type { Infobase } from '../infobase.ts';
import { nextTurn } from '../next-turn.ts';
import { nameDocument } from '../operation-reply.ts';

export type { DepartmentReport, ReportFilter } from '../../db/receipts/department-report.ts';

export interface ReportDetail extends DepartmentReport {
  readonly lines: readonly (Omit<ReportLine, 'content'> & {
    /** Whether the books differ from the report. */
    readonly isRefused: boolean;
    /** Names of the documents, those of billing while it is on. */
    readonly documents: readonly string[];
    readonly billingDocuments: readonly string[];
  })[];
}

/** Read in one turn: some thousands of receipts. */
const pageReports = 20;

/** Page by page, so that a long history is not held in one transaction. @param afterId only reports that came after it. */
export async function* listDepartmentReports(
  infobase: Infobase,
  filter: ReportFilter,
  afterId = 0,
): AsyncGenerator<DepartmentReport> {
  for (let after = afterId; ;) {
    const from = after;
    const page = await infobase.db.read((trx) => listPage(trx, filter, from, pageReports));
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.id;
    await nextTurn();
  }
}

/** A report with its receipts, and the documents that these have made. */
export function showDepartmentReport(infobase: Infobase, report: DepartmentReport): Promise<ReportDetail> {
  return infobase.db.read(async (trx) => {
    const lines = await listReportLines(trx, report.id);
    const documents = new Map<number, ReportDocument[]>();
    for (const document of await listReportDocuments(trx, report.id)) {
      const others = documents.get(document.receiptId);
      if (others === undefined) documents.set(document.receiptId, [document]);
      else others.push(document);
    }
    const namesOf = (line: ReportLine, register: ReportDocument['register']): string[] =>
      (line.receiptId === null ? [] : (documents.get(line.receiptId) ?? []))
        .filter((document) => document.register === register)
        .map(({ kind, id, datedAt }) => nameDocument(kind as Parameters<typeof nameDocument>[0], id, datedAt));
    return {
      ...report,
      lines: lines.map((line) => {
        const { content, ...rest } = line;
        const made = { documents: namesOf(line, 'trade'), billingDocuments: namesOf(line, 'billing') };
        return { ...rest, isRefused: content !== null, ...made };
      }),
    };
  });
}
