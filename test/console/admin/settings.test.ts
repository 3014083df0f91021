// Settings in the console: their meaning in both languages, changing one, the question before the stage changes, the clock of
// a test infobase.
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { settingTable } from '../../../src/ledger/settings.ts';
import { listSettings } from '../../../src/operations/admin/list-settings.ts';
import { readNightRuns } from '../../../src/operations/night/read-night-runs.ts';
import { noon } from '../../operations/testing-infobase.ts';
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, type ShownPage, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole({ settings: { SUBSCRIPTION: 'extended' } });
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

const list = '/console/trade/settings';

async function readSetting(wanted: string) {
  return (await listSettings(trial.service.infobase())).find(({ name }) => name === wanted)?.value;
}

const names = Object.keys(settingTable);

test('every setting is listed, and has a page in both languages', async () => {
  const page = await visitor.get(list);
  expect(names.filter((name) => !page.text.includes(name))).toEqual([]);
  for (const name of names) {
    const shown = await visitor.get(`${list}/${name}`);
    expect([name, shown.status]).toEqual([name, 200]);
    expect(shown.text).toMatch(/[а-я]{4}/);
  }
  expect((await visitor.get(`${list}/nothing`)).status).toBe(404);
  const english = await visitor.get(`/console/language?to=en&back=${list}/restoreTerm`);
  expect(english.text).toContain('the write-off date of bonus that a return gives back');
  expect(english.text).not.toMatch(/[а-я]/i);
  await visitor.get(`/console/language?to=ru&back=${list}`);
});

test('a setting is changed, and a value that it does not have is refused', async () => {
  const page = await visitor.get(`${list}/holdTimeout`);
  const wrong = await visitor.send(page, `${list}/holdTimeout`, { value: 'час' });
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('Такого значения нет.')]);
  expect(wrong.html).toContain('value="час"');
  const done = await visitor.send(page, `${list}/holdTimeout`, { value: '60' });
  expect([done.address, done.text]).toEqual([list, expect.stringContaining('holdTimeout: 900 → 60')]);
  expect(await readSetting('holdTimeout')).toBe('60');
  const rest = await visitor.get(`${list}/certificateRest`);
  expect(rest.text).toContain('burns — сгорает');
  await visitor.send(rest, `${list}/certificateRest`, { value: 'burns' });
  expect(await readSetting('certificateRest')).toBe('burns');
});

test('the stage changes after a page that says what tills would notice, and the name of the infobase', async () => {
  const page = await visitor.get(`${list}/stage`);
  expect(page.html).toContain(`method="get" action="${list}/stage/confirm"`);
  const question = await visitor.get(`${list}/stage/confirm?value=cards`);
  expect(question.text).toContain('ответ на каждый вызов — код 8');
  expect(question.text).toContain('С запуска сервиса обращалось 0 касс.');
  const nameless = await visitor.send(question, `${list}/stage`, { infobase: 'torg' });
  expect([nameless.status, nameless.text]).toEqual([422, expect.stringContaining('Введите имя базы «trade».')]);
  expect(await readSetting('stage')).toBe('online');
  const done = await visitor.send(nameless, `${list}/stage`, { infobase: 'trade' });
  expect([done.address, done.text]).toEqual([list, expect.stringContaining('Этап: online → cards')]);
  const back = await visitor.get(`${list}/stage/confirm?value=online`);
  expect(back.text).toContain('Кассы будут обслуживаться.');
  await visitor.send(back, `${list}/stage`, { infobase: 'trade' });
  expect(await readSetting('stage')).toBe('online');
});

test('a stage that is the present one, or that is not there, is not asked about', async () => {
  for (const value of ['online', 'sleep']) {
    const page = await visitor.get(`${list}/stage/confirm?value=${value}`);
    expect([page.status, page.text]).toEqual([422, expect.stringContaining('Выберите другой этап: сейчас online.')]);
  }
  const question = await visitor.get(`${list}/stage/confirm?value=cards`);
  const token = /name="_token" value="([^"]+)"/.exec(question.html)?.[1] as string;
  const sent = await visitor.post(`${list}/stage`, { _token: token, value: 'sleep', infobase: 'trade' });
  expect([sent.status, await readSetting('stage')]).toEqual([422, 'online']);
});

test('what the rules forbid is said with the reason', async () => {
  const role = await visitor.get(`${list}/role`);
  await visitor.send(role, `${list}/role`, { value: 'branch' });
  const question = await visitor.get(`${list}/stage/confirm?value=billing`);
  expect(question.text).toContain('billing is switched on at the central base');
  await visitor.send(role, `${list}/role`, { value: 'central' });
});

test('an ordinary infobase has no clock to move', async () => {
  const page = await visitor.get(list);
  expect(page.html).not.toContain('id="clock"');
  const token = /name="_token" value="([^"]+)"/.exec(page.html)?.[1] as string;
  for (const act of ['set', 'advance']) {
    const sent = await visitor.post(`${list}/clock/${act}`, { _token: token, days: '1', to: '01.01.2027' });
    expect(sent.status).toBe(404);
  }
});

test('the clock of a test infobase is set forward only, and moves on with the nights on its way', async () => {
  const infobase = trial.service.infobase();
  await giveTestClock(infobase, noon);
  const billing = await visitor.get(`${list}/stage/confirm?value=billing`);
  expect(billing.text).toContain('Биллинг откроется с 22.11.2026');
  await visitor.send(billing, `${list}/stage`, { infobase: 'trade' });
  const page = await visitor.get(list);
  expect(page.text).toContain('Часы стоят на 22.11.2026 12:00:00');
  const earlier = await visitor.send(page, `${list}/clock/set`, { to: '22.11.2026 11:00' });
  expect([earlier.status, earlier.text]).toEqual([422, expect.stringContaining('Часы переводятся только вперёд.')]);
  const odd = await visitor.send(page, `${list}/clock/set`, { to: 'завтра' });
  expect([odd.status, odd.text]).toEqual([422, expect.stringContaining('Ожидаются дата и время')]);
  const set = await visitor.send(page, `${list}/clock/set`, { to: '22.11.2026 13:00' });
  expect(set.text).toContain('Часы стоят на 22.11.2026 13:00:00. Ночей к выполнению: 1.');
  const many = await visitor.send(set, `${list}/clock/advance`, { days: '9999' });
  expect([many.status, many.text]).toEqual([422, expect.stringContaining('Ожидается число дней от 1 до 3653.')]);
  const moved = await visitor.send(set, `${list}/clock/advance`, { days: '3' });
  expect(moved.text).toContain('Перевод часов на 25.11.2026 13:00:00');
  expect((await waitForWork(moved)).text).toContain('выполнено');
  expect(infobase.testNow).toBe('2026-11-25T13:00:00');
  const { runs } = await readNightRuns(infobase, 10, true);
  expect(runs.map(({ businessOn }) => businessOn)).toEqual(['2026-11-25', '2026-11-24', '2026-11-23', '2026-11-22']);
  const closes = await visitor.get(`${list}/stage/confirm?value=online`);
  expect(closes.text).toContain('Документов у биллинга нет: он закроется, ничего не удалив.');
});

/** The page of the work once that has ended. */
async function waitForWork(started: ShownPage): Promise<ShownPage> {
  let page = started;
  while (page.html.includes('hx-trigger="every 2s"')) page = await visitor.get(page.address);
  return page;
}

test('an auditor reads settings and has no forms', async () => {
  const reader = await trial.visit(auditor);
  const page = await reader.get(list);
  expect(page.text).toContain('Часы стоят на');
  expect(page.html).not.toContain(`action="${list}`);
  const stage = await reader.get(`${list}/stage`);
  expect([stage.status, stage.html.includes(`action="${list}`)]).toEqual([200, false]);
  expect((await reader.get(`${list}/stage/confirm?value=cards`)).status).toBe(403);
});
