// A message in parts, as clients with MTOM or attachments switched on send it: a fault that names what to switch off, in
// the version of SOAP that the parts are of; and one XML under a wrong Content-Type is still read.
import { callOnce, startService, type TestingService } from './testing-service.ts';
import { headerOf } from './wire.ts';

const envelope = (namespace: string): string =>
  `<s:Envelope xmlns:s="${namespace}"><s:Body><Ping xmlns="http://www.kkm.solutions/KKMTransfer"/></s:Body></s:Envelope>`;
const soap11 = 'http://schemas.xmlsoap.org/soap/envelope/';
const soap12 = 'http://www.w3.org/2003/05/soap-envelope';

/** As CXF, JAX-WS and .NET write it: the envelope is the first part. */
function writeParts(type: string, namespace: string, preamble = '\r\n'): string {
  return (
    `${preamble}--uuid:1\r\nContent-Type: application/xop+xml; charset=UTF-8; type="${type}"\r\n` +
    `Content-Transfer-Encoding: binary\r\nContent-ID: <root>\r\n\r\n${envelope(namespace)}\r\n--uuid:1--\r\n`
  );
}

const mtom = (startInfo: string): string =>
  `multipart/related; type="application/xop+xml"; boundary="uuid:1"; start="<root>"; start-info="${startInfo}"`;

let service: TestingService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

test.each<[name: string, contentType: string, body: string, version: '1.1' | '1.2']>([
  ['MTOM of SOAP 1.1', mtom('text/xml'), writeParts('text/xml', soap11), '1.1'],
  ['MTOM of SOAP 1.2', mtom('application/soap+xml'), writeParts('application/soap+xml', soap12, ''), '1.2'],
  ['attachments', 'Multipart/Related; type="text/xml"; boundary="uuid:1"', writeParts('text/xml', soap11), '1.1'],
  ['parts under another Content-Type', 'text/xml; charset=utf-8', writeParts('text/xml', soap11), '1.1'],
  ['parts with a preamble', mtom('text/xml'), writeParts('text/xml', soap11, 'This is a message in parts.\r\n'), '1.1'],
])('%s', async (_, contentType, body, version) => {
  const reply = await callOnce(service, { body, headers: { 'content-type': contentType } });
  expect(reply.status).toBe(500);
  expect(headerOf(reply, 'content-type')).toBe(
    version === '1.1' ? 'text/xml; charset=utf-8' : 'application/soap+xml; charset=utf-8',
  );
  const text = reply.body.toString();
  expect(text).toContain(
    version === '1.1' ? '<faultcode>soap:Client</faultcode>' : '<soap:Value>soap:Sender</soap:Value>',
  );
  expect(text).toMatch(
    /\{WebСервис\.KKMTransfer\.Модуль\(1\)\}: Запрос пришёл частями \(multipart\/related: MTOM [^<]*выключите MTOM/,
  );
});

test('one XML under multipart/related is read, whatever it is called', async () => {
  for (const namespace of [soap11, soap12]) {
    const reply = await callOnce(service, { body: envelope(namespace), headers: { 'content-type': mtom('text/xml') } });
    expect(reply.status).toBe(200);
    expect(reply.body.toString()).toContain('>true</m:return>');
  }
});

test('the fault says that the body is empty', async () => {
  const reply = await callOnce(service, { body: '', headers: { 'content-type': mtom('text/xml') } });
  expect(reply.body.toString()).toContain('Тело запроса пусто');
});
