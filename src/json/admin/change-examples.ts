// The log of changes, as openapi.json shows it. A test plays it on a service of its own.
import type { Example } from '../endpoint.ts';

export const listChanges: readonly Example[] = [
  {
    name: 'setting',
    summary: 'Кто менял настройки',
    given: 'change',
    query: { subject: 'setting' },
    status: 200,
    reply: {
      changes: [
        {
          id: '1',
          recordedAt: '2026-11-22T12:00:00',
          by: 'admin',
          door: 'http',
          subject: 'setting',
          key: 'holdTimeout',
          before: { value: '900' },
          after: { value: '300' },
        },
      ],
      next: null,
    },
  },
];
