// Loads one file of the exchange folder («Оперативное снятие текущих продаж с ККМ»): its receipts go the report road,
// fifty a turn of the commit queue. Killed anywhere, the next load finds what was posted and goes on to the same state.
import type { Trx } from '../../db/db.ts';
import { findExchangeFile, saveExchangeFile, type ExchangeFile } from '../../db/exchange/exchange-file.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { RegisterOverflow } from '../../ledger/measures.ts';
import type { Receipt } from '../../ledger/receipt.ts';
import { resultCodes, type ResultCode } from '../../ledger/result.ts';
import { renewExchange, type ExchangeHolder } from './exchange-lease.ts';
import type { Infobase } from '../infobase.ts';
import type { OperationReply } from '../operation-reply.ts';
import { writeOrRehearse } from '../rehearse.ts';
import { loadExchangeStanding } from '../standing.ts';
import {
  countReplies,
  postReported,
  postSparing,
  receiptsPerTurn,
  type ReceiptCounts,
} from '../receipts/upload-receipts.ts';

export interface ShiftFile {
  readonly name: string;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
  readonly kkm: string;
  readonly receipts: readonly Receipt[];
}

export interface LoadOptions {
  readonly readNow: () => LocalDateTime;
  readonly holder: ExchangeHolder;
  readonly shouldStop: () => boolean;
  /** Posts each turn and takes it back: what a receipt does to a later turn is not seen. */
  readonly isDryRun?: boolean;
}

export type LoadedShiftFile =
  | ({ readonly code: 'loaded'; readonly results: readonly OperationReply[] } & ReceiptCounts)
  /** The same content has been loaded, with nothing rejected. */
  | { readonly code: 'repeat'; readonly earlier: ExchangeFile }
  /** Exclusive mode, or no subscription: what is not posted yet comes with the next load. */
  | { readonly code: 'waiting'; readonly gate: ResultCode }
  | { readonly code: 'stopped' }
  /** Another runner has taken the folder over. */
  | { readonly code: 'lost' };

type End = Exclude<LoadedShiftFile, { readonly code: 'loaded' | 'repeat' }>;
type Turn = readonly OperationReply[] | End;

export async function loadShiftFile(
  infobase: Infobase,
  file: ShiftFile,
  options: LoadOptions,
): Promise<LoadedShiftFile> {
  const { sha256, kkm, name, receipts } = file;
  const earlier = await infobase.db.read((trx) => findExchangeFile(trx, sha256, kkm));
  // Where something was rejected, the operator may have mended why, and puts the file there again for it.
  if (earlier !== undefined && earlier.rejected === 0) return { code: 'repeat', earlier };
  const results: OperationReply[] = [];
  for (let from = 0; from < receipts.length; from += receiptsPerTurn) {
    if (options.shouldStop()) return { code: 'stopped' };
    const turn = await postSparing(receipts.slice(from, from + receiptsPerTurn), (part, overflow) =>
      postTurn(infobase, part, overflow, options),
    );
    if ('code' in turn) return turn;
    results.push(...turn);
  }
  const counts = countReplies(results);
  if (options.isDryRun !== true) {
    const loadedAt = options.readNow();
    await infobase.db.write((trx) => saveExchangeFile(trx, { sha256, kkm, name, loadedAt, ...counts }));
  }
  return { code: 'loaded', results, ...counts };
}

async function postTurn(
  infobase: Infobase,
  receipts: readonly Receipt[],
  overflow: RegisterOverflow | undefined,
  options: LoadOptions,
): Promise<Turn> {
  const { isDryRun = false, readNow, holder } = options;
  const post = async (trx: Trx): Promise<Turn> => {
    if (!(await renewExchange(trx, holder))) return { code: 'lost' };
    const standing = await loadExchangeStanding(trx, infobase);
    if (standing.gate !== resultCodes.done) return { code: 'waiting', gate: standing.gate };
    const checked = receipts.map((value) => ({ ok: true, value }) as const);
    return postReported(trx, standing, readNow(), 'exchange', checked, overflow);
  };
  return writeOrRehearse(infobase, isDryRun, post);
}
