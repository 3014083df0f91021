// A till may come by JSON or by SOAP: the same calls get the same codes and figures, and leave the same ledger.
import * as fc from 'fast-check';
import { parseKopecks } from '../../src/ledger/money.ts';
import { depth, fileSeed } from '../deep.ts';
import { callOnce, startService, type TestingService } from '../soap/testing-service.ts';
import { fillInfobase, readAfter, type Before } from '../soap/testing-state.ts';
import { callJson, exampleState } from './testing-json.ts';

const before: Before = {
  ...exampleState,
  cards: [
    { number: '2900000001', bonus: '340', accumulation: '12500', receipts: 3 },
    { number: '2900000002', status: 'blocked', bonus: '50' },
    { number: '2900000003', status: 'accrue_only', bonus: '50' },
  ],
};

const namespace = 'http://www.kkm.solutions/KKMTransfer';

/** What each operation is called by either door, and what its body is called in SOAP. */
const operations = {
  register: { path: 'receipts/register', operation: 'RegisterReceipt', element: 'Receipt' },
  cancel: { path: 'receipts/cancel', operation: 'CancelReceipt', element: 'Cancel' },
  upload: { path: 'receipts', operation: 'UploadReceipts', element: 'Upload' },
  reserve: { path: 'bonus/reserve', operation: 'ReserveBonus', element: 'Reserve' },
  release: { path: 'bonus/release', operation: 'ReleaseBonus', element: 'Reserve' },
} as const;

type Body = Readonly<Record<string, unknown>>;

interface Step {
  readonly what: keyof typeof operations;
  readonly body: Body;
}

const card = fc.constantFrom('2900000001', '2900000001', '2900000001', '2900000002', '2900000003', '777');
const sum = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('0', '0.05', '10', '99.90', '1000.00', '12345.6') },
  { weight: 1, arbitrary: fc.constantFrom('1.001', '-5', '99999999999999') },
);
const key = {
  kkm: fc.constantFrom('K-01', 'K-02'),
  shiftNumber: fc.constantFrom(1, 2),
  receiptNumber: fc.integer({ min: 1, max: 3 }),
  receiptDate: fc.constantFrom('2026-11-21T18:00:00', '2026-11-22T11:00:00', '2026-11-22T11:59:59'),
};
const operationId = fc.constantFrom(null, null, 'one', 'two', '');
const kind = fc.constantFrom('Sale', 'Sale', 'Return');
const line = fc.record({
  number: fc.constantFrom(1, 2),
  code: fc.constantFrom('000123', ''),
  name: fc.constantFrom('Чай & кофе', null),
  quantity: fc.constantFrom('1', '0.250', '01.5'),
  price: fc.constantFrom('99.90', '7.123'),
  sum,
  discount: fc.constantFrom('0', '0.10'),
});
const receipt = fc.record({
  operationId,
  kind,
  ...key,
  cardNumber: card,
  sum,
  sumWithDiscount: sum,
  bonusAccrued: fc.constantFrom('0', '3.33', '28.50'),
  bonusRedeemed: fc.constantFrom('0', '0', '10', '500'),
  accumulationDelta: fc.constantFrom(null, '7'),
  receiptCountDelta: fc.constantFrom(null, 1),
  offline: fc.boolean(),
  cashier: fc.constantFrom(null, 'Иванова'),
  original: fc.option(fc.record(key)),
  lines: fc.array(line, { maxLength: 2 }),
});
const hold = fc.record({ operationId, ...key, cardNumber: card, amount: sum });
const cancel = fc.record({
  operationId,
  kind,
  ...key,
  cardNumber: fc.option(card),
  reason: fc.constantFrom(null, 'да'),
});
const upload = fc.record({ kkm: fc.constant('K-01'), receipts: fc.array(receipt, { maxLength: 3 }) });

const step = fc.oneof(
  { weight: 5, arbitrary: receipt.map((body): Step => ({ what: 'register', body })) },
  { weight: 2, arbitrary: cancel.map((body): Step => ({ what: 'cancel', body })) },
  { weight: 2, arbitrary: upload.map((body): Step => ({ what: 'upload', body })) },
  { weight: 2, arbitrary: hold.map((body): Step => ({ what: 'reserve', body })) },
  { weight: 1, arbitrary: hold.map((body): Step => ({ what: 'release', body })) },
);

const listNames: Readonly<Record<string, string>> = { lines: 'Line', receipts: 'Receipt', kkm: 'KKM' };
const nameElement = (name: string): string => listNames[name] ?? name[0]?.toUpperCase() + name.slice(1);

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function writeElement(name: string, value: unknown): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.map((item) => writeElement(name, item)).join('');
  const inner =
    typeof value === 'object' ? writeFields(value as Body) : escape(`${value as string | number | boolean}`);
  return `<${nameElement(name)}>${inner}</${nameElement(name)}>`;
}

function writeFields(body: Body): string {
  return Object.entries(body)
    .map(([name, value]) => writeElement(name, value))
    .join('');
}

/** What both doors are asked to say alike. Of a bad value SOAP answers in full, and JSON only with the error. */
interface Said {
  readonly code: string;
  readonly rest: readonly string[];
}

const figures = [
  'operationId',
  'duplicate',
  'document',
  'bonusBalance',
  'bonusAvailable',
  'accumulationSum',
  'receiptCount',
];
const isSum = (name: string): boolean => /^(?:bonus|accumulation)/.test(name);

function sayAlike(read: (name: string) => string): Said {
  const code = read('code');
  if (code === '11') return { code, rest: [] };
  return {
    code,
    rest: figures.map((name) => {
      const text = read(name);
      return `${name} ${isSum(name) ? String(parseKopecks(text)) : text}`;
    }),
  };
}

function readXml(xml: string): Said {
  const names: Readonly<Record<string, string>> = { code: 'ResultCode' };
  return sayAlike((name) => {
    const element = names[name] ?? nameElement(name);
    return new RegExp(`<m:${element}>([^<]*)<`).exec(xml)?.[1] ?? '';
  });
}

function readJson(json: object): Said {
  return sayAlike((name) => `${((json as Body)[name] ?? '') as string | number | boolean}`);
}

async function bySoap(service: TestingService, { what, body }: Step): Promise<Said[]> {
  const { operation, element } = operations[what];
  const inner = `<${operation} xmlns="${namespace}"><${element}>${writeFields(body)}</${element}></${operation}>`;
  const xml = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>${inner}</s:Body></s:Envelope>`;
  const reply = await callOnce(service, { path: '/other/ws/KKMTransfer', body: xml });
  const text = reply.body.toString();
  if (reply.status !== 200) throw new Error(text);
  if (what !== 'upload') return [readXml(text)];
  return text.split('<m:Result>').slice(1).map(readXml);
}

async function byJson(service: TestingService, { what, body }: Step): Promise<Said[]> {
  const reply = await callJson(service, { path: operations[what].path, body });
  const { results } = reply.json as { readonly results?: readonly object[] };
  return results === undefined ? [readJson(reply.json as object)] : results.map(readJson);
}

async function run(steps: readonly Step[]): Promise<void> {
  const service = await startService({ before, settings: { INFOBASES: 'trade,other' } });
  try {
    await fillInfobase(service.infobase('other'), before);
    for (const [index, one] of steps.entries()) {
      const said = { json: await byJson(service, one), soap: await bySoap(service, one) };
      expect([index, said.json]).toEqual([index, said.soap]);
    }
    expect(await readAfter(service.infobase())).toEqual(await readAfter(service.infobase('other')));
  } finally {
    await service.stop();
  }
}

test('the same calls by either door', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), run), {
    seed: fileSeed,
    numRuns: 12 * depth,
  });
});
