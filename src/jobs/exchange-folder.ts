// The exchange folder as files: which are ready to be taken, taking one so that nobody else does, and putting it away with
// a report beside it. A folder of a till holds what waits; in it work/ what is being loaded, done/ and failed/ what was.
import { createHash } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { shiftFileExtensions } from '../operations/shift-file.ts';

/** A file in work/, which no other runner takes. */
export interface ClaimedFile {
  readonly name: string;
  readonly tillFolder: string;
  readonly path: string;
}

const ownFolders: readonly string[] = ['work', 'done', 'failed'];
/** Ten thousand receipts with a dozen lines each are 40 MB; what is beyond that is no shift. */
const maxFileBytes = 64 * 1024 ** 2;
const reportEnd = '.report.json';

/** Names of the tills that have a folder there, sorted. @param isOther tells folders that are no till's. */
export async function listTillFolders(root: string, isOther: (name: string) => boolean): Promise<string[]> {
  const entries = await readdir(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .filter((name) => !ownFolders.includes(name) && !isOther(name))
    .toSorted();
}

/**
 * A writer writes under another name and renames at the end: a leading dot or "~", or any other ending (.tmp, .part), is
 * a file that is not ready. Our own reports are none either.
 */
export function isReadyName(name: string): boolean {
  if (/^[.~]/.test(name) || name.toLowerCase().endsWith(reportEnd)) return false;
  return (shiftFileExtensions as readonly string[]).includes(parse(name).ext.toLowerCase());
}

/** Names of the files ready in a folder, sorted: tills number their files. A link is no file of the till's. */
export async function listReadyFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && isReadyName(entry.name));
  return files.map(({ name }) => name).toSorted();
}

/** What a runner that ended left in work/: whoever holds the lease goes on with it. */
export async function listLeftFiles(tillFolder: string): Promise<ClaimedFile[]> {
  const work = join(tillFolder, 'work');
  const names = await ignoreMissing(listReadyFiles(work), []);
  return names.map((name) => ({ name, tillFolder, path: join(work, name) }));
}

/**
 * Takes a file by renaming it into work/; undefined where another was quicker, or where one of its name is there still
 * and would be lost.
 */
export async function claimFile(tillFolder: string, name: string): Promise<ClaimedFile | undefined> {
  const path = join(tillFolder, 'work', name);
  await mkdir(join(tillFolder, 'work'), { recursive: true });
  if ((await ignoreMissing(lstat(path), undefined)) !== undefined) return undefined;
  return ignoreMissing(
    rename(join(tillFolder, name), path).then(() => ({ name, tillFolder, path })),
    undefined,
  );
}

export type ReadBytes =
  { readonly ok: true; readonly bytes: Buffer; readonly sha256: string } | { readonly ok: false; readonly why: string };

/** @returns undefined where the file is no longer there. */
export async function readShiftBytes(path: string): Promise<ReadBytes | undefined> {
  const stat = await ignoreMissing(lstat(path), undefined);
  if (stat === undefined) return undefined;
  if (stat.size > maxFileBytes) {
    return { ok: false, why: `the file has ${stat.size} bytes; at most ${maxFileBytes} are taken` };
  }
  const bytes = await ignoreMissing(readFile(path), undefined);
  if (bytes === undefined) return undefined;
  return { ok: true, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/**
 * Moves a claimed file to done/ or failed/, under its name or the next one free, with its report beside it. The report is
 * whole before the file is there.
 * @returns the name it has there.
 */
export async function putAway(file: ClaimedFile, end: 'done' | 'failed', report: object): Promise<string> {
  const folder = join(file.tillFolder, end);
  await mkdir(folder, { recursive: true });
  const name = await findFreeName(folder, file.name);
  const beside = join(folder, `${name}${reportEnd}`);
  await writeFile(`${beside}.tmp`, `${JSON.stringify(report, null, 2)}\n`);
  await rename(`${beside}.tmp`, beside);
  await ignoreMissing(rename(file.path, join(folder, name)), undefined);
  return name;
}

async function findFreeName(folder: string, wanted: string): Promise<string> {
  const taken = new Set(await readdir(folder));
  const { name, ext } = parse(wanted);
  let free = wanted;
  for (let number = 2; taken.has(free); number += 1) free = `${name}-${number}${ext}`;
  return free;
}

async function ignoreMissing<T, F>(work: Promise<T>, fallback: F): Promise<T | F> {
  try {
    return await work;
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== 'ENOENT') throw reason;
    return fallback;
  }
}
