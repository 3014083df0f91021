// GET /metrics, for administrators, auditors and the addresses of KKM_METRICS_FROM: how a shop sells is nobody else's business.
import type { BlockList } from 'node:net';
import type { Express, Request, Response } from 'express';
import { hasAddress } from '../../has-address.ts';
import { explainLogin, type CredentialKeeper } from '../../operations/admin/credentials.ts';
import type { PeerReader } from '../../peer.ts';
import { RequestCaller } from '../../request-caller.ts';
import type { Metrics } from './open-metrics.ts';

export interface MetricsAccess {
  readonly peerOf: PeerReader;
  /** Addresses that need no login. */
  readonly from: BlockList;
  readonly served: readonly { readonly infobase: { readonly name: string }; readonly credentials: CredentialKeeper }[];
}

export function publishMetrics(app: Express, metrics: Metrics, access: MetricsAccess): void {
  app.get('/metrics', async (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    if (!isOpenTo(access.from, request) && !(await admit(access, request, response))) return;
    response.type(metrics.contentType).send(await metrics.read());
  });
}

/** By the connection: what a header says of the address can be written by anybody. */
function isOpenTo(from: BlockList, { socket }: Request): boolean {
  return hasAddress(from, socket.remoteAddress ?? '');
}

/** A user of the first infobase, or of the one that `?infobase=NAME` names: no other counts a failed login. */
async function admit(access: MetricsAccess, request: Request, response: Response): Promise<boolean> {
  const { served } = access;
  const { infobase: wanted } = request.query;
  const asked = wanted === undefined ? served[0] : served.find(({ infobase }) => infobase.name === wanted);
  if (asked === undefined) return refuse(response, 404, 'there is no such infobase');
  const login = await asked.credentials.identify(
    request.headers.authorization,
    new RequestCaller(request, response),
    access.peerOf(request),
  );
  if (login.visitor?.role === 'admin' || login.visitor?.role === 'auditor') return true;
  if (login.visitor !== undefined) return refuse(response, 403, 'expected a user with the role admin or auditor');
  const { status, headers } = explainLogin(login);
  response.set(headers);
  const what =
    status === 401
      ? 'expected the name and password of an admin or auditor, or an address of KKM_METRICS_FROM'
      : 'too many passwords wait to be checked; ask again later';
  return refuse(response, status, what);
}

function refuse(response: Response, status: number, text: string): false {
  response.status(status).type('text/plain').send(`${text}\n`);
  return false;
}
