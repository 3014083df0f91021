// Files as people bring them, through the commands that take a table: every form is read alike, what is not a row of the
// table never becomes one, and a file that cannot be read is called by its name.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { findCard, insertCard } from '../../src/db/cards/card.ts';
import { giveTestClock } from '../../src/operations/admin/move-clock.ts';
import type { Infobase } from '../../src/operations/infobase.ts';
import { addRuledKind } from '../operations/billing/testing-billing.ts';
import { getBalance, moment, testCard } from '../operations/testing-infobase.ts';
import { openTestingLine, type Ran, type TestingLine } from './testing-io.ts';
import { writeTestingXlsx, writeTestingZip, type TestingBook } from '../tables/testing-xlsx.ts';

const fixtures = resolve('fixtures/table-files');
const [first, second] = ['2900000000001', '2900000000002'] as const;

let line: TestingLine;
let infobase: Infobase;
beforeEach(async () => {
  line = openTestingLine();
  infobase = await line.open();
  await addRuledKind(infobase, 'GOLD', {});
  await giveTestClock(infobase, moment('2026-11-03T12:00:00'));
});
afterEach(() => line.close());

const addCards = async (...numbers: readonly string[]): Promise<void> => {
  for (const number of numbers) {
    await infobase.db.write((trx) => insertCard(trx, { ...testCard, number, kindCode: 'GOLD' }));
  }
};
const find = (number: string) => infobase.db.read((trx) => findCard(trx, number));
const importNew = (file: string, ...flags: string[]): Promise<Ran> =>
  line.run(
    'import',
    file,
    '--document',
    'opening-accumulation',
    '--unknown-cards',
    'create',
    '--kind',
    'GOLD',
    ...flags,
  );

function write(name: string, content: string | Buffer): string {
  const file = join(line.dataDir, name);
  writeFileSync(file, content);
  return file;
}

async function writeBook(book: TestingBook, name = 'book.xlsx'): Promise<string> {
  const file = join(line.dataDir, name);
  await writeTestingXlsx(file, book);
  return file;
}

describe('opening balances', () => {
  test.each([
    ['c01-cp866.csv', first, 500, ': cp866, delimiter ";"'],
    ['c04-equals.csv', first, 500, ''],
    ['c05-apostrophe.csv', first, 500, ''],
    ['c10-zero-width.csv', first, 500, ''],
    ['c12-ctrlz.csv', first, 500, ''],
    [
      'c13-total-words.csv',
      first,
      500,
      'left out: foot rows that agree with the rows 1 (line 3 "Итого по организации")',
    ],
    ['x07-first-hidden.xlsx', second, 22_200, 'sheet "Остатки"; hidden and skipped: "Черновик"'],
    ['x16c-workbook-at-root.xlsx', first, 500, 'sheet "a"'],
    ['x27-escape.xlsx', first, 500, 'sheet "Лист1"'],
    ['x29-zero-format.xlsx', '0012345678905', 500, 'sheet "Лист1"'],
  ])('%s makes one card with its sum', async (name, number, bonus, shown) => {
    const ran = await importNew(join(fixtures, name), '--expect-rows', '1');
    expect(ran).toMatchObject({ code: 0, err: [] });
    expect(ran.out.join('\n')).toContain(shown);
    expect(ran.out).toContain('rows 1, bad 0, cards 1, of which new 1');
    expect(await getBalance(infobase, number)).toMatchObject({ bonus });
    expect((await find(number))?.holder ?? null).toBe(name === 'x27-escape.xlsx' ? 'Иванова А.' : null);
  });

  test.each([
    ['x08-formula-no-value.xlsx', 'line 2, column "Сумма бонусов", value "": the cell has a formula without its value'],
    ['x10-bool.xlsx', 'line 2, column "Сумма бонусов", value "TRUE": expected a sum in rubles'],
  ])('%s has a bad row', async (name, shown) => {
    const file = write(name, readFileSync(join(fixtures, name)));
    const ran = await importNew(file);
    expect([ran.code, ran.err[0]]).toEqual([1, expect.stringContaining(shown)]);
    expect(await find(first)).toBeUndefined();
  });

  test('the encoding named is taken; the wrong one is shown by the header', async () => {
    const file = join(fixtures, 'c01-cp866.csv');
    expect((await importNew(file, '--encoding', 'windows-1251', '--dry-run')).err[0]).toContain('no header');
    expect((await importNew(file, '--encoding', 'dos')).code).toBe(0);
    expect((await importNew(file, '--encoding', 'koi8')).code).toBe(2);
  });

  test('a sheet is read by its name, a hidden one too; hidden rows are read and counted', async () => {
    const header = ['card', 'bonus'];
    const file = await writeBook({
      name: 'Март',
      rows: [header, ['2911', 1], ['2912', 2]],
      hiddenRows: [3],
      before: [{ name: 'Служебный', state: 'veryHidden', rows: [header, ['2999', 9]] }],
      after: [{ name: 'Апрель', rows: [header, ['2913', 3]] }],
    });
    expect((await importNew(file)).out.slice(0, 3)).toEqual([
      `${file}: sheet "Март"; hidden and skipped: "Служебный"; not read: "Апрель"`,
      'hidden rows, read like the others: 1',
      'rows 2, bad 0, cards 2, of which new 2',
    ]);
    expect((await importNew(file, '--sheet', 'апрель', '--force')).out[0]).toBe(
      `${file}: sheet "Апрель"; not read: "Март"`,
    );
    expect((await importNew(file, '--sheet', 'Служебный', '--force')).out[0]).toContain('sheet "Служебный" (hidden)');
    expect((await importNew(file, '--sheet', 'Май')).err[0]).toContain(
      'there is no sheet "Май"; there are: "Служебный", "Март", "Апрель"',
    );
    expect((await importNew(write('a.csv', 'card;bonus\n1;1\n'), '--sheet', 'Март')).err[0]).toContain('has no sheet');
    const asJson = await line.runJson('import', file, '--document', 'opening-accumulation', '--dry-run', '--force');
    expect(asJson).toMatchObject({
      file: { format: 'xlsx', sheet: { name: 'Март', passedOver: ['Служебный'] }, hiddenRows: 1 },
    });
    const hidden = await writeBook({ name: 'Один', state: 'hidden', rows: [header] }, 'hidden.xlsx');
    expect((await importNew(hidden)).err[0]).toContain('every sheet is hidden: name the one that is meant, "Один"');
  });

  test('errors and formulas are bad rows, wherever they stand in the columns of the table', async () => {
    const file = await writeBook({
      rows: [
        ['card', 'bonus', 'holder', 'Город'],
        ['2911', { formula: '1+1', value: '2' }, 'А', { error: '#N/A' }],
        [{ error: '#REF!' }, 5, null, null],
        ['2912', { error: '#DIV/0!' }, null, null],
        ['2913', { formula: 'B2' }, null, null],
        ['2914', 5, { formula: 'A1' }, null],
        [{ truth: true }, 5, null, null],
        ['Итого', { formula: 'SUM(B2:B7)' }, null, null],
      ],
    });
    const ran = await importNew(file, '--ignore-columns', 'Город');
    expect([ran.code, ran.err.at(-1)]).toEqual([1, 'kkm import: nothing was written: 5 of 6 rows are bad']);
    expect(ran.err.slice(0, 5).map((text) => text.replace(`${file}: `, '').slice(0, 56))).toEqual([
      'line 3, column "card", value "#REF!": the cell has an er',
      'line 4, column "bonus", value "#DIV/0!": the cell has an',
      'line 5, column "bonus", value "": the cell has a formula',
      'line 6, column "holder", value "": the cell has a formul',
      'line 7, column "card", value "TRUE": there is no such ca',
    ]);
    expect(ran.out).toContain('left out: foot rows with nothing to compare 1 (line 8 "Итого")');
  });

  test('a foot row that differs refuses the file, whatever may be left out', async () => {
    const file = write('foot.csv', `card;bonus;receipts\n2911;5;1\n2912;x;1\nИтого по отчету;7,00;3\n`);
    const ran = await importNew(file, '--skip-bad');
    expect(ran).toMatchObject({
      code: 1,
      err: expect.arrayContaining(['kkm import: nothing was written: a foot row is not the sum of the rows']),
    });
    expect(ran.err.join('\n')).toContain(
      `${file}: line 4, column "receipts", value "3": the foot row "Итого по отчету" has 3, and the rows above it give 2 ` +
        '(export the file again, or take the row out of it if it is wrong)',
    );
    // Of the bonus nobody knows: a row of it cannot be read.
    expect(ran.err.join('\n')).not.toContain('has 7.00');
    expect(await find('2911')).toBeUndefined();
    expect((await importNew(write('foot.csv', 'card;bonus\n2911;5\n2912;x\nИтого;5\n'), '--skip-bad')).code).toBe(0);
  });

  test('mistakes come in the order of the lines, whoever has found them', async () => {
    await addCards(first);
    const lines = ['card;bonus', '2911;5', `${first};x`, '2912;5', `${first};-1`, 'Петров;4', '2913;1', 'Итого;99'];
    const file = write('order.csv', lines.join('\n'));
    const ran = await line.run('import', file, '--document', 'opening-accumulation');
    const shown = ran.err.slice(0, -2).map((text) => /line (\d+)/.exec(text)?.[1]);
    expect(shown).toEqual(['2', '3', '4', '5', '6', '7']);
    const numbers = readFileSync(`${file}.errors.csv`, 'utf8')
      .split('\r\n')
      .slice(1, -1)
      .map((text) => Number(text.split(';')[0]));
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
  });

  test('a column that the mapping names and the file does not have is a mistake; another is shown with the way out', async () => {
    const mapping = write('mapping.json', '{"card": "Штрихкод", "holder": "ФИО"}');
    const file = write('mapped.csv', 'Штрихкод;Бонус;Город\n2911;5;Тула\n');
    const ran = await importNew(file, '--mapping', mapping);
    expect(ran.err.slice(0, 2)).toEqual([
      expect.stringContaining('column "Город": there is no such column; there are: Штрихкод, bonus or сумма бонусов'),
      `${file}: line 1, column "ФИО": the file has no such column for holder (--mapping names it)`,
    ]);
    expect(ran.err[0]).toContain('(--mapping says which field it is, --ignore-columns leaves it out)');
    expect((await importNew(write('none.csv', 'Карточка;Бонус\n1;2\n'))).err[0]).toContain(
      '--mapping says which column it is',
    );
  });
});

describe('debts', () => {
  test('are refused with the rule and the way, and brought in where that is said', async () => {
    await addCards(first, second);
    const file = write(
      'debts.csv',
      `card;bonus;accumulation;receipts\n${first};-40,00;10;1\n${second};(5,50);−2;-1\n${second};1;;\n`,
    );
    const refused = await line.run('import', file, '--document', 'opening-accumulation');
    expect(refused.err[0]).toBe(
      `${file}: line 2, column "bonus", value "-40,00": a sum below zero is a debt: an opening balance is zero or more ` +
        '(--allow-debt accepts debts)',
    );
    const ran = await line.run('import', file, '--document', 'opening-accumulation', '--allow-debt');
    expect(ran).toMatchObject({ code: 0, err: [] });
    expect(ran.out[1]).toBe('bonus -44.50, accumulation 8.00, receipts 0');
    expect(await getBalance(infobase, first)).toEqual({ bonus: -4_000, accumulation: 1_000, receipts: 1 });
    expect(await getBalance(infobase, second)).toEqual({ bonus: -450, accumulation: -200, receipts: -1 });
    expect((await line.run('verify')).code).toBe(0);
  });

  test('of stage online stay debts when billing is switched on', async () => {
    await addCards(first, second);
    await line.run('settings', 'set', 'stage', 'online');
    const file = write('debts.csv', `card;bonus\n${first};-40\n${second};7\n`);
    const flags = ['--document', 'opening-accumulation', '--date', '31.10.2026', '--allow-debt'];
    expect((await line.run('import', file, ...flags)).out.at(-1)).toContain('от 31.10.2026 00:00:00');
    expect((await line.run('billing', 'enable', '--start-date', '01.11.2026')).code).toBe(0);
    expect((await line.run('verify', '--deep')).code).toBe(0);
    expect(await line.runJson('cards', 'show', first)).toMatchObject({ bonus: '-40.00' });
    expect(await line.runJson('cards', 'show', second)).toMatchObject({ bonus: '7.00' });
  });
});

describe('what is not a table of text', () => {
  const cfb = readFileSync(join(fixtures, 'x26-old-xls-or-password.xlsx'));
  const withStream = (name: string): Buffer => Buffer.concat([cfb, Buffer.from(name, 'utf16le')]);

  test.each<[string, Buffer | string, string]>([
    ['x26.xlsx', cfb, 'this is an old Excel workbook (.xls), or a workbook with a password: save it as XLSX or CSV'],
    ['a.xls', withStream('Workbook'), 'this is an old Excel workbook (.xls): save it as XLSX or CSV'],
    [
      'a.xlsx',
      withStream('EncryptedPackage'),
      'this is a workbook with a password: take the password off and save it as XLSX or CSV',
    ],
    ['a.doc', withStream('WordDocument'), 'this is a Word document: save it as XLSX or CSV'],
    ['a.mxl', 'MOXCEL\u0000\u0007', 'this is a 1C spreadsheet document (.mxl): save it as XLSX or CSV'],
    ['a.pdf', '%PDF-1.4\n', 'this is a PDF document: save it as XLSX or CSV'],
    [
      'html.xls',
      '\uFEFF\n<html xmlns:x="urn"><table>',
      'this is a web page (HTML), whatever its name says: save it as XLSX or CSV',
    ],
    ['table.xls', '<TABLE border=1>', 'this is a web page (HTML), whatever its name says: save it as XLSX or CSV'],
    ['mht.xls', 'MIME-Version: 1.0\r\n', 'this is a web page (MHTML), whatever its name says: save it as XLSX or CSV'],
    [
      '2003.xls',
      '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
      'this is an Excel workbook of 2003 in XML: save it as XLSX or CSV',
    ],
    ['a.xml', '<?xml version="1.0"?><cards/>', 'this is an XML file: save it as XLSX or CSV'],
    ['a.rtf', '{\\rtf1', 'this is an RTF document: save it as XLSX or CSV'],
    [
      'a.dbf',
      Buffer.concat([Buffer.from([3, 126, 11, 3]), Buffer.alloc(64)]),
      'this is a DBF table: save it as XLSX or CSV',
    ],
    ['a.csv.gz', Buffer.from([0x1f, 0x8b, 8, 0]), 'this is a gzip archive: unpack it first'],
  ])('%s is called by its name', async (name, content, shown) => {
    const file = write(name, content);
    expect(await importNew(file)).toEqual({ code: 1, out: [], err: [`kkm import: ${file}: ${shown}`] });
    expect(await line.run('cards', 'import', file)).toEqual({
      code: 1,
      out: [],
      err: [`kkm cards import: ${file}: ${shown}`],
    });
  });

  test.each<[string, readonly (readonly [string, string])[], string]>([
    [
      'a.ods',
      [
        ['mimetype', 'application/vnd.oasis.opendocument.spreadsheet'],
        ['content.xml', '<a/>'],
      ],
      'this is an OpenDocument file (.ods): save it as XLSX or CSV',
    ],
    ['a.xlsb', [['xl/workbook.bin', '']], 'this is a binary Excel workbook (.xlsb): save it as XLSX or CSV'],
    ['a.docx', [['word/document.xml', '<a/>']], 'this is a Word document: save it as XLSX or CSV'],
    ['a.zip', [['cards.csv', 'card;bonus']], 'this is a ZIP archive and not a workbook: unpack it first'],
    [
      'empty.xlsx',
      [['xl/workbook.xml', '<workbook><sheets/></workbook>']],
      'it cannot be read as an XLSX workbook: it has no sheet',
    ],
  ])('%s is called by its name', async (name, parts, shown) => {
    const file = join(line.dataDir, name);
    await writeTestingZip(file, parts);
    expect(await importNew(file)).toEqual({ code: 1, out: [], err: [`kkm import: ${file}: ${shown}`] });
  });
});

const sheet = (number: string): string =>
  `<sheetData><row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c s="1"><v>${number}</v></c><c><v>5</v></c></row></sheetData>`;

describe('parts of a workbook', () => {
  const relations = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
  const common: readonly (readonly [string, string])[] = [
    ['Texts/t.xml', '<x:sst xmlns:x="m"><x:si><x:t>card</x:t></x:si><x:si><x:t>bonus</x:t></x:si></x:sst>'],
    [
      'Looks.xml',
      '<styleSheet><numFmts><numFmt numFmtId="200" formatCode="0000\\ 0000"/></numFmts><cellXfs><xf/><xf numFmtId="200"/></cellXfs></styleSheet>',
    ],
    ['My Sheets/chart.xml', '<chartsheet/>'],
    [
      'My Sheets/data.xml',
      `<x:worksheet xmlns:x="m">${sheet('1234').replaceAll('<', '<x:').replaceAll('<x:/', '</x:')}</x:worksheet>`,
    ],
    [
      'Book/main.xml',
      '<workbook xmlns:q="r"><sheets><sheet name="Диаграмма" q:id="c"/><sheet name="Данные" q:id="s"/></sheets></workbook>',
    ],
    [
      'Book/_rels/main.xml.rels',
      `<Relationships><Relationship Id="c" Type="${relations}/chartsheet" Target="../My%20Sheets/chart.xml"/>` +
        `<Relationship Id="s" Type="${relations}/worksheet" Target="..\\My%20Sheets\\data.xml"/>` +
        `<Relationship Id="t" Type="${relations}/sharedStrings" Target="/Texts/t.xml"/>` +
        `<Relationship Id="l" Type="${relations}/styles" Target="/Looks.xml"/></Relationships>`,
    ],
  ];

  test('have the usual names where nothing says otherwise', async () => {
    const file = join(line.dataDir, 'bare.xlsx');
    await writeTestingZip(file, [
      ['xl/workbook.xml', '<workbook xmlns:r="r"><sheets><sheet name="Лист1" r:id="a"/></sheets></workbook>'],
      ['xl/_rels/workbook.xml.rels', '<Relationships><Relationship Id="a" Target="worksheets/s.xml"/></Relationships>'],
      ['xl/sharedStrings.xml', '<sst><si><t>card</t></si><si><t>bonus</t></si></sst>'],
      ['xl/styles.xml', '<styleSheet><cellXfs><xf/><xf/></cellXfs></styleSheet>'],
      ['xl/worksheets/s.xml', `<worksheet>${sheet('2911')}</worksheet>`],
    ]);
    expect(await importNew(file)).toMatchObject({ code: 0, err: [] });
    expect(await getBalance(infobase, '2911')).toMatchObject({ bonus: 500 });
  });

  test.each<[string, readonly (readonly [string, string])[]]>([
    [
      'relationships',
      [
        [
          '_rels/.rels',
          `<Relationships><Relationship Id="x" Type="${relations}/officeDocument" Target="/Book/main.xml"/></Relationships>`,
        ],
      ],
    ],
    [
      'content types',
      [
        [
          '[Content_Types].xml',
          '<Types><Override PartName="/book/MAIN.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        ],
      ],
    ],
  ])('are found by %s, never by their names', async (_how, root) => {
    const file = join(line.dataDir, 'parts.xlsx');
    await writeTestingZip(file, [...root, ...common]);
    const ran = await importNew(file);
    expect(ran).toMatchObject({ code: 0, err: [] });
    expect(ran.out[0]).toBe(`${file}: sheet "Данные"`);
    expect(await getBalance(infobase, '00001234')).toMatchObject({ bonus: 500 });
  });
});

describe('other commands', () => {
  test('cards import: a report in a workbook gives its cards alone', async () => {
    const file = await writeBook({
      rows: [
        ['Дисконтные карты'],
        [],
        ['Номер карты', 'Владелец', 'Сумма'],
        ['Золотая', null, 15],
        [{ padded: 12_345_678_905 }, 'Иванова А.', 10],
        [{ inline: '2911' }, 'Петров', 5],
        ['Номер карты', 'Владелец', 'Сумма'],
        ['Всего записей: 2', null, null],
        ['Итого по отчету', null, 15],
        ['Страница 1 из 2', null, null],
        ['Главный бухгалтер', 'Сидорова', null],
      ],
    });
    const ran = await line.run('cards', 'import', file, '--kind', 'GOLD', '--ignore-columns', 'Сумма');
    expect(ran).toEqual({
      code: 0,
      out: [
        `${file}: sheet "Остатки"`,
        'left out: foot rows that agree with the rows 1, foot rows with nothing to compare 1, other rows 4 (line 4 "Золотая", ' +
          'line 7 "Номер карты", line 8 "Всего записей: 2", line 9 "Итого по отчету", line 10 "Страница 1 из 2", ...)',
        '2 cards added',
      ],
      err: [],
    });
    expect([(await find('0012345678905'))?.holder, (await find('2911'))?.holder]).toEqual(['Иванова А.', 'Петров']);
  });

  test('cards import: what a new card cannot be called, a cut file, a mapping', async () => {
    const strange = write('strange.csv', 'number;holder\n29 01;А\n="29";Б\n29:1;В\nVIP;Г\n2902;Д\n');
    const ran = await line.run('cards', 'import', strange, '--kind', 'GOLD');
    expect(ran.err.map((text) => /line (\d)/.exec(text)?.[1])).toEqual(['2', '4', '5', undefined]);
    const cut = write('cut.csv', 'number\n2901\n2902\nВсего карт;5\n'.replace('number', 'number;x'));
    expect((await line.run('cards', 'import', cut, '--kind', 'GOLD', '--ignore-columns', 'x')).err[0]).toContain(
      'the foot row "Всего карт" counts 5, and there are 2 rows above it',
    );
    // A card that is there keeps the number that it has.
    await addCards('VIP GOLD');
    const known = write('known.csv', 'Карточка;holder\nVIP GOLD;Иванов\n');
    const mapping = write('mapping.json', '{"number": "Карточка"}');
    expect(await line.run('cards', 'import', known, '--update', '--mapping', mapping)).toMatchObject({ code: 0 });
    expect((await find('VIP GOLD'))?.holder).toBe('Иванов');
  });

  test('sync create --cards, and a scale of kinds set', async () => {
    const list = await writeBook({
      rows: [['Список карт'], ['№', 'Карта', 'ФИО'], [1, '2911', 'А'], ['Итого', null, null]],
    });
    await addCards('2911', '2912');
    await line.run('settings', 'set', 'acceptCards', 'false');
    expect(await line.run('sync', 'create', '--cards', list, '--ignore-columns', 'ФИО')).toEqual({
      code: 0,
      out: ['sync 1: 1 card, packages 1 to 1'],
      err: [`${list}: sheet "Остатки"`, 'left out: foot rows with nothing to compare 1 (line 4 "Итого")'],
    });
    expect((await line.run('sync', 'create', '--sheet', 'x')).err[0]).toContain('--sheet is for --cards');
    const fixed = ['kinds', 'set', 'GOLD', '--discount', 'fixed:3', '--encoding', 'cp866'];
    expect((await line.run(...fixed)).err[0]).toContain('--encoding is for --discount scale:FILE');
    const typed = ['document', 'accrual', '--card', '2911', '--bonus', '1', '--mapping', 'x'];
    expect((await line.run(...typed)).err[0]).toContain('--mapping is for --from');
    const scale = await writeBook({ rows: [['Шкала'], ['Сумма накопления', 'Процент скидки'], [0, 3], [10_000, 5]] });
    expect((await line.run('kinds', 'set', 'GOLD', '--discount', `scale:${scale}`)).code).toBe(0);
    expect((await line.run('kinds', 'list')).out).toContain('  GOLD: from 10000.00 and 0 receipts: 5 %');
  });

  test('document --from', async () => {
    await addCards('2911', '2912');
    await line.run('settings', 'set', 'stage', 'billing');
    const rows = [['Подарки'], ['Карта', 'Баллы'], ['Золотая', 15], ['2911', 10], ['2912', 5], ['Итого', 15]];
    const file = await writeBook({ rows });
    const mapping = write('mapping.json', '{"bonus": "Баллы"}');
    const accrue = (path: string) => line.run('document', 'accrual', '--from', path, '--mapping', mapping);
    expect((await accrue(file)).out.slice(1)).toEqual([
      expect.stringContaining('2911: bonus +10.00'),
      expect.stringContaining('2912: bonus +5.00'),
    ]);
    const wrong = await writeBook({ rows: [...rows.slice(0, -1), ['Итого', 16]] });
    expect((await accrue(wrong)).err[0]).toContain('the foot row "Итого" has 16.00, and the rows above it give 15.00');
  });
});
