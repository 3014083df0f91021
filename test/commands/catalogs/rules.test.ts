// `kkm rules` and the choice of rules by `kkm kinds`: what is told, and every refusal in one line.
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine();
});
afterEach(() => line.close());

const setBonus = (...args: string[]) =>
  line.run('rules', 'set', 'B14', '--register', 'bonus', '--name', 'Две недели', '--life', 'days:14', ...args);

test('set, set a part, list, remove', async () => {
  expect(await setBonus('--delay', 'days:3')).toEqual({
    code: 0,
    out: ['rule of life "B14" added: "Две недели", bonus, delay days:3, life days:14 from the credit'],
    err: [],
  });
  expect((await line.run('rules', 'set', 'B14', '--life', 'months:1', '--delay', 'none')).out).toEqual([
    'rule of life "B14" changed: "Две недели", bonus, delay none, life months:1 from the credit',
    'earlier accruals keep their dates',
  ]);
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая', '--bonus-rule', 'B14');
  const rule = { code: 'B14', name: 'Две недели', register: 'bonus', lifeFrom: 'credit', delay: 'none' };
  expect(await line.runJson('rules', 'list')).toEqual([{ ...rule, life: 'months:1', kinds: ['BASE'] }]);
  expect((await line.run('rules', 'list')).out[1]).toMatch(/^B14 .* bonus +none +months:1 +credit +BASE$/);
  expect(await line.run('rules', 'remove', 'B14')).toMatchObject({
    code: 1,
    err: ['kkm rules remove: rule of life "B14" was not removed: card kinds use it (BASE)'],
  });
  await line.run('kinds', 'set', 'BASE', '--bonus-rule', 'none');
  expect((await line.run('rules', 'remove', 'B14')).out).toEqual(['rule of life "B14" removed']);
  expect(await line.run('rules', 'remove', 'B14')).toMatchObject({ code: 1 });
  expect((await line.run('rules', 'list')).out).toEqual([expect.stringContaining('accruals never expire')]);
});

test('kinds tell the rules they have chosen', async () => {
  await setBonus();
  await line.run('rules', 'set', 'A1', '--register', 'accumulation', '--name', 'Месяц', '--life', 'months:1');
  const chosen = ['--bonus-rule', 'B14', '--accumulation-rule', 'A1'];
  expect((await line.run('kinds', 'set', 'BASE', '--name', 'Базовая', ...chosen)).out).toEqual([
    expect.stringContaining('rules: bonus B14, accumulation A1'),
  ]);
  expect(await line.runJson('kinds', 'list')).toMatchObject([{ bonusRule: 'B14', accumulationRule: 'A1' }]);
  expect((await line.run('kinds', 'list')).out[1]).toMatch(/ B14 +A1 +0$/);
});

test.each([
  [['--name', 'R', '--life', 'days:1'], '--register is missing: a new rule needs a register'],
  [['--name', 'R', '--register', 'bonus'], '--life is missing: a new rule needs a life'],
  [['--life', 'days:1', '--register', 'bonus'], '--name is missing: a new rule needs a name'],
])('a new rule of %j lacks a flag', async (flags, told) => {
  await setBonus();
  const { code, out, err } = await line.run('rules', 'set', 'R', ...flags);
  expect([code, out, err[0]]).toEqual([2, [], `kkm rules set: ${told}`]);
});

test.each([
  [
    ['rules', 'set', 'R', '--name', 'R', '--register', 'bonus', '--life', 'fixed_date:2020-01-01'],
    '--life: the fixed date 2020-01-01 is not after',
  ],
  [['rules', 'set', 'B14', '--delay', 'days:14', '--life-from', 'operation'], '--life: the delay reaches the life'],
  [['rules', 'set', 'R R', '--name', 'R', '--register', 'bonus', '--life', 'days:1'], 'CODE: a code has 1 to 50'],
  [['kinds', 'set', 'K', '--name', 'K', '--bonus-rule', 'R'], '--bonus-rule: there is no rule of life "R"'],
  [['kinds', 'set', 'K', '--name', 'K', '--accumulation-rule', 'B14'], '--accumulation-rule: rule "B14" is of'],
])('%j is refused', async (args, told) => {
  await setBonus();
  const { code, out, err } = await line.run(...args);
  expect([code, out, err]).toEqual([1, [], [expect.stringContaining(told)]]);
});

test('a dry run tells what would be, and writes nothing', async () => {
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  expect((await setBonus('--dry-run')).out).toEqual([expect.stringContaining('"B14" would be added')]);
  expect(await line.runJson('rules', 'list')).toEqual([]);
});
