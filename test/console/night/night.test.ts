// Nights through the console: the runs, a preview with its export, the comparison, and running what is due.
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, tokenOf, waitForEnd, type TestingConsole, type Visitor } from '../testing-console.ts';
import { saveSetting } from '../../../src/operations/admin/save-setting.ts';
import { moment, noon } from '../../operations/testing-infobase.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({
    settings: { SUBSCRIPTION: 'extended' },
    before: {
      clock: '2026-11-22T12:00:00',
      kinds: [{ code: 'BASE' }],
      cards: [{ number: '2900000000011' }],
    },
  });
  await saveSetting(trial.service.infobase(), noon, 'stage', 'billing');
  visitor = await trial.visit();
  const page = await visitor.get('/console/trade/cards/2900000000011/accrue');
  const form = await visitor.send(page, '/console/trade/cards/2900000000011/accrue', {
    bonus: '80',
    writeOffDate: '2026-11-24',
  });
  await visitor.send(form, '/console/trade/cards/2900000000011/accrue/make');
});

afterAll(() => trial.service.stop());

test('a preview shows what would burn, and all cards of it as CSV', async () => {
  const page = await visitor.get('/console/trade/night');
  const preview = await waitForEnd(
    visitor,
    await visitor.send(page, '/console/trade/night/preview', { on: '2026-11-24' }),
  );
  expect(preview.text).toContain('Ночь за 24.11.2026');
  expect(preview.text).toContain('Сгорит бонусов 80,00');
  const file = await visitor.get('/console/trade/night/preview.csv?on=2026-11-24');
  expect(file.headers.get('content-disposition')).toContain('night-2026-11-24.csv');
  expect(file.html).toBe(
    'Карта;Сгорит бонусов;Сгорит накопления;Сгорит чеков;Начислится бонусов;Начислится накопления;Начислится чеков\n' +
      '2900000000011;80,00;0,00;0;0,00;0,00;0\n',
  );
});

test('nights that are due are run, and the run is in the list', async () => {
  trial.service.clock.at = moment('2026-11-25T12:00:00');
  const page = await visitor.get('/console/trade/night');
  const done = await waitForEnd(visitor, await visitor.send(page, '/console/trade/night/run'));
  expect(done.text).toContain('выполнено');
  const after = await visitor.get('/console/trade/night');
  expect(after.text).toContain('Последняя ночь 25.11.2026');
  const card = await visitor.get('/console/trade/cards/2900000000011');
  expect(card.text).toContain('Сумма бонусов 0,00');
  expect(card.text).toContain('истекли: 80');
});

test('the documented rule is compared with lots', async () => {
  const page = await visitor.get('/console/trade/night');
  const end = await waitForEnd(visitor, await visitor.send(page, '/console/trade/night/compare', { on: '2026-11-24' }));
  expect(end.text).toContain('Правила нигде не расходятся');
});

test.each(['preview', 'compare'])('%s without a date says what is missing', async (act) => {
  const page = await visitor.get('/console/trade/night');
  const end = await visitor.send(page, `/console/trade/night/${act}`, { on: '' });
  expect([end.status, end.text.includes('Укажите дату')]).toEqual([422, true]);
});

test('a night that is done already is refused in words', async () => {
  const page = await visitor.get('/console/trade/night');
  const end = await waitForEnd(visitor, await visitor.send(page, '/console/trade/night/preview', { on: '2026-11-01' }));
  expect(end.text).toContain('Эта ночь уже выполнена');
});

test('an auditor previews and runs nothing', async () => {
  const reader = await trial.visit(auditor);
  const page = await reader.get('/console/trade/night');
  expect(
    (await waitForEnd(reader, await reader.send(page, '/console/trade/night/preview', { on: '2026-12-24' }))).text,
  ).toContain('Ночь за');
  const sent = { _token: tokenOf(page) };
  expect((await reader.post('/console/trade/night/run', sent)).status).toBe(403);
  expect((await reader.get('/console/trade/work')).text).toContain('Предварительный расчёт');
  expect((await reader.get('/console/trade/work/nothing')).status).toBe(404);
});
