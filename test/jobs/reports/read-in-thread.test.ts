// A report read in a thread of its own: the same rows as without it, an end where the reader gives up, and the thread's fault.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readInThread } from '../../../src/jobs/reports/read-in-thread.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { openReport, type ReportRequest } from '../../../src/operations/reports/open-report.ts';
import { addCard, addKind, buildSale, copyEmptyDatabase, register } from '../../operations/testing-infobase.ts';

const folder = mkdtempSync(join(tmpdir(), 'kkm-report-'));
const file = join(folder, 'base.sqlite');
const options = { name: 'trade', file, hasSubscription: true };
const request: ReportRequest = {
  from: null,
  to: null,
  cardNumber: null,
  kindCode: null,
  shopCode: null,
  by: null,
  measure: null,
  register: null,
};
let infobase: Infobase;

beforeAll(async () => {
  await copyEmptyDatabase(file);
  infobase = await Infobase.open(options);
  await addKind(infobase);
  for (let card = 1; card <= 250; card += 1) {
    const number = `29${String(card).padStart(5, '0')}`;
    await addCard(infobase, { number });
    await register(infobase, buildSale({ receiptNumber: card, cardNumber: number }));
  }
});

afterAll(async () => {
  await infobase.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the rows are those of the report, in its order', async () => {
  const report = await openReport(infobase, 'turnover', request);
  if (!report.ok) throw new Error(report.why);
  const expected: object[] = [];
  for await (const piece of report.read()) expected.push(...piece.map(({ row }) => row));
  const found: object[] = [];
  for await (const piece of readInThread({ infobase: options, name: 'turnover', request })) found.push(...piece);
  expect(expected).toHaveLength(250);
  expect(found).toEqual(expected);
});

test('a reader that gives up ends the thread', async () => {
  const reading = readInThread({ infobase: options, name: 'turnover', request });
  const first = await reading.next();
  expect((first.value as readonly object[]).length).toBeGreaterThan(0);
  await reading.return(undefined);
  expect(await reading.next()).toEqual({ done: true, value: undefined });
});

test('what the thread throws reaches the reader', async () => {
  const bad = { infobase: options, name: 'burning', request } as const;
  await expect(readInThread(bad).next()).rejects.toThrow('the infobase is not in stage billing');
  const missing = { ...options, file: join(folder, 'none', 'base.sqlite') };
  await expect(readInThread({ infobase: missing, name: 'turnover', request }).next()).rejects.toThrow(
    'cannot be opened',
  );
});
