// Calls about the catalogs, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

const base = {
  code: 'BASE',
  name: 'Базовая',
  purpose: 'discount',
  discount: { sort: 'fixed', percent: '5.00' },
  maxRedeemPercent: '30.00',
  accrualPercent: '3.00',
  bonusRule: null,
  accumulationRule: null,
  cards: 2,
};

const spare = {
  ...base,
  code: 'SPARE',
  name: 'Запасная',
  discount: { sort: 'none' },
  maxRedeemPercent: null,
  accrualPercent: null,
  bonusRule: 'GIFT',
  cards: 0,
};

export const listCardKinds: readonly Example[] = [
  { name: 'all', summary: 'Все виды карт', status: 200, reply: { kinds: [base, spare] } },
];

export const saveCardKind: readonly Example[] = [
  {
    name: 'new',
    summary: 'Новый вид со шкалой скидок',
    path: { code: 'GOLD' },
    body: {
      name: 'Золотая',
      discount: {
        sort: 'scale',
        steps: [
          { accumulationSum: '0', receiptCount: 0, percent: '5' },
          { accumulationSum: '50000', receiptCount: 0, percent: '7.5' },
        ],
      },
    },
    status: 201,
    reply: {
      ...base,
      code: 'GOLD',
      name: 'Золотая',
      discount: {
        sort: 'scale',
        steps: [
          { accumulationSum: '0.00', receiptCount: 0, percent: '5.00' },
          { accumulationSum: '50000.00', receiptCount: 0, percent: '7.50' },
        ],
      },
      maxRedeemPercent: null,
      accrualPercent: null,
      cards: 0,
    },
  },
  {
    name: 'change',
    summary: 'Изменить один процент',
    path: { code: 'BASE' },
    body: { accrualPercent: '4' },
    status: 200,
    reply: { ...base, accrualPercent: '4.00' },
  },
  {
    name: 'noRule',
    summary: 'Такого правила жизни нет',
    path: { code: 'BASE' },
    body: { bonusRule: 'NONE-SUCH' },
    status: 400,
    reply: { code: 11, text: 'there is no rule of life "NONE-SUCH"', field: 'bonusRule' },
  },
];

export const removeCardKind: readonly Example[] = [
  {
    name: 'used',
    summary: 'Карты этого вида ещё есть',
    path: { code: 'BASE' },
    status: 409,
    reply: { code: 409, text: 'Вид карт BASE не удалён: его карт 2' },
  },
  { name: 'removed', summary: 'Удалён', path: { code: 'SPARE' }, status: 204 },
];

const gift = {
  code: 'GIFT',
  name: 'Три дня',
  register: 'bonus',
  life: 'days:3',
  delay: 'none',
  lifeFrom: 'credit',
  kinds: ['SPARE'],
};

export const listLifeRules: readonly Example[] = [
  { name: 'all', summary: 'Все правила', status: 200, reply: { rules: [gift, { ...gift, code: 'SPARE', kinds: [] }] } },
];

export const saveLifeRule: readonly Example[] = [
  {
    name: 'new',
    summary: 'Новое правило',
    path: { code: 'HALF-YEAR' },
    body: { name: 'Полгода', register: 'bonus', life: 'months:6', delay: 'days:14' },
    status: 201,
    reply: { ...gift, code: 'HALF-YEAR', name: 'Полгода', life: 'months:6', delay: 'days:14', kinds: [] },
  },
];

export const removeLifeRule: readonly Example[] = [
  { name: 'removed', summary: 'Удалено', path: { code: 'SPARE' }, status: 204 },
];
