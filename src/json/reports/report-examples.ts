// Reports, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

const opened = {
  bonus: { in: '340.00', out: '0.00' },
  accumulation: { in: '12500.00', out: '0.00' },
  receipts: { in: '3', out: '0' },
};

export const turnover: readonly Example[] = [
  {
    name: 'year',
    summary: 'По картам за год',
    query: { from: '2026-01-01', to: '2026-12-31' },
    status: 200,
    reply: {
      rows: [
        {
          card: '2900000001',
          kind: 'BASE',
          bonus: {
            opening: '0.00',
            ...opened.bonus,
            closing: '340.00',
            byDocument: { OpeningAccumulation: opened.bonus },
          },
          accumulation: {
            opening: '0.00',
            ...opened.accumulation,
            closing: '12500.00',
            byDocument: { OpeningAccumulation: opened.accumulation },
          },
          receipts: {
            opening: '0',
            ...opened.receipts,
            closing: '3',
            byDocument: { OpeningAccumulation: opened.receipts },
          },
        },
      ],
      next: null,
    },
  },
  {
    name: 'totals',
    summary: 'Итог по бонусам с февраля',
    query: { from: '2026-02-01', by: 'total', measure: 'bonus' },
    status: 200,
    reply: {
      rows: [{ bonus: { opening: '340.00', in: '0.00', out: '0.00', closing: '340.00', byDocument: {} } }],
      next: null,
    },
  },
  {
    name: 'noCard',
    summary: 'Такой карты нет',
    query: { card: '777' },
    status: 400,
    reply: { code: 11, text: 'there is no card "777"', field: 'card' },
  },
];

export const movements: readonly Example[] = [
  {
    name: 'card',
    summary: 'Движения карты',
    query: { card: '2900000001' },
    status: 200,
    reply: {
      rows: [
        {
          card: '2900000001',
          date: '2026-01-01T00:00:00',
          document: 'Ввод остатков накоплений 000000001 от 01.01.2026 00:00:00',
          documentKind: 'OpeningAccumulation',
          kkm: null,
          receiptNumber: null,
          shop: null,
          bonus: '340.00',
          accumulation: '12500.00',
          receipts: '3',
          comment: null,
        },
      ],
      next: null,
    },
  },
];

const nothing = { count: '0', sum: '0.00', sumWithDiscount: '0.00', accrued: '0.00', redeemed: '0.00' };

export const sales: readonly Example[] = [
  {
    name: 'totals',
    summary: 'Итог, когда чеков нет',
    query: { by: 'total' },
    status: 200,
    reply: { rows: [{ sales: nothing, returns: nothing }], next: null },
  },
];

const noRows = { rows: [], next: null };

export const department: readonly Example[] = [
  { name: 'none', summary: 'Отчётов ещё нет', query: { from: '2026-11-01' }, status: 200, reply: noRows },
];

export const burning: readonly Example[] = [
  {
    name: 'weeks',
    summary: 'По неделям до конца года; ничего не сгорит',
    given: 'billing',
    query: { by: 'week', to: '2026-12-31' },
    status: 200,
    reply: noRows,
  },
];

export const flags: readonly Example[] = [
  { name: 'none', summary: 'Проверять нечего', query: { card: '2900000001' }, status: 200, reply: noRows },
];

export const debts: readonly Example[] = [
  { name: 'none', summary: 'Долгов нет', query: { kind: 'BASE' }, status: 200, reply: noRows },
];
