// Scheduled jobs in the console: who runs them, when, with what result, and why not.
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, type TestingConsole } from '../testing-console.ts';

let trial: TestingConsole;

afterEach(() => trial.service.stop());

test('a job that is not run says why', async () => {
  trial = await startConsole();
  const page = await (await trial.visit(auditor)).get('/console/trade/jobs');
  expect(page.status).toBe(200);
  expect(page.text).toContain('Биллинг: дисконтные карты - ночной регламент');
  expect(page.text).toContain('Биллинг выключен: ночной регламент не выполняется.');
  expect(page.text).toContain('Папка обмена не задана (KKM_EXCHANGE_DIR).');
});

test('a night that has run is shown with its figures, and the service that runs it as up', async () => {
  trial = await startConsole({ settings: { SUBSCRIPTION: 'extended', NIGHT_CRON: '0 2 * * *' } });
  const visitor = await trial.visit();
  const question = await visitor.get('/console/trade/settings/stage/confirm?value=billing');
  await visitor.send(question, '/console/trade/settings/stage', { infobase: 'trade' });
  const night = await visitor.get('/console/trade/night');
  const run = await visitor.send(night, '/console/trade/night/run');
  for (let page = run; page.html.includes('hx-trigger="every 2s"');) page = await visitor.get(page.address);
  const page = await visitor.get('/console/trade/jobs');
  expect(page.text).toContain('0 2 * * * (Europe/Moscow) 22.11.2026 12:00:00');
  expect(page.text).toContain('Ночь за 22.11.2026 выполнена: списаний 0, начислений 0');
  expect(page.text).toContain('работает');
  expect((await visitor.get('/console/language?to=en&back=/console/trade/jobs')).text).toContain(
    'Night of 22.11.2026 done: write-offs 0, accruals 0',
  );
});
