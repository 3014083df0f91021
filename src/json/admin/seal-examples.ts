// Seals, as openapi.json shows them. A test plays each on a service of its own.
import type { Example } from '../endpoint.ts';

export const listSeals: readonly Example[] = [
  {
    name: 'none',
    summary: 'Ни один день ещё не опломбирован',
    status: 200,
    reply: { seals: [], next: null },
  },
];
