// Cards through the console: search, one card with its tabs, changing it, accruing and writing off by hand, many cards at once.
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { buildReserve, buildSale, noon, register, reserve } from '../../operations/testing-infobase.ts';
import { auditor } from '../../soap/testing-service.ts';
import { actionOf, startConsole, tokenOf, waitForEnd, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;
const card = '/console/trade/cards/2900000000011';

beforeAll(async () => {
  trial = await startConsole({
    settings: { SUBSCRIPTION: 'extended' },
    before: {
      kinds: [
        {
          code: 'BASE',
          name: 'Базовая',
          discount: {
            sort: 'scale',
            steps: [
              { accumulationKopecks: 0, receipts: 0, percentHundredths: 300 },
              { accumulationKopecks: 500_000, receipts: 0, percentHundredths: 500 },
            ],
          },
        },
      ],
      cards: [
        { number: '2900000000011', kind: 'BASE', holder: 'Анна Примерова' },
        { number: '2900000000012', kind: 'BASE', status: 'blocked' },
        { number: '3100000000001', kind: 'BASE' },
      ],
    },
  });
  const infobase = trial.service.infobase();
  await saveSetting(infobase, noon, 'stage', 'billing');
  const sale = buildSale({
    kkm: 'K-01',
    receiptNumber: 7,
    cardNumber: '2900000000011',
    sumWithDiscountKopecks: 150_000,
    bonusAccruedKopecks: 20_000,
  });
  expect((await register(infobase, sale)).code).toBe(0);
  const hold = { kkm: 'K-02', receiptNumber: 9, amountKopecks: 5_000 };
  expect((await reserve(infobase, buildReserve(sale, hold))).code).toBe(0);
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

test.each([
  ['', ['2900000000011', '2900000000012', '3100000000001']],
  ['?q=29', ['2900000000011', '2900000000012']],
  ['?q=29&status=blocked', ['2900000000012']],
  ['?kind=NONE', []],
])('the list %p', async (query, numbers) => {
  const page = await visitor.get(`/console/trade/cards${query}`);
  expect(page.text.match(/\b\d{13}\b/g) ?? []).toEqual(numbers);
});

test('a card shows its balances, what is held, the next step of the scale and its history', async () => {
  const page = await visitor.get(card);
  for (const text of [
    'Держатель Анна Примерова',
    'Сумма бонусов 200,00 доступно: 150,00, в резерве: 50,00',
    'Сумма накопления 1 500,00',
    'Скидка сейчас 3 % до 5 %: накопить 3 500,00',
    'Биллинг: Дисконтные карты - Операция ККМ',
    'K-01, 7',
  ]) {
    expect(page.text.replace(/[\u00a0\u202f]/g, ' ')).toContain(text);
  }
  expect((await visitor.get(`${card}/holds`)).text).toContain('K-02');
  expect((await visitor.get(`${card}/why`)).text).toContain('Сходится.');
  const receipts = await visitor.get(`${card}/receipts`);
  const address = /href="(\/console\/trade\/receipts\/\d+)"/.exec(receipts.html)?.[1] as string;
  const receipt = await visitor.get(address);
  expect(receipt.text).toContain('Начислено бонусов 200,00');
  const document = /href="(\/console\/trade\/documents\/[\w-]+)"/.exec(receipt.html)?.[1] as string;
  expect((await visitor.get(document)).text).toContain('2900000000011');
});

test('lists of receipts and documents are filtered by the address', async () => {
  const receipts = await visitor.get('/console/trade/receipts?kkm=K-01&shift=1&from=2026-11-22&to=2026-11-22');
  expect(receipts.text).toContain('K-01, смена 1 , чек 7'.replace(' ,', ','));
  expect((await visitor.get('/console/trade/receipts?card=3100000000001')).text).toContain('Таких чеков нет');
  expect((await visitor.get('/console/trade/documents?kind=KkmOperation')).text).toContain('Операция ККМ');
  expect((await visitor.get('/console/trade/documents?card=3100000000001')).text).toContain('Таких документов нет');
});

test.each(['cards/999', 'cards/999/why', 'cards/999/edit', 'receipts/0', 'documents/billing-999', 'documents/x'])(
  '%s is not there',
  async (path) => {
    const page = await visitor.get(`/console/trade/${path}`);
    expect([page.status, page.text.includes('Не найдено')]).toEqual([404, true]);
  },
);

test('a card is changed; dates out of order are refused, and stay in the form', async () => {
  const form = await visitor.get(`${card}/edit`);
  const wrong = await visitor.send(form, `${card}/edit`, { validFrom: '2026-12-31', validTo: '2026-01-01' });
  expect([wrong.status, wrong.text.includes('Карта кончается раньше')]).toEqual([422, true]);
  expect(wrong.html).toContain('value="2026-12-31"');
  const saved = await visitor.send(form, `${card}/edit`, { holder: 'Анна, «Примерова» <b>', status: 'accrue_only' });
  expect([saved.address, saved.text.includes('Карта сохранена')]).toEqual([card, true]);
  expect(saved.text).toContain('Анна, «Примерова» <b>');
  expect(saved.html).not.toContain('<b>');
});

test('an accrual by hand is shown first, then posted', async () => {
  const form = await visitor.get(`${card}/accrue`);
  const wrong = await visitor.send(form, `${card}/accrue`, { bonus: 'много' });
  expect([wrong.status, wrong.text.includes('Нужна сумма в рублях')]).toEqual([422, true]);
  const empty = await visitor.send(form, `${card}/accrue`);
  expect(empty.text).toContain('Укажите сумму больше нуля');
  const shown = await visitor.send(form, `${card}/accrue`, {
    bonus: '30',
    writeOffDate: '2026-12-31',
    comment: 'Подарок',
  });
  expect(shown.text).toContain('Пока ничего не записано');
  expect(shown.text).toContain('230,00');
  const done = await visitor.send(shown, `${card}/accrue/make`);
  expect(done.text).toContain('Проведён документ: Начисление на дисконтные карты');
  expect(done.text).toContain('31.12.2026 сгорит 30,00');
  expect(done.text).toContain('Подарок');
});

test('a write-off of more than is available needs the consent to a debt', async () => {
  const form = await visitor.get(`${card}/write-off`);
  const refused = await visitor.send(form, `${card}/write-off`, { bonus: '1000' });
  expect(refused.status).toBe(422);
  const shown = await visitor.send(form, `${card}/write-off`, { bonus: '1000', mayOwe: 'yes' });
  expect(shown.text).toContain('−770,00');
});

test('a range of cards is made; a wrong one is refused beside its field', async () => {
  const form = await visitor.get('/console/trade/cards/range');
  const wrong = await visitor.send(form, '/console/trade/cards/range', { prefix: '77', from: 'x', to: '3' });
  expect([wrong.status, wrong.text.includes('Нужно целое число')]).toEqual([422, true]);
  const range = { prefix: '77', from: '1', to: '3', width: '5', kindCode: 'BASE' };
  const done = await waitForEnd(visitor, await visitor.send(form, '/console/trade/cards/range', range));
  expect(done.text).toContain('Создано карт 3');
  expect((await visitor.get('/console/trade/cards?q=77')).text.match(/\b77\d{5}\b/g)).toHaveLength(3);
});

test('many cards are changed after a look at what would change', async () => {
  const form = await visitor.get('/console/trade/cards/bulk');
  const nothing = await visitor.send(form, '/console/trade/cards/bulk', { 'w-kind': 'BASE' });
  expect([nothing.status, nothing.text.includes('Выберите, что изменить')]).toEqual([422, true]);
  const asked = { 'w-from': '7700001', 'w-to': '7700002', 's-status': 'blocked' };
  const shown = await waitForEnd(visitor, await visitor.send(form, '/console/trade/cards/bulk', asked));
  expect(shown.text).toContain('Изменится 2');
  expect((await visitor.get('/console/trade/cards?q=77&status=blocked')).text).toContain('Таких карт нет');
  const done = await waitForEnd(visitor, await visitor.send(shown, actionOf(shown, '/bulk/run')));
  expect(done.text).toContain('Изменено 2');
  expect((await visitor.get('/console/trade/cards?q=77&status=blocked')).text.match(/\b77\d{5}\b/g)).toHaveLength(2);
});

test('an auditor reads cards and changes none', async () => {
  const reader = await trial.visit(auditor);
  const page = await reader.get(card);
  expect([page.status, page.text.includes('Изменить карту')]).toEqual([200, false]);
  for (const path of ['edit', 'accrue', 'write-off']) expect((await reader.get(`${card}/${path}`)).status).toBe(403);
  expect((await reader.post(`${card}/edit`, { _token: tokenOf(page) })).status).toBe(403);
  expect((await visitor.post(`${card}/edit`, { _token: tokenOf(page) })).status).toBe(403);
});
