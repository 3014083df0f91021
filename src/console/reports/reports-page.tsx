// The reports: the list of them, and each with its filters. Rows of cards come by pages; others add up all that they are about,
// so they are long work. Every report may be taken away whole as a file.
import { listCardKinds } from '../../operations/catalogs/list-card-kinds.ts';
import { listShops } from '../../operations/catalogs/shops.ts';
import {
  openReport,
  reportForms,
  reportNames,
  type OpenReport,
  type ReportField,
  type ReportName,
  type ReportRequest,
} from '../../operations/reports/open-report.ts';
import { readReportPage } from '../../operations/reports/read-report-page.ts';
import type { Refusal } from '../../operations/refusal.ts';
import { writeRows } from '../../tables/write-rows.ts';
import { startReport } from '../../works/start-report.ts';
import { NotFound, type Page, type PageCall, type PageReply } from '../page.ts';
import { PostForm, FormProblem, type FieldMistakes } from '../parts/form.tsx';
import { NextPage } from '../parts/next-page.tsx';
import type { Say } from '../say.ts';
import { goToWork, placeOf } from '../works/go-to-work.ts';
import { Balanced } from './balanced.tsx';
import { ReportFiles, ReportForm } from './report-form.tsx';
import { readReportRequest, writeReportQuery } from './report-request.ts';
import { ReportTable } from './report-table.tsx';
import { describeReport, nameReport } from './report-words.ts';
import { cardAddress } from '../parts/card-link.tsx';

export const reportPages: readonly Page[] = [
  { method: 'GET', path: 'reports', answer: listReports },
  { method: 'GET', path: 'reports/:name.:format', answer: sendFile },
  { method: 'GET', path: 'reports/:name', answer: showReport },
  { method: 'POST', path: 'reports/:name', roles: ['admin', 'auditor'], answer: addUp },
];

const rowsPerPage = 100;

async function listReports({ say, base }: PageCall): Promise<PageReply> {
  return {
    kind: 'page',
    title: say('Отчёты', 'Reports'),
    body: (
      <dl class="tiles">
        {reportNames.map((name) => (
          <div class="tile">
            <dt>
              <a href={`${base}/reports/${name}`}>{nameReport(name, say)}</a>
            </dt>
            <dd>{describeReport(name, say)}</dd>
          </div>
        ))}
      </dl>
    ),
  };
}

function readName({ params, say }: PageCall): ReportName {
  const name = reportNames.find((one) => one === params.name);
  if (name === undefined) throw new NotFound(say('Такого отчёта нет.', 'There is no such report.'));
  return name;
}

/** Whether its rows come by pages: cards, or rows that are there already. */
function isPaged(name: ReportName, { by }: ReportRequest): boolean {
  const { groupings } = reportForms[name];
  return groupings.length === 0 || (by ?? groupings[0]) === 'card';
}

async function showReport(call: PageCall): Promise<PageReply> {
  const { infobase, query, say } = call;
  const name = readName(call);
  const request = readReportRequest(name, query);
  const cursor = query.get('after') ?? '';
  const report = await openReport(infobase, name, request, cursor);
  const mistakes = report.ok ? {} : wordMistake(report, say);
  const [kinds, shops] = [await listCardKinds(infobase), await listShops(infobase)];
  return {
    kind: 'page',
    ...(report.ok ? {} : { status: 422 as const }),
    title: nameReport(name, say),
    crumbs: [{ title: say('Отчёты', 'Reports'), path: 'reports' }],
    body: (
      <>
        <ReportForm call={call} name={name} request={request} kinds={kinds} shops={shops} mistakes={mistakes} />
        {report.ok ? (
          await showRows(call, name, request, report)
        ) : (
          <FormProblem text={Object.keys(mistakes).length > 0 ? undefined : wordRefusal(report, say)} />
        )}
      </>
    ),
  };
}

async function showRows(call: PageCall, name: ReportName, request: ReportRequest, report: OpenReport) {
  const { say, base, token } = call;
  if (!isPaged(name, request)) {
    const query = writeReportQuery(request).toString();
    return (
      <>
        <p class="hint">
          {say(
            'Такой отчёт складывает все движения: на большой базе это минуты. Он считается в сервисе, кассы обслуживаются.',
            'Such a report adds up all movements: minutes on a large base. The service does it while tills are served.',
          )}
        </p>
        <PostForm action={`${base}/reports/${name}?${query}`} token={token} class="actions">
          <button type="submit">{say('Сформировать', 'Add it up')}</button>
        </PostForm>
      </>
    );
  }
  const { rows, next } = await readReportPage(report, rowsPerPage);
  const drill = new URLSearchParams(
    [...writeReportQuery(request)].filter(([field]) => field === 'from' || field === 'to' || field === 'shop'),
  );
  const linkCard = (number: string): string => {
    if (name !== 'turnover') return cardAddress(base, number);
    drill.set('card', number);
    return `${base}/reports/movements?${drill.toString()}`;
  };
  return (
    <>
      {name === 'turnover' && <Balanced say={say} rows={rows} />}
      <ReportFiles call={call} name={name} request={request} />
      <ReportTable
        call={call}
        caption={nameReport(name, say)}
        columns={report.columns}
        rows={rows}
        linkCard={linkCard}
      />
      <NextPage call={call} after={next} />
    </>
  );
}

const fieldNames: Readonly<Partial<Record<ReportField, string>>> = {
  from: 'from',
  to: 'to',
  cardNumber: 'card',
  kindCode: 'kind',
  shopCode: 'shop',
};

function wordMistake(refusal: Refusal<ReportField>, say: Say): FieldMistakes {
  const field = refusal.field === undefined ? undefined : fieldNames[refusal.field];
  return field === undefined ? {} : { [field]: wordRefusal(refusal, say) };
}

function wordRefusal({ field, why, remedy }: Refusal<ReportField>, say: Say): string {
  if (remedy === 'enable_billing') {
    return say('Этот отчёт есть только при включённом биллинге.', 'This report is for stage billing only.');
  }
  if (field === 'from') return say('Период начинается позже, чем кончается.', 'The period begins after its end.');
  if (field === 'cardNumber') return say('Такой карты нет.', 'There is no such card.');
  if (field !== 'cursor') return why;
  return say('Список изменился: начните с первой страницы.', 'The list has changed: begin with the first page.');
}

async function addUp(call: PageCall): Promise<PageReply> {
  const { infobase, query, services } = call;
  const name = readName(call);
  const request = readReportRequest(name, query);
  const report = await openReport(infobase, name, request);
  if (!report.ok) return showReport(call);
  return goToWork(call, startReport(services.tools, placeOf(call), name, request));
}

const contentTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

async function sendFile(call: PageCall): Promise<PageReply> {
  const { infobase, query, params, say, services } = call;
  const name = readName(call);
  const request = readReportRequest(name, query);
  const { format } = params;
  if (format !== 'csv' && format !== 'xlsx') throw new NotFound();
  const report = await openReport(infobase, name, request);
  if (!report.ok) throw new NotFound(wordRefusal(report, say));
  return {
    kind: 'download',
    name: `${name}.${format}`,
    contentType: contentTypes[format] ?? '',
    bytes: writeRows(format, report.columns, services.tools.readReport(infobase, name, request)),
  };
}
