// Backups, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';
import { begunWork } from '../works/begun-work.ts';

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
    reply: begunWork('backup', 'Резервная копия'),
  },
];
