// However a client writes a call, over HTTP too it gets the one answer, byte for byte; and what only looks like a call is
// refused with a fault, nothing moved. The rewritings themselves are those that the reader is proved on.
import { readFileSync } from 'node:fs';
import { nearEquivalents } from './contract/near-rewritings.ts';
import { equivalents, type Rewriting } from './contract/rewritings.ts';
import { call, callOnce, startService, type Call } from './testing-service.ts';
import { readAfter, type Before } from './testing-state.ts';
import { headerOf, Wire } from './wire.ts';

const envelopes = {
  '1.1': 'http://schemas.xmlsoap.org/soap/envelope/',
  '1.2': 'http://www.w3.org/2003/05/soap-envelope',
} as const;
const contentTypes = { '1.1': 'text/xml; charset=utf-8', '1.2': 'application/soap+xml; charset=utf-8' } as const;

const before: Before = { cards: [{ number: '0012345678905', holder: 'Иванова Ж.', bonus: '100', receipts: 3 }] };

function readRecording(name: string): string {
  return readFileSync(`fixtures/recordings/${name}.xml`, 'utf8');
}

function toCall({ body, headers, chunked }: Rewriting): Call {
  return { body, headers, ...(chunked === true && { chunkBytes: 11 }) };
}

describe.each([
  'soaplite-1.1/01-Ping',
  'axis-1.1/02-GetServiceInfo',
  'jaxws-1.2/04-GetCardInfo',
  'mono-1.1/05-ReserveBonus',
  'php-1.1/06-RegisterReceipt',
  'zeep-1.2/09-UploadReceipts',
  'gsoap-1.2/10-GetCardOperations',
])('%s', (name) => {
  const xml = readRecording(name);
  const version = name.includes('1.2') ? '1.2' : '1.1';
  const other = version === '1.1' ? '1.2' : '1.1';

  test('every rewriting is answered alike', async () => {
    const service = await startService({ before });
    const wire = await Wire.open(service.port);
    try {
      await call(wire, { body: xml });
      const after = await readAfter(service.infobase());
      // A call that writes is answered as a duplicate from its second arrival on.
      const expected = (await call(wire, { body: xml })).body.toString();
      expect(expected).toContain(envelopes[version]);
      const rewritings = equivalents(xml);
      expect(rewritings.length).toBeGreaterThanOrEqual(150);
      for (const rewriting of rewritings) {
        const reply = await call(wire, toCall(rewriting));
        const told = { status: reply.status, type: headerOf(reply, 'content-type'), body: reply.body.toString() };
        expect({ name: rewriting.name, ...told }).toEqual({
          name: rewriting.name,
          status: 200,
          type: contentTypes[version],
          body: expected,
        });
      }
      const swapped = await call(wire, { body: xml.replaceAll(envelopes[version], envelopes[other]) });
      expect(headerOf(swapped, 'content-type')).toBe(contentTypes[other]);
      expect(swapped.body.toString()).toBe(expected.replace(envelopes[version], envelopes[other]));
      expect(await readAfter(service.infobase())).toEqual(after);
    } finally {
      wire.close();
      await service.stop();
    }
  });
});

describe.each(['php-1.1/06-RegisterReceipt', 'mono-1.2/05-ReserveBonus', 'soaplite-1.2/06-RegisterReceipt'])(
  'nearly %s',
  (name) => {
    const xml = readRecording(name);
    const version = name.includes('1.2') ? '1.2' : '1.1';
    const codes = {
      '1.1': { client: 'Client', mustUnderstand: 'MustUnderstand', versionMismatch: 'VersionMismatch' },
      '1.2': { client: 'Sender', mustUnderstand: 'MustUnderstand', versionMismatch: 'VersionMismatch' },
    } as const;

    test('every one is refused with its fault, and nothing moves', async () => {
      const service = await startService({ before });
      const wire = await Wire.open(service.port);
      try {
        const untouched = await readAfter(service.infobase());
        const near = nearEquivalents(xml);
        expect(near.length).toBeGreaterThanOrEqual(30);
        for (const rewriting of near) {
          const reply = await call(wire, toCall(rewriting));
          const text = reply.body.toString();
          // A request whose envelope was not reached is answered in 1.1.
          const answered = text.includes(envelopes['1.2']) ? '1.2' : '1.1';
          expect([rewriting.name, ['1.1', version].includes(answered)]).toEqual([rewriting.name, true]);
          const [, code] = /<(?:faultcode|soap:Value)>soap:(\w+)</.exec(text) ?? [];
          expect({
            name: rewriting.name,
            status: reply.status,
            type: headerOf(reply, 'content-type'),
            code,
          }).toEqual({
            name: rewriting.name,
            status: 500,
            type: contentTypes[answered],
            code: codes[answered][rewriting.fault],
          });
          expect(text).toMatch(/>Неизвестная ошибка\. \{WebСервис\.KKMTransfer\.Модуль\(1\)\}: [^<{}]+</);
        }
        expect(await readAfter(service.infobase())).toEqual(untouched);
        expect(service.log.filter(({ message }) => message === 'defect')).toEqual([]);
        // What they were near to is still a good call.
        expect((await callOnce(service, { body: xml })).body.toString()).toContain('<m:ResultCode>0</m:ResultCode>');
      } finally {
        wire.close();
        await service.stop();
      }
    });
  },
);
