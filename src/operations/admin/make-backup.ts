// Makes a backup of an infobase while tills are served: a copy of one moment under a temporary name, checked, put on the disk
// with its manifest, and only then given its name. A kill leaves no half backup.
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeRunners } from '../../db/admin/backup-content.ts';
import { findExclusiveMode, leaveExclusiveMode } from '../../db/admin/exclusive-mode.ts';
import type { Trx } from '../../db/db.ts';
import { findLastSeal } from '../../db/seals/seal.ts';
import { changeClosedDatabase, readClosedDatabase } from '../../db/sqlite/closed-database.ts';
import { CopyStopped } from '../../db/sqlite/copy-database.ts';
import { codeOf, isSqliteTrouble } from '../../db/sqlite/sqlite-error.ts';
import { listDatabaseFiles } from '../../db/sqlite/sqlite-file.ts';
import { syncFile, syncFolderOf } from '../../db/sqlite/sync-file.ts';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import type { Infobase } from '../infobase.ts';
import {
  describeContent,
  digestFile,
  formatManifest,
  nameManifest,
  type BackupManifest,
  type BackupOrigin,
  type ManifestSeal,
} from './backup-manifest.ts';
import { checkDatabase } from './check-database.ts';

export interface BackupRequest {
  /** The path of the backup; it must not exist, and its folder must. */
  readonly file: string;
  readonly madeAt: LocalDateTime;
  readonly productVersion: string;
  readonly origin: BackupOrigin;
}

/** What comes next. */
export const backupSteps = ['copy', 'check', 'sync', 'name manifest', 'name file'] as const;
export type BackupStep = (typeof backupSteps)[number];

export interface BackupOptions {
  readonly onStep?: (step: BackupStep) => void;
  /** Pages of the copy. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Asked while the copy is made. */
  readonly shouldStop?: () => boolean;
}

export type BackupEnd =
  | { readonly code: 'done'; readonly file: string; readonly manifest: BackupManifest }
  /** There is a file of that name, or no folder for it; nothing was written. */
  | { readonly code: 'refused'; readonly why: string }
  /** The copy is damaged or does not add up, and so does the infobase; the copy was removed. */
  | { readonly code: 'unsound'; readonly mistakes: readonly string[] }
  /** The disk or the file failed; what was written was removed. */
  | { readonly code: 'failed'; readonly why: string }
  | { readonly code: 'stopped' };

/** Makes a backup somewhere: in this thread or in another. */
export type BackUp = (infobase: Infobase, request: Omit<BackupRequest, 'productVersion'>) => Promise<BackupEnd>;

/** Why there is none, in one line. */
export function explainBackup(end: Exclude<BackupEnd, { readonly code: 'done' }>): string {
  switch (end.code) {
    case 'refused':
    case 'failed':
      return end.why;
    case 'unsound':
      return `the infobase is not sound: ${end.mistakes[0]} (the backup was not kept)`;
    case 'stopped':
      return 'it was stopped';
  }
}

/** "trade-20261122-033000.backup": by its name, backups stand in the order in which they were made. */
export function nameBackup(infobase: string, madeAt: LocalDateTime, purpose = ''): string {
  return `${infobase}${purpose}-${madeAt.replace(/[-:]/g, '').replace('T', '-')}.backup`;
}

/** Under this name a backup is not yet one. */
export const draftEnding = '.part';

export async function makeBackup(
  infobase: Infobase,
  request: BackupRequest,
  options: BackupOptions = {},
): Promise<BackupEnd> {
  const { file } = request;
  const obstacle = findObstacle(file);
  if (obstacle !== undefined) return { code: 'refused', why: obstacle };
  const draft = file + draftEnding;
  // A process that was killed may have left it.
  removeDraft(draft);
  try {
    return await write(infobase, request, draft, options);
  } catch (reason) {
    if (reason instanceof CopyStopped) return { code: 'stopped' };
    if (!isFileTrouble(reason)) throw reason;
    return { code: 'failed', why: (reason as Error).message };
  } finally {
    removeDraft(draft);
  }
}

function findObstacle(file: string): string | undefined {
  if (existsSync(file)) return `${file} is there already`;
  const folder = dirname(file);
  const found = statSync(folder, { throwIfNoEntry: false });
  // Never made here: where a disk is not mounted, the backup would land on the one that it is to outlive.
  if (found === undefined) return `there is no folder ${folder}`;
  return found.isDirectory() ? undefined : `${folder} is not a folder`;
}

async function write(
  infobase: Infobase,
  { file, ...about }: BackupRequest,
  draft: string,
  { onStep, onProgress, shouldStop }: BackupOptions,
): Promise<BackupEnd> {
  onStep?.('copy');
  await infobase.db.copyTo(draft, {
    ...(onProgress === undefined ? {} : { onPages: onProgress }),
    ...(shouldStop === undefined ? {} : { shouldStop }),
  });
  await changeClosedDatabase(draft, tidy);
  onStep?.('check');
  const check = await readClosedDatabase(draft, checkDatabase);
  if (!check.ok) return { code: 'unsound', mistakes: check.mistakes };
  const { schemaVersion, content } = check;
  const manifest: BackupManifest = {
    infobase: infobase.name,
    ...about,
    timeZone: infobase.timeZone.name,
    schemaVersion,
    bytes: statSync(draft).size,
    sha256: await digestFile(draft),
    content: describeContent(content),
    seal: await readClosedDatabase(draft, findManifestSeal),
  };
  onStep?.('sync');
  const manifestDraft = nameManifest(draft);
  writeFileSync(manifestDraft, formatManifest(manifest), { mode: 0o600 });
  syncFile(manifestDraft);
  syncFile(draft);
  // The manifest first: a file under its name is never without one.
  onStep?.('name manifest');
  renameSync(manifestDraft, nameManifest(file));
  onStep?.('name file');
  renameSync(draft, file);
  syncFolderOf(file);
  return { code: 'done', file, manifest };
}

/** In the copy nobody runs, and no switching-off is under way, for it has removed nothing yet. */
async function tidy(copy: Trx): Promise<void> {
  await removeRunners(copy);
  if ((await findExclusiveMode(copy))?.purpose === 'disabling') await leaveExclusiveMode(copy);
}

async function findManifestSeal(copy: Trx): Promise<ManifestSeal | null> {
  const seal = await findLastSeal(copy);
  return seal === undefined ? null : { businessOn: seal.businessOn, digest: seal.digest };
}

function removeDraft(draft: string): void {
  for (const path of [...listDatabaseFiles(draft), nameManifest(draft)]) {
    try {
      rmSync(path, { force: true });
    } catch (reason) {
      // A folder that is gone, or that cannot be written, has said so before.
      if (!isFileTrouble(reason)) throw reason;
    }
  }
}

/** The system's errors have a number; SQLite's are known by their codes. */
export function isFileTrouble(reason: unknown): boolean {
  const isSystem = typeof reason === 'object' && reason !== null && 'errno' in reason && codeOf(reason) !== '';
  return isSystem || isSqliteTrouble(reason);
}
