// What the front door keeps for each infobase it serves.
import type { Clock } from '../clock.ts';
import type { Settings } from '../ledger/settings.ts';
import type { Infobase } from '../operations/infobase.ts';
import type { CredentialKeeper } from '../operations/admin/credentials.ts';
import type { SessionKeeper } from './sessions.ts';

export interface ServedInfobase {
  readonly infobase: Infobase;
  readonly clock: Clock;
  readonly credentials: CredentialKeeper;
  readonly sessions: SessionKeeper;
}

/** "/trade/ws/KKMTransfer.1cws" and "/trade/ws/KKMTransfer": two addresses of one service (wire H1). */
export function servicePaths(infobase: string, service: string): readonly [string, string] {
  return [`/${infobase}/ws/${service}.1cws`, `/${infobase}/ws/${service}`];
}

/** The current settings, whoever changed them last: already the first answer after a start or a change uses them. */
export function loadSettings({ infobase }: ServedInfobase): Promise<Settings> {
  return infobase.db.read((trx) => infobase.loadSettings(trx));
}
