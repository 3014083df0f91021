// A date is typed as 2026-11-22 or 22.11.2026, whichever command asks for it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestingLine, type TestingLine } from './testing-io.ts';

let line: TestingLine;
beforeAll(async () => {
  line = openTestingLine();
  await line.run('infobase', 'create', 'trade', '--test', '--at', '2026-11-03T12:00:00');
  await line.run('rules', 'set', 'R', '--register', 'bonus', '--name', 'x', '--life', 'days:10');
  await line.run('kinds', 'set', 'BASE', '--name', 'x');
  await line.run('cards', 'range', '--from', '2911', '--to', '2911', '--kind', 'BASE');
  await line.run('settings', 'set', 'stage', 'billing');
  await line.run('infobase', 'create', 'online', '--test', '--at', '2026-11-03T12:00:00');
  await line.run('settings', 'set', 'stage', 'online', '--infobase', 'online');
  writeFileSync(join(line.dataDir, 'opening.csv'), 'card;bonus\n2911;5\n');
});
afterAll(() => line.close());

const commands: readonly (readonly [date: string, args: (date: string) => readonly string[]])[] = [
  ['2026-11-01', (on) => ['billing', 'enable', '--start-date', on, '--dry-run', '--infobase', 'online']],
  ['2026-11-03', (on) => ['night', 'run', '--date', on, '--dry-run']],
  ['2026-11-05', (on) => ['night', 'preview', '--date', on]],
  ['2026-11-04', (on) => ['night', 'compare', '--date', on]],
  ['2026-11-01', (on) => ['receipts', 'reports', '--from', on]],
  ['2026-11-02', (on) => ['receipts', 'tie-out', '--to', on]],
  ['2026-11-02', (on) => ['cards', 'show', '2911', '--at', on]],
  ['2026-12-01', (on) => ['cards', 'set', '--where', `validTo=..${on}`, 'status=blocked', '--dry-run']],
  ['2026-12-01', (on) => ['cards', 'set', '--where', 'number=2911', `validTo=${on}`, '--dry-run']],
  ['2026-11-03', (on) => ['document', 'accrual', '--card', '2911', '--bonus', '1', '--credit-date', on, '--dry-run']],
  [
    '2026-12-01',
    (on) => ['document', 'accrual', '--card', '2911', '--bonus', '1', '--write-off-date', on, '--dry-run'],
  ],
  ['2027-12-01', (on) => ['rules', 'set', 'F', '--register', 'bonus', '--name', 'x', '--life', `fixed_date:${on}`]],
  ['2027-12-01', (on) => ['certificates', 'set-kind', 'G', '--name', 'x', '--life', `fixed_date:${on}`]],
  ['2026-11-02', (on) => ['import', 'opening.csv', '--document', 'opening-balance', '--date', on, '--dry-run']],
  ['2026-11-05', (on) => ['clock', 'advance', '--to', on, '--dry-run']],
  ['2026-11-04', (on) => ['clock', 'set', on, '--infobase', 'online']],
];

const toRussian = (date: string): string => date.split('-').toReversed().join('.');

test.each(commands.map(([date, args]) => [args('D').join(' '), date, args] as const))(
  '%s',
  async (_name, date, args) => {
    const run = (on: string) =>
      line.run(...args(on).map((arg) => (arg === 'opening.csv' ? join(line.dataDir, arg) : arg)));
    const typed = await run(toRussian(date));
    expect([typed.code, typed.err]).toEqual([0, []]);
    const wrong = await run('31.02.2026');
    expect(wrong.code).toBeGreaterThan(0);
  },
);

test('a moment has a time as well', async () => {
  const made = await line.run('infobase', 'create', 'third', '--test', '--at', '01.02.2026 14:05');
  expect(made.code).toBe(0);
  expect(await line.runJson('clock', 'show', '--infobase', 'third')).toMatchObject({ now: '2026-02-01T14:05:00' });
  expect((await line.run('infobase', 'create', 'fourth', '--test', '--at', '01.02.2026 25:00')).err[0]).toContain(
    '--at: expected a moment such as 2026-11-22T14:05:00 or 22.11.2026 14:05, got "01.02.2026 25:00"',
  );
});
