// Reports over HTTP: pages, and all rows in each form of a file.
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { reportForms, reportNames } from '../../src/operations/reports/open-report.ts';
import { buildReturn, buildSale, register, upload } from '../operations/testing-infobase.ts';
import { auditor, basic, type TestingService } from '../soap/testing-service.ts';
import { readXlsxParts } from '../tables/read-xlsx-parts.ts';
import { base, callJson, startExample } from './testing-json.ts';

const cards = 2_500;
const number = (index: number): string => `78${String(index).padStart(6, '0')}`;

let service: TestingService;
beforeAll(async () => {
  service = await startExample();
  const infobase = service.infobase();
  const range = { prefix: '78', from: '1', to: String(cards), width: '6' };
  const body = { ...range, width: 6, kind: 'SPARE' };
  expect((await callJson(service, { path: 'cards/range', body })).status).toBe(200);
  const sales = Array.from({ length: cards }, (_, index) =>
    buildSale({
      receiptNumber: index + 1,
      cardNumber: number(index + 1),
      sumWithDiscountKopecks: 123_450 + (index % 7),
    }),
  );
  await upload(infobase, sales);
  await upload(infobase, [
    buildReturn(sales[0] as (typeof sales)[0], { sumWithDiscountKopecks: 23_450, receiptNumber: 90_001 }),
  ]);
  await register(
    infobase,
    buildSale({ cardNumber: number(2), receiptNumber: 90_002, bonusRedeemedKopecks: 700, offline: true }),
  );
}, 120_000);
afterAll(() => service.stop());

interface Page {
  readonly rows: readonly object[];
  readonly next: string | null;
}

const ask = (path: string) => callJson(service, { path: `reports/${path}`, user: auditor });

async function readPages(path: string): Promise<object[]> {
  const all: object[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const reply = await ask(`${path}&cursor=${cursor}`);
    expect(reply.status).toBe(200);
    const page = reply.json as Page;
    all.push(...page.rows);
    cursor = page.next;
  }
  return all;
}

async function readLines(path: string): Promise<object[]> {
  const reply = await ask(`${path}&format=ndjson`);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  return reply.text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as object);
}

// More rows than are read in one turn, and pages that end in the middle of one.
test.each([
  ['turnover?limit=777', cards + 1],
  ['turnover?by=kind&limit=1', 2],
  ['movements?limit=1000&kind=SPARE', cards + 2],
  ['sales?limit=999', cards],
  ['sales?by=day&limit=1', 1],
  ['department?limit=1', 1],
  ['flags?limit=1', 1],
  ['debts?limit=1', 1],
])('%s: pages and NDJSON have the same %s rows', async (path, rows) => {
  const lines = await readLines(path);
  expect(lines).toHaveLength(rows);
  expect(await readPages(path)).toEqual(lines);
});

test('CSV has a column for every figure', async () => {
  const reply = await ask('turnover?card=78000001&measure=accumulation&format=csv');
  expect(reply.headers.get('content-disposition')).toBe('attachment; filename="turnover.csv"');
  const kinds = ['OpeningAccumulation', 'KkmOperation', 'TpOperation'];
  const flows = kinds.flatMap((kind) => [`accumulation.in.${kind}`, `accumulation.out.${kind}`]);
  const figures = ['opening', 'in', 'out', 'closing'].map((figure) => `accumulation.${figure}`);
  expect(reply.text).toBe(
    `card,kind,${[...figures, ...flows].join(',')}\r\n78000001,SPARE,0.00,1234.50,234.50,1000.00,,,,,1234.50,234.50\r\n`,
  );
});

async function askBytes(
  path: string,
  accept: string,
): Promise<{ readonly reply: IncomingMessage; readonly bytes: Buffer }> {
  const headers = { authorization: basic(auditor), accept };
  const calling = request({ agent: false, port: service.port, path: `${base}/reports/${path}`, headers }).end();
  const [reply] = (await once(calling, 'response')) as [IncomingMessage];
  return { reply, bytes: await buffer(reply) };
}

test('XLSX has every row, with sums as numbers of exact text', async () => {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
  const { reply, bytes } = await askBytes('sales', type);
  expect([reply.statusCode, reply.headers['content-type']]).toEqual([200, type]);
  const sheet = (await readXlsxParts(bytes)).get('xl/worksheets/sheet1.xml') ?? '';
  expect(sheet.match(/<row /g)).toHaveLength(cards + 1);
  const [, row = ''] = /<row r="4"[^>]*>(.*?)<\/row>/.exec(sheet) ?? [];
  expect([...row.matchAll(/<v>([^<]*)<\/v>/g)].map(([, value]) => value)).toEqual(
    '1 1234.52 1234.52 0 0 0 0 0 0 0'.split(' '),
  );
  expect(row).toContain('<t>78000003</t>');
});

test('the rows of a report in XLSX, of every report', async () => {
  for (const name of reportNames.filter((one) => one !== 'burning')) {
    const { reply, bytes } = await askBytes(`${name}?format=xlsx`, '*/*');
    expect([name, reply.statusCode]).toEqual([name, 200]);
    expect([name, (await readXlsxParts(bytes)).has('xl/workbook.xml')]).toEqual([name, true]);
  }
});

test('a refusal comes before the first row, in any form', async () => {
  for (const format of ['json', 'ndjson', 'csv', 'xlsx']) {
    const reply = await ask(`turnover?kind=NONE&format=${format}`);
    const json = { code: 11, text: 'there is no card kind "NONE"', field: 'kind' };
    expect([format, reply.status, reply.json]).toEqual([format, 400, json]);
  }
  expect((await ask('burning?format=csv')).status).toBe(409);
});

test('a report takes what it can be asked, and nothing else', async () => {
  for (const name of reportNames) {
    const { groupings: own, takes } = reportForms[name];
    const reply = await ask(`${name}?by=shop`);
    if (own.includes('shop')) expect([name, reply.status]).toEqual([name, 200]);
    else expect([name, reply.status, reply.json]).toMatchObject([name, 400, { field: 'by' }]);
    if (takes.includes('from')) continue;
    expect([name, (await ask(`${name}?from=2026-11-22`)).json]).toMatchObject([name, { field: 'from' }]);
  }
});
