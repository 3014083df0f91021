// The backups of an infobase in a folder, as their manifests say, and the removal of those that the schedule made and the
// policy does not keep.
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { syncFolderOf } from '../../db/sqlite/sync-file.ts';
import { nameManifest, parseManifest, type BackupManifest } from './backup-manifest.ts';
import { decideKept, type KeepPolicy } from './keep-policy.ts';
import { draftEnding, nameBackup } from './make-backup.ts';

export interface FoundBackup extends BackupManifest {
  /** Without its folder. */
  readonly name: string;
  /** Changed: its size is not that of the manifest. Whether its content is, `kkm restore --dry-run` says. */
  readonly state: 'good' | 'changed';
}

const manifestEnding = nameManifest('.backup');

/**
 * The newest first. A file without a manifest, or with one that cannot be read, is not listed.
 * @throws where the folder cannot be read.
 */
export function listBackups(folder: string, infobase: string): FoundBackup[] {
  const found = readManifests(folder, infobase).flatMap(({ name, manifest }): FoundBackup[] => {
    const file = statSync(join(folder, name), { throwIfNoEntry: false });
    if (file === undefined) return [];
    return [{ ...manifest, name, state: file.size === manifest.bytes ? 'good' : 'changed' }];
  });
  return found.toSorted((a, b) => (a.madeAt < b.madeAt ? 1 : a.madeAt > b.madeAt ? -1 : 0));
}

/** As long as a draft is written to, it is younger. */
const oldDraftMs = 24 * 3_600_000;

/**
 * Removes what the schedule made and the policy does not keep, and what a kill has left of it. The newest good one always
 * stays, and so does every file that the schedule has not made or that was changed since.
 * @param nowMs by the machine's clock.
 * @returns the names of the backups removed.
 */
export function removeOldBackups(folder: string, infobase: string, policy: KeepPolicy, nowMs: number): string[] {
  const isOwn = ({ origin, madeAt, name }: { readonly name: string } & BackupManifest): boolean =>
    origin === 'schedule' && name === nameBackup(infobase, madeAt);
  const own = listBackups(folder, infobase).filter((backup) => backup.state === 'good' && isOwn(backup));
  const kept = new Set(
    decideKept(
      own.map(({ madeAt }) => madeAt),
      policy,
    ),
  );
  const removed = own.filter(({ madeAt }) => !kept.has(madeAt)).map(({ name }) => name);
  for (const name of removed) {
    rmSync(join(folder, name), { force: true });
    rmSync(join(folder, nameManifest(name)), { force: true });
  }
  removeRemains(folder, infobase, nowMs);
  if (removed.length > 0) syncFolderOf(join(folder, 'any'));
  return removed;
}

/** Drafts of processes that were killed. */
function removeRemains(folder: string, infobase: string, nowMs: number): void {
  const form = new RegExp(String.raw`^${infobase}-\d{8}-\d{6}\.backup$`);
  const isRemain = (name: string): boolean => {
    const [backup = '', rest] = name.split(draftEnding);
    return form.test(backup) && (rest === '' || rest === '-journal' || rest === '.json');
  };
  for (const name of readdirSync(folder).filter(isRemain)) {
    const path = join(folder, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && nowMs - found.mtimeMs > oldDraftMs) rmSync(path, { force: true });
  }
}

function readManifests(
  folder: string,
  infobase: string,
): { readonly name: string; readonly manifest: BackupManifest }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(manifestEnding))
    .flatMap((name) => {
      const manifest = readManifest(join(folder, name));
      if (manifest === undefined || manifest.infobase !== infobase) return [];
      return [{ name: name.slice(0, -nameManifest('').length), manifest }];
    });
}

function readManifest(path: string): BackupManifest | undefined {
  try {
    const manifest = parseManifest(readFileSync(path, 'utf8'));
    return typeof manifest === 'string' ? undefined : manifest;
  } catch {
    // It may have been removed meanwhile, or be a folder.
    return undefined;
  }
}
