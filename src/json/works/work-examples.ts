// Long work and nights, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';
import { begunWork } from './begun-work.ts';

const path = { id: '20261122120000-1' };

export const listWork: readonly Example[] = [
  {
    name: 'one',
    summary: 'Биллинг включён',
    given: 'work',
    status: 200,
    reply: {
      work: [
        {
          id: '20261122120000-1',
          kind: 'enabling',
          title: 'Включение биллинга',
          user: 'admin',
          startedAt: '2026-11-22T12:00:00',
          endedAt: '2026-11-22T12:00:00',
          state: 'done',
          isStopping: false,
          done: 1,
          total: 1,
          result: { startDate: '2026-11-22', lastNight: '2026-11-22', documents: { waiting: 0, posted: 1, failed: 0 } },
          failure: null,
          incident: null,
        },
      ],
    },
  },
];

export const getWork: readonly Example[] = [
  {
    name: 'done',
    summary: 'Биллинг включён',
    given: 'work',
    path,
    status: 200,
    reply: {
      id: '20261122120000-1',
      kind: 'enabling',
      title: 'Включение биллинга',
      user: 'admin',
      startedAt: '2026-11-22T12:00:00',
      endedAt: '2026-11-22T12:00:00',
      state: 'done',
      isStopping: false,
      done: 1,
      total: 1,
      result: { startDate: '2026-11-22', lastNight: '2026-11-22', documents: { waiting: 0, posted: 1, failed: 0 } },
      failure: null,
      incident: null,
    },
  },
];

export const stopWork: readonly Example[] = [
  {
    name: 'asked',
    summary: 'Остановить',
    given: 'running work',
    path,
    status: 202,
    reply: {
      id: '20261122120000-1',
      kind: 'enabling',
      title: 'Включение биллинга',
      user: 'admin',
      startedAt: '2026-11-22T12:00:00',
      endedAt: null,
      state: 'running',
      isStopping: true,
      done: 0,
      total: null,
      result: null,
      failure: null,
      incident: null,
    },
  },
];

export const runNights: readonly Example[] = [
  {
    name: 'due',
    summary: 'За все даты',
    given: 'billing',
    body: {},
    status: 202,
    reply: begunWork('night', 'Ночной регламент'),
  },
];

export const previewNight: readonly Example[] = [
  {
    name: 'tomorrow',
    summary: 'Завтрашняя ночь',
    given: 'billing',
    query: { date: '2026-11-23' },
    status: 200,
    reply: {
      date: '2026-11-23',
      nightsBefore: 1,
      writeOff: { cards: 0, bonus: '0.00', accumulation: '0.00', receipts: '0' },
      accrual: { cards: 0, bonus: '0.00', accumulation: '0.00', receipts: '0' },
    },
  },
];

export const listNights: readonly Example[] = [
  {
    name: 'off',
    summary: 'Биллинг выключен',
    status: 200,
    reply: { obstacle: 'Биллинг выключен: ночной регламент не выполняется', lastNight: null, runs: [] },
  },
];
