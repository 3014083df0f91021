// `kkm report`: pages for people and machines, and whole files.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reportNames } from '../../../src/operations/reports/open-report.ts';
import { buildReturn, buildSale, noon, register, upload } from '../../operations/testing-infobase.ts';
import { readXlsxParts } from '../../tables/read-xlsx-parts.ts';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeEach(async () => {
  line = openTestingLine();
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('kinds', 'set', 'GOLD', '--name', 'Золотая');
  await line.run('cards', 'range', '--prefix', 'N', '--from', '1', '--to', '3', '--width', '1', '--kind', 'BASE');
  await line.run('cards', 'set', '--where', 'number=N3', 'kind=GOLD');
  await line.run('shops', 'set', 'S1', '--name', 'Первый');
  await line.run('tills', 'set', 'KKM-1', '--shop', 'S1');
  const infobase = await line.open();
  const sale = buildSale({ cardNumber: 'N1', sumWithDiscountKopecks: 123_456, bonusAccruedKopecks: 4_000 });
  await register(infobase, sale);
  await upload(infobase, [buildReturn(sale, { sumWithDiscountKopecks: 23_456 })]);
  const gold = { cardNumber: 'N3', kkm: 'KKM-2', receiptNumber: 7, bonusRedeemedKopecks: 500, offline: true };
  await register(infobase, buildSale(gold), noon);
});
afterEach(() => line.close());

interface Page {
  readonly rows: readonly object[];
  readonly next: string | null;
}

const ask = async (...args: readonly string[]): Promise<Page> => (await line.runJson('report', ...args)) as Page;

test('a page, and the next one', async () => {
  const turnover = {
    byDocument: { KkmOperation: { in: '40.00', out: '0.00' }, TpOperation: { in: '0.00', out: '7.60' } },
  };
  const first = await ask('turnover', '--limit', '1', '--from', '22.11.2026', '--measure', 'bonus');
  expect(first).toEqual({
    infobase: 'trade',
    report: 'turnover',
    rows: [
      { card: 'N1', kind: 'BASE', bonus: { opening: '0.00', in: '40.00', out: '7.60', closing: '32.40', ...turnover } },
    ],
    next: 'N1',
  });
  const shown = await line.run('report', 'turnover', '--limit', '1', '--after', 'N1', '--measure', 'bonus');
  expect(shown.out).toEqual([
    'card  kind  bonus.opening  bonus.in  bonus.out  bonus.closing',
    'N3    GOLD  0.00           0.00      5.00       -5.00',
  ]);
  expect((await line.run('report', 'turnover', '--limit', '1')).err).toEqual(['there are more: --after N1']);
});

test.each<[string, readonly string[], readonly object[]]>([
  ['by shop', ['--by', 'shop'], [{ shop: null }, { shop: 'S1' }]],
  ['of one shop', ['--by', 'kind', '--shop', 'S1'], [{ kind: 'BASE' }]],
  ['of one kind', ['--kind', 'GOLD'], [{ card: 'N3', kind: 'GOLD' }]],
  ['of one card', ['--card', 'N1'], [{ card: 'N1', kind: 'BASE' }]],
  ['by day', ['--by', 'day'], [{ date: '2026-11-22' }]],
  ['by week', ['--by', 'week'], [{ date: '2026-11-16' }]],
  ['by month', ['--by', 'month'], [{ date: '2026-11-01' }]],
])('turnover and sales %s', async (_what, args, expected) => {
  for (const name of ['turnover', 'sales']) expect((await ask(name, ...args)).rows).toMatchObject(expected);
});

test('sales and returns apart', async () => {
  const { rows } = await ask('sales', '--by', 'total');
  const sales = { count: '2', sum: '1334.56', sumWithDiscount: '1334.56', accrued: '40.00', redeemed: '5.00' };
  const returns = { count: '1', sum: '234.56', sumWithDiscount: '234.56', accrued: '0.00', redeemed: '0.00' };
  expect(rows).toEqual([{ sales, returns }]);
});

test('CSV and NDJSON have every row', async () => {
  const csv = await line.run('report', 'debts', '--format', 'csv');
  expect(csv.out.join('\n')).toBe(
    'card,kind,holder,status,bonus,accumulation,receipts\r\nN3,GOLD,,active,-5.00,100.00,1\r',
  );
  const ndjson = await line.run('report', 'flags', '--format', 'ndjson');
  const lines = ndjson.out
    .join('\n')
    .split('\n')
    .map((text) => JSON.parse(text) as { flags: string[] });
  expect(lines).toMatchObject([{ flags: ['debt'], card: 'N3', redeemed: '5.00' }]);
});

test('XLSX has sums as numbers of exact text, counts as whole numbers', async () => {
  const file = join(line.dataDir, 'report.xlsx');
  const { out } = await line.run('report', 'turnover', '--output', file, '--measure', 'accumulation');
  expect(out).toEqual([`${file}: 2 rows`]);
  const parts = await readXlsxParts(readFileSync(file));
  const sheet = parts.get('xl/worksheets/sheet1.xml') ?? '';
  expect(sheet).toContain('<v>1234.56</v>');
  expect(sheet).toContain('<v>1000</v>');
  expect(sheet).toContain('Сумма накопления: начальный остаток');
  expect(parts.get('xl/styles.xml')).toMatch(/numFmtId="2"|formatCode="0\.00"/);
  expect(readdirSync(line.dataDir).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a file is replaced when the new one is whole; one that cannot be written is named', async () => {
  const file = join(line.dataDir, 'report.csv');
  for (const by of ['kind', 'total']) await line.run('report', 'sales', '--output', file, '--by', by);
  expect(readFileSync(file, 'utf8').split('\r\n')).toHaveLength(3);
  const { code, err } = await line.run('report', 'sales', '--output', join(line.dataDir, 'none', 'report.csv'));
  expect([code, err[0]]).toEqual([1, expect.stringContaining('cannot be written')]);
});

test.each<[string, readonly string[], number, string]>([
  ['a card that is not there', ['turnover', '--card', 'N9'], 1, '--card: there is no card "N9"'],
  ['a kind that is not there', ['sales', '--kind', 'X'], 1, '--kind: there is no card kind "X"'],
  ['a shop that is not there', ['sales', '--shop', 'X'], 1, '--shop: there is no shop "X" (kkm shops list)'],
  ['a period backwards', ['sales', '--from', '2026-11-22', '--to', '2026-11-21'], 1, '--from: the period begins on'],
  ['burning before billing', ['burning'], 1, 'the infobase is not in stage billing (kkm billing enable)'],
  ['another register', ['turnover', '--register', 'billing'], 1, '--register: the infobase is not in stage billing'],
  ['rows of what it has not', ['burning', '--by', 'shop'], 1, '--by: expected one of month, week'],
  ['a strange page', ['flags', '--after', 'x'], 1, '--after: it is not the end of a page'],
  ['a page of all', ['turnover', '--format', 'csv', '--limit', '3'], 2, '--limit is for pages'],
  ['XLSX to a terminal', ['turnover', '--format', 'xlsx'], 2, '--output is missing'],
  ['a table to a file', ['turnover', '--output', 'a.txt'], 2, '--output takes ndjson, csv, xlsx'],
  ['a flag of another report', ['debts', '--shop', 'S1'], 2, 'there is no flag --shop'],
])('%s is refused', async (_what, args, code, told) => {
  const ran = await line.run('report', ...args);
  expect([ran.code, ran.err[0]]).toEqual([code, expect.stringContaining(told)]);
});

test('every report is there', async () => {
  for (const name of reportNames.filter((one) => one !== 'burning')) {
    expect([name, (await line.run('report', name)).code]).toEqual([name, 0]);
  }
});
