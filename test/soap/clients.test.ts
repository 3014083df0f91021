// Two SOAP clients of other makers, node-soap's and strong-soap's, given nothing but the address of the WSDL: each calls
// every operation in both versions of SOAP, with nil, lists and faults, and understands what it is answered.
import { readFileSync } from 'node:fs';
import { clientMakers, connectors, type CallOperation, type Wrapper } from './soap-clients.ts';
import { servicePath, startService, type TestingService } from './testing-service.ts';
import { readAfter, type Before } from './testing-state.ts';

const card = '0012345678905';
const before: Before = {
  cards: [{ number: card, holder: 'Иванова Ж. & Ко <ст.>', bonus: '100', accumulation: '5000', receipts: 3 }],
};
const key = { KKM: 'K-01', ShiftNumber: 12, ReceiptNumber: 345, ReceiptDate: '2026-11-22T10:11:12' };
const id = '7d5b0c2e-0000-4000-8000-000000000001';
const line = {
  Number: 1,
  Code: 'A & B',
  Name: null,
  Quantity: '1.250',
  Price: '360.4',
  Sum: '450.5',
  Discount: '49.5',
};
const sale = {
  OperationId: id,
  Kind: 'Sale',
  ...key,
  CardNumber: card,
  Sum: '1000',
  SumWithDiscount: '950.5',
  BonusAccrued: '9.5',
  BonusRedeemed: '20.5',
  AccumulationDelta: null,
  Offline: false,
  Cashier: 'Петрова «Ж»',
  FN: null,
  Original: null,
  Line: [line, { ...line, Number: 2, Name: 'Молоко 3,2 %' }],
};
const uploaded = { ...sale, OperationId: null, KKM: 'K-02', BonusRedeemed: '0', Line: [] };
const certificate = { OperationId: id, ...key, CertificateNumber: '7700001', Amount: '1000' };
const done = { ResultCode: 0, ResultText: 'Выполнено.' };

interface ClientCall {
  readonly operation: string;
  readonly wrapper: Wrapper;
  readonly reply: unknown;
}

/** One conversation that names every operation. Empty lists are not compared: one client drops them, one does not. */
const calls: readonly ClientCall[] = [
  { operation: 'Ping', wrapper: {}, reply: true },
  {
    operation: 'GetServiceInfo',
    wrapper: {},
    reply: { ...done, ServerTime: '2026-11-22T12:00:00', Stage: 'online', BillingEnabled: false },
  },
  {
    operation: 'GetCardInfo',
    wrapper: { Request: { KKM: 'K-01', CardNumber: card, OperationDate: null, Shop: null } },
    reply: { ...done, CardNumber: card, Holder: 'Иванова Ж. & Ко <ст.>', BonusBalance: 100, ReceiptCount: 3 },
  },
  {
    operation: 'ReserveBonus',
    wrapper: { Reserve: { OperationId: id, ...key, CardNumber: card, Amount: '30.25' } },
    reply: { ...done, OperationId: id, BonusAvailable: 69.75, Duplicate: false },
  },
  {
    operation: 'ReleaseBonus',
    wrapper: { Reserve: { OperationId: id, ...key, CardNumber: card, Amount: '30.25' } },
    reply: { ...done, OperationId: id, BonusAvailable: 100 },
  },
  {
    operation: 'RegisterReceipt',
    wrapper: { Receipt: sale },
    reply: { ...done, OperationId: id, BonusBalance: 89, AccumulationSum: 5950.5, ReceiptCount: 4 },
  },
  {
    operation: 'CancelReceipt',
    wrapper: { Cancel: { OperationId: null, Kind: 'Sale', ...key, CardNumber: null, Reason: 'ошибка кассира' } },
    reply: { ...done, BonusBalance: 100, AccumulationSum: 5000, ReceiptCount: 3 },
  },
  {
    operation: 'UploadReceipts',
    wrapper: {
      Upload: { KKM: 'K-02', ShiftNumber: null, Receipt: [uploaded, { ...uploaded, ReceiptNumber: 346 }, sale] },
    },
    reply: {
      ...done,
      Accepted: 2,
      Linked: 0,
      Rejected: 1,
      Result: [
        { ...done, BonusBalance: 109.5 },
        { ...done, BonusBalance: 119 },
        { ResultCode: 14, OperationId: id },
      ],
    },
  },
  {
    operation: 'GetCardOperations',
    wrapper: { Request: { CardNumber: card, From: '2026-11-22T10:11:12', To: null, Limit: 3 } },
    reply: {
      ...done,
      Operation: [
        { DocumentKind: 'KkmOperation', Bonus: 11, Accumulation: -950.5, Comment: expect.stringContaining('ошибка') },
        { DocumentKind: 'TpOperation', KKM: 'K-02', ReceiptNumber: 345, BonusAfter: 109.5 },
        { DocumentKind: 'TpOperation', KKM: 'K-02', ReceiptNumber: 346, BonusAfter: 119 },
      ],
    },
  },
  { operation: 'GetSyncPackage', wrapper: { Request: { KKM: 'K-01', LastVersion: null } }, reply: { ResultCode: 0 } },
  { operation: 'ConfirmSyncPackage', wrapper: { Confirm: { KKM: 'K-01', Version: 1 } }, reply: { ResultCode: 11 } },
  {
    operation: 'GetCertificateInfo',
    wrapper: { Request: { KKM: 'K-01', CertificateNumber: '7700001', OperationDate: null } },
    reply: { ResultCode: 8, CertificateNumber: '7700001' },
  },
  ...['SellCertificate', 'RedeemCertificate', 'CancelCertificate'].map((operation) => ({
    operation,
    wrapper: { Operation: certificate },
    reply: { ResultCode: 8, OperationId: id },
  })),
];

/** The client's own idea of a date, as wall-clock text. */
function tellDates(value: unknown): unknown {
  // A client that makes a Date of a text without a zone takes it for the machine's own.
  if (value instanceof Date || Object.prototype.toString.call(value) === '[object Date]') {
    const date = value as Date;
    return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  }
  if (Array.isArray(value)) return value.map(tellDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, tellDates(inner)]));
}

const namespaces = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;
const versions = ['1.1', '1.2'] as const;
const pairs = clientMakers.flatMap((maker) => versions.map((version) => [maker, version] as const));

describe.each(pairs)('%s, SOAP %s', (maker, version) => {
  let service: TestingService;
  let callOperation: CallOperation;
  const listRequests = () => service.log.filter(({ message }) => message === 'request');

  beforeEach(async () => {
    // strong-soap takes a date for the machine's own time and sends it in UTC: the shop is where this machine is.
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
    service = await startService({ before, settings: { TIMEZONE: timeZone } });
    callOperation = await connectors[maker](`${service.running.origin}${servicePath}?wsdl`, version, 'KKMTransfer');
  });

  afterEach(() => service.stop());

  test('calls every operation', async () => {
    for (const { operation, wrapper, reply } of calls) {
      const { result, envelope } = await callOperation(operation, wrapper);
      expect(envelope).toContain(`<soap:Envelope xmlns:soap="${namespaces[version]}"`);
      const told = tellDates(result.return);
      if (reply === true) expect(told).toBe(true);
      else expect({ operation, told }).toMatchObject({ operation, told: reply });
    }
    // The line of a call is written after its answer.
    while (listRequests().length < calls.length) await new Promise((resolve) => void setTimeout(resolve, 5));
    const requests = listRequests();
    expect(requests.map(({ operation }) => operation)).toEqual(calls.map(({ operation }) => operation));
    expect(requests.map(({ fault }) => fault ?? null)).toEqual(calls.map(() => null));
  });

  test('gets a fault, and the fault says what is wrong', async () => {
    const untouched = await readAfter(service.infobase());
    const refused = callOperation('RegisterReceipt', { Receipt: { ...sale, Sum: 'тысяча' } });
    await expect(refused).rejects.toMatchObject({
      message: expect.stringContaining('ожидалось: число вида 123.45, получено «тысяча»'),
    });
    expect(await readAfter(service.infobase())).toEqual(untouched);
    await expect(callOperation('Ping', {})).resolves.toMatchObject({ result: { return: true } });
  });
});

test('the clients were asked to call every operation that there is', () => {
  const wsdl = readFileSync('wsdl/default/KKMTransfer.wsdl', 'utf8');
  const portType = wsdl.slice(wsdl.indexOf('<portType'), wsdl.indexOf('</portType>'));
  const operations = Array.from(portType.matchAll(/<operation name="(\w+)"/g), ([, name]) => name);
  expect(calls.map(({ operation }) => operation)).toEqual(operations);
});
