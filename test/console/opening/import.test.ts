// Opening balances through the console: the file is shown, its columns recognised or chosen, checked, brought in and reversed.
import { findCardReading } from '../../../src/db/cards/card-reading.ts';
import { noon } from '../../operations/testing-infobase.ts';
import { auditor } from '../../soap/testing-service.ts';
import {
  actionOf,
  startConsole,
  waitForEnd,
  type Fields,
  type ShownPage,
  type TestingConsole,
  type Visitor,
} from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({
    before: { kinds: [{ code: 'BASE', name: 'Базовая' }], cards: [{ number: '2900000000011' }] },
  });
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

async function bring(name: string, text: string): Promise<ShownPage> {
  const page = await visitor.get('/console/trade/import');
  return visitor.send(page, '/console/trade/import', {}, { name, bytes: text });
}

/** Sends the form, and waits for the work that it starts. */
async function visit(page: ShownPage, end: string, fields: Fields = {}): Promise<ShownPage> {
  return waitForEnd(visitor, await visitor.send(page, actionOf(page, end), fields));
}

async function readBonus(number: string): Promise<number | undefined> {
  const infobase = trial.service.infobase();
  return infobase.db.read(async (trx) => {
    const reading = await findCardReading(trx, number, noon, await infobase.loadSettings(trx));
    return reading?.bonus;
  });
}

const good =
  'Номер карты;Сумма бонусов;Сумма накопления\n2900000000011;120,50;1000\n2900000000012;30;0\nИтого;150,50;1000\n';

test('a file is shown, checked, brought in and reversed', async () => {
  const shown = await bring('остатки.csv', good);
  expect(shown.text).toContain('остатки.csv');
  expect(shown.text).toContain('2900000000011 120,50 1000');
  // The columns are recognised.
  expect([...shown.html.matchAll(/<option value="(\w+)" selected/g)].map(([, field]) => field).slice(0, 3)).toEqual([
    'card',
    'bonus',
    'accumulation',
  ]);
  const refused = await visit(shown, '/check');
  expect(refused.text).toContain('не выполнено');
  expect(refused.text).toContain('2900000000012');
  expect(refused.text).not.toContain('Загрузить');
  const back = await visitor.get(shown.address);
  const checked = await visit(back, '/check', { create: 'yes', kind: 'BASE' });
  expect(checked.text).toContain('Файл можно загрузить. Пока ничего не записано.');
  expect(checked.text).toContain('150,50');
  expect(await readBonus('2900000000011')).toBe(0);
  const done = await visit(checked, '/run');
  expect(done.text).toContain('Загружено: Ввод остатков накоплений 000000001');
  expect([await readBonus('2900000000011'), await readBonus('2900000000012')]).toEqual([12_050, 3_000]);
  // The file has served, and is gone.
  expect((await visitor.get(shown.address)).status).toBe(404);
  const list = await visitor.get('/console/trade/import');
  expect(list.text).toContain('остатки.csv');
  const question = await visitor.get('/console/trade/import/1/reverse');
  expect(question.text).toContain('−150,50');
  const wrong = await visitor.send(question, actionOf(question, '/reverse'), { name: 'other' });
  expect([wrong.status, await readBonus('2900000000011')]).toEqual([422, 12_050]);
  const reversed = await visitor.send(question, actionOf(question, '/reverse'), { name: 'trade' });
  expect(reversed.text).toContain('Загрузка 1 отменена');
  expect(await readBonus('2900000000011')).toBe(0);
  expect((await visitor.get('/console/trade/import/1/reverse')).status).toBe(409);
});

test('columns of other names are chosen by hand', async () => {
  const shown = await bring('other.csv', 'A;B;C\n2900000000011;7,25;x\n');
  expect(shown.text).toContain('Заголовки столбцов не узнаны');
  const columns = { 'column-0': 'card', 'column-1': 'bonus' };
  const checked = await visit(shown, '/check', columns);
  expect(checked.text).toContain('Файл можно загрузить');
  expect(checked.text).toContain('7,25');
  expect((await visit(checked, '/run')).text).toContain('Загружено');
});

test('a file that was brought in before, and cards that have sums already, are refused until the terms allow them', async () => {
  const again = await bring('other.csv', 'A;B;C\n2900000000011;7,25;x\n');
  const columns = { 'column-0': 'card', 'column-1': 'bonus' };
  expect((await visit(again, '/check', columns)).text).toContain('Этот файл уже загружен');
  const more = await bring('more.csv', 'Номер карты;Бонусы\n2900000000011;1\n');
  expect((await visit(more, '/check')).text).toContain('По некоторым картам остатки уже введены');
  expect((await visit(more, '/check', { add: 'yes' })).text).toContain('Файл можно загрузить');
});

test.each([
  ['no file', '', '', 'Файл пустой'],
  ['what is no table', 'a.pdf', '%PDF-1.7\n', 'не прочитан'],
])('%s is refused in words', async (_what, name, bytes, why) => {
  const page = await bring(name === '' ? 'empty.csv' : name, bytes);
  expect([page.status, page.text.includes(why)]).toEqual([422, true]);
});

test('an auditor sees the imports, and no form', async () => {
  const reader = await trial.visit(auditor);
  const page = await reader.get('/console/trade/import');
  expect([page.status, page.html.includes('type="file"')]).toEqual([200, false]);
});
