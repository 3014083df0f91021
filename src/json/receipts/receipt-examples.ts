// Requests of tills and their answers, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

const key = { kkm: 'K-01', shiftNumber: 15, receiptNumber: 7, receiptDate: '2026-11-22T11:58:00' };
const line = { number: 1, code: '000123', name: 'Чай', quantity: '2', price: '500', sum: '1000.00', discount: '50.00' };
const sale = {
  kind: 'Sale',
  ...key,
  cardNumber: '2900000001',
  sum: '1000.00',
  sumWithDiscount: '950.00',
  bonusAccrued: '28.50',
  bonusRedeemed: '100.00',
  offline: false,
  cashier: 'Иванова',
  lines: [line],
};
const saleId = 'e0b9e5f4-9c12-4d0c-8d5c-1f6f0f0a2b11';
const done = { code: 0, text: 'Выполнено.' };
const noMessages = { cashierMessage: null, receiptMessage: null };
const opening = { bonusBalance: '340.00', bonusAvailable: '340.00', accumulationSum: '12500.00', receiptCount: 3 };

export const register: readonly Example[] = [
  {
    name: 'sale',
    summary: 'Продажа: списано 100 бонусов, начислено 28,50',
    body: { operationId: saleId, ...sale },
    status: 200,
    reply: {
      ...done,
      operationId: saleId,
      duplicate: false,
      document: 'Операция ККМ 000000002 от 22.11.2026 11:58:00',
      bonusBalance: '268.50',
      bonusAvailable: '268.50',
      accumulationSum: '13450.00',
      receiptCount: 4,
      ...noMessages,
    },
  },
  {
    name: 'notEnoughBonus',
    summary: 'Бонусов не хватает: отказ приходит ответом 200',
    body: { operationId: saleId, ...sale, bonusRedeemed: '400.00' },
    status: 200,
    reply: {
      code: 5,
      text: 'Недостаточно бонусов: уменьшите сумму списания.',
      operationId: saleId,
      duplicate: false,
      document: null,
      ...opening,
      ...noMessages,
    },
  },
  {
    name: 'badSum',
    summary: 'Сумма не текстом: ошибка 400',
    body: { operationId: saleId, ...sale, sum: 1000 },
    status: 400,
    reply: {
      code: 11,
      text: 'Неверное значение поля sum: ожидается текст с неотрицательной суммой меньше 10000000000000 не более чем с двумя знаками после точки, например "123.45".',
      field: 'sum',
    },
  },
];

export const cancel: readonly Example[] = [
  {
    name: 'unknown',
    summary: 'Чек ещё не пришёл: отмена запомнена',
    body: { operationId: saleId, kind: 'Sale', ...key, cardNumber: '2900000001', reason: 'Ошибка кассира' },
    status: 200,
    reply: { ...done, operationId: saleId, duplicate: false, document: null, ...opening, ...noMessages },
  },
];

export const upload: readonly Example[] = [
  {
    name: 'shift',
    summary: 'Один чек принят, в другом неизвестный вид',
    body: {
      kkm: 'K-01',
      receipts: [
        { operationId: saleId, ...sale, bonusRedeemed: '0', offline: true },
        { operationId: 'second', ...sale, kind: 'Gift', receiptNumber: 8 },
      ],
    },
    status: 200,
    reply: {
      ...done,
      accepted: 1,
      linked: 0,
      rejected: 1,
      results: [
        {
          ...done,
          operationId: saleId,
          duplicate: false,
          document: 'Операция ТП 000000002 от 22.11.2026 11:58:00',
          bonusBalance: '368.50',
          bonusAvailable: '368.50',
          accumulationSum: '13450.00',
          receiptCount: 4,
          ...noMessages,
        },
        {
          code: 11,
          text: 'Неверное значение поля kind: ожидается одно из значений: Sale, Return.',
          field: 'kind',
          operationId: 'second',
          duplicate: false,
          document: null,
          bonusBalance: '0.00',
          bonusAvailable: '0.00',
          accumulationSum: '0.00',
          receiptCount: 0,
          ...noMessages,
        },
      ],
    },
  },
];

const hold = { operationId: 'hold-15-7', ...key, cardNumber: '2900000001', amount: '100.00' };

export const reserve: readonly Example[] = [
  {
    name: 'reserve',
    summary: 'Отложить 100 бонусов',
    body: hold,
    status: 200,
    reply: {
      ...done,
      operationId: 'hold-15-7',
      duplicate: false,
      document: null,
      ...opening,
      bonusAvailable: '240.00',
      ...noMessages,
    },
  },
];

export const release: readonly Example[] = [
  {
    name: 'nothingHeld',
    summary: 'Ничего не отложено: выполнено',
    body: hold,
    status: 200,
    reply: { ...done, operationId: 'hold-15-7', duplicate: false, document: null, ...opening, ...noMessages },
  },
];
