// Whether the files of an open database can still be written, as far as the file system shows. It does not touch the
// database: no lock is taken, no till waits, and a disk that hangs does not block the event loop.
import { statSync } from 'node:fs';
import { access, constants, realpath, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseMeasures, StorageTrouble } from '../db.ts';

/** Which file stands under a name: "device/inode"; undefined = none. */
export type FileIdentity = string | undefined;

export interface OpenFile {
  readonly path: string;
  readonly identity: FileIdentity;
}

/** With less than this the disk counts as full: a commit of one receipt takes some tens of kilobytes of log. */
const leastFreeBytes = 1024 ** 2;
const probeBytes = 64 * 1024;
const anyWrite = 0o222;
const anyEntry = 0o111;

/** The database and its log, as they stand under their names now. */
export function identifyFiles(file: string): readonly OpenFile[] {
  return [file, `${file}-wal`].map((path) => ({ path, identity: identify(statSync(path, { throwIfNoEntry: false })) }));
}

/** Whether another file, or none, stands under a name now. It waits for the disk. */
export function areMoved(opened: readonly OpenFile[]): boolean {
  return opened.some(({ path, identity }) => identify(statSync(path, { throwIfNoEntry: false })) !== identity);
}

/** @param opened what the files were when they were opened, the database first. */
export async function inspectFiles(opened: readonly OpenFile[]): Promise<StorageTrouble[]> {
  const [database] = opened;
  if (database === undefined) return [];
  const found: (StorageTrouble | undefined)[] = [];
  for (const one of opened) found.push(await findMove(one));
  // Where the file is gone, there are no permissions to look at.
  if (found[0] === undefined) found.push(await findReadOnly(database.path));
  found.push(await findFolderTrouble(database.path));
  // A folder that cannot be entered hides each of its files.
  const troubles = found.filter((one) => one !== undefined);
  return troubles.filter(({ code }, index) => troubles.findIndex((one) => one.code === code) === index);
}

/** @throws where the database is gone; a log that is gone has no bytes. */
export async function measureFiles(opened: readonly OpenFile[]): Promise<DatabaseMeasures['files']> {
  const [database, log] = opened;
  if (database === undefined) return undefined;
  const { size: bytes } = await stat(database.path);
  const { size: logBytes } = await stat(log?.path ?? '').catch(() => ({ size: 0 }));
  const { bavail, bsize } = await statfs(dirname(database.path));
  return { bytes, logBytes, freeBytes: bavail * bsize };
}

function identify(found: { readonly dev: number; readonly ino: number } | undefined): FileIdentity {
  return found === undefined ? undefined : `${found.dev}/${found.ino}`;
}

async function findMove({ path, identity }: OpenFile): Promise<StorageTrouble | undefined> {
  try {
    if (identify(await stat(path)) === identity) return undefined;
    return { code: 'moved', why: `${path} is another file than the one that is open` };
  } catch (reason) {
    const { code, message } = reason as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { code: 'moved', why: message } : { code: 'folder', why: message };
  }
}

/** Where no bit allows writing, root alone still may: the next start under the service's own account would not. */
async function findReadOnly(path: string): Promise<StorageTrouble | undefined> {
  try {
    if (((await stat(path)).mode & anyWrite) === 0)
      return { code: 'read_only', why: `${path} has no write permission` };
    await access(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (reason) {
    return { code: 'read_only', why: (reason as Error).message };
  }
}

async function findFolderTrouble(file: string): Promise<StorageTrouble | undefined> {
  try {
    const folder = dirname(await realpath(file).catch(() => file));
    const { mode } = await stat(folder);
    if ((mode & anyWrite) === 0 || (mode & anyEntry) === 0) {
      return { code: 'folder', why: `${folder} has no permission to write or enter` };
    }
    await tryToWrite(`${file}-probe`);
    const { bavail, bsize, blocks } = await statfs(folder);
    // Some file systems do not say how much they hold.
    const isFull = blocks > 0 && bavail * bsize < leastFreeBytes;
    return isFull ? { code: 'no_room', why: `${bavail * bsize} bytes are free` } : undefined;
  } catch (reason) {
    const { code = '', message } = reason as NodeJS.ErrnoException;
    return { code: ['ENOSPC', 'EDQUOT'].includes(code) ? 'no_room' : 'folder', why: message };
  }
}

/** A file that is removed at once hardly ever reaches the disk, but the file system must find room for it. */
async function tryToWrite(probe: string): Promise<void> {
  try {
    await writeFile(probe, Buffer.alloc(probeBytes), { mode: 0o600 });
  } finally {
    await rm(probe, { force: true });
  }
}
