// GetSyncPackage and ConfirmSyncPackage: a till that works without a line fetches what sync documents hold, page by page,
// and confirms what it has taken.
import type { Trx } from '../../db/db.ts';
import { findNewestFull, getPostedVersion, listSyncCards, type SyncCard } from '../../db/sync/sync.ts';
import { noteSyncConfirmation, noteSyncFetch } from '../../db/sync/sync-till.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { resultCodes, type ResultCode, type Trouble } from '../../ledger/result.ts';
import { boundTexts } from '../bound-texts.ts';
import type { Checked } from '../checked.ts';
import type { Infobase } from '../infobase.ts';
import { changeServed } from '../standing.ts';

export interface SyncRequest {
  readonly kkm: string;
  /** The last version that the till has; null = none. */
  readonly lastVersion: number | null;
}

export interface SyncReply {
  readonly code: ResultCode;
  readonly trouble?: Trouble;
  /** Of the page; where there is nothing new, the last one there is. */
  readonly version: number;
  /** The till empties its table before it takes this page. */
  readonly isFull: boolean;
  readonly cards: readonly SyncCard[];
}

export interface SyncConfirmation {
  readonly kkm: string;
  readonly version: number;
}

const nothing = { version: 0, isFull: false, cards: [] } as const;

/**
 * Order of refusals: 8, 9, 10, 11. The page after the till's version; where a full document was posted since, its first
 * page, for earlier ones are of no use any more. Asked for again, it is the same.
 */
export function getSyncPackage(infobase: Infobase, now: LocalDateTime, sent: Checked<SyncRequest>): Promise<SyncReply> {
  const request = boundTexts(sent, ['kkm']);
  return changeServed<SyncReply>(
    infobase,
    (code) => ({ code, ...nothing }),
    async (trx) => {
      if (!request.ok) return { code: resultCodes.badArgument, trouble: request.trouble, ...nothing };
      const { kkm, lastVersion } = request.value;
      const page = await findPage(trx, lastVersion ?? 0);
      await noteSyncFetch(trx, kkm, page.version, now);
      return { code: resultCodes.done, ...page };
    },
  );
}

async function findPage(trx: Trx, lastVersion: number): Promise<Omit<SyncReply, 'code'>> {
  const posted = await getPostedVersion(trx);
  const full = await findNewestFull(trx);
  // A till from before a backup was restored may have versions that are not there: it begins again.
  const isBehind = full !== undefined && (lastVersion < full || lastVersion > posted);
  const version = isBehind ? full : lastVersion > posted ? 1 : lastVersion + 1;
  if (version > posted) return { ...nothing, version: posted };
  return { version, isFull: version === full, cards: await listSyncCards(trx, version) };
}

/** Order of refusals: 8, 9, 10, 11. A version stands for all before it; a repeat changes nothing. */
export function confirmSyncPackage(
  infobase: Infobase,
  now: LocalDateTime,
  sent: Checked<SyncConfirmation>,
): Promise<{ readonly code: ResultCode; readonly trouble?: Trouble }> {
  const request = boundTexts(sent, ['kkm']);
  return changeServed<{ readonly code: ResultCode; readonly trouble?: Trouble }>(
    infobase,
    (code) => ({ code }),
    async (trx) => {
      if (!request.ok) return { code: resultCodes.badArgument, trouble: request.trouble };
      const { kkm, version } = request.value;
      const posted = await getPostedVersion(trx);
      if (version < 1 || version > posted) {
        const expected = posted === 0 ? 'номер пакета, а пакетов ещё нет' : `номер пакета от 1 до ${posted}`;
        return { code: resultCodes.badArgument, trouble: { field: 'version', expected } };
      }
      await noteSyncConfirmation(trx, kkm, version, now);
      return { code: resultCodes.done };
    },
  );
}
