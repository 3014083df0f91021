// Writes fixtures/import: one table in every form that `kkm import` reads.
//   npx tsx test/commands/make-import-fixtures.ts
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTestingXlsx } from './testing-xlsx.ts';

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

function encode1251(text: string): Buffer {
  const decoder = new TextDecoder('windows-1251');
  const codes = new Map(Array.from({ length: 256 }, (_none, code) => [decoder.decode(Uint8Array.of(code)), code]));
  return Buffer.from(Array.from(text, (sign) => codes.get(sign) ?? 63));
}

async function main(): Promise<void> {
  const write = (name: string, bytes: Buffer | string): void => writeFileSync(join(folder, name), bytes);
  write('utf-8-semicolon.csv', writeCsv(';', '\n', ['Отчет по картам, на 01.11.2026, руб., все', '']));
  write('utf-8-bom-comma.csv', `\uFEFF${writeCsv(',', '\r\n')}`);
  write('utf-8-tab.csv', writeCsv('\t', '\r'));
  write('windows-1251.csv', encode1251(writeCsv(';', '\r\n')));
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
}

void main();
