// Whether the process is alive and whether it may be sent calls; not behind credentials, and no personal data in it.
import type { Express } from 'express';
import { ping } from '../operations/describe-service.ts';
import type { Infobase } from '../operations/infobase.ts';

export interface Readiness {
  readonly infobases: readonly Infobase[];
  isStopping: boolean;
}

export function publishHealth(app: Express, readiness: Readiness): void {
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('alive\n');
  });
  app.get('/readyz', async (_request, response) => {
    const why = await findObstacle(readiness);
    response
      .status(why === undefined ? 200 : 503)
      .type('text/plain')
      .send(`${why ?? 'ready'}\n`);
  });
}

async function findObstacle(readiness: Readiness): Promise<string | undefined> {
  if (readiness.isStopping) return 'stopping';
  for (const infobase of readiness.infobases) {
    try {
      await ping(infobase);
    } catch {
      return `the database of infobase ${infobase.name} does not answer`;
    }
  }
  return undefined;
}
