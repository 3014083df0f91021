// What is in a folder, by the bytes of its names: a name need not be text, and not everything named like a file is one.
import { readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { showName } from './file-name.ts';

/** As the file system takes it: bytes where the name is not UTF-8. */
export type FilePath = string | Buffer;

export interface FolderEntry {
  /** Fit to show. */
  readonly name: string;
  readonly path: FilePath;
  readonly sort: 'file' | 'folder' | 'link' | 'other';
  /** Whether the name shown is the name itself. */
  readonly isPlain: boolean;
}

/** In the order of names: tills number their files. */
export async function listEntries(folder: string): Promise<FolderEntry[]> {
  const found = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  const entries = found.map((entry): FolderEntry => {
    const name = showName(entry.name);
    const isPlain = Buffer.from(name).equals(entry.name);
    const path = isPlain ? join(folder, name) : Buffer.concat([Buffer.from(folder + sep), entry.name]);
    const sort = entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'other';
    return { name, path, sort, isPlain };
  });
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
