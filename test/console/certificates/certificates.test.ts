// Gift certificates in the console: kinds, a range that is made, search and filters, one with its movements.
import { listCertificatePage, listKinds } from '../../../src/operations/certificates/certificate-catalog.ts';
import { redeemCertificate, sellCertificate } from '../../../src/operations/certificates/certificates.ts';
import { moment, noon } from '../../operations/testing-infobase.ts';
import { auditor } from '../../soap/testing-service.ts';
import { plain } from '../plain.ts';
import { startConsole, type ShownPage, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({ settings: { SUBSCRIPTION: 'extended' }, before: { certificates: [] } });
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

const list = '/console/trade/certificates';
const kinds = `${list}/kinds`;
const infobase = () => trial.service.infobase();

test('a kind is made, shown and changed', async () => {
  expect((await visitor.get(kinds)).text).toContain('Видов сертификатов ещё нет.');
  const fields = { code: 'G1', name: 'Тысяча', nominal: '1 000', life: 'months:6' };
  const made = await visitor.send(await visitor.get(`${kinds}/new`), `${kinds}/new`, fields);
  expect([made.address, made.text]).toEqual([kinds, expect.stringContaining('Вид «Тысяча» создан.')]);
  expect(plain(made.text)).toContain('Тысяча G1 1 000,00 6 месяцев');
  const path = `${kinds}/code/G1`;
  const page = await visitor.get(path);
  const wrong = await visitor.send(page, path, { nominal: '-5' });
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('Ожидается сумма больше нуля')]);
  await visitor.send(page, path, { name: 'Тысяча рублей', life: 'years:1' });
  expect(await listKinds(infobase())).toEqual([
    { code: 'G1', name: 'Тысяча рублей', nominal: 100_000, life: 'years:1' },
  ]);
  expect((await visitor.get(`${kinds}/code/G9`)).status).toBe(404);
});

test.each([
  [{ code: '' }, 'Укажите код.'],
  [{ code: 'G1' }, 'Вид с таким кодом уже есть.'],
  [{ name: '' }, 'Укажите наименование.'],
  [{ nominal: '0' }, 'Ожидается сумма больше нуля'],
  [{ nominal: '9'.repeat(14) }, 'Ожидается сумма больше нуля'],
  [{ life: 'год' }, 'Ожидается срок, например years:1'],
  [{ life: 'fixed_date:2026-01-01' }, 'Эта дата уже прошла.'],
])('a kind with %o is refused beside its field', async (wrong, why) => {
  const fields = { code: 'G2', name: 'Новый', nominal: '', ...wrong };
  const page = await visitor.send(await visitor.get(`${kinds}/new`), `${kinds}/new`, fields);
  expect([page.status, page.text]).toEqual([422, expect.stringContaining(why)]);
  expect((await listKinds(infobase())).length).toBe(1);
});

async function issue(fields: Readonly<Record<string, string>>): Promise<ShownPage> {
  let page = await visitor.send(await visitor.get(`${list}/issue`), `${list}/issue`, fields);
  while (page.html.includes('hx-trigger="every 2s"')) page = await visitor.get(page.address);
  return page;
}

test('a range is made; what is there already is left', async () => {
  const done = await issue({ prefix: 'S', from: '1', to: '60', width: '3' });
  expect(done.text).toContain('Выпущено сертификатов 60 S001–S060 Уже были 0');
  expect((await issue({ prefix: 'S', from: '60', to: '61', width: '3' })).text).toContain('Уже были 1');
  const words = await issue({ prefix: 'S', from: 'один', to: '2' });
  expect([words.status, words.text]).toEqual([422, expect.stringContaining('Нужно целое число.')]);
  const back = await issue({ prefix: 'S', from: '5', to: '2' });
  expect([back.status, back.text]).toEqual([422, expect.stringContaining('5 is above 2')]);
});

const call = (receiptNumber: number, amountKopecks: number) => ({
  ok: true as const,
  value: {
    operationId: null,
    kkm: '1',
    certificateNumber: 'S007',
    shiftNumber: 1,
    receiptNumber,
    receiptAt: moment('2026-11-22T12:00:00'),
    amountKopecks,
  },
});

test('a certificate is found by its number, and shown with its movements', async () => {
  expect(await sellCertificate(infobase(), noon, call(1, 100_000))).toMatchObject({ code: 0 });
  expect(await redeemCertificate(infobase(), noon, call(2, 40_000))).toMatchObject({ code: 0 });
  const found = await visitor.get(`${list}?q=S007`);
  expect(plain(found.text)).toContain(
    'S007 Тысяча рублей погашен частично 1 000,00 600,00 22.11.2026 12:00:00 22.11.2027',
  );
  const page = await visitor.get(`${list}/number/S007`);
  expect(plain(page.text)).toMatch(/Продажа сертификата \d+ \+1 000,00 1 000,00 1, 1/);
  expect(plain(page.text)).toMatch(/Погашение сертификата \d+ −400,00 600,00 1, 2/);
  expect((await visitor.get(`${list}?q=S999`)).text).toContain('Таких сертификатов нет.');
  expect((await visitor.get(`${list}/number/S999`)).status).toBe(404);
});

function numbersOf({ html }: ShownPage) {
  return [...html.matchAll(/certificates\/number\/([^"]+)"/g)].map((one) => one[1]);
}

test('filters restrict the list, which goes on page by page', async () => {
  expect(numbersOf(await visitor.get(`${list}?sold=yes`))).toEqual(['S007']);
  expect(numbersOf(await visitor.get(`${list}?state=pre_redeemed&kind=G1`))).toEqual(['S007']);
  expect(numbersOf(await visitor.get(`${list}?state=redeemed`))).toEqual([]);
  const first = await visitor.get(list);
  const next = /href="([^"]*after=[^"]*)"/.exec(first.html)?.[1]?.replaceAll('&amp;', '&') as string;
  const numbers = [...numbersOf(first), ...numbersOf(await visitor.get(next))];
  const all = await listCertificatePage(infobase(), { limit: 100 });
  expect(numbers).toEqual(all.ok && all.certificates.map(({ number }) => number));
  expect(numbers.length).toBe(61);
  // A number that is gone begins the list again.
  expect(numbersOf(await visitor.get(`${list}?after=gone`))).toEqual(numbersOf(first));
});

test('an auditor reads certificates and has no forms that change them', async () => {
  const reader = await trial.visit(auditor);
  for (const path of [list, kinds, `${kinds}/code/G1`, `${list}/number/S007`]) {
    const page = await reader.get(path);
    expect([page.status, page.html.includes(`method="post" action="${list}`)]).toEqual([200, false]);
  }
  for (const path of ['issue', 'kinds/new']) expect((await reader.get(`${list}/${path}`)).status).toBe(403);
});

test('without kinds no range can be made', async () => {
  const other = await startConsole();
  const alone = await other.visit();
  const page = await alone.send(await alone.get(`${list}/issue`), `${list}/issue`, { from: '1', to: '2' });
  expect([page.status, page.text]).toEqual([422, expect.stringContaining('Сначала заведите вид сертификатов.')]);
  await other.service.stop();
});
