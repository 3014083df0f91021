// A log file, or what stands in its place, by its descriptor.
import { close, constants, fstat, fsync, open, write } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { makeFolder } from './make-folder.ts';

/** Does not block on a named pipe that nobody reads; Windows has no such flag. */
const fileFlags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0);

/** Names of users are in the log; an existing file keeps the mode that its owner has given it. */
const privateMode = 0o600;

const openFile = promisify(open);
export const closeFile = promisify(close);
export const syncFile = promisify(fsync);
const statFile = promisify(fstat);

export async function openLogFile(path: string): Promise<number> {
  await makeFolder(dirname(path));
  return openFile(path, fileFlags, privateMode);
}

export async function isSameFile(one: number, other: number): Promise<boolean> {
  const [first, second] = await Promise.all([statFile(one), statFile(other)]);
  return first.dev === second.dev && first.ino === second.ino;
}

/** @returns how many bytes the system has taken: there may be room for only a part. */
export function writeBytes(descriptor: number, bytes: Buffer, from: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(descriptor, bytes, from, bytes.length - from, null, (reason, count) => {
      if (reason === null) resolve(count);
      else reject(reason);
    });
  });
}
