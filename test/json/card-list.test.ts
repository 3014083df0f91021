// The list of cards: pages by cursor, and all of it as NDJSON and CSV while it is read.
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { createCardRange } from '../../src/operations/cards/create-card-range.ts';
import { addCard } from '../operations/testing-infobase.ts';
import { auditor, basic, type TestingService } from '../soap/testing-service.ts';
import { base, callJson, startExample } from './testing-json.ts';

let service: TestingService;
beforeAll(async () => {
  service = await startExample();
  const infobase = service.infobase();
  // More than is read in one turn.
  const made = await createCardRange(infobase, { prefix: '78', from: '1', to: '4500', width: '6', kindCode: 'BASE' });
  expect(made).toMatchObject({ created: 4_500 });
  await addCard(infobase, { number: '78', kindCode: 'SPARE', holder: 'Иванов; "И, И"', note: 'две\nстроки' });
});
afterAll(() => service.stop());

interface Page {
  readonly cards: readonly { readonly number: string }[];
  readonly next: string | null;
}

async function readPages(query: string): Promise<string[]> {
  const numbers: string[] = [];
  let cursor = '';
  for (;;) {
    const reply = await callJson(service, { path: `cards?${query}&cursor=${cursor}`, user: auditor });
    const { cards, next } = reply.json as Page;
    numbers.push(...cards.map(({ number }) => number));
    if (next === null) return numbers;
    cursor = next;
  }
}

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => `78${String(from + index).padStart(6, '0')}`);

interface Listed {
  readonly query: string;
  readonly numbers: readonly string[];
}

const lists: readonly Listed[] = [
  { query: 'limit=1000', numbers: ['2900000001', '2900000002', '78', ...range(1, 4_500)] },
  { query: 'limit=999&query=78', numbers: ['78', ...range(1, 4_500)] },
  { query: 'limit=7&query=7800449', numbers: range(4_490, 4_499) },
  { query: 'limit=10&query=7800449', numbers: range(4_490, 4_499) },
  { query: 'limit=2&kind=SPARE', numbers: ['78'] },
  { query: 'limit=2&status=blocked', numbers: ['2900000002'] },
  { query: 'limit=2&kind=SPARE&status=blocked', numbers: [] },
  { query: 'limit=2&query=79', numbers: [] },
];

test.each(lists)('pages of $query', async ({ query, numbers }) => {
  expect(await readPages(query)).toEqual(numbers);
});

test.each(lists)('NDJSON has all of $query, whatever the limit', async ({ query, numbers }) => {
  const reply = await callJson(service, { path: `cards?${query}`, headers: { accept: 'application/x-ndjson' } });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/x-ndjson; charset=utf-8']);
  const lines = reply.text.split('\n').slice(0, -1);
  expect(lines.map((line) => (JSON.parse(line) as { number: string }).number)).toEqual(numbers);
});

test('CSV has a header, and texts as they are', async () => {
  const reply = await callJson(service, { path: 'cards?format=csv&kind=SPARE' });
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  expect(reply.text).toBe(
    'number,kind,holder,status,validFrom,validTo,note\r\n78,SPARE,"Иванов; ""И, И""",active,,,"две\nстроки"\r\n',
  );
  const none = await callJson(service, { path: 'cards?format=csv&query=79' });
  expect(none.text).toBe('number,kind,holder,status,validFrom,validTo,note\r\n');
});

test('the format of the query comes before what is accepted', async () => {
  const accept = { accept: 'text/csv' };
  expect((await callJson(service, { path: 'cards?limit=1', headers: accept })).text).toMatch(/^number,kind/);
  expect((await callJson(service, { path: 'cards?limit=1&format=json', headers: accept })).json).toBeDefined();
  const other = await callJson(service, { path: 'cards?format=pdf' });
  expect([other.status, other.json]).toMatchObject([400, { code: 11, field: 'format' }]);
  const bad = await callJson(service, { path: 'cards?limit=0', headers: accept });
  expect([bad.status, bad.json]).toMatchObject([400, { code: 11, field: 'limit' }]);
});

const requestLines = () => service.log.filter(({ message }) => message === 'request');

test('the log has the bytes of a list', async () => {
  const before = requestLines().length;
  const { text } = await callJson(service, { path: 'cards?format=ndjson' });
  while (requestLines().length === before) await new Promise(setImmediate);
  expect(requestLines().at(-1)).toMatchObject({ operation: 'listCards', replyBytes: Buffer.byteLength(text) });
});

test('a client that goes away in the middle ends the reading, and nothing else', async () => {
  const before = requestLines().length;
  const headers = { authorization: basic(auditor) };
  const request = get({ port: service.port, path: `${base}/cards?format=ndjson`, headers, agent: false });
  const [reply] = (await once(request, 'response')) as [IncomingMessage];
  reply.on('error', () => undefined);
  await once(reply, 'data');
  reply.destroy();
  while (requestLines().length === before) await new Promise(setImmediate);
  expect(requestLines().at(-1)).toMatchObject({ operation: 'listCards', status: 200 });
  expect((await callJson(service, { path: 'status' })).status).toBe(200);
  expect(service.log.filter(({ message }) => message === 'defect')).toEqual([]);
});
