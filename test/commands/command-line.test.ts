// The command line itself: usage, flags, exit codes, and which infobase a command works on.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readdirSync } from 'node:fs';
import { openTestingLine, type TestingLine } from './testing-io.ts';

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine({ INFOBASES: 'trade,branch' });
});
afterEach(() => line.close());

test.each([[['--help']], [['-h']], [['help']]])('%j lists every command', async (args) => {
  const { code, out, err } = await line.run(...args);
  expect([code, err]).toEqual([0, []]);
  for (const command of ['serve', 'demo', 'user', 'kinds', 'cards', 'settings', 'replay', 'doctor']) {
    expect(out.join('\n')).toMatch(new RegExp(`^  ${command} `, 'm'));
  }
});

test('the version is that of the package', async () => {
  expect(await line.run('--version')).toMatchObject({ code: 0, out: [expect.stringMatching(/^\d+\.\d+\.\d+$/)] });
});

test.each([
  [['user', '--help'], 'kkm user add NAME --role till|admin|auditor [--password-stdin'],
  [['user', 'add', '--help'], '--password-stdin'],
  [['kinds', 'set', '--help'], '--max-redeem-percent N'],
  [['cards', 'range', '--help'], '2900000000001'],
  [['cards', 'import', '--help'], '«Номер карты»'],
  [['cards', 'set', '--help'], 'number=29001..29099'],
  [['cards', 'show', '--help'], '--at DATETIME'],
  [['settings', 'set', '--help'], 'holdTimeout'],
  [['doctor', '--help'], 'exit code 1'],
])('%j tells %s', async (args, text) => {
  const { code, out } = await line.run(...args);
  expect([code, out.join('\n')]).toEqual([0, expect.stringContaining(text)]);
});

test.each([
  [[], 'a command is missing'],
  [['usr'], 'there is no command "usr"'],
  [['toString'], 'there is no command "toString"'],
  [['user'], 'a subcommand is missing'],
  [['user', 'rename'], 'there is no "rename"'],
  [['user', 'constructor'], 'there is no "constructor"'],
  [['user', 'add', '--role', 'till'], 'NAME is missing'],
  [['user', 'add', 'a', 'b', '--role', 'till'], '"b" is one value too many'],
  [['user', 'add', 'a'], '--role ROLE is missing'],
  [['user', 'add', 'a', '--role'], '--role needs ROLE'],
  [['user', 'add', 'a', '--role', '--update'], '--role needs ROLE'],
  [['user', 'add', 'a', '--role', 'boss'], '--role: expected one of till, admin, auditor, got "boss"'],
  [['user', 'add', 'a', '--role', 'till', '--role', 'admin'], '--role is given twice'],
  [['user', 'add', 'a', '--role', 'till', '--password', 'x'], 'there is no flag --password'],
  [['user', 'add', 'a', '--role', 'till', '--update=yes'], '--update takes no value'],
  [['user', 'list', '-x'], 'there is no flag -x'],
  [['kinds', 'set', 'A', '--purpose', 'gift'], '--purpose: expected discount or payment'],
  [['kinds', 'set', 'A', '--discount', 'fixed:101'], '--discount: expected none, fixed:PERCENT'],
  [['kinds', 'set', 'A', '--discount', 'half'], '--discount: expected none, fixed:PERCENT'],
  [['kinds', 'set', 'A', '--max-redeem-percent', '1.234'], '--max-redeem-percent: expected 0 to 100'],
  [['rules', 'set'], 'CODE is missing'],
  [['rules', 'set', 'R', '--register', 'money'], '--register: expected bonus or accumulation, got "money"'],
  [['rules', 'set', 'R', '--life', 'days:0'], '--life: expected one such as unlimited, days:20'],
  [['rules', 'set', 'R', '--delay', 'days:-1'], '--delay: expected one such as none, days:14'],
  [['rules', 'set', 'R', '--life-from', 'birth'], '--life-from: expected credit or operation, got "birth"'],
  [['cards', 'range', '--to', '9', '--kind', 'A'], '--from N is missing'],
  [['cards', 'set', 'status=blocked'], '--where is missing or empty'],
  [['cards', 'set', '--where', ' , ', 'status=blocked'], '--where is missing or empty'],
  [['cards', 'set', '--all', '--where', 'kind=A', 'status=blocked'], 'exclude each other'],
  [['cards', 'set', '--all'], 'field=value... is missing'],
  [['cards', 'show', '1', '--at', 'yesterday'], '--at: expected'],
  [['cards', 'show', '1', '--movements', '-1'], '--movements needs N'],
  [['cards', 'show', '1', '--movements=-1'], '--movements: expected'],
  [['settings', 'set', 'stage', 'sold'], 'stage: expected one of: cards, online'],
  [['settings', 'set', 'colour', 'red'], 'no setting "colour"'],
  [['doctor', 'all'], '"all" is one value too many'],
])('%j is a mistake of usage', async (args, told) => {
  const { code, out, err } = await line.run(...args);
  expect([code, out, err[0]]).toEqual([2, [], expect.stringContaining(told)]);
  expect(readdirSync(line.dataDir)).toEqual([]);
});

test('the first infobase is worked on unless another is named', async () => {
  await line.run('kinds', 'set', 'A', '--name', 'A');
  await line.run('kinds', 'set', 'B', '--name', 'B', '--infobase', 'branch');
  expect(await line.runJson('kinds', 'list')).toMatchObject([{ code: 'A' }]);
  expect(await line.runJson('kinds', 'list', '--infobase', 'branch')).toMatchObject([{ code: 'B' }]);
});

test.each([[['user', 'list']], [['kinds', 'list']], [['cards', 'show', '1']], [['settings', 'list']]])(
  '%j makes no database',
  async (args) => {
    const { code, err } = await line.run(...args);
    expect([code, err]).toEqual([1, [expect.stringContaining('infobase "trade" has no database yet')]]);
    expect(existsSync(join(line.dataDir, 'trade.sqlite'))).toBe(false);
  },
);

test.each(['other', '../trade', 'trade.sqlite', '', '/etc/passwd'])('infobase %j is refused', async (name) => {
  const { code, err } = await line.run('kinds', 'set', 'A', '--name', 'A', `--infobase=${name}`);
  expect([code, err]).toEqual([1, [expect.stringContaining(`there is no infobase "${name}"`)]]);
  expect(readdirSync(line.dataDir)).toEqual([]);
});

test('an infobase that is no more configured is worked on while its file is there', async () => {
  await (await line.open('old')).close();
  expect((await line.run('kinds', 'list', '--infobase', 'old')).code).toBe(0);
});

test('another data folder may be named', async () => {
  const folder = join(line.dataDir, 'other');
  expect((await line.run('settings', 'set', 'stage', 'cards', '--data-dir', folder)).code).toBe(0);
  expect(existsSync(join(folder, 'trade.sqlite'))).toBe(true);
});

test('a file that is no database is told in one line', async () => {
  writeFileSync(join(line.dataDir, 'trade.sqlite'), 'a text of some length, and no database at all'.repeat(50));
  const { code, err } = await line.run('kinds', 'list');
  expect([code, err]).toEqual([1, [expect.stringContaining('cannot be opened: file is not a database')]]);
});

test('wrong settings of the process are told, all of them', async () => {
  const wrong = openTestingLine({ TIMEZONE: 'Mars', PORT: 'high' });
  const { code, err } = await wrong.run('kinds', 'list');
  expect([code, err.join('\n')]).toEqual([2, expect.stringMatching(/KKM_PORT[^]*KKM_TIMEZONE/)]);
  await wrong.close();
});
