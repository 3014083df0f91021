// The exchange folder for pages that show it: what waits there and what failed, a look at once, a file brought by hand.
import type {
  BroughtFile,
  BroughtFileEnd,
  ExchangeDesk,
  ExchangeFiles,
} from '../../operations/exchange/exchange-desk.ts';
import { releaseExchange, takeExchange } from '../../operations/exchange/exchange-lease.ts';
import { isExchangeOpen, readExchangeGate } from '../../operations/exchange/exchange-run.ts';
import { loadOneFile } from '../../operations/exchange/load-one-file.ts';
import type { ShiftFileReader } from '../../operations/exchange/shift-file.ts';
import type { Infobase } from '../../operations/infobase.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { nameRunner } from '../name-runner.ts';
import { listFailedFiles, listReadyFiles, readShiftBytes } from './exchange-folder.ts';
import { findTillsOf, locateExchange } from './exchange-job.ts';

export interface ExchangeDeskOptions {
  /** Undefined = there is no exchange folder. */
  readonly folder: string | undefined;
  readonly infobases: readonly string[];
  readonly look: () => Promise<void>;
  /** By the name of the infobase. */
  readonly readerOf: (infobase: string) => ShiftFileReader;
}

const filesShown = 100;

export function openExchangeDesk({ folder, infobases, look, readerOf }: ExchangeDeskOptions): ExchangeDesk {
  return {
    findFolder: (infobase) => (folder === undefined ? undefined : locateExchange(folder, infobases, infobase)),
    listFiles: (infobase) => listFiles(folder, infobases, infobase),
    look: () => void look(),
    loadFile: (infobase, readNow, file) => loadFile(infobase, readerOf(infobase.name), readNow, file),
  };
}

async function listFiles(
  folder: string | undefined,
  infobases: readonly string[],
  infobase: string,
): Promise<ExchangeFiles> {
  const { tills } = folder === undefined ? { tills: [] } : await findTillsOf(folder, infobases, infobase);
  const [waiting, failed] = [[], []] as [ExchangeFiles['waiting'][number][], ExchangeFiles['failed'][number][]];
  let failedCount = 0;
  for (const till of tills) {
    const { kkm } = till;
    waiting.push(...(await listReadyFiles(till.folder)).items.map(({ name }) => ({ kkm, file: name })));
    const own = await listFailedFiles(till.folder, filesShown);
    failedCount += own.count;
    failed.push(...own.files.map(({ name, why, at }) => ({ kkm, file: name, why, at })));
  }
  const newest = failed.toSorted((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1));
  return {
    waiting: waiting.slice(0, filesShown),
    waitingCount: waiting.length,
    failed: newest.slice(0, filesShown),
    failedCount,
  };
}

async function loadFile(
  infobase: Infobase,
  reader: ShiftFileReader,
  readNow: () => LocalDateTime,
  { name, path, kkm, isDryRun }: BroughtFile,
): Promise<BroughtFileEnd> {
  const gate = await readExchangeGate(infobase);
  if (!isExchangeOpen(gate)) return { code: 'waiting', gate };
  const holder = { holder: nameRunner(), readMs: Date.now };
  const other = await takeExchange(infobase, holder);
  if (other !== undefined) return { code: 'held', holder: other };
  try {
    const read = (await readShiftBytes(path)) ?? { ok: false, why: 'the file is gone' };
    const options = { readNow, holder, shouldStop: () => false, isDryRun };
    return await loadOneFile(infobase, { name, kkm, read }, reader, options);
  } finally {
    await releaseExchange(infobase, holder);
  }
}
