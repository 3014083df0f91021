// `kkm receipts reports` and `report`: «Отчет отдела» of tills and shifts, with its receipts and their documents.
import {
  listDepartmentReports,
  showDepartmentReport,
  type DepartmentReport,
  type ReportDetail,
} from '../../operations/receipts/list-department-reports.ts';
import { answer } from '../answer.ts';
import { CommandFailed, commonFlags, defineCommand } from '../command-io.ts';
import { formatSum } from '../../ledger/money.ts';
import { formatTable } from '../format-table.ts';
import { withInfobase } from '../open-infobase.ts';
import { readReportFilter, reportFilterFlags } from './read-report-filter.ts';
import { writeList } from '../write-list.ts';

export const receiptsReports = defineCommand({
  usage: '[--kkm K] [--shift N] [--from D] [--to D]',
  about: 'lists the reports «Отчет отдела», one for each till, shift and date',
  notes: ['The sum is that of the accepted receipts: sales less returns, with discount.'],
  flags: { ...reportFilterFlags, ...commonFlags },
  run: ({ flags }, io) => {
    const filter = readReportFilter(flags);
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const reports: DepartmentReport[] = [];
      for await (const report of listDepartmentReports(infobase, filter)) reports.push(report);
      return writeList(io, flags, {
        entries: reports,
        heading: ['till', 'shift', 'date', 'receipts', 'refused', 'sum', 'by', 'received', 'changed'],
        showRow: formatReport,
        none: 'there are no reports',
        json: { infobase: infobase.name, reports: reports.map(describeReport) },
      });
    });
  },
});

export const receiptsReport = defineCommand({
  usage: '--kkm K --shift N [--from D] [--to D]',
  about: 'shows the reports of a shift, each receipt with its documents, those of billing too',
  flags: {
    ...reportFilterFlags,
    kkm: { takes: 'K', isRequired: true, about: 'the till' },
    shift: { takes: 'N', isRequired: true, about: 'its shift' },
    ...commonFlags,
  },
  run: ({ flags }, io) => {
    const filter = readReportFilter(flags);
    return withInfobase(io, flags, 'existing', async (infobase) => {
      const details: ReportDetail[] = [];
      for await (const report of listDepartmentReports(infobase, filter)) {
        details.push(await showDepartmentReport(infobase, report));
      }
      if (details.length === 0) {
        throw new CommandFailed(`no report of till "${flags.kkm}", shift ${flags.shift}`, { code: 'not_found' });
      }
      const json = { infobase: infobase.name, reports: details.map(describeDetail) };
      return answer(io, flags, { json, lines: details.flatMap(formatDetail) });
    });
  },
});

function listSources({ fromUpload, fromExchange }: DepartmentReport): string[] {
  return [...(fromUpload > 0 ? ['upload'] : []), ...(fromExchange > 0 ? ['exchange'] : [])];
}

function formatReport(report: DepartmentReport): string[] {
  const { kkm, shiftNumber, reportOn, receipts, refused, sumKopecks, receivedAt, changedAt } = report;
  const counts = [String(receipts), String(refused), formatSum(sumKopecks)];
  return [kkm, String(shiftNumber), reportOn, ...counts, listSources(report).join(', '), receivedAt, changedAt];
}

function describeReport(report: DepartmentReport): object {
  const { kkm, shiftNumber, reportOn, receipts, refused, sumKopecks, receivedAt, changedAt } = report;
  const head = { kkm, shiftNumber, reportOn, receipts, refused, sum: formatSum(sumKopecks) };
  return { ...head, sources: listSources(report), receivedAt, changedAt };
}

function describeDetail(report: ReportDetail): object {
  const lines = report.lines.map(({ sumKopecks, ...line }) => {
    return { ...line, sum: sumKopecks === null ? null : formatSum(sumKopecks) };
  });
  return { ...describeReport(report), lines };
}

function formatDetail(report: ReportDetail): string[] {
  const { kkm, shiftNumber, reportOn, receipts, refused, sumKopecks } = report;
  const head = `«Отчет отдела»: till ${kkm}, shift ${shiftNumber}, ${reportOn}`;
  const rows = report.lines.map((line) => [
    String(line.receiptNumber),
    line.kind,
    line.cardNumber ?? '',
    line.sumKopecks === null ? '' : formatSum(line.sumKopecks),
    line.road ?? '',
    line.isRefused ? `refused (${line.code})` : (line.state ?? ''),
    line.documents.join(', '),
    line.billingDocuments.join(', '),
  ]);
  const titles = ['receipt', 'kind', 'card', 'sum', 'first by', 'state', 'documents', 'documents of billing'];
  return [
    `${head}: receipts ${receipts}, refused ${refused}, sum ${formatSum(sumKopecks)}`,
    ...formatTable(titles, rows),
  ];
}
