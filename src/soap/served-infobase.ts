// What the front door keeps for each infobase it serves.
import type { Clock } from '../clock.ts';
import type { Settings } from '../ledger/settings.ts';
import type { Infobase } from '../operations/infobase.ts';
import type { CredentialKeeper } from '../operations/admin/credentials.ts';
import type { Contract } from './contract/contract.ts';
import type { SoapServer } from './server.ts';
import type { SessionKeeper } from './sessions.ts';

export interface ServedInfobase {
  readonly infobase: Infobase;
  readonly clock: Clock;
  readonly credentials: CredentialKeeper;
  readonly sessions: SessionKeeper;
  /** What the infobase publishes: infobases of one service may have different contracts. */
  readonly contract: Contract;
  readonly server: SoapServer;
}

/**
 * "/trade/ws/KKMTransfer.1cws" and "/trade/ws/KKMTransfer": two addresses of one service (wire H1), with letters that are
 * not Latin as HTTP has them.
 */
export function servicePaths({ infobase, contract }: ServedInfobase): readonly [string, string] {
  const path = encodeURI(`/${infobase.name}/ws/${contract.serviceName}`);
  return [`${path}.1cws`, path];
}

/** The current settings, whoever changed them last: already the first answer after a start or a change uses them. */
export function loadSettings({ infobase }: ServedInfobase): Promise<Settings> {
  return infobase.db.read((trx) => infobase.loadSettings(trx));
}
