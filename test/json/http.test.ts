// The forms of requests and answers that are not a matter of one operation.
import { gzipSync } from 'node:zlib';
import { callJson, requestOf, startExample, type JsonCall } from './testing-json.ts';
import { till, type TestingService } from '../soap/testing-service.ts';

let service: TestingService;
beforeEach(async () => {
  service = await startExample();
});
afterEach(() => service.stop());

const sale = requestOf('registerReceipt');
const saleBody = sale.body as Readonly<Record<string, unknown>>;

interface BadBody {
  readonly why: string;
  readonly body: string | Buffer;
  readonly text: string;
}

const place = (line: number, column: number): string =>
  `Тело запроса не JSON: ошибка в строке ${line}, столбце ${column}`;

const badBodies: readonly BadBody[] = [
  { why: 'nothing', body: '', text: place(1, 1) },
  { why: 'it ends early', body: '{\n"kkm": ', text: place(2, 8) },
  { why: 'a comma too many', body: '{"kkm": "K-01",}', text: place(1, 16) },
  { why: 'a comment', body: '{\n// till\n"kkm": "K-01"}', text: place(2, 1) },
  { why: 'XML', body: '<a/>', text: place(1, 1) },
  { why: 'brackets deeper than a stack', body: '['.repeat(100_000), text: place(1, 1) },
  { why: 'windows-1251', body: Buffer.from([0x7b, 0xcf, 0xf0, 0x7d]), text: 'Тело запроса не в кодировке UTF-8' },
];

test.each(badBodies)('not JSON: $why', async ({ body, text }) => {
  const reply = await callJson(service, { ...sale, body });
  expect([reply.status, reply.json]).toEqual([400, { code: 400, text }]);
});

interface BadValue {
  readonly field: string;
  readonly change: Readonly<Record<string, unknown>>;
  readonly expected: RegExp;
}

const aSum = /^текст с неотрицательной суммой/;
const badValues: readonly BadValue[] = [
  { field: 'sum', change: { sum: 1000 }, expected: aSum },
  { field: 'sum', change: { sum: '-1' }, expected: aSum },
  { field: 'sum', change: { sum: '1.001' }, expected: aSum },
  { field: 'sum', change: { sum: '1e3' }, expected: aSum },
  { field: 'sum', change: { sum: '10000000000000' }, expected: aSum },
  { field: 'sum', change: { sum: undefined }, expected: aSum },
  { field: 'shiftNumber', change: { shiftNumber: '15' }, expected: /^целое число от 0/ },
  { field: 'shiftNumber', change: { shiftNumber: 1.5 }, expected: /^целое число от 0/ },
  { field: 'shiftNumber', change: { shiftNumber: 1e15 }, expected: /^целое число от 0/ },
  { field: 'receiptDate', change: { receiptDate: '2026-11-22' }, expected: /^дата и время без часового пояса/ },
  { field: 'receiptDate', change: { receiptDate: '2026-02-30T10:00:00' }, expected: /^дата и время без/ },
  { field: 'receiptDate', change: { receiptDate: '2026-11-22T10:00:00Z' }, expected: /^дата и время без/ },
  { field: 'kkm', change: { kkm: '' }, expected: /^непустой текст$/ },
  { field: 'kkm', change: { kkm: 'K'.repeat(51) }, expected: /^не более 50 знаков$/ },
  { field: 'kind', change: { kind: 'Gift' }, expected: /^одно из значений: Sale, Return$/ },
  { field: 'offline', change: { offline: 'false' }, expected: /^true или false$/ },
  { field: 'lines[1].price', change: { lines: [{ ...lineOf(), price: 5 }] }, expected: /^текст с неотрицательным/ },
  { field: 'lines[1].vat', change: { lines: [{ ...lineOf(), vat: 5 }] }, expected: /^одно из имён полей/ },
  { field: 'original.kkm', change: { original: { kkm: 1 } }, expected: /^непустой текст$/ },
];

function lineOf(): object {
  return (saleBody.lines as readonly object[])[0] as object;
}

test.each(badValues)('a bad value: $field $change', async ({ field, change, expected }) => {
  const reply = await callJson(service, { ...sale, body: { ...saleBody, ...change } });
  const { code, text, field: named } = reply.json as { code: number; text: string; field: string };
  expect([reply.status, code, named]).toEqual([400, 11, field]);
  const [, said = ''] = /^Неверное значение поля \S+: ожидается (.*)\.$/.exec(text) ?? [];
  expect(said).toMatch(expected);
});

test('a body may be packed, and one that does not unpack is refused', async () => {
  const packed = gzipSync(JSON.stringify(saleBody));
  const headers = { 'content-encoding': 'gzip' };
  expect((await callJson(service, { ...sale, body: packed, headers })).json).toMatchObject({ code: 0 });
  const reply = await callJson(service, { ...sale, body: packed.subarray(0, 40), headers });
  expect([reply.status, reply.json]).toEqual([400, { code: 400, text: 'Сжатое тело запроса повреждено' }]);
});

test('an address that cannot be decoded is refused in the error form', async () => {
  const reply = await callJson(service, { path: 'cards/%FF' });
  expect([reply.status, reply.json]).toEqual([400, { code: 400, text: 'Адрес запроса неверен' }]);
});

describe('Idempotency-Key', () => {
  const { operationId: _own, ...withoutId } = saleBody;
  const keyed = (key: string, body: object = withoutId): JsonCall => ({
    ...sale,
    body,
    headers: { 'idempotency-key': key },
  });

  test('is the operation id, with or without quotes, and its repeat gets the stored answer', async () => {
    const first = await callJson(service, keyed('"key-1"'));
    expect(first.json).toMatchObject({ code: 0, operationId: 'key-1', duplicate: false });
    const second = await callJson(service, keyed('key-1'));
    expect(second.json).toEqual({ ...(first.json as object), duplicate: true });
  });

  test('with another id in the body is refused', async () => {
    const reply = await callJson(service, keyed('key-1', saleBody));
    expect([reply.status, reply.json]).toMatchObject([400, { code: 11, field: 'Idempotency-Key' }]);
  });

  test('of a shift is taken where it has one receipt', async () => {
    const shift = requestOf('uploadReceipts');
    const { receipts } = shift.body as { readonly receipts: readonly object[] };
    const headers = { 'idempotency-key': 'key-2' };
    const two = await callJson(service, { ...shift, headers });
    expect([two.status, two.json]).toMatchObject([400, { code: 11, field: 'Idempotency-Key' }]);
    const body = { kkm: 'K-01', receipts: [{ ...receipts[0], operationId: null }] };
    const one = await callJson(service, { ...shift, body, headers });
    expect(one.json).toMatchObject({ code: 0, results: [{ operationId: 'key-2' }] });
  });
});

test('a call is one line of the log, without a card number', async () => {
  await callJson(service, { ...sale, user: till });
  await callJson(service, { path: 'cards/2900000001/operations' });
  await callJson(service, { path: 'nowhere', user: null });
  while (service.log.filter(({ message }) => message === 'request').length < 3) await new Promise(setImmediate);
  const lines = service.log.filter(({ message }) => message === 'request');
  expect(lines).toMatchObject([
    {
      infobase: 'trade',
      user: till.name.normalize('NFC'),
      operation: 'registerReceipt',
      code: 0,
      status: 200,
      card: '29****01',
    },
    { infobase: 'trade', user: 'admin', operation: 'listCardOperations', code: 0, status: 200, card: '29****01' },
    { infobase: 'trade', code: 401, status: 401 },
  ]);
  expect(lines[0]).toMatchObject({ requestBytes: Buffer.byteLength(JSON.stringify(saleBody)) });
  expect(JSON.stringify(service.log)).not.toContain('2900000001');
});

test('a defect is answered with its number, and logged', async () => {
  const damaged = await startExample(undefined, {}, { damage: ['alter table card rename column holder to bearer'] });
  try {
    const reply = await callJson(damaged, requestOf('readCard'));
    const { code, text } = reply.json as { code: number; text: string };
    expect([reply.status, code]).toEqual([500, 500]);
    const incident = /номер инцидента (\w{8})$/.exec(text)?.[1];
    while (!damaged.log.some(({ message }) => message === 'defect')) await new Promise(setImmediate);
    expect(damaged.log.find(({ message }) => message === 'defect')).toMatchObject({ level: 'error', incident });
  } finally {
    await damaged.stop();
  }
});

test('HEAD is answered as GET, without a body', async () => {
  const reply = await callJson(service, { method: 'HEAD', path: 'cards/2900000001' });
  expect([reply.status, reply.text]).toEqual([200, '']);
  expect(Number(reply.headers.get('content-length'))).toBeGreaterThan(100);
});
