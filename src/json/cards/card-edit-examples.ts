// Changes of the catalog of cards, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const addCards: readonly Example[] = [
  {
    name: 'two',
    summary: 'Две карты',
    body: {
      cards: [
        { number: '2900000011', kind: 'BASE', holder: 'Борис Примеров' },
        { number: '2900000012', kind: 'BASE', validTo: '2027-12-31' },
      ],
    },
    status: 201,
    reply: { added: 2 },
  },
  {
    name: 'known',
    summary: 'Номер занят: не создано ничего',
    body: {
      cards: [
        { number: '2900000011', kind: 'BASE' },
        { number: '2900000001', kind: 'BASE' },
      ],
    },
    status: 400,
    reply: {
      code: 11,
      text: 'Ничего не записано: ошибок 1',
      mistakes: [{ line: 2, column: 'number', value: '2900000001', why: 'there is a card of this number already' }],
    },
  },
];

export const createCardRange: readonly Example[] = [
  {
    name: 'hundred',
    summary: 'Сто карт с номерами EAN-13',
    body: { prefix: '29', from: '1', to: '100', width: 11, kind: 'BASE' },
    status: 200,
    reply: { first: '2900000000001', last: '2900000000100', created: 100, skipped: 0 },
  },
];

export const changeCards: readonly Example[] = [
  {
    name: 'block',
    summary: 'Заблокировать действующие карты вида',
    body: { where: ['kind=BASE', 'status=active'], set: { status: 'blocked' } },
    status: 200,
    reply: { matched: 1, changed: 1 },
  },
];

export const changeCard: readonly Example[] = [
  {
    name: 'term',
    summary: 'Задать срок и убрать владельца',
    path: { cardNumber: '2900000001' },
    body: { holder: null, validTo: '2027-12-31' },
    status: 200,
    reply: {
      number: '2900000001',
      kind: 'BASE',
      holder: null,
      status: 'active',
      validFrom: null,
      validTo: '2027-12-31',
      note: null,
    },
  },
];
