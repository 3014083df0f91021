// Rotation of the log file by the service itself: at a size, and with each day, the file gets a name of its day and a new one
// is begun. Of the old ones only the newest are kept.
import { fstat, readdir, rename, stat, unlink } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface RotationRule {
  /** A file that would be longer is put aside; undefined = its size does not matter. */
  readonly sizeBytes: number | undefined;
  readonly isDaily: boolean;
  /** How many old files are kept. */
  readonly keep: number;
}

/** What is known of the open file. */
export interface RotatedFile {
  sizeBytes: number;
  /** "2026-11-22", of its first line; undefined = it has none yet. */
  day: string | undefined;
  /** Set if it could not be rotated: it is tried again after as much more. */
  troubledAtBytes?: number;
}

const statFile = promisify(fstat);
const statPath = promisify(stat);
const listFolder = promisify(readdir);
const moveFile = promisify(rename);
const removeFile = promisify(unlink);

/** Undefined for what is not a regular file: a pipe or a terminal cannot be rotated. */
export async function inspectFile(descriptor: number): Promise<RotatedFile | undefined> {
  const found = await statFile(descriptor);
  if (!found.isFile()) return undefined;
  return { sizeBytes: found.size, day: found.size === 0 ? undefined : found.mtime.toISOString().slice(0, 10) };
}

/** Whether the file is put aside before these bytes are written. */
export function isRotationDue(
  { sizeBytes, isDaily }: RotationRule,
  file: RotatedFile,
  bytes: number,
  day: string,
): boolean {
  const { sizeBytes: size, troubledAtBytes, day: ownDay } = file;
  if (size === 0 || (troubledAtBytes !== undefined && size - troubledAtBytes < (sizeBytes ?? retryBytes))) return false;
  if (sizeBytes !== undefined && size + bytes > sizeBytes) return true;
  return isDaily && ownDay !== undefined && ownDay !== day;
}

/** After a trouble of a daily rotation. */
const retryBytes = 1024 ** 2;

/** Puts the open file aside, under `kkm.log.2026-11-22.1`, unless somebody else has done so. */
export async function putAside(path: string, descriptor: number, day: string): Promise<void> {
  const open = await statFile(descriptor);
  const named = await statPath(path).catch(() => undefined);
  if (named === undefined || named.dev !== open.dev || named.ino !== open.ino) return;
  const numbers = (await listOld(path)).filter((old) => old.day === day).map(({ number }) => number);
  await moveFile(path, `${path}.${day}.${Math.max(0, ...numbers) + 1}`);
}

/** Removes all but the newest. */
export async function removeOld(path: string, keep: number): Promise<void> {
  const old = (await listOld(path)).toSorted((a, b) =>
    a.day === b.day ? a.number - b.number : a.day < b.day ? -1 : 1,
  );
  for (const { file } of old.slice(0, Math.max(0, old.length - keep))) await removeFile(file);
}

interface OldFile {
  readonly file: string;
  readonly day: string;
  readonly number: number;
}

async function listOld(path: string): Promise<OldFile[]> {
  const folder = dirname(path);
  const name = basename(path);
  return (await listFolder(folder)).flatMap((one) => {
    const [, day = '', number = ''] = /^\.(\d{4}-\d\d-\d\d)\.(\d{1,9})$/.exec(one.slice(name.length)) ?? [];
    return one.startsWith(name) && day !== '' ? [{ file: join(folder, one), day, number: Number(number) }] : [];
  });
}
