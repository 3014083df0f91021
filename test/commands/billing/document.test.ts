// `kkm document`: typed and from a file, what is told, and every refusal with the flag or the line at fault.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTestingLine, type TestingLine } from '../testing-io.ts';

let line: TestingLine;
beforeEach(async () => {
  line = openTestingLine();
  await line.run('infobase', 'create', 'trade', '--test', '--at', '2026-03-10T12:00:00');
  await line.run('rules', 'set', 'B14', '--register', 'bonus', '--name', 'Две недели', '--life', 'days:14');
  await line.run('kinds', 'set', 'BASE', '--name', 'Базовая');
  await line.run('cards', 'range', '--from', '1', '--to', '30', '--width', '2', '--kind', 'BASE');
  await line.run('settings', 'set', 'stage', 'billing');
});
afterEach(() => line.close());

const accrue = (...args: string[]) => line.run('document', 'accrual', ...args);
const writeOff = (...args: string[]) => line.run('document', 'write-off', ...args);

function file(text: string | Buffer): string {
  const path = join(line.dataDir, 'document.csv');
  writeFileSync(path, text);
  return path;
}

test('typed: what is made and what of it each card has', async () => {
  const given = ['--card', '01', '--bonus', '12.50', '--accumulation', '1000', '--receipts', '2'];
  expect((await accrue(...given, '--rule', 'B14', '--comment', 'Подарок')).out).toEqual([
    expect.stringMatching(/^Начисление на дисконтные карты \d{9} от 10\.03\.2026 12:00:00: 1 card$/),
    '  01: bonus +12.50 (written off on 2026-03-24), accumulation +1000.00 (written off on 3999-12-31), ' +
      'receipts +2 (written off on 3999-12-31); then bonus 12.50, accumulation 1000.00, receipts 2',
  ]);
  expect((await accrue('--card', '01', '--bonus', '5', '--credit-date', '12.03.2026')).out[1]).toBe(
    '  01: bonus +5.00 (credited on 2026-03-12, written off on 3999-12-31); then bonus 12.50, accumulation 1000.00, ' +
      'receipts 2',
  );
  expect((await writeOff('--card', '01', '--bonus', '2,50', '--receipts', '1')).out).toEqual([
    expect.stringMatching(/^Списание с дисконтных карт \d{9} от 10\.03\.2026 12:00:00: 1 card$/),
    '  01: bonus -2.50, receipts -1; then bonus 10.00, accumulation 1000.00, receipts 1',
  ]);
  expect((await writeOff('--card', '01', '--bonus', '20', '--allow-debt')).out[1]).toContain('then bonus -10.00');
});

test('as JSON', async () => {
  const given = ['--card', '01', '--bonus', '5', '--write-off-date', '2026-04-01'];
  expect(await line.runJson('document', 'accrual', ...given, '--dry-run')).toEqual({
    document: null,
    isDryRun: true,
    lines: [
      {
        card: '01',
        parts: [{ measure: 'bonus', amount: '5.00', creditOn: null, writeOffOn: '2026-04-01' }],
        after: { bonus: '5.00', accumulation: '0.00', receipts: 0 },
      },
    ],
  });
  expect(await line.runJson('document', 'accrual', ...given)).toMatchObject({
    document: expect.stringContaining('Начисление'),
    lines: [{ after: { bonus: '5.00' } }],
  });
});

test.each([
  ['English', 'card,bonus,accumulation,receipts,rule,write_off_date,credit_date,comment\n01,1.5,2,3,B14,,,why\n'],
  [
    'Russian',
    'Номер карты;Сумма бонусов;Сумма накопления;Количество чеков;Правило жизни;Дата списания;Дата начисления;Комментарий\r\n' +
      '01;1,50;2;3;B14;;;почему\r\n',
  ],
])('a file with %s columns', async (_, text) => {
  expect((await accrue('--from', file(text))).out[1]).toMatch(
    /^ {2}01: bonus \+1\.50 \(written off on 2026-03-24\), accumulation \+2\.00 .*, receipts \+3/,
  );
});

test('a file makes one document, of which the first lines are told', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => `${String(index + 1).padStart(2, '0')};10 000,00`);
  const path = file(`card;bonus\n${rows.join('\n')}\n`);
  expect((await accrue('--from', path, '--dry-run')).out[0]).toBe('the accrual would be made: 30 cards');
  const { code, out } = await accrue('--from', path, '--comment', 'Новый год');
  expect([code, out.length, out.at(-1)]).toEqual([0, 22, '  ... and 10 more']);
  expect(out[1]).toBe(
    '  01: bonus +10000.00 (written off on 3999-12-31); then bonus 10000.00, accumulation 0.00, receipts 0',
  );
  expect((await writeOff('--from', file('card;bonus\n01;1\n02;2\n'))).out.length).toBe(3);
});

test('every bad row of a file is told with its line, column and value, and nothing is written', async () => {
  const path = file(
    [
      'Номер карты;Сумма бонусов;Правило;Дата списания',
      '01;5;;',
      '99;5;;',
      '02;много;;',
      '03;0;;',
      '04;5;X;',
      '05;5;B14;2026-04-01',
      '06;5;;2026-03-10',
      '07;5;;31.02.2026',
      '08;-5;;',
      ';5;;',
      '09;5;;;лишнее',
    ].join('\r\n'),
  );
  const { code, out, err } = await accrue('--from', path);
  expect([code, out, err]).toEqual([
    1,
    [],
    [
      `${path}: line 3, column "Номер карты", value "99": there is no card of this number`,
      `${path}: line 4, column "Сумма бонусов", value "много": expected a sum in rubles such as 12.50 or 10 000,00`,
      `${path}: line 5: it changes nothing: give bonus, accumulation or receipts above zero`,
      `${path}: line 6, column "Правило", value "X": there is no such rule of life`,
      `${path}: line 7, column "Правило", value "B14": a rule and a write-off date exclude each other`,
      `${path}: line 8, column "Дата списания", value "2026-03-10": not after today, 2026-03-10`,
      `${path}: line 9, column "Дата списания", value "31.02.2026": expected a date such as 2026-11-22 or 22.11.2026`,
      `${path}: line 10, column "Сумма бонусов", value "-5": expected a sum in rubles such as 12.50 or 10 000,00, ` +
        'zero or more: a write-off takes from a card',
      `${path}: line 11, column "Номер карты", value "": expected 1 to 50 characters`,
      expect.stringContaining(`${path}: line 12, value "лишнее": 5 values in 4 columns`),
      `kkm document accrual: nothing was written: 10 mistakes in ${path}`,
    ],
  ]);
  expect(await line.runJson('cards', 'show', '01')).toMatchObject({ bonus: '0.00', movements: [] });
});

test.each([
  ['card;bonus;colour\n01;5;red\n', 'column "colour": there is no such column'],
  ['bonus\n5\n', 'the column card or номер карты is missing'],
  ['', 'the file is empty'],
])('a file %j is refused', async (text, told) => {
  const { code, err } = await accrue('--from', file(text));
  expect([code, err[0]]).toEqual([1, expect.stringContaining(told)]);
});

test('a write-off has no term', async () => {
  const { code, err } = await writeOff('--from', file('card;bonus;write_off_date\n01;5;2026-04-01\n'));
  expect([code, err[0]]).toEqual([1, expect.stringContaining('column "write_off_date": there is no such column')]);
});

test('a file without rows is no document', async () => {
  expect((await accrue('--from', file('card;bonus\n'))).err).toEqual([
    'kkm document accrual: the document has no rows',
  ]);
});

test.each([
  [['accrual'], 'give --card NUMBER or --from FILE'],
  [['accrual', '--bonus', '5'], 'give --card NUMBER or --from FILE'],
  [['accrual', '--card', '01'], 'it changes nothing: give bonus, accumulation or receipts above zero'],
  [['accrual', '--card', '01', '--bonus', '0'], 'it changes nothing'],
  [
    ['accrual', '--card', '01', '--bonus', '1.234'],
    '--bonus: expected a sum in rubles such as 12.50 or 10 000,00, got',
  ],
  [['accrual', '--card', '01', '--bonus=-1'], '--bonus: expected a sum in rubles'],
  [['accrual', '--card', '01', '--bonus', '10000000000000'], '--bonus: expected a sum in rubles'],
  [['accrual', '--card', '01', '--receipts', '1.5'], '--receipts: expected a whole number of receipts, got "1.5"'],
  [['accrual', '--card', '', '--bonus', '1'], '--card: expected 1 to 50 characters'],
  [['accrual', '--card', '01', '--bonus', '1', '--write-off-date', 'soon'], '--write-off-date: expected a date'],
  [['accrual', '--card', '01', '--bonus', '1', '--credit-date', '2026-02-30'], '--credit-date: expected a date'],
  [
    ['accrual', '--card', '01', '--bonus', '1', '--rule', 'B14', '--write-off-date', '2026-04-01'],
    '--rule: a rule and a write-off date exclude each other',
  ],
  [['accrual', '--from', 'x.csv', '--bonus', '1'], '--bonus and --from exclude each other'],
  [['accrual', '--card', '01', '--bonus', '1', '--allow-debt'], 'there is no flag --allow-debt'],
  [['write-off', '--card', '01', '--bonus', '1', '--rule', 'B14'], 'there is no flag --rule'],
  [['transfer'], 'there is no "transfer"'],
])('%j is a mistake of usage', async (args, told) => {
  const { code, out, err } = await line.run('document', ...args);
  expect([code, out, err[0]]).toEqual([2, [], expect.stringContaining(told)]);
});

test.each([
  [['accrual', '--card', '99', '--bonus', '1'], '--card 99: there is no card of this number'],
  [['accrual', '--card', '01', '--bonus', '1', '--rule', 'X'], '--rule X: there is no such rule of life'],
  [['accrual', '--card', '01', '--receipts', '1', '--rule', 'B14'], '--rule B14: it is for the register bonus'],
  [
    ['accrual', '--card', '01', '--bonus', '1', '--write-off-date', '2026-03-10'],
    '--write-off-date 2026-03-10: not after today, 2026-03-10',
  ],
  [['write-off', '--card', '01', '--bonus', '1'], '--bonus 1: only 0 is available'],
  [['accrual', '--from', 'nowhere.csv'], 'cannot read nowhere.csv: there is no such file'],
])('%j is refused', async (args, told) => {
  const { code, out, err } = await line.run('document', ...args);
  expect([code, out, err]).toEqual([1, [], [expect.stringContaining(told)]]);
});

test('an infobase that is not in stage billing, or without subscription, makes none', async () => {
  await line.run('infobase', 'create', 'plain');
  const given = ['accrual', '--card', '01', '--bonus', '1'];
  expect((await line.run('document', ...given, '--infobase', 'plain')).err[0]).toContain('not in stage billing');
  const poor = openTestingLine({ DATA_DIR: line.dataDir, SUBSCRIPTION: 'none' });
  expect((await poor.run('document', ...given)).err).toEqual([
    'kkm document accrual: Нет расширенной подписки: обратитесь к администратору.',
  ]);
  await poor.close();
});

test('the rows of a file make one document; --force makes another', async () => {
  const rows = 'card;bonus\n01;5\n02;7\n';
  const made = await accrue('--from', file(rows), '--comment', 'Новый год');
  const [name = ''] = (made.out[0] ?? '').split(': ');
  // In another order, in another file and as other text they are the same rows.
  const again = join(line.dataDir, 'again.csv');
  writeFileSync(again, 'card,bonus,comment\n02,"7,00",\n\n01,5.0,\n');
  const refused = {
    code: 1,
    out: [],
    err: [`kkm document accrual: the same rows have made ${name} (document.csv) (--force makes another)`],
  };
  expect(await accrue('--from', again)).toEqual(refused);
  expect(await accrue('--from', again, '--dry-run')).toEqual(refused);
  // Typed, with other rows, or of the other sort it is another document.
  expect((await accrue('--card', '01', '--bonus', '5')).code).toBe(0);
  expect((await accrue('--from', file('card;bonus\n01;5\n'))).code).toBe(0);
  expect((await writeOff('--from', file(rows))).code).toBe(0);
  expect(await writeOff('--from', file(rows))).toMatchObject({ code: 1, err: [expect.stringContaining('--force')] });
  const forced = await accrue('--from', again, '--force');
  expect(forced.out[1]).toContain('02: bonus +7.00');
  expect((await accrue('--from', file(rows))).err[0]).toContain('(again.csv)');
  expect((await accrue('--card', '01', '--bonus', '5', '--force')).code).toBe(2);
  expect((await line.run('verify', '--deep')).code).toBe(0);
});

test('what billing made of a file is forgotten with it', async () => {
  const path = file('card;bonus\n01;5\n');
  expect((await accrue('--from', path)).code).toBe(0);
  const confirm = ['--confirm-infobase', 'trade', '--confirm-start-date', '2026-03-10', '--confirm-destruction'];
  expect((await line.run('billing', 'disable', ...confirm)).code).toBe(0);
  await line.run('settings', 'set', 'stage', 'billing');
  expect((await accrue('--from', path)).code).toBe(0);
});
