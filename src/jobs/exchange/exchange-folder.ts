// The exchange folder as files: which are ready to be taken, taking one so that nobody else does, and putting it away with
// a report beside it. A folder of a till holds what waits; in it work/ what is being loaded, done/ and failed/ what was.
import { createHash } from 'node:crypto';
import { lstat, mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { parseLocalDateTime, type LocalDateTime } from '../../ledger/local-date-time.ts';
import type { ExchangeTrouble } from '../../operations/exchange/exchange-run.ts';
import type { ReadBytes } from '../../operations/exchange/load-one-file.ts';
import { shiftFileExtensions } from '../../operations/exchange/shift-file.ts';
import { fitName, longestName } from './file-name.ts';
import { listEntries, type FilePath, type FolderEntry } from './folder-entry.ts';

/** A file that is ready in a till's folder. */
export interface ReadyFile {
  /** Fit to show. */
  readonly name: string;
  readonly path: FilePath;
}

/** A file in work/, which no other runner takes. */
export interface ClaimedFile extends ReadyFile {
  readonly tillFolder: string;
}

/** What is there, and what is there but cannot be taken for what it seems to be. */
export interface Found<T> {
  readonly items: readonly T[];
  readonly troubles: readonly ExchangeTrouble[];
}

const ownFolders: readonly string[] = ['work', 'done', 'failed'];
/** Ten thousand receipts with a dozen lines each are 40 MB; a larger file is not a shift. */
const maxFileBytes = 64 * 1024 ** 2;
const reportEnd = '.report.json';
const unfinishedEnd = '.tmp';

/**
 * Names of the tills that have a folder there, sorted.
 * @param isOther whether a folder is not a till's, but another infobase's.
 * @param isTill whether the root is a till's folder as well, so that files may lie in it.
 */
export async function listTillFolders(
  root: string,
  isOther: (name: string) => boolean,
  isTill: boolean,
): Promise<Found<string>> {
  const items: string[] = [];
  const troubles: ExchangeTrouble[] = [];
  for (const entry of await listEntries(root)) {
    if (entry.name.startsWith('.') || ownFolders.includes(entry.name) || isOther(entry.name)) continue;
    if (isTill && entry.sort !== 'folder' && isReadyName(entry.name)) continue;
    const why = await findTillObstacle(entry);
    if (why !== undefined) troubles.push({ place: join(root, entry.name), why });
    else if (entry.sort === 'folder') items.push(entry.name);
  }
  return { items, troubles };
}

async function findTillObstacle(entry: FolderEntry): Promise<string | undefined> {
  if (entry.sort === 'folder') {
    return entry.isPlain ? undefined : "the folder's name is not UTF-8 text, so it cannot be the number of a till";
  }
  if (isReadyName(entry.name)) return 'it lies beside the folders of the tills: files are taken from these';
  const target = entry.sort === 'link' ? await stat(entry.path).catch(() => undefined) : undefined;
  return target?.isDirectory() === true ? 'a link, not a folder: files are taken from folders of tills' : undefined;
}

/**
 * A writer writes under another name and renames at the end: a leading dot or "~", or any other ending (.tmp, .part), is
 * a file that is not ready. Nor are our own reports.
 */
export function isReadyName(name: string): boolean {
  if (/^[.~]/.test(name) || name.toLowerCase().endsWith(reportEnd)) return false;
  return (shiftFileExtensions as readonly string[]).includes(parse(name).ext.toLowerCase());
}

const otherSorts = {
  folder: 'a folder, not a file',
  link: 'a link, not a file of the till',
  other: 'neither a file nor a folder',
} as const;

/** The files ready in a folder; none where it is gone. */
export async function listReadyFiles(folder: string): Promise<Found<ReadyFile>> {
  const items: ReadyFile[] = [];
  const troubles: ExchangeTrouble[] = [];
  for (const { name, path, sort } of await ignoreMissing(listEntries(folder), [])) {
    if (!isReadyName(name)) continue;
    if (sort === 'file') items.push({ name, path });
    else troubles.push({ place: join(folder, name), why: otherSorts[sort] });
  }
  return { items, troubles };
}

/** What a runner that has ended left in work/: the runner that has the lease goes on with it. */
export async function listLeftFiles(tillFolder: string): Promise<Found<ClaimedFile>> {
  const { items, troubles } = await listReadyFiles(join(tillFolder, 'work'));
  return { items: items.map((file) => ({ ...file, tillFolder })), troubles };
}

/**
 * Takes a file by renaming it into work/, under its name or the next one free, which is text whatever it was; undefined
 * where another was quicker.
 */
export async function claimFile(tillFolder: string, { name, path }: ReadyFile): Promise<ClaimedFile | undefined> {
  const work = join(tillFolder, 'work');
  return ignoreMissing(
    mkdir(work)
      .catch(ignoreExisting)
      .then(() => moveToFreeName(path, work, name, longestName))
      .then((taken) => ({ name, tillFolder, path: join(work, taken) })),
    undefined,
  );
}

/** @returns undefined where the file is no longer there. */
export async function readShiftBytes(path: FilePath): Promise<ReadBytes | undefined> {
  const found = await ignoreMissing(lstat(path), undefined);
  if (found === undefined) return undefined;
  if (found.size > maxFileBytes) {
    return { ok: false, why: `the file has ${found.size} bytes; at most ${maxFileBytes} are taken` };
  }
  const bytes = await ignoreMissing(readFile(path), undefined);
  if (bytes === undefined) return undefined;
  return { ok: true, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Moves a claimed file to done/ or failed/, under its name or the next one free, with its report beside it. The report is
 * whole before the file is there. A name that leaves no room for the report's is cut.
 * @returns the name it has there.
 */
export async function putAway(file: ClaimedFile, end: 'done' | 'failed', report: object): Promise<string> {
  const folder = join(file.tillFolder, end);
  await mkdir(folder, { recursive: true });
  const longest = longestName - reportEnd.length - unfinishedEnd.length;
  return withFittingName(longest, async (maxBytes) => {
    const name = await findFreeName(folder, file.name, maxBytes);
    const beside = join(folder, `${name}${reportEnd}`);
    await writeFile(`${beside}${unfinishedEnd}`, `${JSON.stringify(report, null, 2)}\n`);
    await rename(`${beside}${unfinishedEnd}`, beside);
    await ignoreMissing(rename(file.path, join(folder, name)), undefined);
    return name;
  });
}

export interface PutAwayFile {
  readonly name: string;
  /** Of its report; null where that is gone or is not a report. */
  readonly why: string | null;
  readonly at: LocalDateTime | null;
}

/** What is in failed/, the newest first. @param limit how many of them are read. */
export async function listFailedFiles(
  tillFolder: string,
  limit: number,
): Promise<{ readonly files: readonly PutAwayFile[]; readonly count: number }> {
  const { items } = await listReadyFiles(join(tillFolder, 'failed'));
  const aged = await Promise.all(
    items.map(async ({ name, path }) => ({ name, ms: (await ignoreMissing(lstat(path), undefined))?.mtimeMs ?? 0 })),
  );
  const newest = aged.toSorted((a, b) => b.ms - a.ms).slice(0, limit);
  const files = newest.map(async ({ name }) => {
    const report = await readReport(join(tillFolder, 'failed', `${name}${reportEnd}`));
    return { name, why: report?.why ?? null, at: parseLocalDateTime(report?.at ?? '') ?? null };
  });
  return { files: await Promise.all(files), count: items.length };
}

async function readReport(path: string): Promise<{ readonly why?: string; readonly at?: string } | undefined> {
  const text = await ignoreMissing(readFile(path, 'utf8'), undefined);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as { readonly why?: string; readonly at?: string });
  } catch {
    // Somebody has changed it: the file itself still says enough.
    return undefined;
  }
}

function moveToFreeName(path: FilePath, folder: string, wanted: string, longest: number): Promise<string> {
  return withFittingName(longest, async (maxBytes) => {
    const name = await findFreeName(folder, wanted, maxBytes);
    await rename(path, join(folder, name));
    return name;
  });
}

/** Some file systems take shorter names than others, and none a path of any length: half the name is tried then. */
async function withFittingName<T>(longest: number, work: (maxBytes: number) => Promise<T>): Promise<T> {
  for (let maxBytes = longest; ; maxBytes = Math.floor(maxBytes / 2)) {
    try {
      return await work(maxBytes);
    } catch (reason) {
      if ((reason as NodeJS.ErrnoException).code !== 'ENAMETOOLONG' || maxBytes < shortestName) throw reason;
    }
  }
}

/** A shorter one could not keep two files apart. */
const shortestName = 32;

/**
 * The name, or the name with a number that is free: the file system is asked, for it may take two names for one. A till may
 * always use the same name, so the number is not counted up to, but searched for.
 */
async function findFreeName(folder: string, wanted: string, maxBytes: number): Promise<string> {
  const { name: stem, ext } = parse(wanted);
  const nameOf = (number: number): string => fitName(number === 1 ? wanted : `${stem}-${number}${ext}`, maxBytes);
  const isTaken = async (number: number): Promise<boolean> =>
    (await ignoreMissing(lstat(join(folder, nameOf(number))), undefined)) !== undefined;
  if (!(await isTaken(1))) return nameOf(1);
  let [taken, free] = [1, 2];
  for (; await isTaken(free); free *= 2) taken = free;
  while (free - taken > 1) {
    const between = Math.floor((taken + free) / 2);
    if (await isTaken(between)) taken = between;
    else free = between;
  }
  return nameOf(free);
}

function ignoreExisting(reason: NodeJS.ErrnoException): void {
  if (reason.code !== 'EEXIST') throw reason;
}

async function ignoreMissing<T, F>(work: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await work;
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== 'ENOENT') throw reason;
    return fallback;
  }
}
