// The lists of receipts and documents in one piece: the same rows as page by page.
import { uploadReceipts } from '../../src/operations/receipts/upload-receipts.ts';
import { buildSale, noon, read } from '../operations/testing-infobase.ts';
import { auditor, type TestingService } from '../soap/testing-service.ts';
import { callJson, startExample } from './testing-json.ts';

let service: TestingService;
beforeAll(async () => {
  service = await startExample();
  const cardNumber = '2900000001';
  const receipts = Array.from({ length: 1_500 }, (_, index) => buildSale({ receiptNumber: index + 1, cardNumber }));
  const { accepted } = await uploadReceipts(
    service.infobase(),
    noon,
    read({ kkm: 'KKM-1', receipts: receipts.map((receipt) => read(receipt)) }),
  );
  expect(accepted).toBe(1_500);
});
afterAll(() => service.stop());

type Row = Readonly<Record<string, unknown>>;

async function readPages(list: 'receipts' | 'documents', query: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor = ''; ;) {
    const reply = await callJson(service, { path: `${list}?${query}${cursor}`, user: auditor });
    const page = reply.json as Readonly<Record<string, Row[]>> & { readonly next: string | null };
    rows.push(...(page[list] ?? []));
    if (page.next === null) return rows;
    cursor = `&cursor=${page.next}`;
  }
}

test.each([
  ['receipts', 'limit=700', 1_500],
  ['receipts', 'limit=1000&kkm=KKM-1&shift=1', 1_500],
  ['receipts', 'limit=1000&card=2900000001', 1_500],
  ['receipts', 'limit=1000&to=2020-01-01', 0],
  ['documents', 'limit=700', 1_501],
  ['documents', 'limit=1000&kind=TpOperation&card=2900000001', 1_500],
] as const)('%s?%s', async (list, query, count) => {
  const pages = await readPages(list, query);
  expect([pages.length, new Set(pages.map(({ id }) => id)).size]).toEqual([count, count]);
  const lines = (await callJson(service, { path: `${list}?${query}&format=ndjson` })).text.split('\n').slice(0, -1);
  expect(lines.map((line) => JSON.parse(line) as Row)).toEqual(pages);
  const csv = (await callJson(service, { path: `${list}?${query}&format=csv` })).text.split('\r\n');
  expect(csv).toHaveLength(count + 2);
});

test('the line of a document stands in its row of CSV', async () => {
  const { text } = await callJson(service, { path: 'documents?format=csv&kind=OpeningAccumulation' });
  expect(text.split('\r\n')[1]).toBe(
    'accumulation-1,accumulation,OpeningAccumulation,Ввод остатков накоплений 000000001 от 01.01.2026 00:00:00,' +
      '2026-01-01T00:00:00,2026-11-22T12:00:00,,,,2900000001,340.00,12500.00,3,',
  );
});
