// A disk that fills up and is emptied again under a running service: a file system in memory of its own where this account may
// mount one, else a limit to the size of every file of the process.
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltService } from '../commands/service/built-service.ts';

export interface Shortage {
  /** What /readyz says while it lasts. */
  readonly says: string;
  /** Whether the next process of the service has it too. */
  readonly outlivesService: boolean;
  readonly begin: (service: BuiltService) => void;
  readonly end: (service: BuiltService) => void;
  /** Before the folder is removed. */
  readonly release: () => void;
}

/** The disk of the data folder, which is empty. */
export function openSmallDisk(dataDir: string): Shortage {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', dataDir], { stdio: 'ignore' });
  } catch {
    return limitFiles();
  }
  const ballast = join(dataDir, 'ballast');
  return {
    says: 'the disk is full',
    outlivesService: true,
    begin: () => fill(ballast),
    end: () => rmSync(ballast),
    release: () => void execFileSync('umount', ['--lazy', dataDir]),
  };
}

function setLimit({ child }: BuiltService, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:unlimited`]);
}

/** Room for the file that /readyz tries to write, and none for the log of the database. */
const leastBytes = 80_000;

/** Until nothing more goes in: the service takes and frees room meanwhile. */
function fill(ballast: string): void {
  const descriptor = openSync(ballast, 'w');
  try {
    for (const block = Buffer.alloc(65_536); ;) writeSync(descriptor, block);
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code !== 'ENOSPC') throw reason;
  } finally {
    closeSync(descriptor);
  }
}

/** A write beyond the limit fails with an error that is not "no room". */
export function limitFiles(): Shortage {
  return {
    says: 'the last write to the database failed',
    outlivesService: false,
    begin: (service) => setLimit(service, leastBytes),
    end: (service) => setLimit(service, 'unlimited'),
    release: () => undefined,
  };
}
