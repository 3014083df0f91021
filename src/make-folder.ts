// A folder with every folder above it that is missing.
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Node's own `recursive` never ends on a file system that answers "no such file" to every new name, as /proc does: it
 * tries for ever to make the parent, which exists.
 * @param mode of each folder that is made, before the account's mask.
 * @throws if it cannot be made, or something else has the name.
 */
export async function makeFolder(path: string, mode = 0o777): Promise<void> {
  if (await isFolder(path)) return;
  try {
    await mkdir(path, mode);
  } catch (reason) {
    const { code } = reason as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code === 'ENOENT' && parent !== path) {
      await makeFolder(parent, mode);
      await mkdir(path, mode).catch((again: unknown) => acceptFolder(path, again));
    } else await acceptFolder(path, reason);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Another process may have made it at the same time. */
async function acceptFolder(path: string, reason: unknown): Promise<void> {
  if (!(await isFolder(path))) throw reason;
}
