// --json on failure: whatever a command fails at, standard output holds one document of one shape, and standard error the
// line for a person.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestingLine, type TestingLine } from './testing-io.ts';

let line: TestingLine;
beforeEach(async () => {
  line = openTestingLine({ INFOBASES: 'trade,broken' });
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('cards', 'range', '--from', '1', '--to', '1', '--kind', 'BASE');
  writeFileSync(join(line.dataDir, 'broken.sqlite'), 'a text of some length, and no database at all'.repeat(50));
  writeFileSync(join(line.dataDir, 'bad.csv'), 'number,valid_to\n1,2026-13-01\n');
  writeFileSync(join(line.dataDir, 'opening.csv'), 'card;bonus\n2;1\n');
  mkdirSync(join(line.dataDir, 'K-1'));
  writeFileSync(join(line.dataDir, 'K-1', 'bad.json'), '{');
});
afterEach(() => line.close());

const file = (name: string): string => join(line.dataDir, name);

test.each<[args: (() => string[]) | string[], code: number, failure: object]>([
  [['user', 'remove', 'nobody'], 1, { code: 'not_found', field: 'NAME' }],
  [['user', 'add', 'x', '--role', 'boss'], 2, { code: 'usage', field: '--role' }],
  [['kinds', 'remove', 'BASE'], 1, { code: 'refused' }],
  [['kinds', 'set', 'B', '--name', 'B', '--bonus-rule', 'R'], 1, { code: 'refused', field: '--bonus-rule' }],
  [['kinds', 'set', 'B'], 2, { code: 'usage', field: '--name' }],
  [['cards', 'show', '77'], 1, { code: 'not_found', field: 'NUMBER' }],
  [['cards', 'show'], 2, { code: 'usage', field: 'NUMBER', message: 'NUMBER is missing' }],
  [['cards', 'set', '--all', 'validTo=2020-01-01', 'validFrom=2021-01-01'], 1, { code: 'refused' }],
  [
    () => ['cards', 'import', file('bad.csv'), '--kind', 'BASE'],
    1,
    { code: 'mistakes', mistakes: [expect.objectContaining({ line: 2, column: 'valid_to' }), expect.anything()] },
  ],
  [
    () => ['import', file('opening.csv'), '--document', 'opening-accumulation'],
    1,
    { code: 'mistakes', badRows: 1, kind: 'opening-accumulation', errors: expect.stringContaining('errors.csv') },
  ],
  [['document', 'accrual', '--card', '1', '--bonus', '1'], 1, { code: 'refused' }],
  [['document', 'accrual', '--bonus', '1'], 2, { code: 'usage', field: '--card' }],
  [['sync', 'create'], 1, { code: 'refused', reason: 'not_ready', isAccepting: true, unreported: [] }],
  [['sync', 'show', '1'], 1, { code: 'not_found', field: 'NUMBER' }],
  [
    () => ['receipts', 'load', file('K-1'), '--dry-run'],
    1,
    { code: 'mistakes', files: [expect.objectContaining({ file: 'bad.json', result: 'failed' })] },
  ],
  [['receipts', 'load'], 2, { code: 'usage', field: 'DIR|FILE' }],
  [['receipts', 'report', '--kkm', 'K', '--shift', '1'], 1, { code: 'not_found' }],
  [['certificates', 'show', 'G1'], 1, { code: 'not_found', field: 'NUMBER' }],
  [['certificates', 'issue', '--kind', 'K', '--from', '2', '--to', '1'], 2, { code: 'usage', field: '--from' }],
  [['shops', 'remove', 'S'], 1, { code: 'not_found' }],
  [['tills', 'set', 'K', '--shop', 'S'], 1, { code: 'refused', field: '--shop' }],
  [['settings', 'set', 'colour', 'red'], 2, { code: 'usage', field: 'NAME' }],
  [['clock', 'set', '2030-01-01'], 1, { code: 'refused' }],
  [['night', 'run'], 1, { code: 'refused' }],
  [['night', 'preview', '--date', 'soon'], 2, { code: 'usage', field: '--date' }],
  [['billing', 'pause'], 1, { code: 'refused' }],
  [['infobase', 'remove', 'none'], 1, { code: 'not_found', field: 'NAME' }],
  [['infobase', 'remove', 'trade'], 2, { code: 'usage', field: '--confirm' }],
  [['doctor', '--infobase', 'broken'], 1, { code: 'differs', findings: expect.any(Array) }],
  [['kinds', 'list', '--infobase', 'broken'], 1, { code: 'refused' }],
  [['kinds', 'list', '--infobase', 'other'], 1, { code: 'not_found', field: '--infobase' }],
  [() => ['replay', file('nowhere')], 1, { code: 'mistakes' }],
  [['kinds'], 2, { code: 'usage', message: 'a subcommand is missing' }],
  [['knids', 'list'], 2, { code: 'usage', message: 'there is no command "knids" (did you mean "kinds"?)' }],
  [[], 2, { code: 'usage', message: 'a command is missing' }],
])('%j', async (given, code, failure) => {
  const args = typeof given === 'function' ? given() : given;
  const plain = await line.run(...args);
  const { code: ended, out, err } = await line.run(...args, '--json');
  expect([ended, plain.code, out.length]).toEqual([code, code, 1]);
  const told = JSON.parse(out[0] ?? '') as { readonly message: string };
  expect(told).toMatchObject({ ok: false, message: expect.any(String), ...failure });
  expect(Object.keys(told).slice(0, 2)).toEqual(['ok', 'code']);
  // The same sentence for a person.
  expect(err.some((text) => text.endsWith(told.message))).toBe(true);
});

test('wrong settings of the process, each by itself', async () => {
  const wrong = openTestingLine({ PORT: 'x', TIMEZONE: 'Moon' });
  const { code, out } = await wrong.run('kinds', 'list', '--json');
  expect([code, JSON.parse(out.join())]).toEqual([
    2,
    {
      ok: false,
      code: 'settings',
      message: expect.stringContaining('wrong settings'),
      mistakes: [expect.stringContaining('KKM_PORT'), expect.stringContaining('KKM_TIMEZONE')],
    },
  ]);
  await wrong.close();
});

test('a defect has the shape, too, and --json after "--" is a value', async () => {
  const defect = await line.run('cards', 'import', line.dataDir, '--kind', 'BASE', '--json');
  expect([defect.code, JSON.parse(defect.out.join())]).toMatchObject([1, { ok: false, message: expect.any(String) }]);
  expect(await line.run('cards', 'show', '--', '--json')).toMatchObject({ code: 1, out: [] });
});
