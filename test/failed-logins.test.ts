// The line about failed logins: when it is written, what it counts, how long it can be, what of a name it shows.
import { countFailedLogins, type FailedLoginsLine, type InfobaseFailure } from '../src/failed-logins.ts';

let lines: FailedLoginsLine[];
/** What is to run later, and when. */
let later: { readonly run: () => void; readonly ms: number }[];

beforeEach(() => {
  lines = [];
  later = [];
});

function open() {
  return countFailedLogins(
    (line) => void lines.push(line),
    (run, ms) => void later.push({ run, ms }),
  );
}

const failure: InfobaseFailure = {
  infobase: 'trade',
  address: '10.0.0.1',
  name: 'till',
  isKnownName: true,
  isChecked: true,
};

const nameOf = (name: string, isKnownName = true): string | undefined => {
  const logins = open();
  logins.note({ ...failure, name, isKnownName });
  logins.end();
  return lines.at(-1)?.by[0]?.name;
};

test('one line a period, begun by its first failure', () => {
  const logins = open();
  for (let index = 0; index < 100; index += 1) logins.note(failure);
  logins.note({ ...failure, address: '10.0.0.2', isChecked: false });
  expect([lines.length, later.map(({ ms }) => ms)]).toEqual([0, [60_000]]);
  later[0]?.run();
  expect(lines).toEqual([
    {
      seconds: 60,
      count: 101,
      unchecked: 1,
      by: [
        { infobase: 'trade', address: '10.0.0.1', name: 'till', count: 100 },
        { infobase: 'trade', address: '10.0.0.2', name: 'till', count: 1 },
      ],
      others: 0,
    },
  ]);
  logins.note(failure);
  later[1]?.run();
  expect(lines[1]).toMatchObject({ count: 1, unchecked: 0, others: 0 });
});

test('what has been counted is written at the end; without a failure there is no line', () => {
  const logins = open();
  logins.end();
  logins.note(failure);
  logins.end();
  logins.end();
  later[0]?.run();
  expect(lines.map(({ count }) => count)).toEqual([1]);
});

test('names without end make a line of one length, and none of them is lost from the count', () => {
  const logins = open();
  for (let index = 0; index < 50_000; index += 1) {
    logins.note({ ...failure, name: `${index}-${'x'.repeat(90)}`, isKnownName: false, address: `10.0.${index % 7}.1` });
  }
  for (let index = 0; index < 30; index += 1) logins.note({ ...failure, name: 'Yes' });
  logins.end();
  const [line] = lines;
  expect([line?.count, line?.by.length]).toEqual([50_030, 20]);
  expect((line?.by ?? []).reduce((sum, { count }) => sum + count, line?.others ?? 0)).toBe(50_030);
  expect(JSON.stringify(line).length).toBeLessThan(2_500);
});

test.each([
  ['Касса № 1', true, 'Касса № 1'],
  ['a'.repeat(100), true, `${'a'.repeat(40)}…`],
  ['пароль вместо имени', false, 'па****ни'],
  ['a'.repeat(100_000), false, 'aa****aa'],
  ['абвгдеж', false, '********'],
  ['', false, '********'],
])('of the name %j (a user: %j) it shows %j', (name, isKnownName, shown) => {
  expect(nameOf(name, isKnownName)).toBe(shown);
});

test('what a terminal would obey is written as its code', () => {
  expect(nameOf('a\u001b[2Jb\u0000\u009b\u202e\u2028\u200b')).toBe(
    'a\\u{1b}[2Jb\\u{0}\\u{9b}\\u{202e}\\u{2028}\\u{200b}',
  );
});
