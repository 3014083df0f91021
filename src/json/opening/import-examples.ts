// Imports of opening balances, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

const file =
  'Номер карты;Сумма бонусов;Сумма накопления;Количество чеков\n2900000002;120,50;3000;2\nИтого;120,50;3000;2\n';
const query = { document: 'opening-accumulation', fileName: 'остатки.csv' };

export const listImports: readonly Example[] = [
  {
    name: 'one',
    summary: 'Один ввод остатков',
    given: 'import',
    status: 200,
    reply: {
      imports: [
        {
          id: 1,
          document: 'opening-accumulation',
          state: 'stands',
          reverses: null,
          reversedBy: null,
          recordedAt: '2026-11-22T12:00:00',
          madeBy: 'admin',
          fileName: 'остатки.csv',
          date: '2026-11-22',
          name: 'Ввод остатков накоплений 000000002 от 22.11.2026 12:00:00',
          rows: 1,
          badRows: 0,
          cards: 1,
          created: 0,
          bonus: '120.50',
          accumulation: '3000.00',
          receipts: 2,
        },
      ],
    },
  },
];

export const importOpening: readonly Example[] = [
  {
    name: 'made',
    summary: 'Остатки введены',
    query,
    file,
    status: 201,
    reply: {
      id: 1,
      name: 'Ввод остатков накоплений 000000002 от 22.11.2026 12:00:00',
      documentId: 'accumulation-2',
      dryRun: false,
      file: { format: 'csv', encoding: 'utf-8', sheet: null },
      rows: 1,
      badRows: 0,
      leftOutRows: 1,
      cards: 1,
      created: 0,
      bonus: '120.50',
      accumulation: '3000.00',
      receipts: 2,
      mistakes: [],
    },
  },
  {
    name: 'check',
    summary: 'Проверка файла',
    query: { ...query, dryRun: 'true' },
    file,
    status: 200,
    reply: {
      id: null,
      name: null,
      documentId: null,
      dryRun: true,
      file: { format: 'csv', encoding: 'utf-8', sheet: null },
      rows: 1,
      badRows: 0,
      leftOutRows: 1,
      cards: 1,
      created: 0,
      bonus: '120.50',
      accumulation: '3000.00',
      receipts: 2,
      mistakes: [],
    },
  },
  {
    name: 'mistakes',
    summary: 'В файле ошибки: ничего не записано',
    query,
    file: 'Номер карты;Сумма бонусов\n2900000099;10\n2900000002;десять\n',
    status: 400,
    reply: {
      code: 11,
      text: 'Ничего не записано: ошибок 2',
      mistakes: [
        { line: 2, column: 'Номер карты', value: '2900000099', why: 'there is no card of this number' },
        {
          line: 3,
          column: 'Сумма бонусов',
          value: 'десять',
          why: 'expected a sum in rubles such as 12.50 or 10 000,00',
        },
      ],
    },
  },
];

export const reverseImport: readonly Example[] = [
  {
    name: 'made',
    summary: 'Сторнировать ввод',
    given: 'import',
    path: { id: '1' },
    status: 200,
    reply: {
      id: 2,
      name: 'Ввод остатков накоплений 000000003 от 22.11.2026 12:00:00',
      dryRun: false,
      reverses: 1,
      cards: 1,
      bonus: '-120.50',
      accumulation: '-3000.00',
      receipts: -2,
    },
  },
];
