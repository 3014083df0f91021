// A thread needs JavaScript: its file in the build, also where the service is run from source.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageRoot } from './paths.ts';

/**
 * @param folder of the file that starts it.
 * @throws if the build is missing.
 */
export function findWorkerFile(folder: string, name: string): string {
  const beside = join(folder, name);
  if (existsSync(beside)) return beside;
  const built = join(packageRoot, 'dist', relative(packageRoot, folder), name);
  if (existsSync(built)) return built;
  throw new Error(`${built} is missing: run "npm run build" first`);
}
