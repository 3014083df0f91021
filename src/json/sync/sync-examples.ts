// Sync documents, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const listSyncs: readonly Example[] = [
  {
    name: 'all',
    summary: 'Одна синхронизация',
    given: 'sync',
    status: 200,
    reply: { syncs: [{ id: 1, date: '2026-11-22T12:00:00', isFull: true, cards: 2, firstVersion: 1, lastVersion: 1 }] },
  },
];

export const createSync: readonly Example[] = [
  {
    name: 'one',
    summary: 'Одна карта',
    given: 'cards refused',
    body: { cards: ['2900000001'] },
    status: 201,
    reply: { id: 1, cards: 1, firstVersion: 1, lastVersion: 1 },
  },
];

export const getSync: readonly Example[] = [
  {
    name: 'waiting',
    summary: 'Касса ещё не забрала',
    given: 'sync',
    path: { id: '1' },
    status: 200,
    reply: { id: 1, date: '2026-11-22T12:00:00', isFull: true, cards: 2, firstVersion: 1, lastVersion: 1, tills: [] },
  },
];
