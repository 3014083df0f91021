// A program of the tests that runs in a process of its own, as one file: it starts in a third of the time that it takes to read
// some four hundred sources one by one.
import { buildSync } from 'esbuild';
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const built = new Map<string, string>();

/** @param source the program's path. @returns that of the file to run with Node.js. */
export function buildChild(source: string): string {
  const known = built.get(source);
  if (known !== undefined) return known;
  const folder = process.env['TEST_BUILD_FOLDER'];
  if (folder === undefined) throw new Error('test/share-run-folder.cjs has named no folder');
  // A folder for each worker: two may build at once.
  const own = join(folder, String(process.pid));
  mkdirSync(own, { recursive: true });
  const outfile = join(own, `${basename(source, '.ts')}.cjs`);
  buildSync({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
  });
  built.set(source, outfile);
  return outfile;
}
