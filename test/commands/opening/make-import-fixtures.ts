// Writes fixtures/import: one table in every form that `kkm import` reads; and the tables of a report among the forms of
// one shift in fixtures/exchange.
//   npx tsx test/commands/opening/make-import-fixtures.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTestingXlsx, type TestingCell } from '../../tables/testing-xlsx.ts';

const folder = 'fixtures/import';
const header = ['Номер карты', 'Владелец', 'Сумма бонусов', 'Сумма накопления', 'Количество чеков'];
const rows = [
  ['2900000000001', 'ООО "Ромашка"', '1\u00A0234,50', '10 000,10', '3'],
  ['2900000000002', 'Петрова; А.', '1,25', '20000', '6'],
  ['2900000000002', '', '', '1 000,00', '0'],
  ['2900000000003', 'Сидоров', '0', '0,00', ''],
];
const foot = ['Итого', '', '1 235,75', '31 000,10', '9'];

function writeCsv(delimiter: string, lineEnd: string, titles: readonly string[] = []): string {
  const quote = (cell: string): string =>
    cell.includes(delimiter) || cell.includes('"') ? `"${cell.replaceAll('"', '""')}"` : cell;
  const lines = [header, ...rows, foot].map((cells) => cells.map(quote).join(delimiter));
  return [...titles, ...lines, ''].join(lineEnd);
}

function encode(text: string, encoding: 'windows-1251' | 'cp866'): Buffer {
  const decoder = new TextDecoder(encoding);
  const codes = new Map(Array.from({ length: 256 }, (_none, code) => [decoder.decode(Uint8Array.of(code)), code]));
  return Buffer.from(Array.from(text, (sign) => codes.get(sign) ?? 63));
}

/** The receipts of fixtures/exchange/shift-envelope.xml as a report with a title, a foot and a signature. */
const shift: readonly (readonly TestingCell[])[] = [
  ['Чеки за смену 7, касса KKM-1'],
  [],
  [
    'Ключ операции',
    'Вид чека',
    'Номер смены',
    'Номер чека',
    'Дата чека',
    'Номер карты',
    'Сумма',
    'Сумма со скидкой',
    'Начислено бонусов',
    'Списано бонусов',
    'Сумма накопления',
    'Количество чеков',
    'Без связи',
    'Кассир',
    'ФН',
    'ФД',
    'ФП',
    'Касса исходного чека',
    'Смена исходного чека',
    'Номер исходного чека',
    'Дата исходного чека',
  ],
  ...[
    [null, 'Продажа', 7, 1, 5, '2900000001', 1_234.5, 1_200, 60, 0, null, null, { truth: true }, 'Жук О. & Ко'],
    ['op-2', 'Продажа', 7, 2, 10, '2900000002', 99.99, 99.99, 5.01, 0, null, null, 'да', 'Жук О. & Ко'],
    [
      null,
      'Продажа',
      7,
      3,
      15.5,
      2_900_000_001,
      500,
      500,
      0,
      50,
      450,
      1,
      'Истина',
      null,
      '9999078902001234',
      17,
      3_141_592_653,
    ],
    [
      null,
      'Возврат',
      7,
      4,
      60,
      2_900_000_002,
      50,
      50,
      0,
      0,
      null,
      null,
      { truth: true },
      null,
      null,
      null,
      null,
      'KKM-1',
      7,
      2,
      10,
    ],
  ].map((cells) => cells.map((cell, place) => (place === 4 || place === 20 ? nineAnd(cell as number) : cell))),
  ['Итого', null, null, null, null, null, 1_884.49, 1_849.99, 65.01, 50],
  ['Кассир', null, 'Жук О.'],
];

/** The moment so many minutes after nine of 22.11.2026, as the days that a workbook counts. */
function nineAnd(minutes: number): TestingCell {
  return { serial: 46_348 + (9 * 60 + minutes) / 1_440 };
}

function showShiftCell(cell: TestingCell, place: number): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return cell;
  if (typeof cell === 'number')
    return [6, 7, 8, 9, 10].includes(place) ? cell.toFixed(2).replace('.', ',') : String(cell);
  if ('truth' in cell) return 'Да';
  if (!('serial' in cell)) throw new Error('no such cell in the shift');
  const seconds = Math.round((cell.serial % 1) * 86_400);
  const time = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `22.11.2026 ${time.map((part) => String(part).padStart(2, '0')).join(':')}`;
}

function writeShiftCsv(): string {
  return shift.map((cells) => `${cells.map(showShiftCell).join(';')}\r\n`).join('');
}

async function main(): Promise<void> {
  const write = (name: string, bytes: Buffer | string): void => writeFileSync(join(folder, name), bytes);
  write('utf-8-semicolon.csv', writeCsv(';', '\n', ['Отчет по картам, на 01.11.2026, руб., все', '']));
  write('utf-8-bom-comma.csv', `\uFEFF${writeCsv(',', '\r\n')}`);
  write('utf-8-tab.csv', writeCsv('\t', '\r'));
  write('windows-1251.csv', encode(writeCsv(';', '\r\n'), 'windows-1251'));
  const wide = Buffer.from(`\uFEFF${writeCsv('\t', '\r\n')}`, 'utf16le');
  write('utf-16le.csv', wide);
  write('utf-16be.csv', Buffer.from(wide).swap16());
  await writeTestingXlsx(join(folder, '1c-export.xlsx'), {
    rows: [
      ['Остатки по дисконтным картам'],
      [null, { inline: 'Период: ноябрь 2026' }],
      [],
      header,
      [2_900_000_000_001, 'ООО "Ромашка"', 1_234.5, 10_000.1, 3],
      ['2900000000002', { inline: 'Петрова; А.' }, '1,25', 20_000, 6],
      ['2900000000002', null, null, '1\u00A0000,00', 0],
      ['2900000000003', 'Сидоров', 0, 0, null],
      ['Итого', null, 1_235.75, 31_000.1, 9],
    ],
  });
  await writeTestingXlsx('fixtures/exchange/shift-report.xlsx', { name: 'Смена 7', rows: shift });
  writeFileSync('fixtures/exchange/shift-report-cp866.csv', encode(writeShiftCsv(), 'cp866'));
}

void main();
