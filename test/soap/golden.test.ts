// Conversations as folders: a state, requests as a till sends them, the replies it must get to the last byte, and the
// state after them, each in both versions of SOAP. To add a case add a folder; fixtures/soap/README.md describes the form.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callOnce, startService, type LogLine, type TestingService } from './testing-service.ts';
import { noon, moment } from '../operations/testing-infobase.ts';
import { fillInfobase, findLastDocument, readAfter, type After, type Before } from './testing-state.ts';
import { headerOf } from './wire.ts';

const root = 'fixtures/soap';
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .toSorted();
const versions = [
  { version: '1.1', ending: '.xml', contentType: 'text/xml; charset=utf-8' },
  { version: '1.2', ending: '.soap12.xml', contentType: 'application/soap+xml; charset=utf-8' },
] as const;

type Version = (typeof versions)[number];

interface Exchange {
  readonly request: Buffer;
  readonly response: string;
}

function readText(folder: string, file: string): string {
  return readFileSync(join(root, folder, file), 'utf8');
}

function readExchanges(folder: string, ending: string): Exchange[] {
  const name = (file: string, at: number | undefined): string => `${file}${at === undefined ? '' : `-${at}`}${ending}`;
  const has = (at: number): boolean => existsSync(join(root, folder, name('request', at)));
  const numbers: (number | undefined)[] = [];
  for (let at = 1; has(at); at += 1) numbers.push(at);
  return (numbers.length === 0 ? [undefined] : numbers).map((at) => ({
    request: readFileSync(join(root, folder, name('request', at))),
    response: readText(folder, name('response', at)),
  }));
}

/** What cannot be known beforehand: the number of an incident, and this package's own version. */
function maskReply(reply: string): string {
  return reply
    .replace(/номер инцидента [0-9a-f]{8},/, 'номер инцидента 00000000,')
    .replace(/<m:Version>\d+\.\d+\.\d+<\/m:Version>/, '<m:Version>0.0.0</m:Version>');
}

function listDefects(log: readonly LogLine[]): string[] {
  return log.filter(({ message }) => message === 'defect').map(({ incident }) => String(incident));
}

async function converse(service: TestingService, name: string, folder: string, version: Version): Promise<void> {
  const logged = service.log.length;
  for (const { request, response } of readExchanges(folder, version.ending)) {
    const reply = await callOnce(service, { path: `/${name}/ws/KKMTransfer.1cws`, body: request });
    expect(maskReply(reply.body.toString())).toBe(response);
    // A request that is in neither version is answered in 1.1.
    const isSoap12 = response.includes('"http://www.w3.org/2003/05/soap-envelope"');
    const expected = versions[isSoap12 ? 1 : 0].contentType;
    expect({ status: reply.status, contentType: headerOf(reply, 'content-type') }).toEqual({
      status: response.includes('<soap:Fault>') ? 500 : 200,
      contentType: expected,
    });
    expect(headerOf(reply, 'content-length')).toBe(String(reply.body.length));
    const [, incident] = /номер инцидента ([0-9a-f]{8}),/.exec(reply.body.toString()) ?? [];
    expect(listDefects(service.log.slice(logged))).toEqual(incident === undefined ? [] : [incident]);
  }
}

/** The replies of one operation's folders, of one version. */
function listReplies(operation: string, ending: string): string[] {
  return folders
    .filter((folder) => folder.startsWith(`${operation}__`))
    .flatMap((folder) => readExchanges(folder, ending).map(({ response }) => response));
}

/** The infobase of a conversation: one service has one for each, for starting a service costs more than a conversation. */
function nameInfobase(folder: string, version: Version): string {
  return `case-${folders.indexOf(folder)}-${versions.indexOf(version)}`;
}

let service: TestingService;

beforeAll(async () => {
  const names = folders.flatMap((folder) => versions.map((version) => nameInfobase(folder, version)));
  service = await startService({ settings: { INFOBASES: names.join(',') } });
});

afterAll(() => service.stop());

describe.each(folders)('%s', (folder) => {
  const before = JSON.parse(readText(folder, 'before.json')) as Before;
  const after = JSON.parse(readText(folder, 'after.json')) as After;

  test.each(versions)('SOAP $version', async (version) => {
    const name = nameInfobase(folder, version);
    const infobase = service.infobase(name);
    service.clock.at = before.clock === undefined ? noon : moment(before.clock);
    await fillInfobase(infobase, before);
    const lastDocument = await findLastDocument(infobase);
    await converse(service, name, folder, version);
    expect(await readAfter(infobase, lastDocument)).toEqual(after);
  });
});

describe('every answer has its folder', () => {
  const refusals: Readonly<Record<string, readonly number[]>> = {
    Ping: [],
    GetServiceInfo: [0, 8],
    GetCardInfo: [0, 1, 2, 3, 8, 11],
    ReserveBonus: [0, 1, 2, 3, 4, 5, 6, 8, 11, 14],
    ReleaseBonus: [0, 1, 6, 8, 11],
    RegisterReceipt: [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 14],
    CancelReceipt: [0, 6, 8, 11],
    UploadReceipts: [0, 8, 11],
    GetCardOperations: [0, 1, 8, 11],
    GetSyncPackage: [0, 8, 11],
    ConfirmSyncPackage: [0, 8, 11],
    GetCertificateInfo: [0, 8, 11, 13],
    SellCertificate: [0, 8, 11, 13],
    RedeemCertificate: [0, 6, 8, 13],
    CancelCertificate: [0, 8],
  };
  const wsdl = readFileSync('wsdl/default/KKMTransfer.wsdl', 'utf8');
  const portType = wsdl.slice(wsdl.indexOf('<portType'), wsdl.indexOf('</portType>'));
  const operations = Array.from(portType.matchAll(/<operation name="(\w+)"/g), ([, name]) => name ?? '');

  test('every operation of the WSDL is in the table, and no other', () => {
    expect(Object.keys(refusals).toSorted()).toEqual(operations.toSorted());
    const named = new Set(folders.map((folder) => folder.split('__')[0] ?? ''));
    expect([...named].toSorted()).toEqual(operations.toSorted());
  });

  test.each(versions)('every result code, SOAP $version', ({ ending }) => {
    for (const operation of operations) {
      const codes = listReplies(operation, ending).flatMap((reply) =>
        // The code of the reply itself comes before those of its parts.
        Array.from(reply.matchAll(/<m:ResultCode>(\d+)<\/m:ResultCode>/g), ([, code]) => Number(code)).slice(0, 1),
      );
      expect([operation, [...new Set(codes)].toSorted((a, b) => a - b)]).toEqual([operation, refusals[operation]]);
    }
  });

  test.each(versions)('every kind of fault, SOAP $version', ({ ending }) => {
    const replies = operations.flatMap((operation) => listReplies(operation, ending));
    const codes = replies.flatMap(
      (reply) => /<(?:faultcode|soap:Value)>soap:(\w+)</.exec(reply)?.slice(1).join('') ?? [],
    );
    // What cannot be read as either version is answered in 1.1, so Client is among those of 1.2 as well.
    const own = ending === '.xml' ? ['Server'] : ['Receiver', 'Sender'];
    expect([...new Set(codes)].toSorted()).toEqual(['Client', 'MustUnderstand', ...own, 'VersionMismatch']);
  });

  test('no folder holds a file that no test reads', () => {
    const form = /^(?:before\.json|after\.json|(?:request|response)(?:-\d)?(?:\.soap12)?\.xml)$/;
    for (const folder of folders) {
      const files = readdirSync(join(root, folder));
      expect(files.filter((file) => !form.test(file))).toEqual([]);
      const requests = files.filter((file) => file.startsWith('request'));
      const read = versions.flatMap(({ ending }) => readExchanges(folder, ending));
      expect(requests.length).toBe(read.length);
    }
  });
});
