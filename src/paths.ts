// Where the package's own files are, for source and build alike: the nearest folder upwards with package.json.
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

function findPackageRoot(from: string): string {
  let folder = from;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`no package.json above ${from}`);
    folder = parent;
  }
  return folder;
}

export const packageRoot = findPackageRoot(__dirname);

/** A path given by an operator: from the current folder, or, if it is not there, from the package. */
export function resolveGivenPath(path: string): string {
  const here = resolve(path);
  return existsSync(here) ? here : resolve(packageRoot, path);
}
