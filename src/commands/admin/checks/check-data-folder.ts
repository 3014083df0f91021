// The part of `kkm doctor` that asks for the data folder: whether it can be written, who can read it, and the room on its disk.
import { accessSync, constants, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listOpenToOthers } from '../../../data-folder.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

const leastFreeBytes = 1024 ** 3;
const fewFreeBytes = 100 * 1024 ** 2;
const probeBytes = 64 * 1024;
const fullDiskRemedy = 'make room: with a full disk no receipt can be posted';

export function checkDataDir(dataDir: string): Finding[] {
  const probe = join(dataDir, `.doctor-${process.pid}`);
  try {
    const { mode } = statSync(dataDir);
    // Root may all the same; the service's own account may not.
    if ((mode & 0o222) === 0 || (mode & 0o111) === 0) {
      throw new Error(`its mode is ${(mode & 0o777).toString(8).padStart(3, '0')}`);
    }
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    // Rights alone do not show it: the disk may be full or mounted read-only.
    writeFileSync(probe, Buffer.alloc(probeBytes));
  } catch (reason) {
    const { code, message } = reason as NodeJS.ErrnoException;
    if (code === 'ENOENT') {
      return [warn('data folder', `${dataDir} does not exist`, 'the first start of the service makes it')];
    }
    if (code === 'ENOSPC' || code === 'EDQUOT') return [fail('free space', message, fullDiskRemedy)];
    const found = `${dataDir} cannot be written: ${message}`;
    return [fail('data folder', found, 'give the account of the service the rights to read, write and enter it')];
  } finally {
    removeProbe(probe);
  }
  const { bavail, bsize } = statfsSync(dataDir);
  return [ok('data folder', `${dataDir} can be written`), checkModes(dataDir), judgeFreeSpace(bavail * bsize)];
}

/** Databases and backups hold cards, their holders and hashes of passwords. */
function checkModes(dataDir: string): Finding {
  const open = listOpenToOthers(dataDir);
  if (open.length === 0) return ok('modes', 'the data folder and its files can be read by their owner only');
  const named = open.slice(0, 3).join(' ');
  const more = open.length > 3 ? ` and ${open.length - 3} more` : '';
  return warn('modes', `others than the owner can read: ${named}${more}`, `unless that is meant: chmod go= ${named}`);
}

function removeProbe(probe: string): void {
  try {
    rmSync(probe, { force: true });
  } catch {
    // Where it could not be made it cannot be removed, and why has been found.
  }
}

export function judgeFreeSpace(bytes: number): Finding {
  const found = `${Math.floor(bytes / 1024 ** 2)} MB free`;
  if (bytes < fewFreeBytes) return fail('free space', found, fullDiskRemedy);
  if (bytes < leastFreeBytes) return warn('free space', found, 'make room: less than 1 GB is left');
  return ok('free space', found);
}
