// Backups, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const listBackups: readonly Example[] = [
  {
    name: 'none',
    summary: 'Копий ещё нет',
    status: 200,
    reply: { isFolderSet: false, trouble: null, backups: [] },
  },
];

export const makeBackup: readonly Example[] = [
  {
    name: 'begun',
    summary: 'Копия делается',
    status: 202,
    reply: {
      id: '20261122120000-1',
      kind: 'backup',
      title: 'Резервная копия',
      user: 'admin',
      startedAt: '2026-11-22T12:00:00',
      endedAt: null,
      state: 'running',
      isStopping: false,
      done: 0,
      total: null,
      result: null,
      failure: null,
      incident: null,
    },
  },
];
