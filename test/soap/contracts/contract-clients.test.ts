// One process stands in for three kinds of base: infobases with the three contracts that ship, each called by two clients of
// other makers in both versions of SOAP. The same scenario has the same answers and the same end in all.
import { clientMakers, connectors } from '../soap-clients.ts';
import { startService, type TestingService } from '../testing-service.ts';
import { fillInfobase, readAfter, type After, type Before } from '../testing-state.ts';
import { readAnswer } from './read-answer.ts';
import { listFoundCalls, openTestedContract, type TestedContract } from './tested-contract.ts';
import { envelopes, versions, type ToldCall, type ToldFields } from './told.ts';
import { fillCall } from './write-call.ts';

const contracts = ['default', 'flat-cyrillic', 'xml-in-string'].map((name) => openTestedContract(`wsdl/${name}`));
const pairs = clientMakers.flatMap((maker) => versions.map((version) => [maker, version] as const));

const card = '0012345678905';
const before: Before = {
  cards: [{ number: card, holder: 'Иванова Ж. & Ко <ст.>', bonus: '100', accumulation: '5000', receipts: 3 }],
};
const key = { kkm: 'K-01', shiftNumber: '12', receiptNumber: '345', receiptAt: '2026-11-22T10:11:12' };
const id = '7d5b0c2e-0000-4000-8000-000000000001';
const line = {
  number: '1',
  code: 'A & B',
  name: null,
  quantity: '1.25',
  price: '360.4',
  sumKopecks: '450.5',
  discountKopecks: '49.5',
};
const sale = {
  operationId: id,
  kind: 'Sale',
  ...key,
  cardNumber: card,
  sumKopecks: '1000',
  sumWithDiscountKopecks: '950.5',
  bonusAccruedKopecks: '9.5',
  bonusRedeemedKopecks: '20.5',
  accumulationDeltaKopecks: null,
  receiptCountDelta: null,
  offline: 'false',
  cashier: 'Петрова «Ж»',
  fn: null,
  fd: '',
  fp: null,
  original: null,
  lines: [line, { ...line, number: '2', name: 'Молоко 3,2 % <ж>' }],
};
const refund = {
  ...sale,
  operationId: null,
  kind: 'Return',
  receiptNumber: '346',
  sumKopecks: '500',
  sumWithDiscountKopecks: '475.25',
  bonusAccruedKopecks: '0',
  bonusRedeemedKopecks: '0',
  original: key,
  lines: [],
};
const uploaded = { ...sale, operationId: null, kkm: 'K-02', bonusRedeemedKopecks: '0', lines: [] };
const hold = { operationId: null, ...key, receiptNumber: '350', cardNumber: card, amountKopecks: '30.25' };
const certificate = { operationId: id, ...key, certificateNumber: '7700001', amountKopecks: '1000' };
const done = { code: '0', text: 'Выполнено.' };

interface Step extends ToldCall {
  readonly answer: ToldFields;
}

const scenario: readonly Step[] = [
  { command: 'ping', fields: {}, answer: { isAlive: 'true' } },
  { command: 'describeService', fields: {}, answer: { ...done, serverAt: '2026-11-22T12:00:00', stage: 'online' } },
  {
    command: 'readCard',
    fields: { kkm: 'K-01', cardNumber: card, operationAt: null, shop: null },
    answer: { ...done, cardNumber: card, holder: 'Иванова Ж. & Ко <ст.>', bonusBalance: '100', receipts: '3' },
  },
  {
    command: 'readCard',
    fields: { kkm: 'K-01', cardNumber: 'none' },
    answer: { code: '1', text: 'Карта не найдена: проверьте номер карты.' },
  },
  { command: 'reserveBonus', fields: hold, answer: { ...done, bonusAvailable: '69.75', duplicate: 'false' } },
  { command: 'reserveBonus', fields: { ...hold, receiptNumber: '351', amountKopecks: '70' }, answer: { code: '5' } },
  { command: 'releaseBonus', fields: hold, answer: { ...done, bonusAvailable: '100' } },
  {
    command: 'registerReceipt',
    fields: sale,
    answer: { ...done, operationId: id, duplicate: 'false', bonusBalance: '89', accumulation: '5950.5', receipts: '4' },
  },
  {
    command: 'registerReceipt',
    fields: sale,
    answer: { ...done, operationId: id, duplicate: 'true', bonusBalance: '89', accumulation: '5950.5', receipts: '4' },
  },
  { command: 'registerReceipt', fields: { ...sale, sumKopecks: '1001' }, answer: { code: '6' } },
  { command: 'registerReceipt', fields: refund, answer: { ...done, accumulation: '5475.25' } },
  {
    command: 'cancelReceipt',
    fields: { ...key, kind: 'Return', receiptNumber: '346', cardNumber: null, reason: 'ошибка кассира' },
    answer: { ...done, bonusBalance: '89', accumulation: '5950.5', receipts: '4' },
  },
  {
    command: 'uploadReceipts',
    fields: {
      kkm: 'K-02',
      receipts: [uploaded, { ...uploaded, receiptNumber: '346' }, { ...sale, cardNumber: 'none' }],
    },
    answer: {
      ...done,
      accepted: '2',
      linked: '0',
      rejected: '1',
      results: [
        { ...done, bonusBalance: '98.5' },
        { ...done, bonusBalance: '108' },
        { code: '1', operationId: id },
      ],
    },
  },
  {
    command: 'listCardOperations',
    fields: { cardNumber: card, from: '2026-11-22T10:11:12', to: null, limit: '2' },
    answer: {
      ...done,
      operations: [
        { documentKind: 'TpOperation', kkm: 'K-02', receiptNumber: '345', bonusAfter: '98.5' },
        { documentKind: 'TpOperation', kkm: 'K-02', receiptNumber: '346', bonusAfter: '108' },
      ],
    },
  },
  { command: 'getSyncPackage', fields: { kkm: 'K-01', lastVersion: null }, answer: { code: '0', cards: [] } },
  { command: 'confirmSyncPackage', fields: { kkm: 'K-01', version: '1' }, answer: { code: '11' } },
  {
    command: 'getCertificateInfo',
    fields: { kkm: 'K-01', certificateNumber: '7700001' },
    answer: { code: '8', certificateNumber: '7700001' },
  },
  ...['sellCertificate', 'redeemCertificate', 'cancelCertificate'].map((command) => ({
    command,
    fields: certificate,
    answer: { code: '8', operationId: id },
  })),
];

test('every command is called', () => {
  const called = new Set(scenario.map(({ command }) => command));
  expect([...called].toSorted()).toEqual(
    listFoundCalls(contracts[0]!)
      .map(({ call }) => call.command)
      .toSorted(),
  );
});

/** What the client itself made of `return`: a number, a flag, a text or a structure. */
function describeReturn({ contract }: TestedContract, operation: string): string {
  const { response } = contract.model.operations.find(({ name }) => name === operation)!;
  const [{ type }] = response.type.fields as [(typeof response.type.fields)[0]];
  if ('fields' in type) return 'object';
  return type.kind === 'string' ? 'string' : type.kind === 'boolean' ? 'boolean' : 'number';
}

function nameInfobase(contract: number, pair: number): string {
  return `c${contract}-${pair}`;
}

let service: TestingService;

beforeAll(async () => {
  const names = contracts.flatMap(({ folder }, contract) =>
    pairs.map((_, pair) => [nameInfobase(contract, pair), folder] as const),
  );
  // strong-soap takes a date for the machine's own time and sends it in UTC: the shop is where this machine is.
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  service = await startService({
    settings: {
      TIMEZONE: timeZone,
      INFOBASES: names.map(([name]) => name).join(','),
      CONTRACTS: names.map(([name, folder]) => `${name}:${folder}`).join(','),
    },
  });
});

afterAll(() => service.stop());

describe.each(pairs)('%s, SOAP %s', (maker, version) => {
  const pair = pairs.findIndex((one) => one[0] === maker && one[1] === version);
  const ends: After[] = [];

  test.each(contracts.map((tested, index) => [tested.folder, tested, index] as const))(
    '%s',
    async (_, tested, index) => {
      const name = nameInfobase(index, pair);
      const { serviceName } = tested.contract;
      await fillInfobase(service.infobase(name), before);
      const url = encodeURI(`${service.running.origin}/${name}/ws/${serviceName}.1cws?wsdl`);
      const callOperation = await connectors[maker](url, version, serviceName);
      for (const { answer, ...call } of scenario) {
        const { found, parameters } = fillCall(tested, call);
        const operation = found.operation.name;
        const { result, envelope } = await callOperation(operation, parameters);
        expect(envelope).toContain(`<soap:Envelope xmlns:soap="${envelopes[version]}"`);
        const told = readAnswer(tested, call.command, envelope);
        expect({ operation, told }).toMatchObject({ operation, told: answer });
        expect([operation, typeof result.return]).toEqual([operation, describeReturn(tested, operation)]);
      }
      ends.push(await readAfter(service.infobase(name)));
    },
  );

  test('the ledgers are alike at the end', () => {
    expect(ends).toHaveLength(contracts.length);
    const [first, ...others] = ends as [After];
    expect(first.cards).toEqual({ [card]: { bonus: '108', accumulation: '7851.5', receipts: 6 } });
    for (const other of others) expect(other).toEqual(first);
  });
});
