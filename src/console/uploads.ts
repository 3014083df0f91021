// Files that a form has brought and that wait for what is to be done with them: looked at first, then taken over. They lie in a
// folder of the service, and are removed at the end of the work, when the service stops, or where too many wait.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { SentFile } from './page.ts';

export interface KeptFile extends SentFile {
  readonly infobase: string;
  readonly user: string;
}

export interface Uploads {
  /** @returns the name under which it is found again. */
  keep(file: KeptFile): string;
  /** Only for who has brought it. */
  find(id: string, owner: Pick<KeptFile, 'infobase' | 'user'>): KeptFile | undefined;
  isKept(file: SentFile): boolean;
  remove(id: string): Promise<void>;
  removeAll(): Promise<void>;
}

const keptLimit = 20;

export function openUploads(folder: string): Uploads {
  const kept = new Map<string, KeptFile>();
  const remove = async (id: string): Promise<void> => {
    const file = kept.get(id);
    kept.delete(id);
    if (file !== undefined) await rm(file.path, { force: true });
  };
  return {
    keep(file) {
      const id = randomUUID();
      kept.set(id, file);
      const oldest = kept.keys().next();
      if (kept.size > keptLimit && oldest.done !== true) void remove(oldest.value);
      return id;
    },
    find(id, { infobase, user }) {
      const file = kept.get(id);
      return file?.infobase === infobase && file.user === user ? file : undefined;
    },
    isKept: ({ path }) => [...kept.values()].some((file) => file.path === path),
    remove,
    async removeAll() {
      kept.clear();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
