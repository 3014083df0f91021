// What an attacker or a broken client sends: refused, soon, with a message that leaks nothing and means nothing to XML.
// A file put into fixtures/hostile with its line in expected.json is a test.
import { readdirSync, readFileSync } from 'node:fs';
import { loadContract } from '../../../src/soap/contract/contract.ts';
import { UnreadableRequest } from '../../../src/soap/contract/unreadable-request.ts';
import { decodeBody } from '../../../src/soap/decode.ts';
import { runWithStop } from '../../run-with-stop.ts';

const contract = loadContract('wsdl/default');
const folder = 'fixtures/hostile';
const expected = JSON.parse(readFileSync(`${folder}/expected.json`, 'utf8')) as Readonly<
  Record<string, { fault: string; message: string }>
>;

function refuse(body: Buffer): UnreadableRequest {
  try {
    contract.readRequest(decodeBody(body, 'text/xml'));
  } catch (error) {
    if (error instanceof UnreadableRequest) return error;
    throw error;
  }
  throw new Error('the request was read');
}

test('every file has an expectation, and every expectation a file', () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.xml'));
  expect(Object.keys(expected).toSorted()).toEqual(files.toSorted());
});

test.each(Object.entries(expected))('%s', (file, { fault, message }) => {
  const refusal = refuse(readFileSync(`${folder}/${file}`));
  expect(refusal.fault).toBe(fault);
  expect(refusal.message).toContain(message);
  expect(refusal.message.length).toBeLessThan(300);
  // oxlint-disable-next-line no-control-regex -- these are what must not be echoed
  expect(refusal.message).not.toMatch(/[\u0000-\u001f\ud800-\udfff{}<>&]/);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});

test('a request cut at any byte is refused', () => {
  const whole = readFileSync('fixtures/recordings/jaxws-1.1/04-GetCardInfo.xml');
  expect(contract.readRequest(decodeBody(whole, 'text/xml')).operation).toBe('GetCardInfo');
  for (let length = 0; length < whole.length; length += 1) refuse(whole.subarray(0, length));
});

test('a request with any one byte changed to a control character is refused', () => {
  const whole = readFileSync('fixtures/recordings/mono-1.2/05-ReserveBonus.xml');
  for (let at = 0; at < whole.length; at += 1) {
    const changed = Buffer.from(whole);
    changed[at] = at % 0x09;
    refuse(changed);
  }
});

const head = '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">';
const call = '<Ping xmlns="http://www.kkm.solutions/KKMTransfer"/>';
const request = (body: string, header = '') =>
  `${head}<e:Header>${header}</e:Header><e:Body>${body}</e:Body></e:Envelope>`;
const deepUpload = (piece: string, times: number) =>
  request(
    `<UploadReceipts xmlns="http://www.kkm.solutions/KKMTransfer"><Upload><KKM>${piece.repeat(times)}</KKM></Upload></UploadReceipts>`,
  );

/** Refused at this character at the latest: the rest is not looked at. */
const soon: readonly (readonly [name: string, xml: string, limit: number])[] = [
  ['a depth of a million', request('<a>'.repeat(1_000_000)), 400],
  ['a depth of a million in the header', request(call, '<a>'.repeat(1_000_000)), 400],
  ['a hundred thousand attributes', request(`<a ${'b="1" '.repeat(100_000)}/>`), 1200],
  [
    'a hundred thousand attributes of different names',
    request(`<a ${Array.from({ length: 100_000 }, (_, index) => `b${index}="1"`).join(' ')}/>`),
    1500,
  ],
  [
    'a hundred thousand declarations',
    request(`<a ${Array.from({ length: 100_000 }, (_, index) => `xmlns:b${index}="u"`).join(' ')}/>`),
    2200,
  ],
  ['a million elements in the header', request(call, '<a/>'.repeat(1_000_000)), 4300],
  ['a declaration without end', `<?xml ${' '.repeat(1_000_000)}`, 10],
];

test.each(soon)('%s is refused where it becomes too much', (_, xml, limit) => {
  const found = /знак (\d+)/.exec(refuse(Buffer.from(xml)).message);
  if (found) expect(Number(found[1])).toBeLessThan(limit);
});

const million = 1_000_000;
/** Read to the end, so the work must grow no faster than the length. */
const floods: readonly (readonly [name: string, xml: string])[] = [
  ['comments', request(`${'<!---->'.repeat(million / 4)}${call}`)],
  ['one comment', request(`<!--${'- '.repeat(million)}-->${call}`)],
  ['instructions', request(`${'<?a?>'.repeat(million / 4)}${call}`)],
  ['blanks', request(`${' \r\n\t'.repeat(million / 2)}${call}`)],
  ['empty CDATA', deepUpload('<![CDATA[]]>', million / 6)],
  ['CDATA that looks like a document', deepUpload('<![CDATA[<?xml]]>', million / 8)],
  ['CDATA of brackets', deepUpload(`<![CDATA[${']'.repeat(1000)} ]]>`, 2000)],
  ['references', deepUpload('&lt;', million / 2)],
  ['long references', deepUpload(`&#${'0'.repeat(1000)}65;`, 2000)],
  ['brackets', deepUpload(']', 2 * million)],
  ['text broken by comments', deepUpload('a<!---->', million / 4)],
  ['carriage returns', deepUpload('\r', 2 * million)],
  ['line ends before a mistake', `${'\n'.repeat(2 * million)}x`],
  ['line ends in an attribute', request(`<a b="${'\r\n'.repeat(million)}"/>`)],
  ['quotes in attributes', request(`<a b="${"'".repeat(2 * million)}"/>`)],
  ['a long name', request(`<a${'b'.repeat(2 * million)}/>`)],
  ['a long prefix', request(`<${'b'.repeat(2 * million)}:a/>`)],
  ['an attribute of references', request(`<a b="${'&amp;'.repeat(million / 3)}"/>`)],
  ['elements that declare', request(call, '<a xmlns:b="u" b:c="1"/>'.repeat(990))],
  [
    'receipts without content',
    request(
      `<UploadReceipts xmlns="http://www.kkm.solutions/KKMTransfer"><Upload><KKM>1</KKM>${'<Receipt/>'.repeat(200_000)}</Upload></UploadReceipts>`,
    ),
  ],
];

test.each(floods)('two megabytes of %s are read or refused without holding the next caller', (_, xml) => {
  const body = Buffer.from(xml);
  try {
    runWithStop(() => contract.readRequest(decodeBody(body, 'text/xml')));
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableRequest);
  }
});
