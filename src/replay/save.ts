// Keeps the replies of a run in a folder that a replay can read: to be compared with the recorded ones, or replayed
// instead of them.
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RecordedRequest } from './folder.ts';
import type { Reply } from './send.ts';

export type Saving = {
  /** `request` as it was sent; `folder` is the recorded conversation's. */
  readonly save: (name: string, folder: string, request: RecordedRequest, reply: Reply) => void;
};

/** Why replies cannot be kept there, in words; null if they can. Existing files are never overwritten. */
export function findSavingMistake(target: string): string | null {
  if (!existsSync(target)) return null;
  if (!statSync(target).isDirectory()) return `${target}: not a folder`;
  return readdirSync(target).length === 0 ? null : `${target}: not empty, and nothing in it is to be written over`;
}

/** Makes the folder, with the masks of all the recorded conversations. */
export function openSaving(target: string, recorded: string): Saving {
  mkdirSync(target, { recursive: true });
  copyMasks(recorded, target);
  return {
    save(name, folder, request, reply) {
      const own = join(target, name);
      mkdirSync(own);
      if (folder !== recorded) copyMasks(folder, own);
      const { method, path, headers, body } = request;
      writeFileSync(join(own, 'request.xml'), body);
      // Credentials belong to the operator of that run, not to the recording.
      const kept = headers?.filter(([header]) => header.toLowerCase() !== 'authorization') ?? null;
      if (kept !== null || path !== null) {
        writeJson(join(own, 'headers.json'), { method, path, headers: kept });
      }
      writeFileSync(join(own, 'response.xml'), reply.body);
      const { status, contentType } = reply;
      const found = contentType === null ? [] : [['Content-Type', contentType]];
      writeJson(join(own, 'response.headers.json'), { status, headers: found });
    },
  };
}

function copyMasks(from: string, to: string): void {
  const masks = join(from, 'masks.json');
  if (existsSync(masks)) copyFileSync(masks, join(to, 'masks.json'));
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}
