// The folder of the databases: only the account of the service may use it, and the files that the service makes in it.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** The bits of a file's mode for group and others. */
const rightsOfOthers = 0o077;

/** Makes the folder if it does not exist; an existing folder keeps the rights that its owner has given. */
export function makeDataFolder(folder: string): Promise<void> {
  return makeFolder(folder, 0o700);
}

/** The paths of the folder and of its files that others than their owner may use. */
export function listOpenToOthers(folder: string): string[] {
  // Windows has no such modes.
  if (process.platform === 'win32') return [];
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return [folder, ...files.map(({ name }) => join(folder, name))].filter((path) => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found !== undefined && (found.mode & rightsOfOthers) !== 0;
  });
}
