// Shops and tills in the console: both lists, tills that called and are not in the catalog, adding, changing, removing.
import { listShops, listTills } from '../../../src/operations/catalogs/shops.ts';
import { addCard, addKind, buildSale, register } from '../../operations/testing-infobase.ts';
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({ before: { cards: [{ number: '2900000000001' }] } });
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

const list = '/console/trade/shops';
const infobase = () => trial.service.infobase();

test('a shop and a till are added, and shown with each other', async () => {
  expect((await visitor.get(list)).text).toContain('Магазинов ещё нет.');
  const shop = await visitor.send(await visitor.get(`${list}/new`), `${list}/new`, { code: '01', name: 'На Ленина' });
  expect([shop.address, shop.text]).toEqual([list, expect.stringContaining('Магазин «На Ленина» добавлен.')]);
  const fields = { kkm: 'KKM/1', shopCode: '01', isSynced: 'yes' };
  const till = await visitor.send(await visitor.get(`${list}/till`), `${list}/till`, fields);
  expect(till.text).toContain('На Ленина 01 1');
  expect(till.text).toContain('KKM/1 На Ленина участвует');
  expect(await listTills(infobase())).toEqual([{ kkm: 'KKM/1', shopCode: '01', isSynced: true }]);
  expect((await visitor.get(`${list}/code/01`)).text).toContain('Кассы KKM/1');
});

test.each([
  ['new', { code: '', name: 'x' }, 'Код: от 1 до 50 знаков.'],
  ['new', { code: '02', name: ' ' }, 'Наименование: от 1 до 200 знаков.'],
  ['new', { code: '01', name: 'x' }, 'Магазин с таким кодом уже есть.'],
  ['till', { kkm: '' }, 'Имя кассы: от 1 до 50 знаков.'],
  ['till', { kkm: 'KKM/1' }, 'Такая касса уже есть.'],
  ['till', { kkm: 'KKM/2', shopCode: '99' }, 'Такого магазина нет.'],
])('what cannot be added at %s, %o, is refused beside its field', async (path, fields, why) => {
  const page = await visitor.send(await visitor.get(`${list}/${path}`), `${list}/${path}`, fields);
  expect([page.status, page.text]).toEqual([422, expect.stringContaining(why)]);
  expect([(await listShops(infobase())).length, (await listTills(infobase())).length]).toEqual([1, 1]);
});

test('a shop is renamed, a till is moved out of its shop', async () => {
  const shop = `${list}/code/01`;
  const empty = await visitor.send(await visitor.get(shop), shop, { name: '' });
  expect([empty.status, empty.text]).toEqual([422, expect.stringContaining('Наименование: от 1 до 200 знаков.')]);
  await visitor.send(empty, shop, { name: 'На Мира' });
  expect(await listShops(infobase())).toEqual([{ code: '01', name: 'На Мира' }]);
  const stays = await visitor.get(`${shop}/remove`);
  expect(stays.text).toContain('Касс в магазине: 1. Сначала перенесите их в другой магазин.');
  const token = /name="_token" value="([^"]+)"/.exec(stays.html)?.[1] as string;
  expect((await visitor.post(`${shop}/remove`, { _token: token })).status).toBe(409);
  const till = `${list}/till/KKM%2F1`;
  const wrong = await visitor.send(await visitor.get(till), till, { shopCode: '77' });
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('Такого магазина нет.')]);
  const done = await visitor.send(await visitor.get(till), till, { shopCode: '' });
  expect(done.text).toContain('Касса «KKM/1» записана.');
  expect(await listTills(infobase())).toEqual([{ kkm: 'KKM/1', shopCode: null, isSynced: true }]);
});

test('a till that called and is not in the catalog is added with one click', async () => {
  await addKind(infobase(), { code: 'K' });
  await addCard(infobase(), { number: '2900000000077', kindCode: 'K' });
  await register(infobase(), buildSale({ kkm: 'Новая касса', cardNumber: '2900000000077' }));
  const page = await visitor.get(list);
  expect(page.text).toContain('Кассы, которых нет в справочнике');
  const added = await visitor.send(page, `${list}/unknown`);
  expect(added.address).toBe(`${list}/till/${encodeURIComponent('Новая касса')}`);
  expect(added.text).toContain('Касса «Новая касса» добавлена: укажите магазин.');
  const known = (await listTills(infobase())).map(({ kkm }) => kkm);
  expect(known).toContain('Новая касса');
  // The same form again, of a page that was left open.
  expect((await visitor.send(page, `${list}/unknown`)).address).toBe(list);
  expect((await visitor.get(list)).text).not.toContain('Кассы, которых нет в справочнике');
});

test('a till and a shop that nothing names are removed after a question', async () => {
  const till = `${list}/till/KKM%2F1`;
  const question = await visitor.get(`${till}/remove`);
  expect(question.text).toContain('Касса уйдёт из справочника, но обслуживаться будет');
  await visitor.send(question, `${till}/remove`);
  expect((await visitor.get(till)).status).toBe(404);
  const shop = await visitor.get(`${list}/code/01/remove`);
  expect(shop.text).toContain('Касс в магазине: 0. Документов с этим магазином нет.');
  const done = await visitor.send(shop, `${list}/code/01/remove`);
  expect([done.text, await listShops(infobase())]).toEqual([expect.stringContaining('«На Мира» удалён.'), []]);
  expect((await visitor.get(`${list}/code/01`)).status).toBe(404);
});

test('an auditor reads shops and tills and has no forms', async () => {
  const reader = await trial.visit(auditor);
  const page = await reader.get(list);
  expect([page.status, page.html.includes(`action="${list}`)]).toEqual([200, false]);
  const till = await reader.get(`${list}/till/${encodeURIComponent('Новая касса')}`);
  expect([till.status, till.html.includes(`action="${list}`)]).toEqual([200, false]);
  for (const path of ['new', 'till', 'code/01/remove']) {
    expect((await reader.get(`${list}/${path}`)).status).toBe(403);
  }
});
