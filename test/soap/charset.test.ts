// R9 over HTTP: a till whose library puts a one-byte charset over its UTF-8. What is stored is Russian, so the till's own
// shift report, sent by any road, is the same receipt and not a second one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli } from '../../src/cli.ts';
import { encodeSingleByte } from './contract/rewritings.ts';
import { callOnce, startService, till, type TestingService } from './testing-service.ts';
import { readAfter, type Before } from './testing-state.ts';

const kkm = 'Касса № 1';
const before: Before = { cards: [{ number: '2900000001' }] };
const receipt =
  `<Receipt><Kind>Sale</Kind><KKM>${kkm}</KKM><ShiftNumber>7</ShiftNumber><ReceiptNumber>1</ReceiptNumber>` +
  '<ReceiptDate>2026-11-22T09:05:00</ReceiptDate><CardNumber>2900000001</CardNumber><Sum>100</Sum>' +
  '<SumWithDiscount>100</SumWithDiscount><BonusAccrued>5</BonusAccrued><BonusRedeemed>0</BonusRedeemed>' +
  '<Offline>true</Offline><Cashier>Жук О.</Cashier></Receipt>';
const namespace = 'http://www.kkm.solutions/KKMTransfer';

function wrap(operation: string, content: string): string {
  return (
    `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns="${namespace}"><s:Body>` +
    `<${operation}>${content}</${operation}></s:Body></s:Envelope>`
  );
}

const online = wrap('RegisterReceipt', receipt);
const upload = `<Upload xmlns="${namespace}"><KKM>${kkm}</KKM>${receipt}</Upload>`;

async function send(service: TestingService, body: string | Buffer, contentType: string): Promise<string> {
  return (await callOnce(service, { body, headers: { 'content-type': contentType } })).body.toString();
}

let service: TestingService;
beforeEach(async () => {
  service = await startService({ before });
});
afterEach(() => service.stop());

test.each(['ISO-8859-1', 'iso-8859-1', 'US-ASCII', 'windows-1251', 'windows-1252', 'KOI8-R'])(
  'UTF-8 under %s is UTF-8, and the report of the shift links to it',
  async (charset) => {
    expect(await send(service, online, `text/xml; charset=${charset}`)).toContain('<m:ResultCode>0</m:ResultCode>');
    const reported = await send(service, wrap('UploadReceipts', upload), 'text/xml; charset=utf-8');
    expect(reported).toContain('<m:Linked>1</m:Linked>');
    const { receipts, cards } = await readAfter(service.infobase());
    expect(receipts).toEqual([`Sale ${kkm}/7/1 of 2026-11-22: posted`]);
    expect(cards?.['2900000001']).toMatchObject({ bonus: '5' });
  },
);

test('windows-1251 under its own name, and by its declaration under US-ASCII, is the same receipt', async () => {
  const bytes = encodeSingleByte(online, 'windows-1251');
  expect(await send(service, bytes, 'text/xml; charset=windows-1251')).toContain('<m:Duplicate>false</m:Duplicate>');
  const declared = encodeSingleByte(`<?xml version="1.0" encoding="windows-1251"?>${online}`, 'windows-1251');
  expect(await send(service, declared, 'text/xml; charset=us-ascii')).toContain('<m:Duplicate>true</m:Duplicate>');
});

test('bytes that are of no encoding they are said to be are a fault, and nothing is stored', async () => {
  const bytes = encodeSingleByte(online, 'windows-1251');
  expect(await send(service, bytes, 'text/xml; charset=us-ascii')).toContain('Тело запроса не в кодировке «us-ascii»');
  expect(await send(service, bytes, 'text/xml; charset=utf-8')).toContain('Тело запроса не в кодировке UTF-8');
  expect(await readAfter(service.infobase())).not.toHaveProperty('receipts');
});

test('a shift report of UTF-8 that declares windows-1251 links to what came online', async () => {
  await send(service, online, 'text/xml; charset=ISO-8859-1');
  const file = join(service.dataDir, 'shift.xml');
  writeFileSync(file, `<?xml version="1.0" encoding="windows-1251"?>\n${upload}`);
  const lines: string[] = [];
  const io = {
    out: (line: string) => void lines.push(line),
    err: (line: string) => void lines.push(line),
    readStdin: async () => '',
    isTerminal: false,
    environment: { DATA_DIR: service.dataDir },
  };
  expect(await runCli(['receipts', 'load', file, '--kkm', kkm], io)).toBe(0);
  expect(lines).toEqual([`${kkm}/shift.xml: receipts accepted 0, linked 1, rejected 0`]);
});

test('a name and password in windows-1251 are the same as in UTF-8', async () => {
  const bytes = encodeSingleByte(`${till.name}:${till.password}`, 'windows-1251');
  const wrong = Buffer.concat([bytes, Buffer.of(0xff)]);
  const statuses: number[] = [];
  for (const credential of [Buffer.from(`${till.name}:${till.password}`), bytes, wrong]) {
    const headers = { authorization: `Basic ${credential.toString('base64')}` };
    statuses.push((await callOnce(service, { body: wrap('Ping', ''), user: null, headers })).status);
  }
  expect(statuses).toEqual([200, 200, 401]);
});
