// The synchronization in the console: what must be done before, making a document for all cards or a list, each till's progress.
import { saveTill } from '../../../src/operations/catalogs/shops.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { confirmSyncPackage, getSyncPackage } from '../../../src/operations/sync/serve-sync.ts';
import { listSyncs } from '../../../src/operations/sync/list-syncs.ts';
import { buildSale, noon, register } from '../../operations/testing-infobase.ts';
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, type ShownPage, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;
const list = '/console/trade/sync';
const [first, second] = ['2900000000001', '2900000000002'];

beforeAll(async () => {
  trial = await startConsole({ before: { cards: [{ number: first }, { number: second }] } });
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

const infobase = () => trial.service.infobase();

async function make(fields: Readonly<Record<string, string>> = {}): Promise<ShownPage> {
  let page = await visitor.send(await visitor.get(list), `${list}/make`, fields);
  while (page.html.includes('hx-trigger="every 2s"')) page = await visitor.get(page.address);
  return page;
}

test('a document is not made while cards are accepted', async () => {
  const page = await visitor.get(list);
  expect(page.text).toContain('Документов ещё нет.');
  expect(page.text).toContain('не сделано Запретить приём карт на кассах');
  const refused = await make();
  expect(refused.text).toContain('Документ не создан: карты на кассах ещё принимаются (acceptCards)');
  expect(refused.text).not.toContain('Пакеты');
  await saveSetting(infobase(), noon, 'acceptCards', 'false');
  expect((await visitor.get(list)).text).toContain(' сделано Запретить приём карт на кассах');
});

test('a check writes nothing; a document of a list and one of all cards are made', async () => {
  const checked = await make({ dryRun: 'yes' });
  expect(checked.text).toContain('Карт 2');
  expect(checked.text).toContain('Проверка: ничего не записано.');
  expect(await listSyncs(infobase())).toEqual([]);
  const listed = await make({ cards: `${first}\n` });
  expect(listed.text).toContain('Карт 1 Пакеты 1–1');
  await make();
  const page = await visitor.get(list);
  expect(page.text).toContain('2 22.11.2026 12:00:00 все карты 2 2–2 1 22.11.2026 12:00:00 по списку 1 1–1');
});

test('a card that is not there is named beside the field, and nothing is made', async () => {
  const page = await visitor.send(await visitor.get(list), `${list}/make`, { cards: `${first}, 777` });
  expect([page.status, page.text]).toEqual([422, expect.stringContaining('Карты 777 нет.')]);
  expect((await listSyncs(infobase())).length).toBe(2);
});

test('a document shows which tills have fetched and confirmed it', async () => {
  expect((await visitor.get(`${list}/2`)).text).toContain('Ни одна касса не участвует');
  for (const kkm of ['A', 'B', 'C']) await saveTill(infobase(), kkm, { isSynced: true });
  for (const kkm of ['A', 'B']) {
    await getSyncPackage(infobase(), noon, { ok: true, value: { kkm, lastVersion: 1 } });
  }
  await confirmSyncPackage(infobase(), noon, { ok: true, value: { kkm: 'A', version: 2 } });
  const page = await visitor.get(`${list}/2`);
  expect(page.text).toContain('Подтвердили 1 / 3');
  expect(page.text).toMatch(/A подтвердила 2, 22\.11\.2026 12:00:00 2, 22\.11\.2026 12:00:00 B забрала 2, .* C ждём/);
  for (const id of ['3', 'x']) expect((await visitor.get(`${list}/${id}`)).status).toBe(404);
});

test('shifts whose report is missing are listed, and keep a document back', async () => {
  expect((await visitor.get(`${list}/missing`)).text).toContain('Все отчёты сняты.');
  await saveSetting(infobase(), noon, 'acceptCards', 'true');
  await register(infobase(), buildSale({ kkm: 'A', shiftNumber: 7, cardNumber: first }));
  await saveSetting(infobase(), noon, 'acceptCards', 'false');
  expect((await visitor.get(`${list}/missing`)).text).toContain('A 7 22.11.2026 1');
  expect((await make()).text).toContain('Документ не создан: не принят отчёт: касса');
});

test('an auditor reads documents and has no forms', async () => {
  const reader = await trial.visit(auditor);
  for (const path of [list, `${list}/1`, `${list}/missing`]) {
    const page = await reader.get(path);
    expect([page.status, page.html.includes(`action="${list}`)]).toEqual([200, false]);
  }
});
