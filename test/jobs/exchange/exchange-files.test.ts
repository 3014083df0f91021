// Files of the exchange folder: the same shift in every form leaves the same books; a bad file is set aside whole, with its
// reason; what is not ready, or of no use, is left alone.
import { readdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { statement } from '../../../src/db/statement.ts';
import { addCard, getBalance } from '../../operations/testing-infobase.ts';
import { fixtures, openTestingExchange, readBooks, reader, type TestingExchange } from './testing-exchange.ts';

let exchange: TestingExchange;
beforeEach(async () => {
  exchange = await openTestingExchange();
});
afterEach(() => exchange.close());

const removeCard = statement((knex) => knex('card').where('number', '2900000002').delete());

const files = readdirSync(fixtures);
const good = files.filter((name) => name.startsWith('shift'));
const bad = files.filter((name) => name.startsWith('bad'));

test('a shift is posted, put away and reported on', async () => {
  exchange.put('KKM-1', '0007.xml', { fixture: 'shift-envelope.xml' });
  expect(await exchange.run()).toEqual({
    code: 'done',
    loaded: 1,
    repeated: 0,
    failed: 0,
    accepted: 4,
    linked: 0,
    rejected: 0,
  });
  expect(await getBalance(exchange.infobase, '2900000001')).toEqual({
    bonus: 1000,
    accumulation: 165_000,
    receipts: 2,
  });
  expect(exchange.list('KKM-1')).toEqual(['done', 'work']);
  expect(exchange.list('KKM-1', 'work')).toEqual([]);
  expect(exchange.list('KKM-1', 'done')).toEqual(['0007.xml', '0007.xml.report.json']);
  expect(exchange.readReport('KKM-1', 'done', '0007.xml')).toMatchObject({
    result: 'loaded',
    kkm: 'KKM-1',
    accepted: 4,
    receipts: [
      { receiptNumber: 1, outcome: 'accepted', code: 0, text: 'Выполнено.' },
      { receiptNumber: 2, operationId: 'op-2' },
      { receiptNumber: 3 },
      { receiptNumber: 4, kind: 'Return' },
    ],
  });
});

test.each(good)('%s leaves the books that the envelope leaves', async (fixture) => {
  exchange.put('KKM-1', fixture, { fixture });
  const model = await openTestingExchange();
  try {
    model.put('KKM-1', 'shift.xml', { fixture: 'shift-envelope.xml' });
    await model.run();
    expect(await exchange.run()).toMatchObject({ code: 'done', loaded: 1, accepted: 4 });
    expect(await readBooks(exchange.infobase)).toEqual(await readBooks(model.infobase));
  } finally {
    await model.close();
  }
});

test.each([
  ['Всего записей: 4', { loaded: 1, failed: 0, accepted: 4 }],
  ['Всего записей: 5', { loaded: 0, failed: 1, accepted: 0 }],
])('a table of four receipts that ends with "%s"', async (foot, end) => {
  const table = readFileSync(join(fixtures, 'shift-en.csv'), 'utf8').trimEnd();
  exchange.put('KKM-1', 'counted.csv', `${table}\r\n${foot}\r\n`);
  expect(await exchange.run()).toMatchObject(end);
});

const reasons: Readonly<Record<string, RegExp>> = {
  'bad-column.csv': /line 1, column "Shift": there is no such column/,
  'bad-date.csv': /^line 2\/ReceiptDate: ожидалось: дата и время/,
  'bad-doctype.xml': /XML не разобран \(строка 1, /,
  'bad-empty.xml': /XML не разобран|пуст|операция не указана/,
  'bad-encoding.xml': /не в кодировке UTF-8/,
  'bad-field.json': /^Receipt\[2\]: внутри Receipt нет элемента «Summ»/,
  'bad-html.csv': /^this is a web page \(HTML\), whatever its name says: save it as XLSX or CSV$/,
  'bad-no-card.json': /^Receipt\[4\]\/CardNumber: обязателен/,
  'bad-other-call.xml': /Ожидалась операция UploadReceipts, получена Ping/,
  'bad-sum-of-third.json': /^Receipt\[3\]: Неверное значение поля Sum: /,
  'bad-till-of-fourth.json': /receipt 4 is of the till "KKM-2"/,
  'bad-truncated.json': /^JSON не разобран/,
  'bad-truncated.xml': /^XML не разобран \(строка \d+, /,
  'bad-utf8.csv': /the text is damaged/,
};

test.each(bad)('%s is set aside whole with its reason, and nothing of it is loaded', async (fixture) => {
  const before = await readBooks(exchange.infobase);
  exchange.put('KKM-1', fixture, { fixture });
  expect(await exchange.run()).toMatchObject({ code: 'done', loaded: 0, failed: 1, accepted: 0 });
  expect(exchange.list('KKM-1', 'failed')).toEqual([fixture, `${fixture}.report.json`]);
  const report = exchange.readReport('KKM-1', 'failed', fixture);
  expect(report.result === 'failed' ? report.why : '').toMatch(reasons[fixture] as RegExp);
  expect(await readBooks(exchange.infobase)).toEqual(before);
});

test.each([
  [
    'OperationId',
    'o'.repeat(101),
    /^Receipt\[2\]: Неверное значение поля OperationId: ожидается не более 100 знаков\.$/,
  ],
  ['Cashier', 'я'.repeat(1_000_000), /^Receipt\[2\]: Неверное значение поля Cashier: ожидается не более 200 знаков\.$/],
])('a %s beyond its bound sets the file aside whole', async (field, value, reason) => {
  const before = await readBooks(exchange.infobase);
  const shift = JSON.parse(readFileSync(join(fixtures, 'shift.json'), 'utf8')) as {
    Receipt: Record<string, unknown>[];
  };
  (shift.Receipt[1] as Record<string, unknown>)[field] = value;
  exchange.put('KKM-1', 'long.json', JSON.stringify(shift));
  expect(await exchange.run()).toMatchObject({ loaded: 0, failed: 1, accepted: 0 });
  const report = exchange.readReport('KKM-1', 'failed', 'long.json');
  expect(report.result === 'failed' ? report.why : '').toMatch(reason);
  expect(await readBooks(exchange.infobase)).toEqual(before);
});

test('a till of a million letters sets the file aside, and is not in the report', async () => {
  const kkm = 'K'.repeat(1_000_000);
  const shift = readFileSync(join(fixtures, 'shift.json'), 'utf8').replaceAll('KKM-1', kkm);
  expect(await reader.read('long.json', Buffer.from(shift), undefined, () => undefined)).toEqual({
    ok: false,
    why: 'Неверное значение поля KKM: ожидается не более 50 знаков.',
  });
});

test('a file in the folder of another till is bad', async () => {
  exchange.put('KKM-2', 'shift.json', { fixture: 'shift.json' });
  expect(await exchange.run()).toMatchObject({ failed: 1, accepted: 0 });
  expect(exchange.readReport('KKM-2', 'failed', 'shift.json')).toMatchObject({
    why: 'the file is of the till "KKM-1", its folder of "KKM-2"',
  });
});

test('a file being written is left alone until it has its name', async () => {
  const unready = ['.shift.xml', '~shift.xml', 'shift.xml.tmp', 'shift.xml.part', 'shift.xml~', 'notes.txt'];
  for (const name of unready) exchange.put('KKM-1', name, { fixture: 'bad-truncated.xml' });
  expect(await exchange.run()).toMatchObject({ loaded: 0, failed: 0 });
  expect(exchange.list('KKM-1')).toEqual(unready.toSorted());
  exchange.put('KKM-1', 'shift.xml.tmp', { fixture: 'shift-envelope.xml' });
  renameSync(join(exchange.root, 'KKM-1', 'shift.xml.tmp'), join(exchange.root, 'KKM-1', 'shift.xml'));
  expect(await exchange.run()).toMatchObject({ loaded: 1, accepted: 4 });
});

test('a link is no file of a till', async () => {
  exchange.put('KKM-1', 'shift.tmp', { fixture: 'shift-envelope.xml' });
  symlinkSync(join(exchange.root, 'KKM-1', 'shift.tmp'), join(exchange.root, 'KKM-1', 'link.xml'));
  expect(await exchange.run()).toMatchObject({ loaded: 0, failed: 0 });
});

test('the same content again is a repeat, whatever its name; other content links what is known', async () => {
  exchange.put('KKM-1', 'a.xml', { fixture: 'shift-envelope.xml' });
  await exchange.run();
  const books = await readBooks(exchange.infobase);
  exchange.put('KKM-1', 'a.xml', { fixture: 'shift-envelope.xml' });
  exchange.put('KKM-1', 'b.json', { fixture: 'shift.json' });
  expect(await exchange.run()).toMatchObject({ loaded: 1, repeated: 1, accepted: 0, linked: 4 });
  expect(await readBooks(exchange.infobase)).toEqual(books);
  expect(exchange.list('KKM-1', 'done')).toEqual([
    'a-2.xml',
    'a-2.xml.report.json',
    'a.xml',
    'a.xml.report.json',
    'b.json',
    'b.json.report.json',
  ]);
  expect(exchange.readReport('KKM-1', 'done', 'a-2.xml')).toMatchObject({ result: 'repeat', earlierFile: 'a.xml' });
});

test('a receipt that is refused does not stop the others, and is loaded once the reason is mended', async () => {
  const poor = await openTestingExchange();
  try {
    await poor.infobase.db.write((trx) => trx.change(removeCard, {}));
    poor.put('KKM-1', 'a.xml', { fixture: 'shift-envelope.xml' });
    expect(await poor.run()).toMatchObject({ loaded: 1, accepted: 2, rejected: 2 });
    expect(poor.readReport('KKM-1', 'done', 'a.xml')).toMatchObject({
      receipts: [
        { code: 0 },
        { outcome: 'rejected', code: 1, text: 'Карта не найдена: проверьте номер карты.' },
        {},
        {},
      ],
    });
    await addCard(poor.infobase, { number: '2900000002' });
    poor.put('KKM-1', 'a.xml', { fixture: 'shift-envelope.xml' });
    expect(await poor.run()).toMatchObject({ repeated: 0, accepted: 2, linked: 2, rejected: 0 });
  } finally {
    await poor.close();
  }
});
