// Card kinds in the console: the list, making, changing, the mistakes of the form, removing.
import { listCardKinds } from '../../../src/operations/catalogs/list-card-kinds.ts';
import { saveLifeRule } from '../../../src/operations/catalogs/save-life-rule.ts';
import { auditor } from '../../soap/testing-service.ts';
import { noon } from '../../operations/testing-infobase.ts';
import { plain } from '../plain.ts';
import { startConsole, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({ before: { cards: [{ number: '2900000000001' }] } });
  visitor = await trial.visit();
  await saveLifeRule(trial.service.infobase(), noon, {
    code: 'B20',
    name: 'Двадцать дней',
    register: 'bonus',
    life: { sort: 'days', count: 20 },
  });
});

afterAll(() => trial.service.stop());

async function findKind(code: string) {
  return (await listCardKinds(trial.service.infobase())).find((kind) => kind.code === code);
}

const newKind = { code: 'GOLD', name: 'Золотая' };

test('a kind is made with a scale that is pasted from a spreadsheet, and shown', async () => {
  const form = await visitor.get('/console/trade/kinds/new');
  const fields = {
    ...newKind,
    discount: 'scale',
    steps: '10 000\t3\t7,5\n\n0; 0; 5 %',
    maxRedeemPercentHundredths: '30',
    accrualPercentHundredths: '3,5',
    bonusRuleCode: 'B20',
  };
  const done = await visitor.send(form, '/console/trade/kinds/new', fields);
  expect([done.status, done.address]).toEqual([200, '/console/trade/kinds/code/GOLD']);
  expect(done.text).toContain('Вид карт «Золотая» создан.');
  expect(plain(done.text)).toContain('10 000,00 3 7,5 %');
  expect(await findKind('GOLD')).toEqual({
    code: 'GOLD',
    name: 'Золотая',
    purpose: 'discount',
    discount: {
      sort: 'scale',
      steps: [
        { accumulationKopecks: 0, receipts: 0, percentHundredths: 500 },
        { accumulationKopecks: 1_000_000, receipts: 3, percentHundredths: 750 },
      ],
    },
    maxRedeemPercentHundredths: 3_000,
    accrualPercentHundredths: 350,
    bonusRuleCode: 'B20',
    accumulationRuleCode: null,
    cards: 0,
  });
  const list = await visitor.get('/console/trade/kinds');
  expect(plain(list.text)).toContain('Золотая GOLD дисконтная шкала 5 %–7,5 % 30 % 3,5 % бонусы B20');
});

test('the form of a kind shows what is kept, and changes it', async () => {
  const page = await visitor.get('/console/trade/kinds/code/GOLD');
  const same = await visitor.send(page, '/console/trade/kinds/code/GOLD');
  expect(same.text).toContain('Вид карт записан.');
  expect(await findKind('GOLD')).toMatchObject({ discount: { sort: 'scale' }, accrualPercentHundredths: 350 });
  const changed = { discount: 'fixed', fixedPercent: '4', accrualPercentHundredths: '' };
  await visitor.send(page, '/console/trade/kinds/code/GOLD', changed);
  expect(await findKind('GOLD')).toMatchObject({
    discount: { sort: 'fixed', percentHundredths: 400 },
    accrualPercentHundredths: null,
    maxRedeemPercentHundredths: 3_000,
  });
});

test.each([
  [{ code: '' }, 'Укажите код.'],
  [{ code: 'A|B' }, 'Код: от 1 до 50 букв, цифр'],
  [{ code: 'GOLD' }, 'Вид карт с таким кодом уже есть.'],
  [{ name: '' }, 'Укажите наименование.'],
  [{ discount: 'fixed', fixedPercent: '101' }, 'Ожидается процент от 0 до 100'],
  [{ discount: 'scale' }, 'Введите хотя бы одну ступень.'],
  [{ discount: 'scale', steps: '0; 0; 5\nмного; 0; 7' }, 'строка 2: ожидаются сумма накопления'],
  [{ discount: 'scale', steps: '0; 0; 5\n0,00; 0; 7' }, 'строка 2: такая ступень уже есть'],
  [{ maxRedeemPercentHundredths: 'треть' }, 'Ожидается процент от 0 до 100'],
  [{ purpose: 'payment', accrualPercentHundredths: '5' }, 'У платёжной карты нет процента начисления.'],
])('a new kind with %o is refused, and what was typed stays', async (wrong, why) => {
  const form = await visitor.get('/console/trade/kinds/new');
  const fields = { code: 'NEW', name: 'Новая <1>', ...wrong };
  const page = await visitor.send(form, '/console/trade/kinds/new', fields);
  expect([page.status, page.text]).toEqual([422, expect.stringContaining(why)]);
  expect(page.html).toContain('aria-invalid="true"');
  if (fields.name !== '') expect(page.html).toContain('value="Новая &lt;1>"');
  expect(await findKind('NEW')).toBeUndefined();
});

test('a kind is not changed to what it cannot be', async () => {
  const page = await visitor.get('/console/trade/kinds/code/GOLD');
  const empty = await visitor.send(page, '/console/trade/kinds/code/GOLD', { name: '' });
  expect([empty.status, empty.text]).toEqual([422, expect.stringContaining('Укажите наименование.')]);
  const payment = { purpose: 'payment', accrualPercentHundredths: '5' };
  const paid = await visitor.send(page, '/console/trade/kinds/code/GOLD', payment);
  expect([paid.status, paid.text]).toEqual([422, expect.stringContaining('У платёжной карты нет процента')]);
});

test('a kind without cards is removed after a question; one with cards says how many it has', async () => {
  const used = await visitor.get('/console/trade/kinds');
  const code = /kinds\/code\/(?!GOLD)([^"]+)"/.exec(used.html)?.[1] as string;
  const stays = await visitor.get(`/console/trade/kinds/code/${code}/remove`);
  expect(stays.text).toContain('Карт этого вида: 1.');
  expect(stays.html).not.toContain('class="danger"');
  const token = /name="_token" value="([^"]+)"/.exec(used.html)?.[1] as string;
  const refused = await visitor.post(`/console/trade/kinds/code/${code}/remove`, { _token: token });
  expect([refused.status, await findKind(code)]).toEqual([409, expect.anything()]);
  const question = await visitor.get('/console/trade/kinds/code/GOLD/remove');
  expect(question.text).toContain('Карт этого вида: 0.');
  const done = await visitor.send(question, '/console/trade/kinds/code/GOLD/remove');
  expect([done.address, done.text]).toEqual([
    '/console/trade/kinds',
    expect.stringContaining('Вид карт «Золотая» удалён.'),
  ]);
  expect((await visitor.get('/console/trade/kinds/code/GOLD')).status).toBe(404);
});

test('an auditor reads kinds and has no forms', async () => {
  const reader = await trial.visit(auditor);
  const list = await reader.get('/console/trade/kinds');
  expect([list.status, list.text.includes('Новый вид карт')]).toEqual([200, false]);
  const code = /kinds\/code\/([^"]+)"/.exec(list.html)?.[1] as string;
  const kind = await reader.get(`/console/trade/kinds/code/${code}`);
  expect([kind.status, kind.html.includes(`action="/console/trade/kinds`)]).toEqual([200, false]);
  for (const path of ['new', `code/${code}/remove`]) {
    expect((await reader.get(`/console/trade/kinds/${path}`)).status).toBe(403);
  }
  const token = /name="_token" value="([^"]+)"/.exec(list.html)?.[1] as string;
  const changed = await reader.post(`/console/trade/kinds/code/${code}`, { _token: token, name: 'x' });
  expect(changed.status).toBe(403);
});
