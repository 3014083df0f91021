// Documents, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const listDocuments: readonly Example[] = [
  {
    name: 'openings',
    summary: 'Вводы остатков карты',
    query: { kind: 'OpeningAccumulation', card: '2900000001' },
    status: 200,
    reply: {
      documents: [
        {
          id: 'accumulation-1',
          register: 'accumulation',
          kind: 'OpeningAccumulation',
          name: 'Ввод остатков накоплений 000000001 от 01.01.2026 00:00:00',
          date: '2026-01-01T00:00:00',
          recordedAt: '2026-11-22T12:00:00',
          origin: null,
          comment: null,
          receiptId: null,
          kkm: null,
          shiftNumber: null,
          receiptNumber: null,
          cashier: null,
          shop: null,
          tradeDocumentId: null,
          line: { cardNumber: '2900000001', bonus: '340.00', accumulation: '12500.00', receipts: 3 },
          hasMoreLines: false,
        },
      ],
      next: null,
    },
  },
];

export const readDocument: readonly Example[] = [
  {
    name: 'opening',
    summary: 'Ввод остатков',
    path: { id: 'accumulation-1' },
    status: 200,
    reply: {
      id: 'accumulation-1',
      register: 'accumulation',
      kind: 'OpeningAccumulation',
      name: 'Ввод остатков накоплений 000000001 от 01.01.2026 00:00:00',
      date: '2026-01-01T00:00:00',
      recordedAt: '2026-11-22T12:00:00',
      origin: null,
      comment: null,
      receiptId: null,
      kkm: null,
      shiftNumber: null,
      receiptNumber: null,
      cashier: null,
      shop: null,
      tradeDocumentId: null,
      fileName: null,
      madeBy: null,
      total: { lines: 1, bonus: '340.00', accumulation: '12500.00', receipts: 3 },
      lines: [
        {
          cardNumber: '2900000001',
          bonus: '340.00',
          accumulation: '12500.00',
          receipts: 3,
          bonusAfter: '340.00',
          reason: null,
          accruals: [],
          delayed: [],
        },
      ],
      next: null,
    },
  },
];

const gift = { kind: 'Accrual', comment: 'Подарок ко дню рождения' };

export const makeDocument: readonly Example[] = [
  {
    name: 'gift',
    summary: 'Начислить 100 бонусов до конца года',
    given: 'billing',
    body: { ...gift, rows: [{ cardNumber: '2900000001', bonus: '100.00', writeOffDate: '2027-01-01' }] },
    status: 201,
    reply: {
      document: 'Начисление на дисконтные карты 000000001 от 22.11.2026 12:00:00',
      dryRun: false,
      lines: [
        {
          cardNumber: '2900000001',
          accruals: [{ measure: 'bonus', amount: '100.00', creditDate: null, writeOffDate: '2027-01-01' }],
          after: { bonus: '100.00', accumulation: '0.00', receipts: 0 },
        },
      ],
    },
  },
  {
    name: 'check',
    summary: 'То же без записи',
    given: 'billing',
    query: { dryRun: 'true' },
    body: { ...gift, rows: [{ cardNumber: '2900000001', bonus: '100.00', writeOffDate: '2027-01-01' }] },
    status: 200,
    reply: {
      document: null,
      dryRun: true,
      lines: [
        {
          cardNumber: '2900000001',
          accruals: [{ measure: 'bonus', amount: '100.00', creditDate: null, writeOffDate: '2027-01-01' }],
          after: { bonus: '100.00', accumulation: '0.00', receipts: 0 },
        },
      ],
    },
  },
  {
    name: 'mistakes',
    summary: 'В строках ошибки: ничего не записано',
    given: 'billing',
    body: { ...gift, rows: [{ cardNumber: '2900000001', bonus: 'сто' }, { cardNumber: '2900000001' }] },
    status: 400,
    reply: {
      code: 11,
      text: 'Ничего не записано: ошибок 2',
      mistakes: [
        { line: 1, column: 'bonus', value: 'сто', why: 'expected a sum in rubles such as 12.50 or 10 000,00' },
        {
          line: 2,
          column: null,
          value: null,
          why: 'it changes nothing: give bonus, accumulation or receipts above zero',
        },
      ],
    },
  },
];
