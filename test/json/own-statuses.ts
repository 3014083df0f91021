// Statuses that are an operation's own, and what brings them about.
import type { Before } from '../soap/testing-state.ts';
import type { JsonCall } from './testing-json.ts';

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
];
