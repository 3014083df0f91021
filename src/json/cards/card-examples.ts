// Reads of one card, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

const path = { cardNumber: '2900000001' };

const anna = {
  number: '2900000001',
  kind: 'BASE',
  holder: 'Анна Примерова',
  status: 'active',
  validFrom: null,
  validTo: null,
  note: null,
};
const blocked = { ...anna, number: '2900000002', holder: null, status: 'blocked' };

export const listCards: readonly Example[] = [
  {
    name: 'firstPage',
    summary: 'Первая страница из одной карты',
    query: { query: '29', limit: '1' },
    status: 200,
    reply: { cards: [anna], next: '2900000001' },
  },
  {
    name: 'secondPage',
    summary: 'Вторая страница, последняя',
    query: { query: '29', limit: '1', cursor: '2900000001' },
    status: 200,
    reply: { cards: [blocked], next: null },
  },
  {
    name: 'blocked',
    summary: 'Заблокированные карты вида BASE',
    query: { kind: 'BASE', status: 'blocked' },
    status: 200,
    reply: { cards: [blocked], next: null },
  },
];

export const readCard: readonly Example[] = [
  {
    name: 'active',
    summary: 'Карта действует',
    path,
    status: 200,
    reply: {
      code: 0,
      text: 'Выполнено.',
      cardNumber: '2900000001',
      cardKind: 'Базовая',
      holder: 'Анна Примерова',
      status: 'active',
      bonusBalance: '340.00',
      bonusAvailable: '340.00',
      bonusPending: '0.00',
      accumulationSum: '12500.00',
      receiptCount: 3,
      discountPercent: '5.00',
      maxRedeemPercent: '30.00',
      accrualPercent: '3.00',
      expiringBonus: '0.00',
      expiringDate: null,
      cashierMessage: null,
      receiptMessage: null,
    },
  },
  {
    name: 'past',
    summary: 'Остатки на прошлый момент',
    path,
    query: { at: '2025-12-31T23:59:59' },
    status: 200,
    reply: {
      cardNumber: '2900000001',
      cardKind: 'Базовая',
      holder: 'Анна Примерова',
      at: '2025-12-31T23:59:59',
      bonusBalance: '0.00',
      accumulationSum: '0.00',
      receiptCount: 0,
      discountPercent: '5.00',
    },
  },
  {
    name: 'unknown',
    summary: 'Карты нет',
    path: { cardNumber: '2900000999' },
    status: 404,
    reply: { code: 1, text: 'Карта не найдена: проверьте номер карты.' },
  },
];

export const explainCard: readonly Example[] = [
  {
    name: 'now',
    summary: 'Остаток сейчас',
    path,
    status: 200,
    reply: {
      cardNumber: '2900000001',
      register: 'accumulation',
      at: null,
      bonus: '340.00',
      accumulation: '12500.00',
      receipts: 3,
      available: '340.00',
      addsUp: true,
      rows: [
        {
          date: '2026-01-01T00:00:00',
          document: 'Ввод остатков накоплений 000000001 от 01.01.2026 00:00:00',
          documentId: 'accumulation-1',
          documentKind: 'OpeningAccumulation',
          kkm: null,
          receiptNumber: null,
          bonus: '340.00',
          accumulation: '12500.00',
          receipts: 3,
          writeOffDate: null,
          bonusAfter: '340.00',
          comment: null,
        },
      ],
      earlier: null,
      accruals: [],
      burning: [],
      hasMoreBurning: false,
      pending: [],
      holds: [],
    },
  },
];

export const listCardOperations: readonly Example[] = [
  {
    name: 'opening',
    summary: 'Последнее движение: ввод остатков',
    path,
    query: { from: '2026-01-01T00:00:00', limit: '1' },
    status: 200,
    reply: {
      cardNumber: '2900000001',
      operations: [
        {
          date: '2026-01-01T00:00:00',
          document: 'Ввод остатков накоплений 000000001 от 01.01.2026 00:00:00',
          documentId: 'accumulation-1',
          documentKind: 'OpeningAccumulation',
          kkm: null,
          receiptNumber: null,
          bonus: '340.00',
          accumulation: '12500.00',
          receipts: 3,
          writeOffDate: null,
          bonusAfter: '340.00',
          comment: null,
        },
      ],
    },
  },
];
