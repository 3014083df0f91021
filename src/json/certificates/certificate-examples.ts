// Calls about certificates, as openapi.json shows them: 771 is sold for 1000, 781 is not sold and costs 500.
import type { Example } from '../endpoint.ts';

const given = 'billing';
const place = { kkm: 'K-01', shiftNumber: 15, receiptNumber: 7, receiptDate: '2026-11-22T11:58:00' };
const done = { code: 0, text: 'Выполнено.' };

export const getCertificate: readonly Example[] = [
  {
    name: 'sold',
    summary: 'Проданный сертификат',
    given,
    path: { certificateNumber: '771' },
    status: 200,
    reply: {
      ...done,
      certificateNumber: '771',
      status: 'issued',
      nominal: '1000.00',
      balance: '1000.00',
      validTo: null,
    },
  },
];

export const sellCertificate: readonly Example[] = [
  {
    name: 'sale',
    summary: 'Продажа по номиналу',
    given,
    body: { operationId: 'gift-1', ...place, certificateNumber: '781', amount: '500.00' },
    status: 200,
    reply: {
      ...done,
      operationId: 'gift-1',
      duplicate: false,
      certificateNumber: '781',
      status: 'issued',
      balance: '500.00',
    },
  },
  {
    name: 'soldBefore',
    summary: 'Уже продан: отказ приходит ответом 200',
    given,
    body: { operationId: 'gift-1', ...place, certificateNumber: '771', amount: '1000.00' },
    status: 200,
    reply: {
      code: 13,
      text: 'Сертификат уже продан: возьмите другой сертификат.',
      operationId: 'gift-1',
      duplicate: false,
      certificateNumber: '771',
      status: 'issued',
      balance: '1000.00',
    },
  },
];

export const redeemCertificate: readonly Example[] = [
  {
    name: 'redemption',
    summary: 'Оплата всей суммой',
    given,
    body: { operationId: 'gift-2', ...place, certificateNumber: '771', amount: '1000.00' },
    status: 200,
    reply: {
      ...done,
      operationId: 'gift-2',
      duplicate: false,
      certificateNumber: '771',
      status: 'redeemed',
      balance: '0.00',
    },
  },
];

export const cancelCertificate: readonly Example[] = [
  {
    name: 'unknown',
    summary: 'Операции ещё не было: отмена запомнена',
    given,
    body: { operationId: 'gift-3', ...place, certificateNumber: '771', amount: '0' },
    status: 200,
    reply: {
      ...done,
      operationId: 'gift-3',
      duplicate: false,
      certificateNumber: '771',
      status: 'issued',
      balance: '1000.00',
    },
  },
];
