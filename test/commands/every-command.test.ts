// What holds for every command there is, found by asking the command line itself: help, mistakes of usage, one shape of
// failure for machines, a dry run wherever something is written.
import { readdirSync } from 'node:fs';
import { listCommands, openTestingLine, type TestingLine } from './testing-io.ts';

let line: TestingLine;
beforeEach(() => {
  line = openTestingLine();
});
afterEach(() => line.close());

const strange = '--no-such-flag';

test('there are some', async () => {
  const names = (await listCommands(line)).map((words) => words.join(' '));
  expect(names.length).toBeGreaterThan(50);
  expect(names).toEqual(
    expect.arrayContaining(['serve', 'demo', 'user add', 'receipts flagged', 'cards debts', 'doctor']),
  );
});

test.each(['--help', '-h'])('%s helps with each, and ends with 0', async (help) => {
  for (const words of await listCommands(line)) {
    const { code, out, err } = await line.run(...words, help);
    expect([words, code, err, out[0]?.startsWith(`kkm ${words.join(' ')}`)]).toEqual([words, 0, [], true]);
    // Whatever else stands there.
    const busy = ['a', '--json', strange, help];
    expect((await line.run(...words, ...busy)).out).toEqual(out);
    expect((await line.run('help', ...words)).out).toEqual(out);
    if (words.length === 2) expect((await line.run(words[0] ?? '', help)).out).toContain(out[0]);
  }
});

test('a flag that is not there ends each with 2, and with --json in the one shape of a failure', async () => {
  for (const words of await listCommands(line)) {
    const name = `kkm ${words.join(' ')}`;
    const { code, out, err } = await line.run(...words, strange);
    expect([name, code, out, err[0]]).toEqual([name, 2, [], `${name}: there is no flag ${strange}`]);
    const failed = await line.run(...words, strange, '--json');
    expect([name, failed.code, failed.out.length]).toEqual([name, 2, 1]);
    expect(JSON.parse(failed.out[0] ?? '')).toEqual({
      ok: false,
      code: 'usage',
      field: strange,
      message: `there is no flag ${strange}`,
    });
  }
  expect(readdirSync(line.dataDir)).toEqual([]);
});

test('a value or a flag that each needs and has not ends it with 2, before anything is opened', async () => {
  let missing = 0;
  for (const words of await listCommands(line)) {
    // These two would begin their work.
    if (words[0] === 'serve' || words[0] === 'demo') continue;
    const { code, err } = await line.run(...words);
    const isTold = /(is|are) missing|give (either )?--/.test(err[0] ?? '');
    expect([words, code, isTold]).toEqual([words, isTold ? 2 : expect.any(Number), isTold]);
    // What needs nothing found no database, or has nothing to do with one.
    if (!isTold) expect([words, code === 2 ? err : []]).toEqual([words, []]);
    missing += Number(isTold);
  }
  expect(missing).toBeGreaterThan(25);
  expect(readdirSync(line.dataDir)).toEqual([]);
});

/** Those that write nothing to an infobase; serve and demo have nothing to undo, replay writes through a service. */
const readers =
  /^(serve|demo|replay|jobs|backup|seals make|doctor|changes|report .*|contract .*)$| (list|get|show|status|reports|report|tie-out|flagged|debts|preview|compare|kinds|unknown)$/;

test('each that writes has --dry-run, and no other', async () => {
  for (const words of await listCommands(line)) {
    const name = words.join(' ');
    const { out } = await line.run(...words, '--help');
    const hasDryRun = out.some((text) => text.trim().startsWith('--dry-run '));
    expect([name, hasDryRun]).toEqual([name, !readers.test(name)]);
  }
});

test.each([
  [['usr', 'list'], 'kkm: there is no command "usr" (did you mean "user"?)'],
  [['certif'], 'kkm: there is no command "certif" (did you mean "certificates"?)'],
  [['zzz'], 'kkm: there is no command "zzz"'],
  [['kinds', 'lst'], 'kkm kinds: there is no "lst" (did you mean "list"?)'],
  [['cards', 'shwo', '1'], 'kkm cards: there is no "shwo" (did you mean "show"?)'],
  [['serve', '--prot', '1'], 'kkm serve: there is no flag --prot (did you mean "--port"?)'],
  [
    ['cards', 'show', '1', '--movement', '3'],
    'kkm cards show: there is no flag --movement (did you mean "--movements"?)',
  ],
  [['cards', 'range', '--dry'], 'kkm cards range: there is no flag --dry (did you mean "--dry-run"?)'],
  [['settings', 'set', 'Stage', 'cards'], 'kkm settings set: there is no setting "Stage" (did you mean "stage"?)'],
])('%j: did you mean', async (args, told) => {
  const { code, out, err } = await line.run(...args);
  expect([code, out]).toEqual([2, []]);
  expect(err[0]?.startsWith(told)).toBe(true);
});
