// One run over the exchange folder of an infobase: every file that is ready is taken, loaded and put away with its report.
// One runner at a time; what a killed one left in work/ is loaded again, and its receipts are found known.
import { join } from 'node:path';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { ResultCode } from '../../ledger/result.ts';
import { releaseExchange, takeExchange, type ExchangeHolder } from '../../operations/exchange/exchange-lease.ts';
import {
  isExchangeOpen,
  readExchangeGate,
  recordExchangeRun,
  recordExchangeTroubles,
  type ExchangeCounts,
  type ExchangeRunRow,
  type ExchangeTrouble,
} from '../../operations/exchange/exchange-run.ts';
import type { Infobase } from '../../operations/infobase.ts';
import { loadOneFile, type OneFileEnd } from '../../operations/exchange/load-one-file.ts';
import type { ShiftFileReader } from '../../operations/exchange/shift-file.ts';
import {
  claimFile,
  listLeftFiles,
  listReadyFiles,
  listTillFolders,
  putAway,
  readShiftBytes,
  type ClaimedFile,
} from './exchange-folder.ts';
import type { ShiftFileReport } from '../../operations/exchange/shift-file-report.ts';

export interface ExchangeOptions extends FoundTills {
  readonly infobase: Infobase;
  /** Whether it is the infobase's own folder, the whole of it: what cannot be taken is then kept until it is over. */
  readonly isOwnFolder: boolean;
  readonly reader: ShiftFileReader;
  readonly readNow: () => LocalDateTime;
  readonly holder: ExchangeHolder;
  readonly shouldStop: () => boolean;
  readonly onFile?: (report: ShiftFileReport) => void;
  /**
   * A file or a folder that could not be worked on: it stays, and the next run tries again.
   * @param isNew whether no earlier run has reported it for this reason.
   */
  readonly onTrouble?: (trouble: Trouble, isNew: boolean) => void;
}

export interface Trouble extends ExchangeTrouble {
  /** What was thrown; undefined where a look at the folder was enough. */
  readonly reason?: unknown;
}

export interface TillFolder {
  readonly kkm: string;
  readonly folder: string;
}

export interface FoundTills {
  readonly tills: readonly TillFolder[];
  /** What lies between their folders. */
  readonly troubles: readonly Trouble[];
}

export type ExchangeEnd =
  | { readonly code: 'held'; readonly holder: string }
  | { readonly code: 'waiting'; readonly gate: ResultCode }
  | { readonly code: 'lost' }
  | ({ readonly code: 'done' | 'stopped' | 'broken' } & ExchangeCounts);

type Counts = { -readonly [K in keyof ExchangeCounts]: number };

/**
 * The folders of the tills under a root, by their names; none where the root cannot be read, which is a trouble then.
 * @param isOther whether a folder is not a till's.
 * @param isTill whether the root is a till's own folder as well, so that files may lie in it.
 */
export async function findTills(root: string, isOther: (name: string) => boolean, isTill = false): Promise<FoundTills> {
  try {
    const { items, troubles } = await listTillFolders(root, isOther, isTill);
    return { tills: items.map((kkm) => ({ kkm, folder: join(root, kkm) })), troubles };
  } catch (reason) {
    return { tills: [], troubles: [describeTrouble(root, reason)] };
  }
}

/** What the system says of a file repeats its path: that is left out. */
function describeTrouble(place: string, reason: unknown): Trouble {
  const { message, syscall } = reason as NodeJS.ErrnoException;
  return { place, why: syscall === undefined ? message : (message.split(',', 1)[0] ?? message), reason };
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
  const troubles: Trouble[] = [...options.troubles];
  const end = await goThroughTills(options, troubles);
  const isWhole = end.code === 'done' || end.code === 'broken';
  const places = options.isOwnFolder
    ? await recordExchangeTroubles(options.infobase, troubles, options.readNow(), isWhole)
    : undefined;
  for (const trouble of troubles) options.onTrouble?.(trouble, places?.has(trouble.place) ?? true);
  return end;
}

/** @param troubles those found on the way are added. */
async function goThroughTills(options: ExchangeOptions, troubles: Trouble[]): Promise<ExchangeEnd> {
  const { infobase, readNow, tills } = options;
  const counts: Counts = { loaded: 0, repeated: 0, failed: 0, accepted: 0, linked: 0, rejected: 0 };
  const startedAt = readNow();
  const record = (result: ExchangeRunRow['result'], finishedAt: LocalDateTime | null): Promise<void> =>
    recordExchangeRun(infobase, { ...counts, startedAt, finishedAt, result });
  await record('running', null);
  for (const till of tills) {
    try {
      const interrupted = await loadTill(till, counts, troubles, options);
      if (interrupted === undefined) continue;
      // Another runner has it, and keeps the record.
      if (interrupted.code === 'lost') return interrupted;
      await record('stopped', readNow());
      return interrupted.code === 'waiting' ? interrupted : { code: 'stopped', ...counts };
    } catch (reason) {
      troubles.push(describeTrouble(till.folder, reason));
    }
  }
  const code = troubles.length === 0 ? 'done' : 'broken';
  await record(code, readNow());
  return { code, ...counts };
}

type Interrupted = Exclude<OneFileEnd, { readonly code: 'reported' }>;

async function loadTill(
  till: TillFolder,
  counts: Counts,
  troubles: Trouble[],
  options: ExchangeOptions,
): Promise<Interrupted | undefined> {
  const attempt = async <T>(place: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (reason) {
      troubles.push(describeTrouble(place, reason));
      return undefined;
    }
  };
  const load = (file: ClaimedFile): Promise<Interrupted | undefined> =>
    attempt(join(till.folder, 'work', file.name), () => loadFile(till.kkm, file, counts, options));
  const left = await listLeftFiles(till.folder);
  troubles.push(...left.troubles);
  for (const file of left.items) {
    const interrupted = await load(file);
    if (interrupted !== undefined) return interrupted;
  }
  const ready = await listReadyFiles(till.folder);
  troubles.push(...ready.troubles);
  for (const waiting of ready.items) {
    if (options.shouldStop()) return { code: 'stopped' };
    const file = await attempt(join(till.folder, waiting.name), () => claimFile(till.folder, waiting));
    const interrupted = file === undefined ? undefined : await load(file);
    if (interrupted !== undefined) return interrupted;
  }
  return undefined;
}

async function loadFile(
  kkm: string,
  file: ClaimedFile,
  counts: Counts,
  { infobase, reader, readNow, holder, shouldStop, onFile }: ExchangeOptions,
): Promise<Interrupted | undefined> {
  const read = await readShiftBytes(file.path);
  if (read === undefined) return undefined;
  const end = await loadOneFile(infobase, { name: file.name, kkm, read }, reader, { readNow, holder, shouldStop });
  // It stays in work/, and the next run goes on with it.
  if (end.code !== 'reported') return end;
  const { report } = end;
  await putAway(file, report.result === 'failed' ? 'failed' : 'done', report);
  if (report.result === 'failed') counts.failed += 1;
  else if (report.result === 'repeat') counts.repeated += 1;
  else {
    counts.loaded += 1;
    for (const count of ['accepted', 'linked', 'rejected'] as const) counts[count] += report[count];
  }
  onFile?.(report);
  return undefined;
}
