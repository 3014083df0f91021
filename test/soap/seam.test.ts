// What src/soap/server.ts takes for granted of node-soap and its documentation does not promise: so a new version of it
// is let in only when this still holds. Then the server built on it: however calls overlap, each gets its own answer.
import { readFileSync } from 'node:fs';
import { createServerless, type Server } from 'soap';
import { loadBinding } from '../../src/soap/binding/load-binding.ts';
import { loadContract } from '../../src/soap/contract/contract.ts';
import { readOctets } from '../../src/soap/contract/octets.ts';
import type { CallReport } from '../../src/request-report.ts';
import type { Exchange } from '../../src/soap/server.ts';
import { openSoapServer } from '../../src/soap/server.ts';
import { noon, openTestInfobase } from '../operations/testing-infobase.ts';
import { fillInfobase } from './testing-state.ts';

const contract = loadContract('wsdl/default');

interface PackageFile {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

function readPackage(path: string): PackageFile {
  return JSON.parse(readFileSync(path, 'utf8')) as PackageFile;
}

test('the version is pinned exactly, and it is the one installed', () => {
  const pinned = readPackage('package.json').dependencies.soap;
  expect(pinned).toMatch(/^\d+\.\d+\.\d+$/);
  expect(readPackage('node_modules/soap/package.json').version).toBe(pinned);
});

type Method = (call: unknown, callback: unknown, headers: unknown, request: unknown) => unknown;

interface Bare {
  readonly wsdl: {
    readonly definitions: {
      readonly services: Record<string, { ports: Record<string, { binding: { methods: Record<string, object> } }> }>;
    };
    objectToDocumentXML: () => string;
  };
  _envelope: () => string;
  _executeMethod: (dispatch: object, request: unknown, response: unknown, callback: () => void) => void;
  services: object;
}

/** node-soap over our WSDL, with a method of the test's own that serves every operation. */
async function openBare(method: Method): Promise<Bare> {
  let made: Promise<Server> | undefined;
  await new Promise<void>((resolve) => {
    made = createServerless({ path: '/', services: {}, xml: contract.wsdlText, callback: () => resolve() });
  });
  const server = (await made) as unknown as Bare;
  server.wsdl.objectToDocumentXML = () => '';
  server._envelope = () => '';
  const methods = Object.fromEntries(contract.operations.map((operation) => [operation, method]));
  server.services = { KKMTransfer: { KKMTransferSoap: methods, KKMTransferSoap12: methods } };
  return server;
}

const dispatch = { serviceName: 'KKMTransfer', portName: 'KKMTransferSoap', style: 'document' } as const;

describe('the seam of node-soap', () => {
  test('its dispatch calls the method of that name at once, with the call and the request as they are', async () => {
    const seen: unknown[] = [];
    const server = await openBare((...given) => {
      seen.push([given[0], given[3]]);
      return {};
    });
    const [call, turn] = [{ operation: 'GetCardInfo' }, { whose: 'ours' }];
    server._executeMethod({ ...dispatch, methodName: 'GetCardInfo', args: call }, turn, undefined, () => undefined);
    expect(seen).toHaveLength(1);
    expect(seen[0]).toEqual([call, turn]);
    expect((seen[0] as unknown[])[0]).toBe(call);
    expect((seen[0] as unknown[])[1]).toBe(turn);
  });

  test('every operation and every port has its method', async () => {
    const seen: unknown[] = [];
    const server = await openBare((call) => {
      seen.push(call);
      return {};
    });
    for (const portName of contract.ports) {
      for (const methodName of contract.operations) {
        const args = `${portName} ${methodName}`;
        server._executeMethod({ ...dispatch, portName, methodName, args }, {}, undefined, () => undefined);
      }
    }
    expect(seen).toEqual(contract.ports.flatMap((port) => contract.operations.map((name) => `${port} ${name}`)));
  });

  test('it knows the operations of every port by their names', async () => {
    const server = await openBare(() => ({}));
    for (const { binding } of Object.values(server.wsdl.definitions.services['KKMTransfer']!.ports)) {
      expect(Object.keys(binding.methods)).toEqual(contract.operations);
    }
  });

  test('what a method returns at once ends its work at once, and nothing is written', async () => {
    const written: string[] = [];
    const server = await openBare(() => ({}));
    server.wsdl.objectToDocumentXML = () => {
      written.push('body');
      return '';
    };
    server._envelope = () => {
      written.push('envelope');
      return '';
    };
    server._executeMethod({ ...dispatch, methodName: 'Ping', args: {} }, {}, undefined, () => written.push('end'));
    expect(written).toEqual(['body', 'envelope', 'end']);
  });

  test('a contract with an operation that its binding does not have is refused at start', async () => {
    const other = { ...contract, operations: [...contract.operations, 'Other'] };
    await expect(openSoapServer(other, loadBinding('wsdl/default', contract.model))).rejects.toThrow(
      'WSDL: the binding of port KKMTransferSoap has no operation Other',
    );
  });
});

const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;

function write(version: '1.1' | '1.2', content: string): string {
  return `<e:Envelope xmlns:e="${envelopes[version]}"><e:Body>${content}</e:Body></e:Envelope>`;
}

function element(name: string, inside = ''): string {
  return `<${name} xmlns="http://www.kkm.solutions/KKMTransfer">${inside}</${name}>`;
}

const key =
  '<KKM>K</KKM><ShiftNumber>1</ShiftNumber><ReceiptNumber>#</ReceiptNumber><ReceiptDate>2026-11-22T10:00:00</ReceiptDate>';

const sent = { body: Buffer.alloc(0), headers: {} };

test('calls that overlap never get each other’s operation, version or answer', async () => {
  const infobase = await openTestInfobase();
  await fillInfobase(infobase, {
    kinds: [{ code: 'OTHER' }],
    cards: Array.from({ length: 50 }, (_, index) => ({ number: `c${index}`, bonus: String(index) })),
  });
  const server = await openSoapServer(contract, loadBinding('wsdl/default', contract.model));
  const readZoned = infobase.timeZone.toLocal;
  const ask = async (index: number): Promise<void> => {
    const version = index % 3 === 0 ? '1.2' : '1.1';
    const card = `c${index % 50}`;
    const contents = [
      element('Ping'),
      element('GetCardInfo', `<Request><KKM>K</KKM><CardNumber>${card}</CardNumber></Request>`),
      element(
        'ReserveBonus',
        `<Reserve><OperationId>id${index}</OperationId>${key.replace('#', String(index))}<CardNumber>${card}</CardNumber><Amount>0</Amount></Reserve>`,
      ),
      element(`Unknown${index}`),
      element('GetCardInfo', `<Request><KKM>K</KKM><CardNumber>${card}</CardNumber><Wrong>${index}</Wrong></Request>`),
      element('GetCardOperations', `<Request><CardNumber>none${index}</CardNumber></Request>`),
      '<broken &>',
    ];
    const kind = index % contents.length;
    const report: CallReport = {};
    const exchange: Exchange = { infobase, now: noon, serviceVersion: '1', lineEnd: '\r\n', readZoned, report, sent };
    // Some are so long that they are read before node-soap is called, and others come in between.
    const blanks = ' '.repeat(index % 11 === 0 ? 150_000 : 0);
    const reply = await server.answer(write(version, blanks + (contents[kind] ?? '')), exchange);
    const operations = ['Ping', 'GetCardInfo', 'ReserveBonus', undefined, undefined, 'GetCardOperations', undefined];
    expect(report.operation).toBe(operations[kind]);
    expect(reply.version).toBe(version);
    const xml = readOctets(reply.octets);
    expect(xml.startsWith(`<soap:Envelope xmlns:soap="${envelopes[version]}">\r\n`)).toBe(true);
    expect(xml.endsWith('</soap:Envelope>')).toBe(true);
    expect(reply.status).toBe(operations[kind] === undefined ? 500 : 200);
    const marks = [
      '>true</m:return>',
      `<m:CardNumber>${card}</m:CardNumber>`,
      `<m:OperationId>id${index}</m:OperationId>`,
      `«Unknown${index}»`,
      '«Wrong»',
      `<m:CardNumber>none${index}</m:CardNumber>`,
      'XML не разобран',
    ];
    expect(xml).toContain(marks[kind]);
    expect(report.fault === undefined).toBe(reply.status === 200);
  };
  // Some begin together, some a turn or two later, while the first are still in the database's queue.
  await Promise.all(
    Array.from({ length: 700 }, async (_, index) => {
      for (let turns = index % 4; turns > 0; turns -= 1) await new Promise((resolve) => void setImmediate(resolve));
      await ask(index);
    }),
  );
  await infobase.close();
});

test('a long upload is read and bound while others are answered', async () => {
  const infobase = await openTestInfobase();
  await fillInfobase(infobase, { cards: [{ number: 'c' }] });
  const server = await openSoapServer(contract, loadBinding('wsdl/default', contract.model));
  const readZoned = infobase.timeZone.toLocal;
  const open = (): Exchange => {
    return { infobase, now: noon, serviceVersion: '1', lineEnd: '\r\n', readZoned, report: {}, sent };
  };
  const receipt =
    `<Receipt><Kind>Sale</Kind>${key}<CardNumber>none</CardNumber><Sum>1</Sum><SumWithDiscount>1</SumWithDiscount>` +
    '<BonusAccrued>0</BonusAccrued><BonusRedeemed>0</BonusRedeemed><Offline>true</Offline></Receipt>';
  const receipts = Array.from({ length: 2_000 }, (_, index) => receipt.replace('#', String(index + 1)));
  const upload = element('UploadReceipts', `<Upload><KKM>K</KKM>${receipts.join('')}</Upload>`);
  const long = { isAnswered: false };
  const answered = server.answer(write('1.1', upload), open()).finally(() => {
    long.isAnswered = true;
  });
  for (let calls = 0; calls < 20; calls += 1) {
    expect((await server.answer(write('1.1', element('Ping')), open())).octets).toContain('>true</m:return>');
    expect(long.isAnswered).toBe(false);
  }
  expect((await answered).octets.match(/<m:ResultCode>1</g)).toHaveLength(receipts.length);
  const broken = await server.answer(write('1.2', upload).replace('</e:Envelope>', ''), open());
  expect([broken.status, broken.version]).toEqual([500, '1.2']);
  expect(readOctets(broken.octets)).toContain('документ обрывается');
  await infobase.close();
});

test('what an operation throws is a fault with a number; the next call is answered', async () => {
  const infobase = await openTestInfobase();
  const server = await openSoapServer(contract, loadBinding('wsdl/default', contract.model));
  const report: CallReport = {};
  const readZoned = infobase.timeZone.toLocal;
  const exchange: Exchange = { infobase, now: noon, serviceVersion: '1', lineEnd: '\r\n', readZoned, report, sent };
  await infobase.close();
  for (const version of ['1.1', '1.2'] as const) {
    const reply = await server.answer(write(version, element('Ping')), exchange);
    expect([reply.status, reply.version]).toEqual([500, version]);
    const xml = readOctets(reply.octets);
    expect(xml).toContain(`номер инцидента ${report.defect?.incident},`);
    expect(xml).not.toMatch(/database|at \w|\.ts|node_modules/);
    expect(report.defect?.reason).toBeInstanceOf(Error);
  }
});
