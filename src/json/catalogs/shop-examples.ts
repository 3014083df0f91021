// Shops and tills, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const listShops: readonly Example[] = [
  {
    name: 'all',
    summary: 'Все магазины',
    status: 200,
    reply: {
      shops: [
        { code: 'S1', name: 'На углу' },
        { code: 'S2', name: 'У вокзала' },
      ],
    },
  },
];

export const saveShop: readonly Example[] = [
  {
    name: 'new',
    summary: 'Новый магазин',
    path: { code: 'S3' },
    body: { name: 'На площади' },
    status: 201,
    reply: { code: 'S3', name: 'На площади' },
  },
];

export const removeShop: readonly Example[] = [
  { name: 'empty', summary: 'Удалить магазин без касс', path: { code: 'S2' }, status: 204 },
];

export const listTills: readonly Example[] = [
  {
    name: 'all',
    summary: 'Кассы списка',
    status: 200,
    reply: { tills: [{ kkm: 'K-01', shop: 'S1', isSynced: false }], unknown: [] },
  },
];

export const saveTill: readonly Example[] = [
  {
    name: 'new',
    summary: 'Новая касса магазина',
    path: { kkm: 'K-02' },
    body: { shop: 'S1', isSynced: true },
    status: 201,
    reply: { kkm: 'K-02', shop: 'S1', isSynced: true },
  },
];

export const removeTill: readonly Example[] = [
  { name: 'known', summary: 'Удалить кассу', path: { kkm: 'K-01' }, status: 204 },
];
