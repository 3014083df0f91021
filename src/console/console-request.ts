// What the door knows of a request on its way: who asks, and what the log will say of it.
import type { Response } from 'express';
import type { Clock } from '../clock.ts';
import type { CredentialKeeper } from '../operations/admin/credentials.ts';
import type { Infobase } from '../operations/infobase.ts';
import type { RequestReport } from '../request-report.ts';
import type { ConsoleServices } from './console-services.ts';
import type { Language } from './say.ts';
import type { Session, SessionStore } from './sessions.ts';

export interface ConsoleInfobase {
  readonly infobase: Infobase;
  readonly clock: Clock;
  readonly credentials: CredentialKeeper;
}

/** What the door keeps. */
export interface DoorState {
  readonly served: readonly ConsoleInfobase[];
  readonly services: ConsoleServices;
  readonly sessions: SessionStore;
}

export interface ConsoleRequest {
  readonly report: RequestReport;
  readonly language: Language;
  readonly cookie: string | undefined;
  readonly session: Session | undefined;
  /** Whether the browser came over TLS: its cookies then go nowhere else. */
  readonly isSecure: boolean;
}

/** Kept with the response, as Express has it. */
export function requestOf(response: Response): ConsoleRequest {
  return response.locals.console as ConsoleRequest;
}

export function keepRequest(response: Response, request: ConsoleRequest): void {
  response.locals.console = request;
}
