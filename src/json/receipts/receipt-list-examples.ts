// Receipts as they are kept, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const listReceipts: readonly Example[] = [
  {
    name: 'shift',
    summary: 'Чеки смены',
    given: 'receipt',
    query: { kkm: 'K-01', shift: '15' },
    status: 200,
    reply: {
      receipts: [
        {
          id: 1,
          kind: 'Sale',
          kkm: 'K-01',
          shiftNumber: 15,
          receiptNumber: 7,
          receiptDate: '2026-11-22T11:58:00',
          cardNumber: '2900000001',
          sum: '1000.00',
          sumWithDiscount: '950.00',
          bonusAccrued: '28.50',
          bonusRedeemed: '0.00',
          cashier: null,
          offline: false,
          road: 'online',
          state: 'posted',
          flags: [],
        },
      ],
      next: null,
    },
  },
];

export const readReceipt: readonly Example[] = [
  {
    name: 'sale',
    summary: 'Продажа с её документом',
    given: 'receipt',
    path: { id: '1' },
    status: 200,
    reply: {
      id: 1,
      kind: 'Sale',
      kkm: 'K-01',
      shiftNumber: 15,
      receiptNumber: 7,
      receiptDate: '2026-11-22T11:58:00',
      cardNumber: '2900000001',
      sum: '1000.00',
      sumWithDiscount: '950.00',
      bonusAccrued: '28.50',
      bonusRedeemed: '0.00',
      cashier: null,
      offline: false,
      road: 'online',
      state: 'posted',
      flags: [],
      operationId: null,
      fn: null,
      fd: null,
      fp: null,
      shop: null,
      lines: [],
      documents: [
        {
          id: 'accumulation-2',
          register: 'accumulation',
          kind: 'KkmOperation',
          name: 'Операция ККМ 000000002 от 22.11.2026 11:58:00',
          date: '2026-11-22T11:58:00',
          comment: null,
          movements: [{ cardNumber: '2900000001', bonus: '28.50', accumulation: '950.00', receipts: 1 }],
        },
      ],
      cancel: null,
      original: null,
      returns: [],
    },
  },
];
