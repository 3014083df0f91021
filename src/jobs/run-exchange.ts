// One run over the exchange folder of an infobase: every file that is ready is taken, loaded and put away with its report.
// One runner at a time; what a killed one left in work/ is loaded again, and its receipts are found known.
import { join } from 'node:path';
import type { LocalDateTime } from '../ledger/local-date-time.ts';
import type { ResultCode } from '../ledger/result.ts';
import { releaseExchange, takeExchange, type ExchangeHolder } from '../operations/exchange-lease.ts';
import {
  isExchangeOpen,
  readExchangeGate,
  recordExchangeRun,
  type ExchangeCounts,
  type ExchangeRunRow,
} from '../operations/exchange-run.ts';
import type { Infobase } from '../operations/infobase.ts';
import { loadShiftFile, type LoadedShiftFile } from '../operations/load-shift-file.ts';
import type { ShiftFileReader } from '../operations/shift-file.ts';
import { loadZonedReading, type ReadZoned } from '../operations/zoned-dates.ts';
import {
  claimFile,
  listLeftFiles,
  listReadyFiles,
  listTillFolders,
  putAway,
  readShiftBytes,
  type ClaimedFile,
} from './exchange-folder.ts';
import { reportLoaded, type ShiftFileReport } from './shift-file-report.ts';

export interface ExchangeOptions {
  readonly infobase: Infobase;
  readonly tills: readonly TillFolder[];
  readonly reader: ShiftFileReader;
  readonly readNow: () => LocalDateTime;
  readonly holder: ExchangeHolder;
  readonly shouldStop: () => boolean;
  readonly onFile?: (report: ShiftFileReport) => void;
  /** A file or a folder that could not be worked on: it stays, and the next run tries again. */
  readonly onTrouble?: (place: string, reason: unknown) => void;
}

export interface TillFolder {
  readonly kkm: string;
  readonly folder: string;
}

export type ExchangeEnd =
  | { readonly code: 'held'; readonly holder: string }
  | { readonly code: 'waiting'; readonly gate: ResultCode }
  | { readonly code: 'lost' }
  | ({ readonly code: 'done' | 'stopped' | 'broken' } & ExchangeCounts);

type Counts = { -readonly [K in keyof ExchangeCounts]: number };

/** The folders of the tills under a root, by their names. @param isOther tells folders that are no till's. */
export async function findTills(root: string, isOther: (name: string) => boolean): Promise<TillFolder[]> {
  return (await listTillFolders(root, isOther)).map((kkm) => ({ kkm, folder: join(root, kkm) }));
}

export async function runExchange(options: ExchangeOptions): Promise<ExchangeEnd> {
  const { infobase, holder } = options;
  const gate = await readExchangeGate(infobase);
  if (!isExchangeOpen(gate)) return { code: 'waiting', gate };
  const other = await takeExchange(infobase, holder);
  if (other !== undefined) return { code: 'held', holder: other };
  try {
    return await loadTills(options);
  } finally {
    await releaseExchange(infobase, holder);
  }
}

async function loadTills(options: ExchangeOptions): Promise<ExchangeEnd> {
  const { infobase, readNow, tills } = options;
  const counts: Counts = { loaded: 0, repeated: 0, failed: 0, accepted: 0, linked: 0, rejected: 0 };
  const startedAt = readNow();
  const record = (result: ExchangeRunRow['result'], finishedAt: LocalDateTime | null): Promise<void> =>
    recordExchangeRun(infobase, { ...counts, startedAt, finishedAt, result });
  await record('running', null);
  let code: 'done' | 'stopped' | 'broken' = 'done';
  for (const till of tills) {
    try {
      const end = await loadTill(till, counts, options);
      if (end === 'broken') code = 'broken';
      else if (end !== 'done') {
        // Another runner has it, and keeps the record.
        if (end.code === 'lost') return end;
        await record('stopped', readNow());
        return end.code === 'waiting' ? end : { code: 'stopped', ...counts };
      }
    } catch (reason) {
      code = 'broken';
      options.onTrouble?.(till.folder, reason);
    }
  }
  await record(code, readNow());
  return { code, ...counts };
}

type Interrupted = Extract<LoadedShiftFile, { readonly code: 'waiting' | 'stopped' | 'lost' }>;

async function loadTill(
  till: TillFolder,
  counts: Counts,
  options: ExchangeOptions,
): Promise<'done' | 'broken' | Interrupted> {
  let end: 'done' | 'broken' = 'done';
  const load = async (file: ClaimedFile): Promise<Interrupted | undefined> => {
    try {
      return await loadFile(till.kkm, file, counts, options);
    } catch (reason) {
      end = 'broken';
      options.onTrouble?.(file.path, reason);
      return undefined;
    }
  };
  for (const file of await listLeftFiles(till.folder)) {
    const interrupted = await load(file);
    if (interrupted !== undefined) return interrupted;
  }
  for (const name of await listReadyFiles(till.folder)) {
    if (options.shouldStop()) return { code: 'stopped' };
    const file = await claimFile(till.folder, name);
    const interrupted = file === undefined ? undefined : await load(file);
    if (interrupted !== undefined) return interrupted;
  }
  return end;
}

async function loadFile(
  kkm: string,
  file: ClaimedFile,
  counts: Counts,
  options: ExchangeOptions,
): Promise<Interrupted | undefined> {
  const { infobase, reader, readNow, holder, shouldStop, onFile } = options;
  const read = await readShiftBytes(file.path);
  if (read === undefined) return undefined;
  const head = { file: file.name, kkm, at: readNow(), sha256: read.ok ? read.sha256 : null };
  const readZoned = await loadZonedReading(infobase);
  const content = read.ok ? readContent(reader, file.name, read.bytes, kkm, readZoned) : read;
  if (!content.ok) {
    counts.failed += 1;
    const report = { ...head, result: 'failed', why: content.why } as const;
    await putAway(file, 'failed', report);
    onFile?.(report);
    return undefined;
  }
  const { receipts } = content;
  const shift = { name: file.name, sha256: read.ok ? read.sha256 : '', kkm, receipts };
  const outcome = await loadShiftFile(infobase, shift, { readNow, holder, shouldStop });
  // It stays in work/, and the next run goes on with it.
  if (outcome.code !== 'loaded' && outcome.code !== 'repeat') return outcome;
  const report = reportLoaded(head, receipts, outcome, reader);
  await putAway(file, 'done', report);
  if (outcome.code === 'repeat') counts.repeated += 1;
  else {
    counts.loaded += 1;
    for (const count of ['accepted', 'linked', 'rejected'] as const) counts[count] += outcome[count];
  }
  onFile?.(report);
  return undefined;
}

/** A file whose receipts are of another till than its folder is bad as a whole: it lies in the wrong place. */
export function readContent(
  reader: ShiftFileReader,
  name: string,
  bytes: Buffer,
  kkm: string | undefined,
  readZoned: ReadZoned,
): ReturnType<ShiftFileReader['read']> {
  const content = reader.read(name, bytes, kkm, readZoned);
  if (!content.ok) return content;
  const own = kkm ?? content.kkm;
  if (content.kkm !== own)
    return { ok: false, why: `the file is of the till "${content.kkm}", its folder of "${own}"` };
  const at = content.receipts.findIndex((receipt) => receipt.kkm !== own);
  if (at === -1) return content;
  return { ok: false, why: `receipt ${at + 1} is of the till "${content.receipts[at]?.kkm}", the file of "${own}"` };
}
