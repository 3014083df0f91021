// Sync documents as an operator looks at them: what was posted, and which tills have not fetched or confirmed it.
import { listTills } from '../../db/catalogs/shop.ts';
import { listSyncDocuments, type SyncDocument } from '../../db/sync/sync.ts';
import { listSyncTills } from '../../db/sync/sync-till.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';

export type { SyncDocument } from '../../db/sync/sync.ts';

export interface SyncProgress {
  readonly kkm: string;
  readonly state: 'confirmed' | 'fetched' | 'waiting';
  readonly fetchedVersion: number;
  readonly fetchedAt: LocalDateTime | null;
  readonly confirmedVersion: number;
  readonly confirmedAt: LocalDateTime | null;
}

export function listSyncs(infobase: Infobase): Promise<readonly SyncDocument[]> {
  return infobase.db.read(listSyncDocuments);
}

/**
 * The document and every till that takes part: those of the catalog that are synced, and those that ever asked. Undefined
 * where there is none of that number.
 */
export function showSync(
  infobase: Infobase,
  id: number,
): Promise<{ readonly document: SyncDocument; readonly tills: readonly SyncProgress[] } | undefined> {
  return infobase.db.read(async (trx) => {
    const document = (await listSyncDocuments(trx)).find((one) => one.id === id);
    if (document === undefined) return undefined;
    const known = new Map((await listSyncTills(trx)).map((till) => [till.kkm, till]));
    const expected = (await listTills(trx)).filter(({ isSynced }) => isSynced).map(({ kkm }) => kkm);
    const last = document.lastVersion ?? 0;
    const tills = [...new Set([...expected, ...known.keys()])].toSorted().map((kkm): SyncProgress => {
      const none = { fetchedVersion: 0, fetchedAt: null, confirmedVersion: 0, confirmedAt: null };
      const { fetchedVersion, fetchedAt, confirmedVersion, confirmedAt } = known.get(kkm) ?? none;
      const state = confirmedVersion >= last ? 'confirmed' : fetchedVersion >= last ? 'fetched' : 'waiting';
      return { kkm, state, fetchedVersion, fetchedAt, confirmedVersion, confirmedAt };
    });
    return { document, tills };
  });
}
