// Changes of the catalog of cards, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from './endpoint.ts';

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
