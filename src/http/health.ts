// Whether the process is alive and whether calls may be sent to it; without credentials, so without personal data.
import type { Express, Request, Response } from 'express';
import type { InfobaseReadiness, Readiness } from './readiness.ts';

export function publishHealth(app: Express, readiness: Readiness): void {
  app.get('/healthz', (_request, response) => {
    response.type('text/plain').send('alive\n');
  });
  app.get('/readyz', async (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    const found = readiness.state === 'stopping' ? [] : select(request, await readiness.ask());
    if (found === undefined) {
      response.status(404).type('text/plain').send('there is no such infobase\n');
      return;
    }
    const isReady = readiness.state === 'serving' && found.every(({ reasons }) => reasons.length === 0);
    response.status(isReady ? 200 : 503);
    sendReadiness(request, response, isReady ? 'ready' : describeState(readiness), found);
  });
}

/** Only one infobase for `?infobase=NAME`: with several, a balancer can check each. */
function select(request: Request, found: readonly InfobaseReadiness[]): readonly InfobaseReadiness[] | undefined {
  const { infobase } = request.query;
  if (infobase === undefined) return found;
  const selected = found.filter((one) => one.infobase === infobase);
  return selected.length === 0 ? undefined : selected;
}

function describeState({ state }: Readiness): string {
  return state === 'serving' ? 'not ready' : state;
}

function sendReadiness(
  request: Request,
  response: Response,
  state: string,
  infobases: readonly InfobaseReadiness[],
): void {
  if (request.accepts(['text/plain', 'application/json']) === 'application/json') {
    response.send({ state, infobases });
    return;
  }
  const lines = infobases.flatMap(({ infobase, reasons }) =>
    reasons.map(({ what, remedy }) => `${infobase}: ${what}\n  -> ${remedy}`),
  );
  response.type('text/plain').send([state, ...lines, ''].join('\n'));
}
