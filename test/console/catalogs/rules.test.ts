// Rules of life in the console: what a rule would make of an accrual of today, making, changing, removing.
import { listLifeRules } from '../../../src/operations/catalogs/list-life-rules.ts';
import { saveCardKind } from '../../../src/operations/catalogs/save-card-kind.ts';
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, type TestingConsole, type Visitor } from '../testing-console.ts';

let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  trial = await startConsole();
  visitor = await trial.visit();
});

afterAll(() => trial.service.stop());

const list = '/console/trade/rules';

async function findRule(code: string) {
  return (await listLifeRules(trial.service.infobase())).find((rule) => rule.code === code);
}

test('a rule is made, and says what becomes of an accrual of today', async () => {
  expect((await visitor.get(list)).text).toContain('Правил ещё нет: начисленное не сгорает.');
  const form = await visitor.get(`${list}/new`);
  const fields = { code: 'B20', name: 'Двадцать дней', life: 'days:20', delay: 'days:14' };
  const done = await visitor.send(form, `${list}/new`, fields);
  expect([done.status, done.address]).toEqual([200, `${list}/code/B20`]);
  // Today is 22.11.2026: 14 days to the credit, 20 of life.
  expect(done.text).toContain(
    'Начисленное 22.11.2026 зачисляется 06.12.2026, последний день — 25.12.2026, сгорает ночью 26.12.2026.',
  );
  expect(await findRule('B20')).toEqual({
    code: 'B20',
    name: 'Двадцать дней',
    register: 'bonus',
    delay: { sort: 'days', count: 14 },
    life: { sort: 'days', count: 20 },
    lifeFrom: 'credit',
    kinds: [],
  });
});

test.each([
  ['days:1', 'none', '1 день'],
  ['months:3', 'next_month', '3 месяца'],
  ['years:5', 'months:1', '5 лет'],
  ['unlimited', 'none', 'бессрочно'],
  ['end_of_month:0', 'none', 'до конца месяца'],
  ['end_of_quarter:2', 'none', 'до конца квартала и ещё 2 квартала'],
  ['end_of_year:1', 'none', 'до конца года и ещё 1 год'],
  ['fixed_date:2030-01-01', 'none', 'до 01.01.2030'],
])('a life of %s after a delay of %s is shown in words: %s', async (life, delay, words) => {
  const form = await visitor.get(`${list}/new`);
  const code = life.replaceAll(/[^a-z0-9]/g, '-');
  await visitor.send(form, `${list}/new`, { code, name: code, register: 'accumulation', life, delay });
  expect((await visitor.get(list)).text).toContain(words);
});

test('the example follows what is typed, and waits for a life that can be read', async () => {
  const typed = await visitor.get(`${list}/example?life=months%3A1&delay=none&lifeFrom=operation`);
  expect(typed.text).toContain('сгорает ночью 22.12.2026.');
  expect((await visitor.get(`${list}/example?life=mont`)).text).toContain('Пример появится, когда указан срок.');
  expect((await visitor.get(`${list}/example?life=unlimited`)).text).toContain('и не сгорает.');
});

test.each([
  [{ code: '' }, 'Укажите код.'],
  [{ code: 'none' }, '«none» занят'],
  [{ code: 'B20' }, 'Правило с таким кодом уже есть.'],
  [{ name: '' }, 'Укажите наименование.'],
  [{ life: '20 дней' }, 'Ожидается срок, например days:20'],
  [{ delay: 'days:x' }, 'Ожидается none, days:14'],
  [{ life: 'fixed_date:2026-11-01' }, 'или дата уже прошла'],
])('a new rule with %o is refused beside its field', async (wrong, why) => {
  const form = await visitor.get(`${list}/new`);
  const page = await visitor.send(form, `${list}/new`, { code: 'R1', name: 'Новое', life: 'days:5', ...wrong });
  expect([page.status, page.text]).toEqual([422, expect.stringContaining(why)]);
  expect(page.html).toContain('aria-invalid="true"');
  expect(await findRule('R1')).toBeUndefined();
});

test('a rule is changed; its register stays while a kind uses it, and so does the rule', async () => {
  await saveCardKind(trial.service.infobase(), { code: 'BASE', name: 'Базовая', bonusRuleCode: 'B20' });
  const path = `${list}/code/B20`;
  const page = await visitor.get(path);
  const other = await visitor.send(page, path, { register: 'accumulation' });
  expect([other.status, other.text]).toEqual([422, expect.stringContaining('регистр у него остаётся прежним')]);
  const wrong = await visitor.send(page, path, { life: '' });
  expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('Ожидается срок')]);
  const done = await visitor.send(page, path, { name: 'Тридцать', life: 'days:30' });
  expect(done.text).toContain('Правило записано.');
  expect(await findRule('B20')).toMatchObject({ name: 'Тридцать', life: { sort: 'days', count: 30 } });
  const question = await visitor.get(`${path}/remove`);
  expect(question.text).toContain('Правило выбрали виды карт: BASE');
  const token = /name="_token" value="([^"]+)"/.exec(question.html)?.[1] as string;
  expect((await visitor.post(`${path}/remove`, { _token: token })).status).toBe(409);
  expect(await findRule('B20')).toBeDefined();
});

test('a rule that no kind uses is removed after a question', async () => {
  const path = `${list}/code/unlimited/remove`;
  const done = await visitor.send(await visitor.get(path), path);
  expect([done.address, done.text]).toEqual([list, expect.stringContaining('Правило «unlimited» удалено.')]);
  expect((await visitor.get(`${list}/code/unlimited`)).status).toBe(404);
});

test('an auditor reads rules and has no forms', async () => {
  const reader = await trial.visit(auditor);
  expect((await reader.get(list)).text).not.toContain('Новое правило');
  const rule = await reader.get(`${list}/code/B20`);
  expect([rule.status, rule.html.includes(`action="${list}`)]).toEqual([200, false]);
  for (const path of ['new', 'code/B20/remove']) expect((await reader.get(`${list}/${path}`)).status).toBe(403);
});
