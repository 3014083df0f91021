// A report that was added up as long work.
import type { ReportResult } from '../../works/start-report.ts';
import type { PageCall } from '../page.ts';
import { showCount, showDate } from '../show.ts';
import { Balanced } from './balanced.tsx';
import { ReportFiles } from './report-form.tsx';
import { writeReportQuery } from './report-request.ts';
import { ReportTable } from './report-table.tsx';
import { nameGrouping, nameReport } from './report-words.ts';
import { cardAddress } from '../parts/card-link.tsx';

export function ReportResultView({ call, result }: { readonly call: PageCall; readonly result: ReportResult }) {
  const { say, base } = call;
  const { name, request, columns, rows, isCut } = result;
  const { from, to, by } = request;
  const period = [
    ...(from === null ? [] : [`${say('с', 'from')} ${showDate(from)}`]),
    ...(to === null ? [] : [`${say('по', 'to')} ${showDate(to)}`]),
  ].join(' ');
  return (
    <>
      <h2>
        {nameReport(name, say)}
        {by !== null && `, ${nameGrouping(by, say)}`} {period}
      </h2>
      {name === 'turnover' && <Balanced say={say} rows={rows} />}
      <ReportFiles call={call} name={name} request={request} />
      <ReportTable
        call={call}
        caption={nameReport(name, say)}
        columns={columns}
        rows={rows}
        linkCard={(number) => cardAddress(base, number)}
      />
      {isCut && (
        <p class="hint">
          {say(
            `Показаны первые ${showCount(rows.length)} строк: файл содержит все.`,
            'The first rows are shown: a file has all.',
          )}
        </p>
      )}
      <p class="actions">
        <a href={`${base}/reports/${name}?${writeReportQuery(request).toString()}`}>
          {say('Изменить отбор', 'Change the filters')}
        </a>
      </p>
    </>
  );
}
