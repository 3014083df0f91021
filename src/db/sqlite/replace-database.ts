// Puts a database in the place of another, so that at every moment either the old or the new one stands under the name.
import { closeSync, constants, copyFileSync, existsSync, linkSync, openSync, readSync, renameSync } from 'node:fs';
import { isOpenElsewhere } from './sqlite-file.ts';
import { isDamaged } from './sqlite-error.ts';
import { syncFile, syncFolderOf } from './sync-file.ts';

/** What SQLite keeps beside a database. A log left there would be taken for the log of the new one. */
const logEndings = ['-wal', '-shm', '-journal'] as const;

/** The database and its logs, as far as they are there. */
export function listStanding(file: string): string[] {
  return ['', ...logEndings].map((ending) => file + ending).filter((path) => existsSync(path));
}

/**
 * Whether a connection that holds no presence has the database open, such as another program's. A database that nobody has
 * open gets the commits of its log, so that the one file is all of it.
 */
export function isOpenByOthers(file: string): boolean {
  // SQLite would remove the log of what is no database; it is kept with it.
  if (!existsSync(file) || !hasHeader(file)) return false;
  try {
    return isOpenElsewhere(file);
  } catch (reason) {
    // A damaged file has no log that could be applied to it.
    if (isDamaged(reason)) return false;
    throw reason;
  }
}

const header = Buffer.from('SQLite format 3\0', 'latin1');

function hasHeader(file: string): boolean {
  const descriptor = openSync(file, 'r');
  try {
    const found = Buffer.alloc(header.length);
    return readSync(descriptor, found, 0, header.length, 0) === header.length && found.equals(header);
  } finally {
    closeSync(descriptor);
  }
}

export const replaceSteps = ['keep', 'keep logs', 'replace'] as const;
export type ReplaceStep = (typeof replaceSteps)[number];

/**
 * The caller has the infobase alone.
 * @param draft whole, closed, and of the same folder.
 * @param kept where what stands under the name stays, with its logs.
 */
export function replaceDatabase(
  { draft, file, kept }: { readonly draft: string; readonly file: string; readonly kept: string },
  onStep?: (step: ReplaceStep) => void,
): void {
  syncFile(draft);
  onStep?.('keep');
  // A second name of the same file: the first stays where it is until the new database takes it.
  if (existsSync(file)) linkOrCopy(file, kept);
  onStep?.('keep logs');
  // Only a database that cannot be opened still has them.
  for (const ending of logEndings) if (existsSync(file + ending)) renameSync(file + ending, kept + ending);
  syncFolderOf(file);
  onStep?.('replace');
  renameSync(draft, file);
  syncFolderOf(file);
}

function linkOrCopy(file: string, kept: string): void {
  try {
    linkSync(file, kept);
  } catch (reason) {
    // Some file systems give a file one name only.
    if ((reason as NodeJS.ErrnoException).code === 'EEXIST') throw reason;
    copyFileSync(file, kept, constants.COPYFILE_EXCL);
    syncFile(kept);
  }
}
