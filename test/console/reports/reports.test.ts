// Reports through the console: every one opened, the turnover with its check, drill-down and files, groupings as long work.
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { reportNames } from '../../../src/operations/reports/open-report.ts';
import { buildSale, noon, register } from '../../operations/testing-infobase.ts';
import { auditor } from '../../soap/testing-service.ts';
import { actionOf, startConsole, waitForEnd, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({
    settings: { SUBSCRIPTION: 'extended' },
    before: { kinds: [{ code: 'BASE', name: 'Базовая' }], cards: [{ number: '2900000000011', kind: 'BASE' }] },
  });
  const infobase = trial.service.infobase();
  await saveSetting(infobase, noon, 'stage', 'billing');
  const sale = { cardNumber: '2900000000011', sumWithDiscountKopecks: 123_456_78, bonusAccruedKopecks: 1_234_50 };
  await register(infobase, buildSale(sale));
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

test.each(reportNames)('the report %s is listed and opens', async (name) => {
  expect((await visitor.get('/console/trade/reports')).html).toContain(`/console/trade/reports/${name}"`);
  const page = await visitor.get(`/console/trade/reports/${name}`);
  expect(page.status).toBe(200);
});

test('a turnover adds up, leads to its documents and is taken away as files', async () => {
  const page = await visitor.get('/console/trade/reports/turnover?from=2026-11-22&to=2026-11-22');
  expect(page.text).toContain('Сходится');
  expect(page.text.replace(/[\u00a0\u202f]/g, ' ')).toContain('1 234,50');
  const link = /href="(\/console\/trade\/reports\/movements[^"]*)"/.exec(page.html)?.[1]?.replaceAll('&amp;', '&');
  expect(link).toBe('/console/trade/reports/movements?from=2026-11-22&to=2026-11-22&card=2900000000011');
  expect((await visitor.get(link as string)).text).toContain('KkmOperation');
  const csv = await visitor.get('/console/trade/reports/turnover.csv?from=2026-11-22');
  expect(csv.html).toContain('2900000000011,BASE,0.00,1234.50,0.00,1234.50');
  const xlsx = await visitor.get('/console/trade/reports/turnover.xlsx');
  expect([xlsx.status, xlsx.headers.get('content-type'), xlsx.html.startsWith('PK')]).toEqual([
    200,
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    true,
  ]);
});

test('rows of kinds are added up as long work', async () => {
  const page = await visitor.get('/console/trade/reports/turnover?by=kind&from=2026-11-01');
  expect(page.text).toContain('Такой отчёт складывает все движения');
  const end = await waitForEnd(visitor, await visitor.send(page, actionOf(page, 'by=kind')));
  expect(end.text).toContain('по видам карт с 01.11.2026');
  expect(end.text).toContain('BASE');
  expect(end.text).toContain('Сходится');
});

test.each([
  ['turnover?card=999', 'Такой карты нет'],
  ['turnover?from=2026-12-01&to=2026-11-01', 'Период начинается позже, чем кончается'],
])('%s is refused beside its field', async (path, why) => {
  const page = await visitor.get(`/console/trade/reports/${path}`);
  expect([page.status, page.text.includes(why)]).toEqual([422, true]);
});

test.each(['reports/nothing', 'reports/nothing.csv', 'reports/turnover.pdf', 'reports/turnover.csv?card=999'])(
  '%s is not there',
  async (path) => {
    expect((await visitor.get(`/console/trade/${path}`)).status).toBe(404);
  },
);

test('an auditor reads reports, long ones too', async () => {
  const reader = await trial.visit(auditor);
  const page = await reader.get('/console/trade/reports/burning');
  const end = await waitForEnd(reader, await reader.send(page, actionOf(page, '/reports/burning?')));
  expect(end.text).toContain('Что и когда сгорит');
});

test('outside billing a report of billing says so', async () => {
  const other = await startConsole({ before: { cards: [{ number: '2900000000011' }] } });
  try {
    const page = await (await other.visit()).get('/console/trade/reports/burning');
    expect([page.status, page.text.includes('только при включённом биллинге')]).toEqual([422, true]);
  } finally {
    await other.service.stop();
  }
});
