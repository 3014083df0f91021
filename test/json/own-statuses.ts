// Statuses that are an operation's own, and what brings them about.
import type { Before } from '../soap/testing-state.ts';
import { billingState, type JsonCall } from './testing-json.ts';

export interface OwnStatus {
  readonly operation: string;
  readonly why: string;
  readonly change: Partial<JsonCall>;
  readonly before?: Before;
  readonly status: number;
  /** What the answer has among other things. */
  readonly json: object;
}

const noCard = { code: 1, text: 'Карта не найдена: проверьте номер карты.' };

export const ownStatuses: readonly OwnStatus[] = [
  { operation: 'readCard', why: 'no such card', change: { path: 'cards/777' }, status: 404, json: noCard },
  {
    operation: 'readCard',
    why: 'the card is blocked',
    change: { path: 'cards/2900000002' },
    status: 200,
    json: { code: 2, status: 'blocked', bonusAvailable: '0.00' },
  },
  {
    operation: 'listCardOperations',
    why: 'no such card',
    change: { path: 'cards/777/operations' },
    status: 404,
    json: noCard,
  },
  {
    operation: 'reportBurning',
    why: 'billing is off',
    change: {},
    status: 409,
    json: { code: 409, text: 'the infobase is not in stage billing' },
  },
  {
    operation: 'changeCard',
    why: 'no such card',
    change: { path: 'cards/777' },
    status: 404,
    json: noCard,
  },
  {
    operation: 'changeCard',
    why: 'its number would name other cards',
    change: { path: 'cards/2900000001%7C2900000002', body: { status: 'blocked' } },
    status: 409,
    json: { code: 409, text: 'Карту с «|» или «..» в номере здесь изменить нельзя' },
  },
  {
    operation: 'changeCard',
    why: 'it would end before it begins',
    change: { body: { validFrom: '2027-01-01', validTo: '2026-01-01' } },
    status: 409,
    json: { code: 409, text: 'card 2900000001 would be valid from 2027-01-01 to 2026-01-01' },
  },
  {
    operation: 'changeCard',
    why: 'no such kind',
    change: { body: { kind: 'NONE' } },
    status: 400,
    json: { code: 11, text: 'kind=NONE: expected a card kind: BASE, SPARE' },
  },
  {
    operation: 'changeCards',
    why: 'some would end before they begin',
    change: { body: { where: [], set: { validFrom: '2027-01-01', validTo: '2026-01-01' } } },
    status: 409,
    json: { code: 409 },
  },
  {
    operation: 'changeCards',
    why: 'a condition is wrong',
    change: { body: { where: ['colour=red'], set: { status: 'blocked' } } },
    status: 400,
    json: { code: 11 },
  },
  {
    operation: 'createCardRange',
    why: 'no such kind',
    change: { body: { prefix: '30', from: '1', to: '2', kind: 'NONE' } },
    status: 400,
    json: { code: 11, text: 'there is no card kind "NONE"', field: 'kind' },
  },
  {
    operation: 'createCardRange',
    why: 'some numbers are there already',
    change: { body: { prefix: '29000000', from: '1', to: '3', width: 2, kind: 'BASE' } },
    status: 200,
    json: { first: '2900000001', last: '2900000003', created: 1, skipped: 2 },
  },
  {
    operation: 'getCertificate',
    why: 'no such certificate',
    before: billingState,
    change: { path: 'certificates/1' },
    status: 404,
    json: { code: 13, text: 'Сертификат не найден: проверьте номер сертификата.' },
  },
  {
    operation: 'saveCardKind',
    why: 'the kind is known',
    change: { path: 'kinds/BASE', body: { name: 'Основная' } },
    status: 200,
    json: { code: 'BASE', name: 'Основная', accrualPercent: '3.00' },
  },
  {
    operation: 'removeCardKind',
    why: 'no such kind',
    change: { path: 'kinds/NONE' },
    status: 404,
    json: { code: 404, text: 'Вида карт NONE нет' },
  },
  {
    operation: 'removeCardKind',
    why: 'cards are of it',
    change: { path: 'kinds/BASE' },
    status: 409,
    json: { code: 409, text: 'Вид карт BASE не удалён: его карт 2' },
  },
  {
    operation: 'saveLifeRule',
    why: 'the rule is known',
    change: { path: 'rules/GIFT', body: { name: 'Подарок' } },
    status: 200,
    json: { code: 'GIFT', name: 'Подарок', life: 'days:3', kinds: ['SPARE'] },
  },
  {
    operation: 'removeLifeRule',
    why: 'no such rule',
    change: { path: 'rules/NONE' },
    status: 404,
    json: { code: 404, text: 'Правила жизни NONE нет' },
  },
  {
    operation: 'removeLifeRule',
    why: 'a kind has chosen it',
    change: { path: 'rules/GIFT' },
    status: 409,
    json: { code: 409, text: 'Правило жизни GIFT не удалено: его выбрали виды карт SPARE' },
  },
];
