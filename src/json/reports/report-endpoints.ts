// The reports: pages of JSON, and whole as NDJSON, CSV and XLSX.
import { z } from 'zod';
import { measureNames } from '../../ledger/account.ts';
import {
  openReport,
  reportForms,
  type OpenReport,
  type ReportName,
  type ReportRequest,
} from '../../operations/reports/open-report.ts';
import { readReportPage } from '../../operations/reports/read-report-page.ts';
import { groupings } from '../../operations/reports/report-scope.ts';
import { defineEndpoint, type Circumstances, type Endpoint, type Example, type OpenRows } from '../endpoint.ts';
import { refuseOperation } from '../json-refusal.ts';
import * as examples from './report-examples.ts';
import {
  burningPage,
  debtPage,
  departmentPage,
  flagPage,
  movementPage,
  salesPage,
  turnoverPage,
} from './report-schemas.ts';
import { countText, date, listFormat, notEmpty, nullable, oneOf } from '../scalars.ts';

const cursorLimit = 100;
const listLimit = 1_000;

/** What a report may be asked; each has those that it does take. */
const anyQuery = z.strictObject({
  from: nullable(date).meta({ description: 'Первый день периода' }),
  to: nullable(date).meta({ description: 'Последний день периода' }),
  card: nullable(notEmpty).meta({ description: 'Только эта карта' }),
  kind: nullable(notEmpty).meta({ description: 'Только карты этого вида' }),
  shop: nullable(notEmpty).meta({ description: 'Только кассы этого магазина' }),
  by: nullable(oneOf(groupings)),
  measure: nullable(oneOf(measureNames)).meta({ description: 'Один показатель; иначе все три' }),
  register: nullable(oneOf(['accumulation', 'billing'])).meta({
    description: '«Накопления» или «Остатки» биллинга; иначе регистр стадии',
  }),
  limit: countText(1, listLimit).default(100).meta({ description: 'Строк на странице' }),
  cursor: z.string().max(cursorLimit).default('').meta({ description: 'next прошлой страницы' }),
  format: listFormat,
});
type Query = z.output<typeof anyQuery>;

const queryNames = { cardNumber: 'card', kindCode: 'kind', shopCode: 'shop' } as const;

/** The query of a report, of the type of all: what it does not take is never there. */
function queryOf(name: ReportName): typeof anyQuery {
  const { takes, groupings: own } = reportForms[name];
  const taken = takes.map((field) => (queryNames as Readonly<Partial<Record<string, string>>>)[field] ?? field);
  const known = new Set<string>([...taken, 'limit', 'cursor', 'format']);
  const [usual, ...others] = own;
  const by =
    usual === undefined
      ? {}
      : { by: nullable(oneOf([usual, ...others])).meta({ description: `О чём строка; иначе ${usual}` }) };
  const shape = Object.entries(anyQuery.shape).filter(([field]) => known.has(field));
  return z.strictObject({ ...Object.fromEntries(shape), ...by }) as unknown as typeof anyQuery;
}

function toRequest(query: Query): ReportRequest {
  const { from = null, to = null, card = null, kind = null, shop = null } = query as Partial<Query>;
  const { by = null, measure = null, register = null } = query as Partial<Query>;
  const filter = { from, to, cardNumber: card, kindCode: kind, shopCode: shop };
  return { ...filter, by, measure, register };
}

async function open({ infobase }: Circumstances, name: ReportName, query: Query, cursor: string): Promise<OpenReport> {
  const report = await openReport(infobase, name, toRequest(query), cursor);
  if (!report.ok) throw refuseOperation(report, queryNames);
  return report;
}

async function openAll(at: Circumstances, name: ReportName, query: Query): Promise<OpenRows> {
  const { columns } = await open(at, name, query, '');
  return { columns, pieces: at.tools.readReport(at.infobase, name, toRequest(query)) };
}

interface Described {
  /** Of the operation. */
  readonly name: string;
  readonly report: ReportName;
  readonly summary: string;
  readonly description: string;
  readonly reply: z.ZodType;
  readonly statuses?: readonly number[];
  readonly examples: readonly Example[];
}

const whole = 'Страницами; весь отчёт сразу: NDJSON, CSV или XLSX, без limit.';

function defineReport({ report, description, statuses = [], ...described }: Described): Endpoint {
  return defineEndpoint({
    ...described,
    tag: 'Отчёты',
    roles: ['admin', 'auditor'],
    gate: 'door',
    statuses,
    method: 'GET',
    path: `reports/${report}`,
    description: `${description} ${whole}`,
    input: { query: queryOf(report) },
    rows: { name: report, open: (at, query: Query) => openAll(at, report, query) },
    answer: async (at, query) => {
      return { body: await readReportPage(await open(at, report, query, query.cursor), query.limit) };
    },
  });
}

export const reportEndpoints: readonly Endpoint[] = [
  defineReport({
    name: 'reportTurnover',
    report: 'turnover',
    summary: '«Остатки и обороты»',
    description: 'Начальный остаток, приход, расход и конечный остаток за период.',
    reply: turnoverPage,
    examples: examples.turnover,
  }),
  defineReport({
    name: 'reportMovements',
    report: 'movements',
    summary: 'Документы, из которых складываются обороты',
    description: 'Движения за период: по картам, у карты в порядке проведения.',
    reply: movementPage,
    examples: examples.movements,
  }),
  defineReport({
    name: 'reportSales',
    report: 'sales',
    summary: '«Продажи по дисконтным картам»',
    description: 'Чеки продажи и возврата по их датам, без отменённых.',
    reply: salesPage,
    examples: examples.sales,
  }),
  defineReport({
    name: 'reportDepartments',
    report: 'department',
    summary: '«Отчет отдела»',
    description: 'Отчёты смен; сумма — по принятым чекам.',
    reply: departmentPage,
    examples: examples.department,
  }),
  defineReport({
    name: 'reportBurning',
    report: 'burning',
    summary: 'Что и когда сгорит',
    description: 'Что спишут будущие ночи, если ничего больше не произойдёт; только в стадии «биллинг».',
    reply: burningPage,
    statuses: [409],
    examples: examples.burning,
  }),
  defineReport({
    name: 'reportFlags',
    report: 'flags',
    summary: 'Чеки, которые надо проверить',
    description: 'Последние сначала.',
    reply: flagPage,
    examples: examples.flags,
  }),
  defineReport({
    name: 'reportDebts',
    report: 'debts',
    summary: 'Карты с остатком меньше нуля',
    description: 'В порядке добавления карт.',
    reply: debtPage,
    examples: examples.debts,
  }),
];
