// `kkm import list` and `kkm import reverse`, and what of a second file is refused: from the command line to the registers.
import { writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { nameOperator } from '../../../src/commands/name-operator.ts';
import { loadAccount } from '../../../src/db/billing/billing-register.ts';
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import { addRuledKind, passNightsTo, day } from '../../operations/billing/testing-billing.ts';
import { openBillingBase } from '../../operations/night/testing-night.ts';
import { addCard, buildSale, getBalance, moment, register } from '../../operations/testing-infobase.ts';
import { openTestingLine, type Ran, type TestingLine } from '../testing-io.ts';

const numbers = Array.from({ length: 12 }, (_, index) => String(2_900_000_000_001 + index));
const [first = '', second = ''] = numbers;

let line: TestingLine;
const close: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const one of close.splice(0)) await one();
  await line.close();
});

function write(name: string, rows: readonly string[]): string {
  const file = join(line.dataDir, name);
  writeFileSync(file, ['card;bonus', ...rows, ''].join('\n'));
  return file;
}

const bringIn = (file: string, ...flags: readonly string[]): Promise<Ran> =>
  line.run('import', file, '--document', 'opening-accumulation', ...flags);

describe('in stage cards', () => {
  beforeEach(async () => {
    line = openTestingLine();
    const infobase = await line.open();
    await addRuledKind(infobase, 'GOLD', {});
    await giveTestClock(infobase, moment('2026-11-03T12:00:00'));
    for (const number of numbers) await addCard(infobase, { number, kindCode: 'GOLD' });
  });

  test('an empty list, a list, and JSON of both', async () => {
    expect(await line.run('import', 'list')).toEqual({ code: 0, out: ['there are no imports yet'], err: [] });
    expect(await line.runJson('import', 'list')).toEqual([]);
    await bringIn(write('a.csv', [`${first};5`, `${second};7,50`]));
    await line.run('clock', 'advance', '--days', '1');
    expect((await line.run('import', 'reverse', '1')).code).toBe(0);
    const by = nameOperator();
    const { out } = await line.run('import', 'list');
    const widths = 'number|made at|by|kind|file|dated|rows|bad|cards|new|bonus|accumulation|receipts|state';
    expect(out.map((row) => row.split(/ {2,}/).join('|'))).toEqual([
      widths,
      `1|2026-11-03T12:00:00|${by}|opening-accumulation|a.csv|2026-11-03|2|0|2|0|12.50|0.00|0|` +
        `reversed by 2 at 2026-11-04T12:00:00 (${by})`,
      `2|2026-11-04T12:00:00|${by}|opening-accumulation|a.csv|2026-11-04|2|0|2|0|-12.50|0.00|0|reverses 1`,
    ]);
    expect(await line.runJson('import', 'list')).toMatchObject([
      {
        number: 1,
        state: 'reversed',
        reversedBy: { number: 2, at: '2026-11-04T12:00:00', by },
        fileName: 'a.csv',
        fileSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        document: 'Ввод остатков накоплений 000000001 от 03.11.2026 12:00:00',
        bonus: '12.50',
      },
      { number: 2, state: 'stands', reverses: 1, by, bonus: '-12.50' },
    ]);
  });

  test('the same balances in another file are refused with the count and the first ten; --add says that it is meant', async () => {
    await bringIn(
      write(
        'a.csv',
        numbers.map((number) => `${number};1`),
      ),
    );
    const other = write(
      'b.csv',
      numbers.map((number) => `${number};1,00`),
    );
    const document = 'Ввод остатков накоплений 000000001 от 03.11.2026 12:00:00';
    const refused = {
      code: 1,
      out: ['rows 12, bad 0, cards 12, of which new 0', 'bonus 12.00, accumulation 0.00, receipts 0'],
      err: [
        ...numbers.slice(0, 10).map((number) => `card ${number} is in ${document}`),
        "kkm import: nothing was written: 12 of the file's cards are in an earlier opening document of this kind " +
          '(--add adds the sums to what they have; kkm import list shows the imports)',
      ],
    };
    expect(await bringIn(other, '--dry-run')).toEqual(refused);
    expect(await bringIn(other)).toEqual(refused);
    expect(await line.runJson('import', other, '--document', 'opening-accumulation')).toMatchObject({
      ok: false,
      standing: { length: 10, 0: { cardNumber: first, document } },
    });
    expect((await bringIn(other, '--add')).out.at(-1)).toBe('posted: ' + document.replace('000000001', '000000002'));
    expect((await getBalance(await line.open(), first)).bonus).toBe(200);
    // Taken back, either may come in again.
    expect((await line.run('import', 'reverse', '2')).code).toBe(0);
    expect((await bringIn(other)).code).toBe(1);
    expect((await line.run('import', 'reverse', '1')).code).toBe(0);
    expect((await bringIn(other)).code).toBe(0);
    expect((await getBalance(await line.open(), first)).bonus).toBe(100);
    expect((await line.run('verify')).code).toBe(0);
  });

  test('reverse says what it takes back; a dry run takes nothing', async () => {
    await bringIn(write('a.csv', [`${first};5`, `${second};7`]));
    const summary = ['import 1, a.csv: 2 cards', 'bonus -12.00, accumulation 0.00, receipts 0'];
    expect(await line.run('import', 'reverse', '1', '--dry-run')).toEqual({
      code: 0,
      out: [...summary, 'dry run: nothing was written'],
      err: [],
    });
    expect((await getBalance(await line.open(), first)).bonus).toBe(500);
    expect(await line.run('import', 'reverse', '1')).toEqual({
      code: 0,
      out: [...summary, 'posted: Ввод остатков накоплений 000000002 от 03.11.2026 12:00:00 (import 2)'],
      err: [],
    });
    expect(await line.run('import', 'reverse', '1')).toEqual({
      code: 1,
      out: [],
      err: ['kkm import reverse: nothing was written: import 1 is reversed already, by 2'],
    });
    expect(await line.run('import', 'reverse', '7')).toMatchObject({
      code: 1,
      err: ['kkm import reverse: nothing was written: there is no import 7'],
    });
    expect(await line.runJson('import', 'reverse', '2')).toEqual({
      ok: false,
      code: 'refused',
      isDryRun: false,
      reverses: 2,
      message: 'nothing was written: 2 is the reversal of import 1: import the file again instead',
      cards: [],
    });
    for (const args of [[], ['x'], ['1', '2'], ['--force', '1']]) {
      expect((await line.run('import', 'reverse', ...args)).code).toBe(2);
    }
    const { code, out } = await line.run('import', '--help');
    expect([code, out.filter((text) => text.startsWith('kkm import'))]).toEqual([
      0,
      [expect.stringContaining('kkm import FILE'), 'kkm import list', 'kkm import reverse NUMBER [--dry-run]'],
    ]);
  });

  test('a card that has spent it is named, and nothing is taken back', async () => {
    await bringIn(write('a.csv', [`${first};5`, `${second};7`]));
    const infobase = await line.open();
    await line.run('settings', 'set', 'stage', 'online');
    await register(
      infobase,
      buildSale({ cardNumber: second, bonusRedeemedKopecks: 100 }),
      moment('2026-11-03T12:00:00'),
    );
    expect(await line.run('import', 'reverse', '1')).toEqual({
      code: 1,
      out: [],
      err: [
        `card ${second}: bonus 7 was brought in, and the balance is 6`,
        'kkm import reverse: nothing was written: one of its cards does not allow it',
      ],
    });
    expect((await getBalance(infobase, first)).bonus).toBe(500);
  });

  test('an import of before there was a list is listed, and can be taken back', async () => {
    await bringIn(write('a.csv', [`${first};5`]));
    const base = new BetterSqlite(join(line.dataDir, 'trade.sqlite'));
    base.exec('update import_run set made_by = null');
    base.close();
    expect((await line.run('import', 'list')).out[1]).toMatch(
      /^1 +2026-11-03T12:00:00 +- +opening-accumulation +a\.csv/,
    );
    expect((await line.run('import', 'reverse', '1')).code).toBe(0);
  });

  test('who works at the command line is named by the system', () => {
    expect(nameOperator()).toMatch(new RegExp(`^[^@]+@${hostname()}$`));
  });
});

test('of billing: reversed by kkm, verified deep, refused once a night has burned', async () => {
  line = openTestingLine({ SUBSCRIPTION: 'extended' });
  const infobase = await openBillingBase({ file: join(line.dataDir, 'trade.sqlite') });
  close.push(() => infobase.close());
  await giveTestClock(infobase, moment('2026-11-03T12:00:00'));
  await addRuledKind(infobase, 'GOLD', { bonus: 'days:2' });
  await addCard(infobase, { number: first, kindCode: 'GOLD' });
  await passNightsTo(infobase, day('2026-11-03'));
  const file = write('a.csv', [`${first};5`]);
  const bringInBilling = (): Promise<Ran> => line.run('import', file, '--document', 'opening-balance');
  expect((await bringInBilling()).code).toBe(0);
  expect((await line.run('import', 'reverse', '1')).out.at(-1)).toBe(
    'posted: Ввод начальных остатков 000000002 от 03.11.2026 12:00:00 (import 2)',
  );
  expect((await line.run('verify', '--deep')).code).toBe(0);
  const { balance, rows } = await infobase.db.read((trx) => loadAccount(trx, 1));
  expect([balance.bonus, [...rows.bonus]]).toEqual([0, []]);
  expect((await bringInBilling()).code).toBe(0);
  expect((await line.run('clock', 'advance', '--days', '2')).code).toBe(0);
  expect(await line.run('import', 'reverse', '3')).toMatchObject({
    code: 1,
    err: [
      `card ${first}: bonus 5 had the write-off date 2026-11-05, and that night is done`,
      'kkm import reverse: nothing was written: one of its cards does not allow it',
    ],
  });
  expect((await line.run('verify', '--deep')).code).toBe(0);
});
