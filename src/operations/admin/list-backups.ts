// The backups of an infobase in a folder, as their manifests say, and the removal of those that the schedule made and the
// policy does not keep.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolderOf } from '../../db/sqlite/sync-file.ts';
import { nameManifest, parseManifest, type BackupManifest } from './backup-manifest.ts';
import { decideKept, type KeepPolicy } from './keep-policy.ts';
import { draftEnding, isFileTrouble, nameBackup } from './make-backup.ts';

export interface FoundBackup extends BackupManifest {
  /** Without its folder. */
  readonly name: string;
  /** Changed: its size is not that of the manifest. Only a restore, rehearsed or real, looks at its content. */
  readonly state: 'good' | 'changed';
}

const manifestEnding = nameManifest('.backup');

/**
 * The newest first. A file without a manifest, or with one that cannot be read, is not listed.
 * @throws where the folder cannot be read.
 */
export async function listBackups(folder: string, infobase: string): Promise<FoundBackup[]> {
  const found: FoundBackup[] = [];
  for (const { name, manifest } of await readManifests(folder, infobase)) {
    const file = await findStat(join(folder, name));
    if (file === undefined) continue;
    found.push({ ...manifest, name, state: file.size === manifest.bytes ? 'good' : 'changed' });
  }
  return found.toSorted((a, b) => (a.madeAt < b.madeAt ? 1 : a.madeAt > b.madeAt ? -1 : 0));
}

/** The same where the folder may be gone: then `trouble` says why there are none. */
export async function findBackups(
  folder: string,
  infobase: string,
): Promise<{ readonly backups: readonly FoundBackup[]; readonly trouble: string | null }> {
  try {
    return { backups: await listBackups(folder, infobase), trouble: null };
  } catch (reason) {
    if (!isFileTrouble(reason)) throw reason;
    return { backups: [], trouble: (reason as Error).message };
  }
}

/** As long as a draft is written to, it is younger. */
const oldDraftMs = 24 * 3_600_000;

/**
 * Removes what the schedule made and the policy does not keep, and what a kill has left of it. The newest good one always
 * stays, and so does every file that the schedule has not made or that was changed since.
 * @param nowMs by the machine's clock.
 * @returns the names of the backups removed.
 */
export async function removeOldBackups(
  folder: string,
  infobase: string,
  policy: KeepPolicy,
  nowMs: number,
): Promise<string[]> {
  const isOwn = ({ origin, madeAt, name }: FoundBackup): boolean =>
    origin === 'schedule' && name === nameBackup(infobase, madeAt);
  const found = await listBackups(folder, infobase);
  const own = found.filter((backup) => backup.state === 'good' && isOwn(backup));
  const kept = new Set(
    decideKept(
      own.map(({ madeAt }) => madeAt),
      policy,
    ),
  );
  const removed = own.filter(({ madeAt }) => !kept.has(madeAt)).map(({ name }) => name);
  for (const name of removed) {
    await rm(join(folder, name), { force: true });
    await rm(join(folder, nameManifest(name)), { force: true });
  }
  await removeRemains(folder, infobase, nowMs);
  if (removed.length > 0) syncFolderOf(join(folder, 'any'));
  return removed;
}

/** Drafts of processes that were killed. */
async function removeRemains(folder: string, infobase: string, nowMs: number): Promise<void> {
  const form = new RegExp(String.raw`^${infobase}-\d{8}-\d{6}\.backup$`);
  const isRemain = (name: string): boolean => {
    const [backup = '', rest] = name.split(draftEnding);
    return form.test(backup) && (rest === '' || rest === '-journal' || rest === '.json');
  };
  for (const name of (await readdir(folder)).filter(isRemain)) {
    const path = join(folder, name);
    const found = await findStat(path);
    if (found !== undefined && nowMs - found.mtimeMs > oldDraftMs) await rm(path, { force: true });
  }
}

async function readManifests(
  folder: string,
  infobase: string,
): Promise<{ readonly name: string; readonly manifest: BackupManifest }[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(manifestEnding));
  const found = [];
  for (const name of names) {
    const manifest = await readManifest(join(folder, name));
    if (manifest?.infobase === infobase) found.push({ name: name.slice(0, -nameManifest('').length), manifest });
  }
  return found;
}

async function readManifest(path: string): Promise<BackupManifest | undefined> {
  try {
    const manifest = parseManifest(await readFile(path, 'utf8'));
    return typeof manifest === 'string' ? undefined : manifest;
  } catch {
    // It may have been removed meanwhile, or be a folder.
    return undefined;
  }
}

async function findStat(path: string): Promise<{ readonly size: number; readonly mtimeMs: number } | undefined> {
  try {
    return await stat(path);
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw reason;
  }
}
