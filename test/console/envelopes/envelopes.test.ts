// Envelopes through the console: the list, one call side by side, what it has changed, masks, and the same call once more.
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { callOnce, till } from '../../soap/testing-service.ts';
import { actionOf, startConsole, tokenOf, type TestingConsole, type Visitor } from '../testing-console.ts';
import { noon } from '../../operations/testing-infobase.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({
    settings: { INFOBASES: 'trade,other' },
    before: { cards: [{ number: '2900000000011' }] },
  });
  await giveTestClock(trial.service.infobase('other'), noon);
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

const sale = (number: number): string => `<?xml version="1.0"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><k:RegisterReceipt xmlns:k="http://www.kkm.solutions/KKMTransfer">
<k:Receipt><k:Kind>Sale</k:Kind><k:KKM>K-01</k:KKM><k:ShiftNumber>1</k:ShiftNumber><k:ReceiptNumber>${number}</k:ReceiptNumber>
<k:ReceiptDate>2026-11-22T12:00:00</k:ReceiptDate><k:CardNumber>2900000000011</k:CardNumber><k:Sum>100</k:Sum><k:SumWithDiscount>100</k:SumWithDiscount>
<k:BonusAccrued>10</k:BonusAccrued><k:BonusRedeemed>0</k:BonusRedeemed><k:Offline>false</k:Offline></k:Receipt></k:RegisterReceipt></soap:Body></soap:Envelope>`;

const send = (body: string, infobase = 'trade') =>
  callOnce(trial.service, {
    path: `/${infobase}/ws/KKMTransfer.1cws`,
    body,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    user: till,
  });

test('a call is seen with its texts, its card and what it has changed; numbers are masked in the texts', async () => {
  expect((await send(sale(1))).status).toBe(200);
  expect((await send('<broken')).status).toBe(500);
  const list = await visitor.get('/console/trade/envelopes');
  expect(list.text).toContain('K-01 RegisterReceipt 0');
  expect(list.text).toContain('fault');
  expect((await visitor.get('/console/trade/envelopes?kkm=K-09')).text).toContain('таких вызовов не было');
  expect((await visitor.get('/console/trade/envelopes?card=2900000000011&code=0')).text).toContain('RegisterReceipt');
  const link = /href="(\/console\/trade\/envelopes\/1)"/.exec(list.html)?.[1] as string;
  const page = await visitor.get(link);
  expect(page.text).toContain('<k:ReceiptNumber>1</k:ReceiptNumber>');
  expect(page.text).toContain('Что вызов изменил');
  expect(page.text).toContain('+10,00');
  const pre = page.html.match(/<pre[\s\S]*?<\/pre>/g)?.join('') ?? '';
  expect(pre).toContain('29****11');
  expect(pre).not.toContain('2900000000011');
  const raw = await visitor.get(`${link}/request.xml`);
  expect(raw.html).toBe(sale(1).replace('2900000000011', '29****11'));
  expect((await visitor.get(`${link}/other.xml`)).status).toBe(404);
  expect((await visitor.get('/console/trade/envelopes/999')).status).toBe(404);
  const refused = await visitor.post(`${link}/repeat`, { _token: tokenOf(page) });
  expect(refused.text).toContain('только на тестовой базе');
});

test('on a test infobase a call is repeated, and answered as a duplicate', async () => {
  const { name, password } = { name: 'admin', password: 'admin' };
  const login = await visitor.get('/console/other/login');
  await visitor.send(login, '/console/other/login', { name, password });
  expect((await send(sale(1), 'other')).status).toBe(200);
  const page = await visitor.get('/console/other/envelopes/1');
  expect(page.text).toContain('2900000000011');
  const again = await visitor.send(page, actionOf(page, '/repeat'));
  expect(again.address).toBe('/console/other/envelopes/2');
  expect(again.text).toContain('Вызов повторён');
});
