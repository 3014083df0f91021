// The import of cards: the same cards from every file, all of them or none, and a report of every mistake.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countCards, findCard, insertCard, listCardPage } from '../../../src/db/cards/card.ts';
import { importCards, type ImportCardsOptions } from '../../../src/operations/cards/import-cards.ts';
import { Infobase } from '../../../src/operations/infobase.ts';
import { giveFile, giveTable } from '../../testing-table.ts';
import { addCard, addKind, openTestInfobase, testCard, testKind } from '../testing-infobase.ts';

const fixtures = join(__dirname, '../../../fixtures/import');
let infobase: Infobase;

beforeEach(async () => {
  infobase = await openTestInfobase();
  await addKind(infobase, { code: 'GOLD', name: 'Золотая' });
  await addKind(infobase, { code: 'SILVER', name: 'Серебряная' });
});
afterEach(() => infobase.close());

const importFile = (file: string, options: ImportCardsOptions = {}) =>
  importCards(infobase, giveFile(join(fixtures, file)), options);
const importText = (text: string, options: ImportCardsOptions = {}) => importCards(infobase, giveTable(text), options);
const find = (number: string) => infobase.db.read((trx) => findCard(trx, number));
const count = () => infobase.db.read(countCards);

test.each([
  'cards-utf8-semicolon.csv',
  'cards-utf8-bom-comma.csv',
  'cards-utf8-tab-no-last-line-end.txt',
  'cards-windows-1251-semicolon.csv',
  'cards-windows-1251-tab.txt',
  'cards-utf16le-tab.txt',
  'cards-excel-sep.csv',
  'cards-1c-export.csv',
])('%s brings the three cards', async (file) => {
  expect(await importFile(file)).toMatchObject({ ok: true, added: 3, updated: 0, unchanged: 0 });
  const cards = await infobase.db.read((trx) => listCardPage(trx, 0, 10));
  expect(cards).toMatchObject([
    {
      number: '0012345678905',
      kindCode: 'GOLD',
      holder: 'Иванова Мария',
      status: 'active',
      validFrom: '2026-11-22',
      validTo: '2027-12-31',
      note: 'выдана в магазине № 3',
    },
    {
      number: '2900000000017',
      kindCode: 'SILVER',
      holder: 'ООО "Ромашка"',
      status: 'accrue_only',
      validFrom: null,
      validTo: null,
      note: null,
    },
    {
      number: '2900000000024',
      kindCode: 'SILVER',
      holder: null,
      status: 'blocked',
      validFrom: '2026-01-01',
      validTo: null,
      note: 'утеряна; заменена, см. журнал',
    },
  ]);
});

test('every bad row is told with its line, column and value, and nothing is written', async () => {
  const outcome = await importFile('cards-bad-rows.csv');
  expect(outcome.ok ? [] : outcome.mistakes.map(({ line, column, value }) => [line, column, value])).toEqual([
    [3, 'number', ''],
    [4, 'kind', 'BRONZE'],
    [5, 'status', 'lost'],
    [6, 'valid_from', '31.02.2026'],
    [7, 'valid_to', '2026-11-30'],
    [8, 'number', '2,9E+12'],
    [9, 'number', '29001'],
    [10, null, ' после'],
    [11, 'holder', 'Нов\uFFFDков'],
    [12, 'number', '1'.repeat(51)],
    [13, 'kind', ''],
  ]);
  expect(await count()).toBe(0);
});

test('a column is called in the report as the file calls it', async () => {
  expect(await importText('Номер карты;Статус\n1;потеряна', { kindCode: 'GOLD' })).toMatchObject({
    ok: false,
    mistakes: [{ line: 2, column: 'Статус', value: 'потеряна' }],
  });
});

test.each([
  ['holder\nИванов', [null]],
  ['number;number\n1;2', ['number']],
  ['number;Номер карты\n1;2', ['Номер карты']],
  ['number;valid_till\n1;2', ['valid_till']],
  ['number;телефон;valid_till\n1;2;3', ['телефон', 'valid_till']],
])('columns %j are refused', async (text, columns) => {
  const outcome = await importText(text, { kindCode: 'GOLD' });
  expect(outcome.ok ? [] : outcome.mistakes.map(({ column }) => column)).toEqual(columns);
});

test('a column may be left out by name', async () => {
  const options = { kindCode: 'GOLD', columns: { ignoredColumns: ['Телефон'] } };
  expect(await importText('number;телефон\n1;+7', options)).toMatchObject({ ok: true, added: 1 });
});

test('the kind of the file is for the rows that name none', async () => {
  await importText('number;kind\n1;SILVER\n2;', { kindCode: 'GOLD' });
  expect([(await find('1'))?.kindCode, (await find('2'))?.kindCode]).toEqual(['SILVER', 'GOLD']);
  expect(await importText('number\n3', { kindCode: 'BRONZE' })).toMatchObject({ ok: false, why: expect.any(String) });
});

test('a known number refuses the whole file', async () => {
  await addCard(infobase, { number: '2' });
  expect(await importText('number\n1\n2\n3', { kindCode: 'GOLD' })).toMatchObject({
    ok: false,
    mistakes: [{ line: 3, column: 'number', value: '2' }],
  });
  expect(await count()).toBe(1);
});

test('with mayUpdate a known card gets the columns of the file, and keeps the rest', async () => {
  await addCard(infobase, { number: '1', kindCode: 'SILVER', holder: 'Иванова', note: 'старая', status: 'blocked' });
  await addCard(infobase, { number: '2', kindCode: 'SILVER', holder: 'Петров' });
  const text = 'number;holder;kind;status\n1;;;\n2;Петров;SILVER;active\n3;Новая;;';
  expect(await importText(text, { kindCode: 'GOLD', mayUpdate: true })).toMatchObject({
    ok: true,
    added: 1,
    updated: 1,
    unchanged: 1,
  });
  expect(await find('1')).toMatchObject({ holder: null, kindCode: 'SILVER', status: 'blocked', note: 'старая' });
  expect(await find('3')).toMatchObject({ holder: 'Новая', kindCode: 'GOLD', status: 'active' });
});

test('an update that would end a card before it begins is refused', async () => {
  await importText('number;valid_from\n1;2026-06-01', { kindCode: 'GOLD' });
  expect(await importText('number;valid_to\n1;2026-05-31', { mayUpdate: true })).toMatchObject({
    ok: false,
    mistakes: [{ line: 2, column: 'valid_to', value: '2026-05-31' }],
  });
});

test('a dry run tells the same and writes nothing', async () => {
  expect(await importFile('cards-utf8-semicolon.csv', { isDryRun: true })).toMatchObject({
    ok: true,
    added: 3,
    updated: 0,
    unchanged: 0,
  });
  expect(await count()).toBe(0);
});

test('a number taken between the check and the writing undoes the whole file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-import-'));
  const onDisk = await Infobase.open({ name: 'trade', file: join(folder, 'trade.sqlite'), hasSubscription: false });
  try {
    await addKind(onDisk);
    // What another process would do at just that moment: the file's own write is held until the neighbour's is done.
    const { db } = onDisk;
    const write = db.write.bind(db);
    db.write = async (work) => {
      await write((trx) => insertCard(trx, { ...testCard, number: '2' }));
      return write(work);
    };
    expect(await importCards(onDisk, giveTable('number\n1\n2\n3'), { kindCode: testKind.code })).toMatchObject({
      ok: false,
      mistakes: [{ line: 3, column: 'number', value: '2' }],
    });
    expect(await db.read(countCards)).toBe(1);
  } finally {
    await onDisk.close();
    rmSync(folder, { recursive: true });
  }
});
