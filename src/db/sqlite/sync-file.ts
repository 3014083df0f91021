// Waits for the disk: what is renamed into its place must be there after a power cut, and so must its name.
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';

export function syncFile(file: string): void {
  sync(file, 'r+');
}

/** The names in the folder of a file. */
export function syncFolderOf(file: string): void {
  // Windows keeps the names by itself, and opens no folder.
  if (process.platform !== 'win32') sync(dirname(file), 'r');
}

function sync(path: string, mode: 'r' | 'r+'): void {
  const descriptor = openSync(path, mode);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
