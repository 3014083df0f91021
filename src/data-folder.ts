// The folder of the databases: for the account of the service alone, and so are the files that the service makes in it.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from './make-folder.ts';

/** What group and others may do, of a file's mode. */
const rightsOfOthers = 0o077;

/** Makes the folder where it is not there; one that is there keeps the rights that its owner has given. */
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
