// Switching billing on and off, as openapi.json shows it. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';
import { begunWork } from '../works/begun-work.ts';

export const getBilling: readonly Example[] = [
  {
    name: 'paused',
    summary: 'Включение приостановлено',
    given: 'paused',
    status: 200,
    reply: {
      stage: 'online',
      startDate: '2026-11-22',
      lastNight: null,
      exclusive: { purpose: 'enabling', since: '2026-11-22T12:00:00' },
      runner: null,
      enabling: {
        startDate: '2026-11-22',
        phase: 'opening',
        isPaused: false,
        documents: 0,
        posted: 0,
        waiting: 0,
        failed: 0,
        nightsDone: 0,
        nightsDue: 1,
        documentsPerSecond: null,
        failures: [],
      },
    },
  },
];

export const enableBilling: readonly Example[] = [
  {
    name: 'today',
    summary: 'С сегодняшнего дня',
    given: 'receipt',
    body: { startDate: '2026-11-22', exclusive: true },
    status: 202,
    reply: begunWork('enabling', 'Включение биллинга'),
  },
];

export const pauseBilling: readonly Example[] = [
  {
    name: 'paused',
    summary: 'Приостановить',
    given: 'paused',
    status: 200,
    reply: {
      stage: 'online',
      startDate: '2026-11-22',
      lastNight: null,
      exclusive: { purpose: 'enabling', since: '2026-11-22T12:00:00' },
      runner: null,
      enabling: {
        startDate: '2026-11-22',
        phase: 'opening',
        isPaused: true,
        documents: 0,
        posted: 0,
        waiting: 0,
        failed: 0,
        nightsDone: 0,
        nightsDue: 1,
        documentsPerSecond: null,
        failures: [],
      },
    },
  },
];

export const continueBilling: readonly Example[] = [
  {
    name: 'on',
    summary: 'Продолжить',
    given: 'paused',
    status: 202,
    reply: begunWork('enabling', 'Перепроведение от даты начала'),
  },
];

export const repostFailed: readonly Example[] = [
  {
    name: 'all',
    summary: 'Все с ошибками',
    given: 'failed',
    status: 202,
    reply: begunWork('enabling', 'Перепроведение документов с ошибками'),
  },
];

export const repostReceipt: readonly Example[] = [
  {
    name: 'one',
    summary: 'Документ чека',
    given: 'failed',
    path: { receiptId: '1' },
    status: 202,
    reply: begunWork('enabling', 'Перепроведение документов с ошибками'),
  },
];

export const disableBilling: readonly Example[] = [
  {
    name: 'confirmed',
    summary: 'Все три подтверждения',
    given: 'billing',
    body: { confirm: ['1', '2', '3'] },
    status: 202,
    reply: begunWork('disabling', 'Выключение биллинга'),
  },
];
