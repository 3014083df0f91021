// `kkm import`: opening balances from files of every form, what is refused, and that whatever is refused, tried or killed
// leaves nothing.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import BetterSqlite from 'better-sqlite3';
import { buildChild } from '../../build-child.ts';
import { findCard, insertCard } from '../../../src/db/cards/card.ts';
import { listImportRuns } from '../../../src/db/opening/import-run.ts';
import { loadAccount } from '../../../src/db/billing/billing-register.ts';
import { measureNames } from '../../../src/ledger/account.ts';
import { giveTestClock } from '../../../src/operations/admin/move-clock.ts';
import type { Infobase } from '../../../src/operations/infobase.ts';
import { addRuledKind, passNightsTo, day } from '../../operations/billing/testing-billing.ts';
import { openBillingBase } from '../../operations/night/testing-night.ts';
import { getBalance, listMovements, moment, testCard } from '../../operations/testing-infobase.ts';
import { openTestingLine, type Ran, type TestingLine } from '../testing-io.ts';
import { writeTestingXlsx } from '../../tables/testing-xlsx.ts';

const fixtures = resolve('fixtures/import');
const [first, second, third] = ['2900000000001', '2900000000002', '2900000000003'] as const;

let line: TestingLine;
let infobase: Infobase;
let keptOpen: Infobase | undefined;
afterEach(async () => {
  await keptOpen?.close();
  keptOpen = undefined;
  await line.close();
});

async function openShop(stage: 'cards' | 'billing'): Promise<void> {
  line = openTestingLine();
  if (stage === 'billing') {
    infobase = await openBillingBase({ file: join(line.dataDir, 'trade.sqlite') });
    keptOpen = infobase;
    await giveTestClock(infobase, moment('2026-11-03T12:00:00'));
    await addRuledKind(infobase, 'GOLD', { bonus: 'days:20', accumulation: 'end_of_year:0' });
  } else {
    infobase = await line.open();
    await addRuledKind(infobase, 'GOLD', {});
    await giveTestClock(infobase, moment('2026-11-03T12:00:00'));
  }
  for (const number of [first, second, third]) {
    await infobase.db.write((trx) => insertCard(trx, { ...testCard, number, kindCode: 'GOLD' }));
  }
}

function writeText(text: string, name = 'opening.csv'): string {
  const file = join(line.dataDir, name);
  writeFileSync(file, text);
  return file;
}

const importAccumulation = (file: string, ...flags: string[]): Promise<Ran> =>
  line.run('import', file, '--document', 'opening-accumulation', ...flags);
const importBalance = (file: string, ...flags: string[]): Promise<Ran> =>
  line.run('import', file, '--document', 'opening-balance', ...flags);

async function listRows(number: string): Promise<object> {
  return infobase.db.read(async (trx) => {
    const { id } = (await findCard(trx, number)) ?? { id: 0 };
    const { balance, rows } = await loadAccount(trx, id);
    return { balance, rows: Object.fromEntries(measureNames.map((name) => [name, Object.fromEntries(rows[name])])) };
  });
}

/** Of every row of every table of the infobase's file, the counters of its numbers among them. */
function digestTables(): string {
  const base = new BetterSqlite(join(line.dataDir, 'trade.sqlite'), { readonly: true });
  const hash = createHash('sha256');
  const tables = base.prepare("select name from sqlite_master where type = 'table' order by name").pluck().all();
  for (const table of tables as string[]) {
    const rows = base.prepare(`select * from "${table}"`).raw().all();
    hash.update(
      `${table} ${rows
        .map((row) => JSON.stringify(row))
        .toSorted()
        .join()}\n`,
    );
  }
  base.close();
  return hash.digest('hex');
}

async function expectNothing(): Promise<void> {
  for (const number of [first, second, third]) expect(await listMovements(infobase, number)).toEqual([]);
  expect(await infobase.db.read(listImportRuns)).toEqual([]);
}

describe('into the register «Накопления»', () => {
  beforeEach(() => openShop('cards'));

  test.each([
    ['utf-8-semicolon.csv', 8, undefined],
    ['utf-8-bom-comma.csv', 6, undefined],
    ['utf-8-tab.csv', 6, undefined],
    ['windows-1251.csv', 6, 'windows-1251, delimiter ";"'],
    ['utf-16le.csv', 6, 'utf-16le, delimiter tab'],
    ['utf-16be.csv', 6, 'utf-16be, delimiter tab'],
    ['1c-export.xlsx', 9, 'sheet "Остатки"'],
  ])('%s gives the same balances', async (name, footLine, form) => {
    const ran = await importAccumulation(join(fixtures, name), '--expect-rows', '4', '--expect-bonus', '1 235,75');
    expect(ran).toEqual({
      code: 0,
      out: [
        ...(form === undefined ? [] : [`${join(fixtures, name)}: ${form}`]),
        `left out: foot rows that agree with the rows 1 (line ${footLine} "Итого")`,
        'rows 4, bad 0, cards 3, of which new 0',
        'bonus 1235.75, accumulation 31000.10, receipts 9',
        'posted: Ввод остатков накоплений 000000001 от 03.11.2026 12:00:00',
      ],
      err: [],
    });
    expect(await getBalance(infobase, first)).toEqual({ bonus: 123_450, accumulation: 1_000_010, receipts: 3 });
    expect(await getBalance(infobase, second)).toEqual({ bonus: 125, accumulation: 2_100_000, receipts: 6 });
    // All of its figures are zero.
    expect(await listMovements(infobase, third)).toEqual([]);
    expect(await listMovements(infobase, second)).toMatchObject([
      { bonusAfter: 125, documentKind: 'OpeningAccumulation' },
    ]);
    expect((await line.run('verify')).code).toBe(0);
    const runs = await infobase.db.read(listImportRuns);
    expect(runs).toMatchObject([
      { fileName: basename(name), documentId: 1, rows: 4, cards: 3, bonus: 123_575, recordedAt: '2026-11-03T12:00:00' },
    ]);
    expect(existsSync(`${join(fixtures, name)}.errors.csv`)).toBe(false);
  });

  test('every bad row is told with its line, column, value and reason, and nothing is written', async () => {
    const file = writeText(
      [
        'Номер карты;Сумма бонусов;Количество чеков;Дата списания;Владелец',
        `${first};1;1;;`,
        `${first};1,005;1;;`,
        `${first};-1;1;;`,
        `${first};1;1.5;;`,
        `2,9E+12;1;1;;`,
        `;1;1;;`,
        `2999999999999;1;1;;`,
        `${first};1;1;01.12.2026;`,
        `${first};1;1;;"Ива"нов;`,
        `${first};1;1;;Иванов;лишнее`,
        `${first};10000000000000;1;;`,
        `${first};1;1;;"не закрыта`,
      ].join('\r\n'),
    );
    const ran = await importAccumulation(file);
    expect(ran.code).toBe(1);
    expect(ran.out).toEqual(['rows 1, bad 11, cards 1, of which new 0', 'bonus 1.00, accumulation 0.00, receipts 1']);
    expect(ran.err).toHaveLength(12);
    expect(ran.err.slice(-2)).toEqual([
      `11 mistakes in all: ${file}.errors.csv`,
      'kkm import: nothing was written: 11 of 12 rows are bad',
    ]);
    const told = readFileSync(`${file}.errors.csv`, 'utf8');
    expect(told.startsWith('\uFEFFline;column;value;why\r\n')).toBe(true);
    for (const start of [
      '3;Сумма бонусов;1,005;expected a sum',
      '4;Сумма бонусов;-1;a sum below zero is a debt: an opening balance is zero or more (--allow-debt',
      '5;Количество чеков;1.5;expected a whole number',
      '6;Номер карты;2,9E+12;expected all digits',
      '7;Номер карты;;expected 1 to 50',
      '8;Номер карты;2999999999999;there is no card',
      '9;Дата списания;01.12.2026;expected no date',
      `10;;"${first};1;1;;""Ива""нов;";there is text after`,
      '11;;лишнее;6 values in 5',
      '12;Сумма бонусов;10000000000000;expected a sum',
      `13;;"${first};1;1;;""не закрыта";a quote is opened`,
    ]) {
      expect(told).toContain(`\r\n${start}`);
    }
    await expectNothing();

    const skipped = await importAccumulation(file, '--skip-bad');
    expect(skipped.code).toBe(0);
    expect(await getBalance(infobase, first)).toEqual({ bonus: 100, accumulation: 0, receipts: 1 });
    expect(await infobase.db.read(listImportRuns)).toMatchObject([{ rows: 1, badRows: 11 }]);
  });

  test.each([
    ['a header that is missing', 'a;b\n1;2\n', 'no header'],
    ['a column that is not known', `card;bonus;points\n${first};1;2\n`, 'there is no such column'],
    ['nothing to bring in', `card;holder\n${first};x\n`, 'there is nothing to bring in'],
    ['no rows', 'card;bonus\n', 'the file has no rows'],
    ['an empty file', '', 'no header'],
    ['a card that would hold too much', `card;receipts\n${Array(3).fill(`${first};1`).join('\n')}\n`, ''],
  ])('%s', async (name, text, why) => {
    if (name === 'a card that would hold too much') {
      const rows = Array.from({ length: 10 }, () => `${first};9999999999999`).join('\n');
      const ran = await importAccumulation(writeText(`card;bonus\n${rows}\n`));
      expect(ran.code).toBe(1);
      expect(ran.err.join('\n')).toContain('more than a register can');
    } else {
      const ran = await importAccumulation(writeText(text));
      expect(ran.code).toBe(1);
      expect(ran.err.join('\n')).toContain(why);
    }
    await expectNothing();
  });

  test('a dry run tells the same and changes nothing', async () => {
    const file = writeText(`card;bonus;holder\n${first};5;\n2911;7;Петров\n`);
    const before = await infobase.db.read((trx) => findCard(trx, '2911'));
    const ran = await importAccumulation(file, '--dry-run', '--unknown-cards', 'create', '--kind', 'GOLD');
    expect(ran.out).toEqual([
      'rows 2, bad 0, cards 2, of which new 1',
      'bonus 12.00, accumulation 0.00, receipts 0',
      'dry run: nothing was written',
    ]);
    expect([before, await infobase.db.read((trx) => findCard(trx, '2911'))]).toEqual([undefined, undefined]);
    await expectNothing();
  });

  test('totals that are not as expected refuse the file', async () => {
    const file = writeText(`card;bonus;accumulation;receipts\n${first};5;6;7\n`);
    const flags = ['--expect-cards', '2', '--expect-rows', '3', '--expect-bonus', '5,01', '--expect-accumulation', '7'];
    const ran = await importAccumulation(file, ...flags, '--expect-receipts', '7');
    expect(ran.code).toBe(1);
    expect(ran.err).toEqual([
      'kkm import: nothing was written: the totals are not as expected: rows 1, expected 3; cards 1, expected 2; ' +
        'bonus 5.00, expected 5.01; accumulation 6.00, expected 7.00',
    ]);
    await expectNothing();
    expect((await importAccumulation(file, '--expect-receipts', 'x')).code).toBe(2);
  });

  test('the same file is brought in twice only by force', async () => {
    const file = writeText(`card;bonus\n${first};5\n`);
    expect((await importAccumulation(file)).code).toBe(0);
    const again = await importAccumulation(writeText(readFileSync(file, 'utf8'), 'copy.csv'));
    expect(again.err).toEqual([expect.stringContaining('the same file was imported at 2026-11-03T12:00:00')]);
    expect(again.code).toBe(1);
    expect((await importAccumulation(file, '--force')).code).toBe(0);
    expect(await getBalance(infobase, first)).toMatchObject({ bonus: 1_000 });
    expect(await listMovements(infobase, first)).toMatchObject([{ bonusAfter: 500 }, { bonusAfter: 1_000 }]);
  });

  test('cards that are not known are made, in the order of the file, with holder and kind', async () => {
    const file = writeText(
      'Номер карты;Сумма бонусов;Владелец;Вид карты\n2922;1;Яковлев;\n2911;2;;GOLD\n2911;3;Петров;\n2933;0;;\n',
    );
    const ran = await importAccumulation(file, '--unknown-cards', 'create', '--kind', 'GOLD');
    expect(ran.out[0]).toBe('rows 4, bad 0, cards 3, of which new 3');
    const cards = await infobase.db.read(async (trx) => [
      await findCard(trx, '2922'),
      await findCard(trx, '2911'),
      await findCard(trx, '2933'),
    ]);
    expect(cards).toMatchObject([
      { id: 4, holder: 'Яковлев', kindCode: 'GOLD', status: 'active' },
      { id: 5, holder: 'Петров' },
      { id: 6, holder: null },
    ]);
    const torn = writeText('card;bonus;holder\n2944;1;А\n2944;1;Б\n', 'torn.csv');
    const refused = await importAccumulation(torn, '--unknown-cards', 'create', '--kind', 'GOLD');
    expect(refused.err.join('\n')).toContain('its rows name different holders');
    const kindless = await importAccumulation(torn, '--unknown-cards', 'create');
    expect(kindless.err.join('\n')).toContain('name no kind');
  });

  test('a mapping names the columns that are called otherwise', async () => {
    const mapping = writeText('{"card": "Штрихкод", "bonus": "Баллы"}', 'mapping.json');
    const file = writeText(`Штрихкод;Баллы;Город\n${first};5;Тула\n`);
    const ran = await importAccumulation(file, '--mapping', mapping, '--ignore-columns', 'Город');
    expect(ran).toMatchObject({ code: 0, err: [] });
    expect(await getBalance(infobase, first)).toMatchObject({ bonus: 500 });
    const wrong = writeText('{"cards": "x"}', 'wrong.json');
    expect((await importAccumulation(file, '--mapping', wrong)).err[0]).toContain('there is no field "cards"');
  });

  test('what is for billing is refused, and mistakes of usage are told as such', async () => {
    const file = writeText(`card;bonus\n${first};5\n`);
    expect((await importBalance(file)).err[0]).toContain('not in stage billing');
    expect((await line.run('import', file)).code).toBe(2);
    expect((await line.run('import', file, '--document', 'x')).code).toBe(2);
    expect((await importAccumulation(file, '--unknown-cards', 'x')).code).toBe(2);
    expect((await importAccumulation(join(line.dataDir, 'none.csv'))).err[0]).toContain('there is no such file');
    expect((await importAccumulation(file, '--date', '2026-11-04')).err[0]).toContain('is later than today');
    await expectNothing();
  });

  test('a workbook that is damaged is refused whole', async () => {
    const bytes = readFileSync(join(fixtures, '1c-export.xlsx'));
    const file = join(line.dataDir, 'cut.xlsx');
    writeFileSync(file, bytes.subarray(0, 900));
    const cut = await importAccumulation(file);
    expect(cut).toMatchObject({ code: 1, err: [expect.stringContaining('cannot be read as an XLSX workbook')] });
    await expectNothing();
  });

  test('killed on its way, it leaves nothing', async () => {
    const file = join(line.dataDir, 'large.csv');
    const stream = createWriteStream(file);
    stream.write('card;bonus\n');
    for (let row = 0; row < 300_000; row += 1) stream.write(`${2_910_000_000_000 + row};1\n`);
    stream.end();
    await once(stream, 'close');
    const args = ['import', file, '--document', 'opening-accumulation', '--unknown-cards', 'create', '--kind', 'GOLD'];
    for (const step of ['reading', 'posting']) {
      const child = spawn(process.execPath, [buildChild('test/commands/opening/import-child.ts'), step, ...args], {
        env: { ...process.env, KKM_DATA_DIR: line.dataDir },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [told] = (await once(child.stdout, 'data')) as [Buffer];
      expect(told.toString()).toContain(step);
      child.kill('SIGKILL');
      await once(child, 'close');
      await expectNothing();
      expect(await infobase.db.read((trx) => findCard(trx, '2910000000000'))).toBeUndefined();
    }
    expect((await line.run('verify')).code).toBe(0);
    // The file is as good as new.
    expect((await line.run(...args)).out[0]).toBe('rows 300000, bad 0, cards 300000, of which new 300000');
  }, 60_000);
});

describe('into the registers of billing', () => {
  beforeEach(() => openShop('billing'));

  test('rows of a card are its write-off dates; without one the rule of its kind counts from the date', async () => {
    await passNightsTo(infobase, day('2026-11-03'));
    const file = join(line.dataDir, 'opening.xlsx');
    await writeTestingXlsx(file, {
      rows: [
        ['Остатки бонусов на 01.11.2026'],
        [],
        ['№', 'Дисконтная карта', 'Остаток', null, null, 'Дата списания'],
        [null, null, 'Сумма бонусов', 'Сумма накопления', 'Количество чеков', null],
        [1, Number(first), 100.1 + 0.2, 10, 1, { serial: 46_357 }],
        [2, first, 50, null, null, { inline: 'никогда' }],
        [3, { inline: first }, 25, 5, null, '05.11.2026 0:00:00'],
        [4, second, 7, 8, 9, null],
        ['Итого', null, 182.3, 23, 10, null],
      ],
    });
    const ran = await importBalance(file, '--date', '2026-11-01', '--expect-rows', '4', '--expect-cards', '2');
    expect(ran).toEqual({
      code: 0,
      out: [
        `${file}: sheet "Остатки"`,
        'left out: foot rows that agree with the rows 1 (line 9 "Итого")',
        'rows 4, bad 0, cards 2, of which new 0',
        'bonus 182.30, accumulation 23.00, receipts 10',
        'posted: Ввод начальных остатков 000000001 от 01.11.2026 00:00:00',
      ],
      err: [],
    });
    expect(await listRows(first)).toEqual({
      balance: { bonus: 17_530, accumulation: 1_500, receipts: 1 },
      rows: {
        bonus: { '2026-12-01': 10_030, '3999-12-31': 5_000, '2026-11-05': 2_500 },
        accumulation: { '2026-12-01': 1_000, '2026-11-05': 500 },
        receipts: { '2026-12-01': 1 },
      },
    });
    // Twenty days from 1 November; the end of its year.
    expect(await listRows(second)).toMatchObject({
      rows: { bonus: { '2026-11-21': 700 }, accumulation: { '2027-01-01': 800 }, receipts: { '2027-01-01': 9 } },
    });
    expect((await line.run('verify', '--deep')).code).toBe(0);
    await passNightsTo(infobase, day('2026-11-06'));
    expect(await listRows(first)).toMatchObject({ balance: { bonus: 15_030, accumulation: 1_000, receipts: 1 } });
    await giveTestClock(infobase, moment('2027-01-02T12:00:00')).catch(() => undefined);
    await passNightsTo(infobase, day('2027-01-01'));
    expect(await listRows(first)).toMatchObject({ balance: { bonus: 5_000, accumulation: 0, receipts: 0 } });
    expect((await line.run('verify', '--deep')).code).toBe(0);
  });

  test('a write-off date whose night is done is a bad row, the next one is not', async () => {
    await passNightsTo(infobase, day('2026-11-03'));
    const file = writeText(`card;bonus;write_off_date\n${first};5;2026-11-03\n${first};6;04.11.2026\n`);
    const ran = await importBalance(file);
    expect(ran.err[0]).toBe(
      `${file}: line 2, column "write_off_date", value "2026-11-03": the night of the write-off date is done: ` +
        'expected a date after 2026-11-03',
    );
    expect(ran.code).toBe(1);
    expect((await importBalance(file, '--skip-bad')).code).toBe(0);
    expect(await listRows(first)).toMatchObject({ rows: { bonus: { '2026-11-04': 600 } } });
  });

  test('a debt lowers the balance alone; an accrual beside it keeps its row', async () => {
    await passNightsTo(infobase, day('2026-11-03'));
    const rows = [
      `${first};100;04.12.2026`,
      `${first};-40;`,
      `${second};-10;`,
      `${third};5;04.12.2026`,
      `${third};-5;`,
    ];
    const file = writeText(`card;bonus;write_off_date\n${rows.join('\n')}\n`);
    const refused = await importBalance(file);
    expect(refused.err.slice(0, 3).map((text) => /line (\d)/.exec(text)?.[1])).toEqual(['3', '4', '6']);
    expect((await importBalance(file, '--allow-debt')).out[0]).toBe('rows 5, bad 0, cards 3, of which new 0');
    expect(await listRows(first)).toMatchObject({
      balance: { bonus: 6_000 },
      rows: { bonus: { '2026-12-04': 10_000 } },
    });
    expect(await listRows(second)).toMatchObject({ balance: { bonus: -1_000 }, rows: { bonus: {} } });
    expect(await listRows(third)).toMatchObject({ balance: { bonus: 0 }, rows: { bonus: { '2026-12-04': 500 } } });
    expect((await line.run('verify', '--deep')).code).toBe(0);
    await giveTestClock(infobase, moment('2026-12-05T12:00:00')).catch(() => undefined);
    await passNightsTo(infobase, day('2026-12-05'));
    // What was spent by the debt has not burned.
    expect(await listRows(first)).toMatchObject({ balance: { bonus: 0 } });
    expect(await listRows(second)).toMatchObject({ balance: { bonus: -1_000 } });
    expect((await line.run('verify', '--deep')).code).toBe(0);
  });

  test('an import with debts is taken back, whatever nights have come since', async () => {
    await passNightsTo(infobase, day('2026-11-03'));
    await line.run('document', 'accrual', '--card', second, '--bonus', '100', '--write-off-date', '05.11.2026');
    const rows = [
      `${first};100;04.12.2026`,
      `${first};-40;`,
      `${second};-10;`,
      `${third};5;04.12.2026`,
      `${third};-5;`,
    ];
    const file = writeText(`card;bonus;write_off_date\n${rows.join('\n')}\n`);
    expect((await importBalance(file, '--allow-debt')).code).toBe(0);
    await giveTestClock(infobase, moment('2026-11-06T12:00:00')).catch(() => undefined);
    await passNightsTo(infobase, day('2026-11-06'));
    expect(await listRows(second)).toMatchObject({ balance: { bonus: 0 } });
    expect((await line.run('import', 'reverse', '1')).out.at(-1)).toContain('posted');
    expect(await listRows(first)).toMatchObject({ balance: { bonus: 0 }, rows: { bonus: {} } });
    expect(await listRows(third)).toMatchObject({ balance: { bonus: 0 }, rows: { bonus: {} } });
    expect(await listRows(second)).toMatchObject({ balance: { bonus: 1_000 } });
    expect((await line.run('verify', '--deep')).code).toBe(0);
    await giveTestClock(infobase, moment('2026-11-08T12:00:00')).catch(() => undefined);
    await passNightsTo(infobase, day('2026-11-08'));
    expect(await listRows(second)).toMatchObject({ balance: { bonus: 0 } });
    expect((await line.run('verify', '--deep')).code).toBe(0);
  });

  test('debts beyond what a register can hold are bad rows', async () => {
    const rows = Array.from({ length: 10 }, () => `${first};-9999999999999`).join('\n');
    const ran = await importBalance(writeText(`card;bonus\n${rows}\n${second};-1\n`), '--allow-debt', '--skip-bad');
    expect(ran.out[0]).toBe('rows 1, bad 10, cards 1, of which new 0');
    const both = Array.from({ length: 20 }, (_none, at) => `${first};${at % 2 === 0 ? '-' : ''}9999999999999`).join(
      '\n',
    );
    expect((await importBalance(writeText(`card;bonus\n${both}\n`), '--allow-debt')).err.at(-1)).toContain('20 of 20');
  });

  test('a date of the document so old that the rule has run out is a bad row', async () => {
    const file = writeText(`card;bonus;accumulation\n${first};5;\n${second};;6\n`);
    const ran = await importBalance(file, '--date', '2026-01-01');
    expect(ran.err.slice(0, 1)).toEqual([
      expect.stringContaining('gives a write-off date that is not after 2026-10-31'),
    ]);
    expect(ran.err.at(-1)).toBe('kkm import: nothing was written: 1 of 2 rows is bad');
  });

  test('what is for «Накопления» is refused', async () => {
    const ran = await importAccumulation(writeText(`card;bonus\n${first};5\n`));
    expect(ran).toMatchObject({ code: 1, err: [expect.stringContaining('--document opening-balance')] });
  });
});

describe.each([
  ['opening-accumulation', 'cards'],
  ['opening-balance', 'billing'],
] as const)('%s', (document, stage) => {
  beforeEach(() => openShop(stage));

  test('a dry run, bad rows and other totals leave every table as it was; posting does not', async () => {
    const file = writeText(`card;bonus;receipts\n${first};5;1\n2911;7;\n`);
    const flags = ['--document', document, '--unknown-cards', 'create', '--kind', 'GOLD'];
    // A command may put the infobase in order as it opens it.
    await line.run('verify');
    const before = digestTables();
    expect(await line.runJson('import', file, ...flags, '--dry-run')).toMatchObject({
      ok: true,
      isDryRun: true,
      totals: { rows: 2, cards: 2, created: 1, bonus: '12.00', receipts: 1 },
      document: null,
      documentId: null,
    });
    expect(digestTables()).toBe(before);
    expect(await line.run('import', file, ...flags, '--expect-bonus', '12,01')).toMatchObject({ code: 1 });
    const bad = writeText(`card;bonus\n${first};5\n2911;x\n`, 'bad.csv');
    expect(await line.run('import', bad, ...flags)).toMatchObject({ code: 1 });
    expect(digestTables()).toBe(before);
    expect(await line.runJson('import', file, ...flags)).toMatchObject({ ok: true, isDryRun: false, badRows: 0 });
    expect(digestTables()).not.toBe(before);
  });
});
