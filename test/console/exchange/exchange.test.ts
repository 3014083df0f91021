// The exchange folder in the console: its state, troubles, files that wait and that failed, a file brought by hand.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterExclusiveMode } from '../../../src/db/admin/exclusive-mode.ts';
import { buildSale, noon } from '../../operations/testing-infobase.ts';
import { writeShift } from '../../jobs/exchange/write-shift.ts';
import { auditor } from '../../soap/testing-service.ts';
import { startConsole, type ShownPage, type TestingConsole, type Visitor } from '../testing-console.ts';

const address = '/console/trade/exchange';
const cardNumber = '2900000000001';
let folder: string;
let trial: TestingConsole;
let visitor: Visitor;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kkm-console-exchange-'));
  // Looked at on the first of January, unless somebody asks for it.
  const settings = { EXCHANGE_DIR: folder, EXCHANGE_CRON: '0 0 1 1 *' };
  trial = await startConsole({ settings, before: { cards: [{ number: cardNumber }] } });
  visitor = await trial.visit();
});

afterAll(async () => {
  await trial.service.stop();
  rmSync(folder, { recursive: true });
});

const shift = (receiptNumber: number, kkm = '1') => writeShift(kkm, [buildSale({ kkm, receiptNumber, cardNumber })]);

function put(name: string, content: string): void {
  mkdirSync(join(folder, '1'), { recursive: true });
  writeFileSync(join(folder, '1', name), content);
}

const upload = (page: ShownPage, name: string, content: string, fields = {}) =>
  visitor.send(page, `${address}/file`, fields, { name, bytes: content });

test('files wait, are taken when the folder is looked at, and bad ones are shown with the reason', async () => {
  put('a.json', shift(1));
  put('bad.json', '{"KKM": 5');
  symlinkSync(join(folder, '1', 'a.json'), join(folder, '1', 'link.json'));
  const before = await visitor.get(address);
  expect(before.text).toContain('Ждут загрузки: 2');
  expect(before.text).toContain(folder);
  const asked = await visitor.send(before, `${address}/look`);
  expect(asked.text).toContain('Папка просматривается.');
  let page = asked;
  // What could not be taken is noted after the run.
  while (existsSync(join(folder, '1', 'a.json')) || !page.text.includes('link.json')) {
    page = await visitor.get(address);
  }
  expect(page.text).toContain('Файлов загружено 1 повторно: 0 Файлов с ошибкой 1 Чеков принято 1');
  expect(page.text).toMatch(/link\.json ссылка, а не файл кассы .* Замените ссылку папкой или файлом кассы\./);
  expect(page.text).toContain('Не загружены, лежат в failed: 1');
  expect(page.text).toMatch(/1 bad\.json 22\.11\.2026 12:00:00 \S.* Исправьте файл и положите его снова/);
  expect(page.text).toContain('Файлов, которые ждут загрузки, нет.');
});

test('a report beside a failed file that is not one is not in the way', async () => {
  writeFileSync(join(folder, '1', 'failed', 'bad.json.report.json'), 'mended by hand');
  const page = await visitor.get(address);
  expect([page.status, page.text]).toEqual([200, expect.stringContaining('1 bad.json Исправьте файл')]);
});

test('a file is checked, loaded, and known when it is brought again', async () => {
  const page = await visitor.get(address);
  const checked = await upload(page, 'b.json', shift(2), { dryRun: 'yes' });
  expect(checked.text).toContain('Проверка: ничего не записано. Принято 1 Связано 0 Отклонено 0');
  const loaded = await upload(page, 'b.json', shift(2));
  expect([loaded.status, loaded.text]).toEqual([200, expect.stringContaining('Касса 1. Загружено. Принято 1')]);
  const again = await upload(page, 'c.json', shift(2));
  expect(again.text).toContain('Этот файл уже загружен 22.11.2026 12:00:00 (b.json)');
  const unknown = writeShift('1', [buildSale({ kkm: '1', receiptNumber: 3, cardNumber: '2999999999999' })]);
  const rejected = await upload(page, 'd.json', unknown);
  expect(rejected.text).toContain('Отклонено 1');
  expect(rejected.text).toContain('отклонён 1 ');
  // They are removed once their answer has been sent.
  while (readdirSync(join(trial.service.dataDir, 'uploads')).length > 0) await new Promise(setImmediate);
});

test('what cannot be loaded is refused beside the field of the file', async () => {
  const page = await visitor.get(address);
  const none = await visitor.send(page, `${address}/file`);
  expect([none.status, none.text]).toEqual([422, expect.stringContaining('Выберите файл.')]);
  const other = await upload(page, 'report.pdf', 'x');
  expect([other.status, other.text]).toEqual([422, expect.stringContaining('Ожидается XML, JSON, CSV или XLSX.')]);
  const bad = await upload(page, 'bad.json', '{', { kkm: '1' });
  expect([bad.status, bad.text]).toEqual([422, expect.stringContaining('Ничего не загружено.')]);
  expect(bad.html).toContain('value="1"');
  const foreign = await upload(page, 'e.json', shift(4), { kkm: '7' });
  expect([foreign.status, foreign.text]).toEqual([422, expect.stringContaining('Ничего не загружено.')]);
});

test('in exclusive mode a file waits, and the page says so', async () => {
  await trial.service.infobase().db.write((trx) => enterExclusiveMode(trx, { purpose: 'enabling', sinceAt: noon }));
  const page = await visitor.get(address);
  expect(page.text).toContain('Монопольный режим: файлы ждут на месте.');
  const sent = await upload(page, 'f.json', shift(5));
  expect([sent.status, sent.text]).toEqual([422, expect.stringContaining('Монопольный режим')]);
});

test('an auditor reads the state and has no forms', async () => {
  const page = await (await trial.visit(auditor)).get(address);
  expect([page.status, page.html.includes(`action="${address}`)]).toEqual([200, false]);
});
