// GET /hs/infobases: the infobases that the service has, for an administrator of any of them. It belongs to no infobase, so it
// stands beside their services, and openapi.json does not have it.
import type { Request, Response } from 'express';
import { describeInfobase } from '../operations/admin/describe-infobase.ts';
import { explainLogin, type Peer } from '../operations/admin/credentials.ts';
import { RequestCaller } from '../request-caller.ts';
import type { JsonInfobase } from './json-call.ts';
import { refuseHttp } from './json-refusal.ts';

export const infobasesPath = '/hs/infobases';

/**
 * Asks the infobases one after another whether they know the caller; `?infobase=NAME` asks that one alone, so that others do
 * not count a failed login.
 * @returns the infobase that the caller is an administrator of, and its name there.
 * @throws JsonRefusal
 */
export async function admitToInfobases(
  served: readonly JsonInfobase[],
  request: Request,
  response: Response,
): Promise<{ readonly infobase: string; readonly user: string }> {
  const { infobase: wanted } = request.query;
  const asked = wanted === undefined ? served : served.filter(({ infobase }) => infobase.name === wanted);
  if (asked.length === 0) throw refuseHttp(404, 'Такой базы у сервиса нет');
  let refusal = refuseHttp(403, 'Недостаточно прав');
  for (const { infobase, credentials } of asked) {
    const { peer } = response.locals as { peer: Peer };
    const caller = new RequestCaller(request, response);
    const login = await credentials.identify(request.headers.authorization, caller, peer);
    if (login.visitor?.role === 'admin') return { infobase: infobase.name, user: login.visitor.name };
    if (login.visitor !== undefined) continue;
    const { status, text, headers } = explainLogin(login);
    refusal = refuseHttp(status, text, headers);
  }
  throw refusal;
}

export async function listInfobases(served: readonly JsonInfobase[]): Promise<object> {
  const infobases: object[] = [];
  for (const { infobase, clock } of served) {
    const { stage, cards, testNow, lastNightOn, schemaVersion } = await describeInfobase(infobase);
    const address = `/${infobase.name}/hs/discount/v1`;
    const now = clock.now();
    const isTest = testNow !== null;
    infobases.push({ name: infobase.name, address, stage, isTest, now, cards, lastNight: lastNightOn, schemaVersion });
  }
  return { infobases };
}
