// A folder that all test files of one run share, for what is made once: test/share-run-folder.cjs makes and removes it.
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bytes of this name, made by the first test file of the run that asks for them. */
export async function makeOncePerRun(name: string, make: () => Promise<Buffer>): Promise<Buffer> {
  const folder = process.env['TEST_RUN_FOLDER'];
  if (folder === undefined) throw new Error('test/share-run-folder.cjs has made no folder');
  const file = join(folder, name);
  if (existsSync(file)) return readFileSync(file);
  const bytes = await make();
  // Renamed into place, as another test file may read it at this very moment.
  const own = `${file}.${randomBytes(4).toString('hex')}`;
  writeFileSync(own, bytes);
  renameSync(own, file);
  return bytes;
}
