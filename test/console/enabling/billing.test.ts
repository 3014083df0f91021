// Switching billing on and off through the console, as the source's form has it.
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, tokenOf, waitForEnd, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({
    settings: { SUBSCRIPTION: 'extended' },
    before: {
      clock: '2026-11-22T12:00:00',
      cards: [{ number: '2900000000011' }],
      receipts: [
        {
          kind: 'Sale',
          kkm: 'K1',
          shift: 1,
          number: 1,
          at: '2026-11-20T10:00:00',
          card: '2900000000011',
          sum: '100',
          accrued: '10',
        },
      ],
    },
  });
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

test('billing is switched on: date, question, exclusive mode, the list; then off with three confirmations', async () => {
  const form = await visitor.get('/console/trade/billing');
  expect(form.text).toContain('система биллинга дисконтных карт выключена');
  expect(form.text).toContain('ПЕРЕПРОВЕДЕНЫ ДОКУМЕНТЫ НАЧИНАЯ С УКАЗАННОЙ ДАТЫ');
  expect(form.html).toContain('value="2026-11-01"');
  const question = await visitor.send(form, '/console/trade/billing/ask');
  expect(question.text).toContain('Вы готовы начать перенос данных в систему биллинга дисконтных карт?');
  const without = await visitor.send(question, '/console/trade/billing/enable');
  expect([without.status, without.text.includes('Включите монопольный режим')]).toEqual([422, true]);
  expect(without.text).toContain('Вы готовы начать перенос данных');
  const done = await visitor.send(question, '/console/trade/billing/enable', { exclusive: 'yes' });
  expect(done.address).toBe('/console/trade/billing/repost');
  expect(done.text).toContain('Перенос данных начат. Включение биллинга может занять продолжительное время');
  const list = await waitForEnd(visitor, done);
  expect(list.text).toContain('Перенос данных завершен');
  expect(list.text).toContain('1 из 1');
  expect((await visitor.get('/console/trade/billing')).text).toContain('система биллинга дисконтных карт включена');
  const off = await visitor.get('/console/trade/billing/disable');
  expect(off.text).toContain('будут физически уничтожены');
  const two = await visitor.send(off, '/console/trade/billing/disable', { name: 'trade', startOn: '2026-11-01' });
  expect([two.status, two.text.includes('нужны все три подтверждения')]).toEqual([422, true]);
  const all = { name: 'trade', startOn: '2026-11-01', destroy: 'yes' };
  const end = await waitForEnd(visitor, await visitor.send(off, '/console/trade/billing/disable', all));
  expect(end.text).toContain('выполнено');
  const after = await visitor.get('/console/trade/billing/disable');
  expect(after.text).toContain('Биллинг выключен: удалять нечего');
});

test.each([
  ['', 'Укажите дату начала'],
  ['2026-12-31', 'start'],
])('a start date %p is refused beside the form', async (startOn, why) => {
  const form = await visitor.get('/console/trade/billing');
  const page = await visitor.send(form, '/console/trade/billing/ask', { startOn });
  expect(page.status).toBe(422);
  expect(page.html).toContain('role="alert"');
  expect(page.text).toContain(why);
});

test('an auditor sees the status, and no button', async () => {
  const reader = await trial.visit(auditor);
  for (const tab of ['', '/repost', '/disable']) {
    const page = await reader.get(`/console/trade/billing${tab}`);
    expect([tab, page.status, page.html.includes('action="/console/trade/billing')]).toEqual([tab, 200, false]);
  }
});

test('pausing what does not run changes nothing, and a failed document that is not there is named', async () => {
  const sent = { _token: tokenOf(await visitor.get('/console/trade/billing')) };
  expect((await visitor.post('/console/trade/billing/pause', sent)).status).toBe(200);
  const page = await visitor.post('/console/trade/billing/continue', sent);
  expect(page.status).toBe(200);
  await saveSetting(trial.service.infobase(), trial.service.clock.at, 'stage', 'online');
});
