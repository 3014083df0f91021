// What the door knows of a call on its way: who asks, of which infobase, and what the log will say of it.
import type { Clock } from '../clock.ts';
import type { CredentialKeeper, Visitor } from '../operations/admin/credentials.ts';
import type { Infobase } from '../operations/infobase.ts';
import type { RequestReport } from '../request-report.ts';

export interface JsonInfobase {
  readonly infobase: Infobase;
  readonly clock: Clock;
  readonly credentials: CredentialKeeper;
}

/** A call on its way, kept with its response. */
export interface JsonCall {
  readonly served: JsonInfobase;
  readonly report: RequestReport;
  readonly visitor: Visitor;
}
